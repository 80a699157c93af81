#include "tutti/molecular/kernels.hpp"

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/molecular/kernel_tables.hpp"

namespace tutti::molecular {

std::span<const Kernel> kernels() {
  static const std::vector<Kernel> usable = [] {
    std::vector<Kernel> found{portable_kernel()};
    if (const auto avx2 = avx2_kernel()) found.push_back(*avx2);
    if (const auto avx512 = avx512_kernel()) found.push_back(*avx512);
    return found;
  }();
  return usable;
}

const Kernel& kernel_named(std::string_view name) {
  std::string choices;
  for (const Kernel& kernel : kernels()) {
    if (name == kernel.name || (name == "reference" && &kernel == &kernels().front())) return kernel;
    choices += text(choices.empty() ? "" : ", ", kernel.name);
  }
  throw UsageError(
      text("TUTTI_KERNEL: no kernel is called \"", printable(name), "\" here; choose one of ", choices),
      {"TUTTI_KERNEL", {}});
}

const Kernel& kernel() {
  static const Kernel& chosen = []() -> const Kernel& {
    const auto name = environment_text("TUTTI_KERNEL");
    return name ? kernel_named(*name) : kernels().back();
  }();
  return chosen;
}

}  // namespace tutti::molecular
