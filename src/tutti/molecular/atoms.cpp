#include "tutti/molecular/atoms.hpp"

#include <algorithm>

namespace tutti::molecular {

namespace {

constexpr std::size_t slack = 4;  // kernels load several positions at once

}  // namespace

Atoms::Atoms(std::size_t own, std::size_t halo, memory::Ledger& ledger)
    : own_(own),
      ledger_(&ledger),
      positions_(own + halo + slack, "positions", ledger, memory::Category::distributed),
      momenta_(own, "momenta", ledger, memory::Category::distributed),
      forces_(own, "forces", ledger, memory::Category::distributed) {}

void Atoms::set_halo(std::size_t count) {
  if (own_ + count + slack > positions_.size())
    throw InternalError(
        text("atoms: a halo of ", count, " particles, but room for ", positions_.size() - own_ - slack));
  halo_ = count;
}

void Atoms::resize(std::size_t own, std::size_t halo) {
  const std::size_t kept = std::min(own_, own);
  if (own > momenta_.size()) {
    const std::size_t room = own + own / 16;
    memory::Buffer<Momentum> momenta(room, "momenta", *ledger_, memory::Category::distributed);
    std::copy_n(momenta_.data(), kept, momenta.data());
    forces_ = {};  // of the old places: to be computed anew
    forces_ = memory::Buffer<Force>(room, "forces", *ledger_, memory::Category::distributed);
    momenta_ = std::move(momenta);
  }
  if (own + halo + slack > positions_.size()) {
    const std::size_t room = own + halo + (own + halo) / 16 + slack;
    memory::Buffer<Position> positions(room, "positions", *ledger_, memory::Category::distributed);
    std::copy_n(positions_.data(), kept, positions.data());
    positions_ = std::move(positions);
  }
  own_ = own;
  halo_ = 0;
}

}  // namespace tutti::molecular
