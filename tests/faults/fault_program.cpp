// Plays one fault on one rank of a program of several collectives; run_faults.py judges what comes of it.
//
//   mpiexec -n 3 fault_program --ranks=3 [--json] [--mpi=tutti|user|world] FAULT [GUILTY RANK]
//
// --mpi=user: the program starts and ends MPI and calls run(communicator, ...); --mpi=world: it makes a World
// by world_from() and catches errors itself.
//
//   mpiexec -n 3 fault_program --ranks=3 --batch=100 FAULT:GUILTY ...
//
// Plays many faults after one another, each so often, in one job: those that end in an error on which all
// ranks agree leave MPI as it was. Rank 0 writes a line after each.
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/array/dist_vector.hpp"
#include "tutti/array/multi_dot.hpp"
#include "tutti/array/reductions.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/mpi.hpp"
#include "tutti/comm/reductions.hpp"

#include "fault.hpp"

namespace tutti::faults {

void work(const World& world) {
  barrier(world);
  if (sum(world, 1.0) != world.size()) throw InternalError("the sum is wrong");
  std::array<int, 100> values{};
  broadcast(world, values, world.size() - 1);
  DistVector<double> x(world, 1000, cyclic, "x");
  x.fill([](Index i) { return static_cast<double>(i); });
  if (dot(x, x) != 332833500) throw InternalError("the dot product is wrong");
  const std::vector<double> squares = multi_dot(x, {&x, &x, &x});  // a packet, then a message for all three
  if (squares != std::vector<double>(3, 332833500)) throw InternalError("the dot products are wrong");
  min(x);
}

namespace {

struct Options {
  int ranks = 0;
  int guilty = 1;
  ErrorStyle style = ErrorStyle::text;
  std::string_view mpi = "tutti";
  std::string_view fault;
  int batch = 0;                         ///< times that each of these is played; 0: only `fault`, once
  std::vector<std::string_view> faults;  ///< "name:guilty"
};

int number(std::string_view word) {
  int value = -1;
  std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with("--ranks="))
      options.ranks = number(word.substr(8));
    else if (word == "--json")
      options.style = ErrorStyle::json;
    else if (word.starts_with("--mpi="))
      options.mpi = word.substr(6);
    else if (word.starts_with("--batch="))
      options.batch = number(word.substr(8));
    else if (options.batch > 0)
      options.faults.push_back(word);
    else if (options.fault.empty())
      options.fault = word;
    else
      options.guilty = number(word);
  }
  return options;
}

int play(World& world, const Options& options) {
  if (world.size() != options.ranks)
    throw LauncherError(text("told of ", options.ranks, " ranks, MPI says ", world.size()));
  for (const auto group : {throwing_faults(), sub_world_faults(), disagreeing_faults(), leaving_faults(),
                           exchanging_faults(), guarded_faults(), nonblocking_faults(), signal_faults(),
                           moving_faults(), grid_faults(), memory_faults()})
    for (const Fault& fault : group)
      if (fault.name == options.fault) return fault.play({world, options.guilty});
  if (options.fault == "none" || options.fault == "bad-environment") return work(world), 0;
  throw UsageError(text("no fault is called ", options.fault));
}

// As a program does that has its own MPI and its own way with errors: catch, tell, and go on to MPI_Finalize.
int play_in_own_world(const Options& options) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  try {
    World world = world_from(MPI_COMM_WORLD);
    return play(world, options);
  } catch (const Error& error) {
    if (rank == 0) std::fprintf(stderr, "tutti: error: rank %d: %s\n", error.rank(), error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rank %d caught: %s\n", rank, error.what());
    return 1;
  }
}

int play_with_own_mpi(const Options& options) {
  MPI_Init(nullptr, nullptr);
  const int code =
      options.mpi == "world"
          ? play_in_own_world(options)
          : run(
                MPI_COMM_WORLD, [&](World& world) { return play(world, options); }, options.style);
  MPI_Finalize();
  return code;
}

int play_batch(const Options& options) {
  MPI_Init(nullptr, nullptr);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  for (int turn = 0; turn < options.batch; ++turn)
    for (const std::string_view words : options.faults) {
      Options one = options;
      const std::size_t colon = words.find(':');
      one.fault = words.substr(0, colon);
      one.guilty = number(words.substr(colon + 1));
      const int code = run(MPI_COMM_WORLD, [&](World& world) { return play(world, one); });
      if (rank == 0) std::fprintf(stderr, "played %s: exit %d\n", std::string(words).c_str(), code);
    }
  MPI_Finalize();
  return 0;
}

// Nonsense in the environment of one rank: known only from the launcher, before MPI starts.
void spoil_environment(const Options& options) {
  const char* rank = std::getenv("OMPI_COMM_WORLD_RANK");
  if (rank == nullptr) rank = std::getenv("PMI_RANK");
  if (rank != nullptr && number(rank) == options.guilty) setenv("TUTTI_WATCHDOG", "nonsense", 1);
}

}  // namespace

}  // namespace tutti::faults

int main(int argc, char** argv) {
  using namespace tutti;
  const faults::Options options = faults::parse(argc, argv);
  if (options.fault == "bad-environment") faults::spoil_environment(options);
  if (options.batch > 0) return faults::play_batch(options);
  if (options.mpi != "tutti") return faults::play_with_own_mpi(options);
  return run(
      argc, argv, [&](World& world) { return faults::play(world, options); }, options.style);
}
