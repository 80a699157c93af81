#include "tutti/inspect/agent.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/inspect/descriptors.hpp"
#include "tutti/inspect/meeting.hpp"
#include "tutti/inspect/member.hpp"
#include "tutti/inspect/program.hpp"
#include "tutti/inspect/speaker.hpp"
#include "tutti/launch/launcher.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::inspect {

namespace {

constexpr std::chrono::seconds patience_under_slurm{10};

// This rank's place in the job, as the launcher tells it.
struct Place {
  int rank = 0;
  int job_ranks = 1;   // 0: not known
  int host_ranks = 1;  // on this host; 0: not known
  int node = 0;        // of those that the host pretends to be
  int nodes = 1;
  std::string rank_variable;  // empty: no launcher
};

int environment_number(const char* name) {
  const auto value = environment_text(name);
  return static_cast<int>(value ? memory::natural_number(*value).value_or(0) : 0);
}

const char* first_set(std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (environment_text(name)) return name;
  return "";
}

Place find_place() {
  Place place;
  const auto pretended = environment_integer("TUTTI_NODES", 1);
  const auto launcher = launch::detect_launcher();
  if (!launcher) return place;
  place.rank = launcher->rank;
  place.job_ranks = launcher->ranks;
  place.rank_variable = first_set({"OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID", "PMIX_RANK"});
  place.host_ranks = environment_number(first_set({"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"}));
  if (!pretended || place.job_ranks == 0) return place;
  // As a World cuts a host into nodes: equal ranges of ranks.
  place.nodes = static_cast<int>(std::min<std::int64_t>(*pretended, place.job_ranks));
  const auto node_of = [&](int rank) {
    return static_cast<int>(std::int64_t{rank} * place.nodes / place.job_ranks);
  };
  place.node = node_of(place.rank);
  place.host_ranks = 0;
  for (int rank = 0; rank < place.job_ranks; ++rank)
    if (node_of(rank) == place.node) ++place.host_ranks;
  return place;
}

std::string node_name(const Place& place) {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) name[0] = '?';
  std::string result(name.data());
  if (place.nodes > 1) result += text("-", place.node + 1);
  return result;
}

// In a process of its own session, so that what ends the first agent's process group does not end it too.
pid_t start_speaker(int meeting, const SpeakerOptions& options,
                    const std::function<void(const NodeReport&)>& speak) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::setsid();
  close_all_but({STDERR_FILENO, meeting});
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO}) silence(stream);
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  int code = 0;
  try {
    const NodeReport report = Speaker(meeting, options).run();
    // Nobody may have come where ranks went to a later meeting, whose report must stand.
    if (!report.ranks.empty()) speak(report);
  } catch (const std::exception& error) {
    std::fputs(text("tutti: inspect: ", error.what(), "\n").c_str(), stderr);
    code = 1;
  }
  ::_exit(code);
}

// @return the speaker's process, if this agent has started it.
pid_t meet(const AgentOptions& options, const Place& place, Line& line,
           const std::function<void(const NodeReport&)>& speak) {
  const std::string name = meeting_name(place.rank_variable, place.node);
  pid_t speaker = 0;
  for (int attempt = 0; attempt < 3 && !line.open(); ++attempt) {  // a meeting may just be closing
    const int meeting = open_meeting(name);
    if (meeting >= 0) {
      const SpeakerOptions own{options.every, options.at, node_name(place), place.job_ranks,
                               place.host_ranks};
      speaker = start_speaker(meeting, own, speak);
      ::close(meeting);
    }
    line = join(name);
  }
  Reply hello;
  hello.rank = place.rank;
  hello.process = ::getpid();
  if (!line.open() || !line.send(std::as_bytes(std::span(&hello, 1))))
    throw SystemError(text("the agents of this node do not find each other (socket ", name, ")"), {name, {}});
  return speaker;
}

void await(pid_t process) {
  while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void await(pid_t process, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds pause{10};
  for (; patience.count() > 0 && ::waitpid(process, nullptr, WNOHANG) == 0; patience -= pause)
    std::this_thread::sleep_for(pause);
}

// Nothing may leave this thread: it would end the agent, and with it the program.
void look(pid_t program, std::stop_token stop, const Line& line) {
  try {
    Member(program, std::move(stop)).serve(line);
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
  line.hang_up();  // the speaker must not wait for us
}

}  // namespace

int run_agent(const AgentOptions& options, const std::vector<std::string>& program,
              const std::function<void(const NodeReport&)>& speak) {
  const Place place = find_place();
  Program child(program);
  Line line;
  pid_t speaker = 0;
  std::stop_source stop;
  std::thread looker;
  try {
    speaker = meet(options, place, line, speak);
    looker = std::thread([&] { look(child.pid(), stop.get_token(), line); });
  } catch (const std::exception& error) {
    line.close();
    std::fputs(text("tutti: inspect: rank ", place.rank, " is not looked into: ", error.what(), "\n").c_str(),
               stderr);
  }
  child.await_end();
  stop.request_stop();
  line.hang_up();
  if (looker.joinable()) looker.join();
  line.close();
  const int status = child.status();
  // A launcher waits until everybody has closed stderr; a shell does not. Slurm ends what is left of a step
  // when its last task has ended.
  if (speaker > 0 && place.rank_variable.empty()) await(speaker);
  if (speaker > 0 && environment_text("SLURM_STEP_ID")) await(speaker, patience_under_slurm);
  return end_like(status);
}

}  // namespace tutti::inspect
