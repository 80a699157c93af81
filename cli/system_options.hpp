// The options of commands that compute with particles.
#pragma once

#include "tutti/formats/particle_reader.hpp"
#include "tutti/molecular/system_input.hpp"

#include "cli/command_line.hpp"

namespace CLI {
class App;
}

namespace tutti::cli {

/// Adds the options, which fill in the structures.
void add_system_options(CLI::App& app, SystemOptions& system);
void add_particle_file_options(CLI::App& app, ParticleFileOptions& reading);

/// Reads the input file, and puts the options on top.
/// @throws UsageError naming the option, FormatError, FileError
molecular::SystemInput system_of(const SystemOptions& options);
formats::ReadOptions read_options_of(const ParticleFileOptions& options);

}  // namespace tutti::cli
