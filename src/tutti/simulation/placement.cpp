#include "tutti/simulation/placement.hpp"

#include <array>
#include <string>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::simulation {

namespace {

constexpr std::array<const char*, 4> names{"auto", "replicated", "node-shared", "spatial"};

}  // namespace

const char* name(Placement placement) { return names[static_cast<std::size_t>(placement)]; }

Placement placement_named(std::string_view name) {
  for (std::size_t k = 0; k < names.size(); ++k)
    if (name == names[k]) return static_cast<Placement>(k);
  throw UsageError(text("placement ", name, " is not known; give auto, replicated, node-shared or spatial"),
                   {"placement", {}});
}

}  // namespace tutti::simulation
