#include "tutti/molecular/atoms.hpp"

namespace tutti::molecular {

namespace {

constexpr std::size_t slack = 4;  // kernels load several positions at once

}  // namespace

Atoms::Atoms(std::size_t own, std::size_t halo, memory::Ledger& ledger)
    : own_(own),
      positions_(own + halo + slack, "positions", ledger, memory::Category::distributed),
      momenta_(own, "momenta", ledger, memory::Category::distributed),
      forces_(own, "forces", ledger, memory::Category::distributed) {}

void Atoms::set_halo(std::size_t count) {
  if (own_ + count + slack > positions_.size())
    throw InternalError(
        text("atoms: a halo of ", count, " particles, but room for ", positions_.size() - own_ - slack));
  halo_ = count;
}

}  // namespace tutti::molecular
