// Rank 1 is stopped, as by a debugger or by Ctrl-Z.
#include <csignal>

#include <tutti/tutti.hpp>

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [](tutti::World& world) {
    if (world.rank() == 1) std::raise(SIGSTOP);
    tutti::barrier(world);
  });
}
