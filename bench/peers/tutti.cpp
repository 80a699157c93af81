// tutti: exact, rounded once; a dot, and one vector against four.
#include <vector>

#include <tutti/tutti.hpp>

#include "peer.hpp"

namespace {

tutti::DistVector<double> vector(const peer::Share& share, peer::Element f, const tutti::World& world) {
  tutti::DistVector<double> x(world, share.total);
  x.fill([&](tutti::Index i) { return f(i, share.total); });
  return x;
}

class Dot {
 public:
  static constexpr const char* name = "tutti::dot";
  static constexpr int vectors = 2, dots = 1;
  Dot(const peer::Share& share, peer::Element f, peer::Element g, const tutti::World& world)
      : x_(vector(share, f, world)), y_(vector(share, g, world)) {}
  double dot() { return tutti::dot(x_, y_); }

 private:
  tutti::DistVector<double> x_, y_;
};

class MultiDot {
 public:
  static constexpr const char* name = "tutti::multi_dot of 4";
  static constexpr int vectors = 5, dots = 4;
  MultiDot(const peer::Share& share, peer::Element f, peer::Element g, const tutti::World& world)
      : x_(vector(share, f, world)) {
    for (int i = 0; i < dots; ++i) y_.push_back(vector(share, g, world));
  }
  double dot() { return tutti::multi_dot(x_, y_)[0]; }

 private:
  tutti::DistVector<double> x_;
  std::vector<tutti::DistVector<double>> y_;
};

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    peer::answer<Dot>(argc, argv, world);
    peer::answer<MultiDot>(argc, argv, world);
  });
}
