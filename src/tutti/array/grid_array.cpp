#include "tutti/array/grid_array.hpp"

#include <algorithm>
#include <exception>

#include "tutti/array/named_call.hpp"
#include "tutti/comm/node_memory.hpp"
#include "tutti/core/hash.hpp"

namespace tutti::array {

namespace {

constexpr comm::Operation new_array{"new array"};
constexpr comm::Operation new_halo{"new halo"};

template <std::size_t N>
GridDistribution<N> divided(const World& world, const WantedArray<N>& wanted, const std::string& name) {
  if (!wanted.grid) return GridDistribution<N>(wanted.shape, world.size());
  if (wanted.grid->size() != world.size())
    throw DistributionError(
        text(name, ": a grid of ", wanted.grid->name(), " has ", counted(wanted.grid->size(), "rank"),
             ", the World has ", world.size(), "; give a grid of as many, or none"),
        {name, {wanted.grid->size(), world.size()}});
  return GridDistribution<N>(wanted.shape, *wanted.grid);
}

template <class Elements>
memory::Holding holding_of(const World& world, std::string name, memory::Category category,
                           const comm::ElementName& element, const Elements& elements) {
  const auto mine = static_cast<Uint128>(elements(world.rank()));
  memory::Holding holding;
  holding.name = std::move(name);
  holding.category = category;
  holding.rank_bytes = saturated(mine * element.bytes);
  holding.node_bytes = saturated(on_node(world, elements) * element.bytes);
  return holding;
}

}  // namespace

template <std::size_t N>
BookedArray<N> book_array(const World& world, const comm::ElementName& element, const WantedArray<N>& wanted,
                          const std::string& name, Site site) {
  std::optional<GridDistribution<N>> distribution;
  std::optional<distribution::Ghosts<N>> ghosts;
  std::exception_ptr failure;
  try {
    distribution = divided(world, wanted, name);
    if (wanted.halo) ghosts.emplace(*distribution, *wanted.halo);
  } catch (...) {
    failure = std::current_exception();
  }
  std::string note = text(name, ", ", shape_text(wanted.shape));
  comm::Call call{new_array, site, element};
  if (distribution) {
    note += text(" on a grid of ", distribution->grid().name());
    call.detail = distribution->hash();
  }
  if (wanted.halo) {
    note += text(", ", wanted.halo->name());
    call.detail = core::mix(call.detail, wanted.halo->hash());
  }
  call.note = note;
  const auto owned = [&](int rank) { return distribution->box(rank).size(); };
  memory::Booking booking = comm::book(world, call, [&] {
    if (failure) std::rethrow_exception(failure);
    memory::Holding holding = holding_of(world, name, memory::Category::distributed, element, owned);
    holding.elements = distribution->size();
    holding.element_bytes = element.bytes;
    holding.layout = distribution->name();
    return holding;
  });
  BookedArray<N> booked{*distribution, {{}, distribution->box(world.rank()).extent}, std::move(booking), {}};
  if (!ghosts) return booked;
  booked.box = ghosts->padded_box(world.rank());
  const comm::Call halo_call{new_halo, site, element, -1, -1, call.note, call.detail};
  booked.halo = comm::book(world, halo_call, [&] {
    return holding_of(world, name + ", ghosts", memory::Category::halo, element,
                      [&](int rank) { return ghosts->padded_box(rank).size() - owned(rank); });
  });
  return booked;
}

#define TUTTI_INSTANTIATE(N)                                                                           \
  template BookedArray<N> book_array<N>(const World&, const comm::ElementName&, const WantedArray<N>&, \
                                        const std::string&, Site);
TUTTI_INSTANTIATE(1)
TUTTI_INSTANTIATE(2)
TUTTI_INSTANTIATE(3)
#undef TUTTI_INSTANTIATE

}  // namespace tutti::array
