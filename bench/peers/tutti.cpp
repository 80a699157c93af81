// tutti: exact, rounded once.
#include <tutti/tutti.hpp>

#include "peer.hpp"

namespace {

class Tutti {
 public:
  static constexpr const char* name = "tutti::dot";
  static constexpr int vectors = 2, dots = 1;
  Tutti(const peer::Share& share, peer::Element f, peer::Element g, const tutti::World& world)
      : x_(world, share.total, "x"), y_(world, share.total, "y") {
    x_.fill([&](tutti::Index i) { return f(i, share.total); });
    y_.fill([&](tutti::Index i) { return g(i, share.total); });
  }
  double dot() { return tutti::dot(x_, y_); }

 private:
  tutti::DistVector<double> x_, y_;
};

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) { peer::answer<Tutti>(argc, argv, world); });
}
