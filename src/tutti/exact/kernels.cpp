#include "tutti/exact/kernels.hpp"

#include <array>
#include <string>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/exact/kernel_tables.hpp"

namespace tutti::exact {

std::span<const Kernel> kernels() {
  static const std::array all{reference_kernel(), portable_kernel()};
  return all;
}

const Kernel& kernel_named(std::string_view name) {
  std::string choices;
  for (const Kernel& kernel : kernels()) {
    if (kernel.name == name) return kernel;
    choices += text(choices.empty() ? "" : ", ", kernel.name);
  }
  throw UsageError(
      text("TUTTI_KERNEL: no kernel is called \"", printable(name), "\" here; choose one of ", choices),
      {"TUTTI_KERNEL", {}});
}

const Kernel& kernel() {
  static const Kernel& chosen = [&]() -> const Kernel& {
    const auto name = environment_text("TUTTI_KERNEL");
    return name ? kernel_named(*name) : kernels().back();
  }();
  return chosen;
}

}  // namespace tutti::exact
