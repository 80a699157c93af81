// Frames for tests of trajectories: numbers that use all bits, the same on every call.
#pragma once

#include <vector>

#include "tutti/core/random.hpp"
#include "tutti/formats/trajectory_writer.hpp"

namespace tutti::formats {

inline Frame sample_frame(Index number, Index particles) {
  return {1000 + 50 * number, 0.25 * static_cast<double>(number), {10.1, 11.2, 12.3}, particles};
}

inline std::vector<Particle> sample_particles(Index frame, Index count) {
  const Random random(static_cast<std::uint64_t>(frame));
  std::vector<Particle> particles;
  for (Index id = 1; id <= count; ++id) {
    Particle particle;
    particle.id = id;
    particle.type = static_cast<std::size_t>(id % 3 == 0 ? 1 : 0);
    for (std::size_t a = 0; a < 3; ++a) {
      particle.position[a] = 10 * random.uniform(id, a);
      particle.velocity[a] = random.uniform(id, 3 + a) - 0.5;
      particle.force[a] = 1e3 * (random.uniform(id, 6 + a) - 0.5);
      particle.image[a] = static_cast<std::int32_t>(random.bits(id, 9 + a) % 5) - 2;
    }
    particles.push_back(particle);
  }
  return particles;
}

inline TrajectoryOptions sample_options(std::string_view path) {
  TrajectoryOptions options;
  options.kind = trajectory_kind(path);
  options.types = {"Ar", "Kr"};
  options.velocities = options.forces = options.images = true;
  options.steps_between_frames = 50;
  options.dcd_time_step = 0.005;
  return options;
}

/// A frame in parts of `part` particles.
inline void write_sample(TrajectoryWriter& writer, Index frame, Index count, std::size_t part = 3) {
  const std::vector<Particle> particles = sample_particles(frame, count);
  writer.begin(sample_frame(frame, count));
  std::span<const Particle> rest = particles;
  while (!rest.empty()) {
    const std::size_t size = std::min(part, rest.size());
    writer.write(rest.first(size));
    rest = rest.subspan(size);
  }
  writer.end();
}

}  // namespace tutti::formats
