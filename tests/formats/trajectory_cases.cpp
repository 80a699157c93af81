// Writes trajectories for independent readers, and what is in them.   trajectory_cases FOLDER FRAMES
// PARTICLES
#include <cstdio>
#include <fstream>
#include <string>

#include "formats/frames.hpp"

int main(int argc, char** argv) {
  using namespace tutti::formats;
  if (argc != 4) return 64;
  const std::string folder = argv[1];
  const tutti::Index frames = std::stoll(argv[2]), count = std::stoll(argv[3]);
  for (const char* name : {"a.xyz", "a.lammpstrj", "a.dcd"}) {
    const std::string path = folder + "/" + name;
    const auto writer = create_trajectory(path, sample_options(path));
    for (tutti::Index frame = 0; frame < frames; ++frame) write_sample(*writer, frame, count, 37);
  }
  std::ofstream truth(folder + "/truth.f8", std::ios::binary);
  for (tutti::Index frame = 0; frame < frames; ++frame)
    for (const Particle& particle : sample_particles(frame, count))
      for (const Vector& vector : {particle.position, particle.velocity, particle.force})
        truth.write(reinterpret_cast<const char*>(vector.data()), sizeof vector);
  return 0;
}
