#include "tutti/exact/kernels.hpp"

#include <optional>
#include <string>
#include <vector>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/exact/kernel_tables.hpp"
#include "tutti/exact/tier.hpp"
#include "tutti/exact/trial.hpp"

namespace tutti::exact {

namespace {

struct Inventory {
  std::vector<Kernel> usable{reference_kernel(), portable_kernel()};
  std::vector<AbsentKernel> absent;

  // A SIMD kernel counts on the exception flags of the processor. Valgrind and some emulators do not keep
  // them.
  void add(const char* name, const std::optional<Kernel>& kernel) {
    if (!kernel)
      absent.push_back({name, "this processor does not have it"});
    else if (!passes_trial(*kernel))
      absent.push_back({name, "its self-test failed here"});
    else
      usable.push_back(*kernel);
  }
};

const Inventory& inventory() {
  static const Inventory all = [] {
    Inventory found;
    found.add("avx2", avx2_kernel());
    found.add("avx512", avx512_kernel());
    return found;
  }();
  return all;
}

}  // namespace

std::span<const Kernel> kernels() { return inventory().usable; }
std::span<const AbsentKernel> absent_kernels() { return inventory().absent; }

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
    forced_tier();  // nonsense in TUTTI_TIER is an error whichever kernel is used
    const auto name = environment_text("TUTTI_KERNEL");
    return name ? kernel_named(*name) : kernels().back();
  }();
  return chosen;
}

}  // namespace tutti::exact
