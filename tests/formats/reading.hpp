// Texts read as files are, for tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/formats/particle_reader.hpp"

namespace tutti::formats {

struct ReadAll {
  Contents contents;
  std::vector<std::string> types;
  std::vector<Particle> particles;
};

inline ReadAll all_of(ParticleReader& reader, std::size_t block = 7) {
  ReadAll all{reader.contents(), {}, {}};
  std::vector<Particle> some(block);
  for (std::size_t count = block; count == block;) {
    count = reader.next(some);
    all.particles.insert(all.particles.end(), some.begin(),
                         some.begin() + static_cast<std::ptrdiff_t>(count));
  }
  EXPECT_EQ(reader.next(some), 0U);
  all.types = reader.types();
  return all;
}

inline ReadAll read_text(std::string_view text, const ReadOptions& options = {}) {
  return all_of(*open_particles_in(text, "a file", options));
}

/// The message of the error; empty if there is none.
template <class E = FormatError>
std::string refusal(std::string_view text, const ReadOptions& options = {}) {
  try {
    read_text(text, options);
  } catch (const E& error) {
    return error.message();
  }
  return "";
}

/// A text that is refused, and what the error says.
struct Bad {
  std::string text;
  std::string message;  // a part of it
};

inline void expect_refused(const std::vector<Bad>& cases, const ReadOptions& options = {}) {
  for (const Bad& bad : cases) {
    const std::string message = refusal(bad.text, options);
    EXPECT_NE(message.find(bad.message), std::string::npos) << bad.text << "\n -> " << message;
    EXPECT_TRUE(message.starts_with("a file: ")) << message;
    EXPECT_FALSE(message.ends_with('.')) << message;
  }
}

}  // namespace tutti::formats
