// Every exact kernel of this machine against the plain loop of its instruction set, each rank on data of its
// own:
//   bench_dot_kernels normal|spread|whole BYTES REPEATS KERNEL ...
// BYTES is the size of each of two vectors x and y; what takes one vector takes both as one. 0: 64 elements.
// Prints a line of JSON for each operation, type and kernel: seconds of a call, of every turn.
#include <cstdlib>
#include <optional>

#include <tutti/tutti.hpp>

#include "data.hpp"
#include "keep.hpp"
#include "measure.hpp"
#include "memory.hpp"
#include "plain.hpp"

namespace {

struct Options {
  bench::Data data;
  std::size_t bytes;
  int repeats;
  std::vector<std::string> kernels;
};

// Short vectors come one after another, as in a program, and not the same one again and again.
constexpr std::size_t short_length = 64, short_count = 16;

template <class Real>
class Measurement {
 public:
  Measurement(const tutti::World& world, const Options& options)
      : world_(world),
        options_(options),
        count_(options.bytes == 0 ? short_count : 1),
        length_(options.bytes == 0 ? short_length : options.bytes / sizeof(Real)),
        unary_length_(options.bytes == 0 ? short_length : 2 * length_),
        memory_(bench::allocate<Real>(2 * count_ * length_)) {}

  void dot() {
    fill(43);
    compare(
        "dot", length_,
        [](const auto& set, const Real* x, const Real* y, std::size_t n) { return set.dot(x, y, n); },
        [](tutti::ExactSum& total, const auto& set, std::span<const Real> x, std::span<const Real> y) {
          set.dot(total, x, y);
        });
  }
  void sum() {
    fill(86);
    unary("sum", &plain::Loops<Real>::sum, &tutti::exact::KernelSet<Real>::sum);
  }
  void squares_and_magnitudes() {
    unary("sum of squares", &plain::Loops<Real>::sum_of_squares,
          &tutti::exact::KernelSet<Real>::sum_of_squares);
    unary("absolute sum", &plain::Loops<Real>::absolute_sum, &tutti::exact::KernelSet<Real>::absolute_sum);
  }

 private:
  void fill(int binades) {
    const tutti::Random random(2026, static_cast<std::uint64_t>(world_.rank()));
    bench::fill(memory_.get(), 2 * count_ * length_, options_.data, binades, random);
  }

  template <class PlainMember, class ExactMember>
  void unary(const char* operation, PlainMember plain, ExactMember exact) {
    compare(
        operation, unary_length_,
        [plain](const auto& set, const Real* x, const Real*, std::size_t n) { return (set.*plain)(x, n); },
        [exact](tutti::ExactSum& total, const auto& set, std::span<const Real> x, std::span<const Real>) {
          (set.*exact)(total, x);
        });
  }

  template <class PlainCall, class ExactCall>
  void compare(const char* operation, std::size_t n, PlainCall plain_call, ExactCall exact_call);

  template <class Set>
  static const auto& of_type(const Set& set) {
    if constexpr (std::same_as<Real, double>)
      return set.float64;
    else
      return set.float32;
  }

  const tutti::World& world_;
  const Options& options_;
  std::size_t count_, length_, unary_length_;
  bench::Memory<Real> memory_;
};

template <class Real>
template <class PlainCall, class ExactCall>
void Measurement<Real>::compare(const char* operation, std::size_t n, PlainCall plain_call,
                                ExactCall exact_call) {
  const Real* const x = memory_.get();
  const Real* const y = x + count_ * length_;
  std::vector<bench::Contender> contenders;  // plain and exact in turn
  for (const std::string& name : options_.kernels) {
    contenders.push_back(
        {plain::for_kernel(name).name, [=, this, set = of_type(plain::for_kernel(name))](std::size_t calls) {
           for (std::size_t i = 0; i < calls; ++i) {
             const std::size_t at = i % count_ * length_;
             bench::keep(static_cast<double>(plain_call(set, x + at, y + at, n)));
           }
         }});
    contenders.push_back(
        {name, [=, this, set = of_type(tutti::exact::kernel_named(name))](std::size_t calls) {
           for (std::size_t i = 0; i < calls; ++i) {
             const std::size_t at = i % count_ * length_;
             tutti::ExactSum total;
             exact_call(total, set, {x + at, n}, {y + at, n});
             bench::keep(total.round());
           }
         }});
  }
  bench::take_turns(contenders, options_.repeats);
  std::optional<tutti::ExactSum> first;
  for (std::size_t k = 0; k < contenders.size(); k += 2) {
    tutti::ExactSum total;
    exact_call(total, of_type(tutti::exact::kernel_named(contenders[k + 1].name)), {x, n}, {y, n});
    if (first && *first != total)
      throw tutti::InternalError(
          tutti::text(operation, ": ", contenders[k + 1].name, " differs from the first kernel"));
    first = total;
    if (world_.rank() != 0) continue;
    std::printf(
        "{\"operation\": \"%s\", \"type\": \"float%zu\", \"elements\": %zu, \"ranks\": %d, \"kernel\": "
        "\"%s\", "
        "\"plain\": \"%s\", \"plain_seconds\": %s, \"exact_seconds\": %s}\n",
        operation, 8 * sizeof(Real), n, world_.size(), contenders[k + 1].name.c_str(),
        contenders[k].name.c_str(), bench::json(contenders[k].seconds).c_str(),
        bench::json(contenders[k + 1].seconds).c_str());
  }
}

template <class Real>
void measure(const tutti::World& world, const Options& options) {
  Measurement<Real> measurement(world, options);
  measurement.dot();
  measurement.sum();
  if (options.data == bench::Data::normal) measurement.squares_and_magnitudes();
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc == 2 && std::string(argv[1]) == "list") {
      for (const auto& kernel : tutti::exact::kernels())
        world.print(tutti::text("{\"kernel\": \"", kernel.name, "\"}\n"));
      return;
    }
    if (argc < 5)
      throw tutti::UsageError("bench_dot_kernels list | normal|spread|whole BYTES REPEATS KERNEL ...");
    const Options options{bench::data_named(argv[1]),
                          std::strtoull(argv[2], nullptr, 10),
                          std::atoi(argv[3]),
                          {argv + 4, argv + argc}};
    measure<double>(world, options);
    if (options.data == bench::Data::normal) measure<float>(world, options);
  });
}
