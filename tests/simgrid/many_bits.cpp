// Reductions, and scans, whose bits must not depend on the number of ranks, nor on the layout: a line for
// each layout.
//
//   smpirun -np 1024 ... many_bits LENGTH...
#include <cmath>
#include <string>

#include <tutti/tutti.hpp>

namespace {

using namespace tutti;

// Of both signs, over 36 decades; what is left of their sum is far below most of them.
double wide(Index i) {
  const double sign = i % 2 == 0 ? 1 : -1;
  return sign * std::ldexp(1 + 1 / (2 + static_cast<double>(i)), static_cast<int>(i / 2 % 120) - 60);
}
double other(Index i) { return 1 / (1 + static_cast<double>(i % 1009)); }

void print_results(World& world, Index n, const Layout& layout) {
  DistVector<double> x(world, n, layout, "x"), y(world, n, layout, "y");
  x.fill(wide);
  y.fill(other);
  std::string line = text(n, ':');
  for (const double value : {dot(x, y), sum(x), norm2(x), mean(y), variance(y), min(x).value, max(x).value})
    line += " " + hexfloat(value);
  for (const double value : multi_dot(x, {&x, &y, &x, &y, &x})) line += " " + hexfloat(value);
  world.print(line + "\n");
}

// From blocks to other layouts and back.
void print_moved(World& world, Index n) {
  DistVector<double> x(world, n, block, "x"), y(world, n, block_cyclic(13), "y");
  x.fill(wide);
  y.fill(other);
  const double product = dot(x, redistribute(redistribute(y, block_cyclic(7)), block));
  world.print(text(n, " moved: ", hexfloat(product), ' ', hexfloat(norm2(exclusive_scan(y))), '\n'));
}

}  // namespace

int main(int argc, char** argv) {
  return run(argc, argv, [&](World& world) {
    for (int i = 1; i < argc; ++i) {
      for (const Layout& layout : {Layout(block), Layout(cyclic), Layout(block_cyclic(13))})
        print_results(world, std::stoll(argv[i]), layout);
      print_moved(world, std::stoll(argv[i]));
    }
  });
}
