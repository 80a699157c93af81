#include "tutti/exact/tier.hpp"

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::exact {

std::optional<int> forced_tier() {
  static const std::optional<int> forced = []() -> std::optional<int> {
    const auto name = environment_text("TUTTI_TIER");
    if (!name) return std::nullopt;
    if (name->size() == 1 && name->front() >= '0' && name->front() < '0' + general_tier)
      return name->front() - '0';
    if (*name == "general") return general_tier;
    throw UsageError(text("TUTTI_TIER: no tier is called \"", printable(*name),
                          "\"; choose 0, 1, 2, 3, 4 or general, or unset it"),
                     {"TUTTI_TIER", {}});
  }();
  return forced;
}

}  // namespace tutti::exact
