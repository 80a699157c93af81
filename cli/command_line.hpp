// The command line of the program tutti, as values.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tutti/io/file_reductions.hpp"
#include "tutti/launch/start.hpp"

namespace tutti::cli {

/// Options that every command knows.
struct Common {
  std::optional<int> ranks;  ///< -n: start so many ranks ourselves
  std::optional<std::string> mpiexec;
  launch::UseLauncher use_launcher = launch::UseLauncher::yes;
  bool json = false;
  bool quiet = false;
  std::string color = "auto";
  std::optional<std::string> output;         ///< --output: the result also to this file
  std::optional<std::string> memory_budget;  ///< of each node; as TUTTI_MEMORY_BUDGET
  std::optional<std::string> memory_report;  ///< "-" or a file; as TUTTI_MEMORY_REPORT
};

struct DotCommand {
  Common common;
  FileSource a, b;
  Layout layout = block;
  bool rounded = false;
};

struct StatsCommand {
  Common common;
  FileSource x;
  Layout layout = block;
};

/// What a system of particles is: an input file, and options that count more. Read by system_of().
struct SystemOptions {
  std::optional<std::string> input;  ///< a TOML file
  std::optional<std::string> units, precision, truncation, box;
  std::optional<double> cutoff, sigma, epsilon, mass;
};

/// How a file of particles is read. Read by read_options_of().
struct ParticleFileOptions {
  std::optional<std::string> format, style, ignore;
  std::optional<std::int64_t> frame;
};

struct EnergyCommand {
  Common common;
  std::string file;
  SystemOptions system;
  ParticleFileOptions reading;
  std::optional<std::string> forces;  ///< a .npy or .xyz file to write
};

struct RunCommand {
  Common common;
  std::vector<std::string> program;
};

struct InspectCommand {
  Common common;  ///< json and output concern the report; the program's output is its own
  std::vector<std::string> program;
  double every = 0.2;        ///< s between two looks at the memory, at most
  std::optional<double> at;  ///< s after the start: look for equal pages then, and at no other time
};

struct DoctorCommand {
  Common common;
};

struct CheckpointsCommand {
  Common common;
  std::string folder;
};

/// Its texts are read by plan().
struct PlanCommand {
  Common common;
  std::optional<std::string> description;  ///< a TOML file
  std::optional<std::string> from_run;     ///< the memory report of a run
  std::optional<int> ranks, per_node;
  std::optional<std::string> node_memory;
  std::vector<std::string> arrays;
  std::optional<std::int64_t> particles;  ///< of a simulation
  std::optional<double> density, cutoff;  ///< of its fluid
  std::string placement = "spatial";
  std::string calibrate = "auto";
  std::optional<std::int64_t>
      measure_base;  ///< as a rank of the program that process so-and-so starts to see
                     ///  what MPI takes
};

/// Its texts are read by verify().
struct VerifyCommand {
  Common common;
  std::vector<std::string> program;
  std::vector<std::string> ranks;  ///< "1,2,3" and the like
  std::vector<std::string> mpi;    ///< "openmpi,mpich" and the like
  std::vector<std::string> match, ignore, mask, files, ignore_calls;
  bool sorted = false;
  bool no_output = false;
  bool no_trace = false;
  std::optional<std::int64_t> ulp;
  std::optional<double> rtol;
  int repeat = 1;
  std::optional<double> timeout;
};

/// Its texts are read by md().
struct MdCommand {
  Common common;
  std::optional<std::string> file;   ///< of particles
  std::optional<std::int64_t> melt;  ///< or so many of the standard melt
  std::optional<double> density;     ///< of this one
  SystemOptions system;
  ParticleFileOptions reading;
  std::optional<double> temperature, time_step, skin;
  std::optional<std::uint64_t> seed;
  std::optional<std::int64_t> steps, every, trajectory_every, checkpoint_every, bins, verify_reverse;
  std::string placement = "auto";
  std::optional<std::string> table, trajectory, pairs, checkpoints;
  bool displacements = false;
  bool restart = false;
};

/// --help or --version: text to print, and nothing to do.
struct Help {
  std::string text;
};

using Command = std::variant<Help, DotCommand, StatsCommand, RunCommand, DoctorCommand, InspectCommand,
                             PlanCommand, VerifyCommand, CheckpointsCommand, EnergyCommand, MdCommand>;

/// @throws UsageError that names the option and the remedy.
Command parse(const std::vector<std::string>& arguments);

/// Whether errors are wanted as JSON, before anything else is known of the command line.
bool wants_json(const std::vector<std::string>& arguments);

}  // namespace tutti::cli
