#include <vector>

#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    const int me = world.rank(), right = (me + 1) % world.size(),
              left = (me + world.size() - 1) % world.size();
    const std::vector<double> edge(me == 2 ? 11 : 10);
    std::vector<double> ghosts(10);
    tutti::exchange<double>(world, {{right, edge}}, {{left, ghosts}});
  });
}
