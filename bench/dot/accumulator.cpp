// ExactAccumulator against the plain loop that it replaces: nanoseconds a term, over 4096 doubles in the
// cache.
//   bench_dot_accumulator REPEATS
#include <cstdlib>

#include <tutti/tutti.hpp>

#include "data.hpp"
#include "keep.hpp"
#include "measure.hpp"
#include "memory.hpp"

namespace {

constexpr std::size_t terms = 4096;

/// A contender that calls f for all terms, and uses what it returns.
template <class F>
bench::Contender contender(const char* name, F f) {
  return {name, [f](std::size_t calls) {
            for (std::size_t i = 0; i < calls; ++i) bench::keep(f());
          }};
}

template <class F>
double accumulated(F f) {
  tutti::ExactAccumulator accumulator;
  f(accumulator);
  return accumulator.round();
}

template <class F>
double plain(F f) {
  double sum = 0;
  for (std::size_t i = 0; i < terms; ++i) sum += f(i);
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc != 2) throw tutti::UsageError("bench_dot_accumulator REPEATS");
    const auto memory = bench::allocate<double>(2 * terms);
    bench::fill(memory.get(), 2 * terms, bench::Data::normal, 0, tutti::Random(2026));
    const double* const x = memory.get();
    const double* const y = x + terms;
    using Accumulator = tutti::ExactAccumulator;
    std::vector<bench::Contender> contenders{
        contender("sum += x", [=] { return plain([=](std::size_t i) { return x[i]; }); }),
        contender("add(x)",
                  [=] {
                    return accumulated([=](Accumulator& a) {
                      for (std::size_t i = 0; i < terms; ++i) a.add(x[i]);
                    });
                  }),
        contender("add(span)", [=] { return accumulated([=](Accumulator& a) {
                                       a.add({x, terms});
                                     }); }),
        contender("sum += x * y", [=] { return plain([=](std::size_t i) { return x[i] * y[i]; }); }),
        contender("add_product(x, y)",
                  [=] {
                    return accumulated([=](Accumulator& a) {
                      for (std::size_t i = 0; i < terms; ++i) a.add_product(x[i], y[i]);
                    });
                  }),
    };
    bench::take_turns(contenders, std::atoi(argv[1]));
    for (const bench::Contender& each : contenders)
      world.print(tutti::text("{\"what\": \"", each.name, "\", \"terms\": ", terms,
                              ", \"seconds\": ", bench::json(each.seconds), "}\n"));
  });
}
