#include "tutti/exact/kernels.hpp"

#include <optional>
#include <string>
#include <vector>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/exact/kernel_tables.hpp"
#include "tutti/exact/trial.hpp"

namespace tutti::exact {

namespace {

// A SIMD kernel counts on the exception flags of the processor. Valgrind and some emulators do not keep them.
void add_if_it_works(std::vector<Kernel>& kernels, const std::optional<Kernel>& kernel) {
  if (kernel && passes_trial(*kernel)) kernels.push_back(*kernel);
}

}  // namespace

std::span<const Kernel> kernels() {
  static const std::vector<Kernel> all = [] {
    std::vector<Kernel> list{reference_kernel(), portable_kernel()};
    add_if_it_works(list, avx2_kernel());
    add_if_it_works(list, avx512_kernel());
    return list;
  }();
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
