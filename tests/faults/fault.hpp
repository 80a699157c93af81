// The faults that fault_program can play, and what they are played with.
#pragma once

#include <span>
#include <string_view>

#include "tutti/comm/world.hpp"

namespace tutti::faults {

/// One rank's view of the play: the same on all ranks but for me().
struct Scene {
  World& world;
  int guilty;  ///< the rank that does wrong

  bool me() const { return world.rank() == guilty; }
  int colour() const { return world.rank() % 2; }  ///< for split(): even and odd ranks
};

struct Fault {
  std::string_view name;
  int (*play)(const Scene& scene);  ///< the exit status, where nothing goes wrong
};

/// A few collectives of different kinds, as any program makes them.
void work(const World& world);

std::span<const Fault> throwing_faults();     ///< a rank throws, or several do
std::span<const Fault> sub_world_faults();    ///< the same, inside split() and together()
std::span<const Fault> disagreeing_faults();  ///< ranks make different calls
std::span<const Fault> leaving_faults();      ///< a rank exits, dies, stops, or never arrives
std::span<const Fault> guarded_faults();      ///< the same around MPI calls of the program's own
std::span<const Fault> signal_faults();       ///< a rank is asked to end by a signal
std::span<const Fault> nonblocking_faults();  ///< the others wait for nonblocking operations
std::span<const Fault> exchanging_faults();   ///< the others exchange messages
std::span<const Fault> grid_faults();         ///< the others bring ghosts, or share out work
std::span<const Fault> moving_faults();       ///< the others move the elements of vectors
std::span<const Fault> memory_faults();       ///< memory that a node has not

}  // namespace tutti::faults
