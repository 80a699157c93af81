#include "tutti/verify/verify.hpp"

#include <algorithm>
#include <cerrno>
#include <set>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/launch/signal_watch.hpp"
#include "tutti/verify/runner.hpp"

namespace tutti::verify {

namespace {

using launch::LauncherKind;

std::vector<LauncherKind> mpis_of(const Request& request) {
  if (!request.mpis.empty()) return request.mpis;
  if (names_mpi(request.program)) return {LauncherKind::openmpi, LauncherKind::mpich};
  return {LauncherKind::unknown};
}

void check_request(const Request& request) {
  if (request.program.empty())
    throw UsageError("verify: no program; give it after --, as in tutti verify -n 1,2,3 -- ./a.out",
                     {"PROG", {}});
  std::set<int> counts;
  for (const int ranks : request.ranks) {
    if (ranks < 1) throw UsageError(text("-n ", ranks, ": give numbers of ranks of at least 1"), {"-n", {}});
    if (!counts.insert(ranks).second)
      throw UsageError(text("-n: ", ranks, " is there twice; --repeat 2 runs each count twice"), {"-n", {}});
  }
  if (request.repeat < 1)
    throw UsageError(text("--repeat ", request.repeat, ": give a number of runs of at least 1"),
                     {"--repeat", {}});
  if (request.ranks.size() * mpis_of(request).size() * static_cast<std::size_t>(request.repeat) < 2)
    throw UsageError(
        "verify: one run is the same as itself; give several rank counts (-n 1,2,3), --repeat 2 or several "
        "MPIs",
        {"-n", {}});
  if (!request.output && request.files.empty() && !request.traces)
    throw UsageError("verify: neither output nor files nor traces are to be compared; give --file",
                     {"--file", {}});
  if (names_mpi(request.files) && mpis_of(request).front() == LauncherKind::unknown)
    throw UsageError("--file: {mpi} stands there but not in the program; give --mpi", {"--file", {}});
  if (request.mpiexec && mpis_of(request).front() != LauncherKind::unknown)
    throw UsageError(text("--mpiexec ", printable(*request.mpiexec),
                          ": names one launcher, and --mpi or {mpi} others; "
                          "leave it out, or set PATH"),
                     {"--mpiexec", {}});
  const std::vector<LauncherKind> mpis = mpis_of(request);
  if (std::set<LauncherKind>(mpis.begin(), mpis.end()).size() != mpis.size())
    throw UsageError("--mpi: an MPI is there twice; --repeat 2 runs each twice", {"--mpi", {}});
  if (launch::detect_launcher())
    throw UsageError(
        "verify: a launcher has started this process, and verify starts the ranks itself; run it alone",
        {"verify", {}});
}

std::vector<Run> runs_of(const Request& request) {
  std::vector<Run> runs;
  for (const LauncherKind mpi : mpis_of(request))
    for (const int ranks : request.ranks)
      for (int repetition = 1; repetition <= request.repeat; ++repetition)
        runs.push_back({mpi, ranks, request.repeat > 1 ? repetition : 0});
  return runs;
}

// As a program that the signal ends: "ended by signal 2 (Interrupt)".
InterruptedError interruption(int signal) {
  launch::RelayResult result;
  result.received = signal;
  result.exit_code = 1;
  return InterruptedError(launch::judge(result).message, {"verify", {signal, 0}});
}

class Verification {
 public:
  explicit Verification(const Request& request)
      : request_(request),
        runner_(request, scratch_),
        rules_(request.rules),
        file_rules_(request.rules),
        trace_rules_{request.ignore_calls, request.rules.masks.ranks, request.rules.tolerance} {
    rules_.between = file_rules_.between = [this] { stop_if_asked(); };
    file_rules_.match.clear();
  }

  Verdict verdict() {
    for (const LauncherKind mpi : mpis_of(request_)) runner_.check(mpi);
    for (Run& run : runs_of(request_)) {
      const bool first = verdict_.runs.empty();
      if (!make(run, first ? first_ : current_)) return std::move(verdict_);
      if (first)
        take_stock();
      else
        compare();
      if (!verdict_.same()) break;
      stop_if_asked();
    }
    return std::move(verdict_);
  }

 private:
  // Whether the run went well.
  bool make(Run& run, Kept& kept) {
    if (request_.progress) request_.progress(run);
    const launch::Outcome outcome = runner_.run(run, verdict_.runs.empty() ? "first-" : "current-", kept);
    verdict_.runs.push_back(run);
    if (outcome.received) throw interruption(*outcome.received);
    if (outcome.timed_out || outcome.exit_code != 0) {
      const std::string reason =
          outcome.timed_out
              ? text("the program took longer than ", *request_.timeout, " s (--timeout) and was ended")
          : !outcome.message.empty() ? outcome.message
                                     : text("the program ended with exit code ", outcome.exit_code);
      verdict_.failure = {run, reason, outcome.exit_code, outcome.timed_out, runner_.last_words(kept)};
    }
    return !verdict_.failure;
  }

  // What the first run left; a check that cannot fail is none.
  void take_stock() {
    Compared& compared = verdict_.compared;
    if (first_.traced) compared.reductions = count_reductions(first_.trace(scratch_), trace_rules_);
    for (std::size_t i = 0; i < first_.files.size(); ++i) {
      if (!first_.written[i])
        throw FileError(text("--file ", printable(first_.files[i]), ": not written on ", first_.run.name(),
                             "; give the path as the program does, from this folder"),
                        {first_.files[i], {ENOENT, 0}});
      compared.files.push_back({first_.files[i], count_file(first_.file(scratch_, i), file_rules_)});
      const FileCount& count = compared.files.back().count;
      if (count.is_text ? count.text.lines == 0 : count.bytes == 0)
        throw FormatError(text("--file ", printable(first_.files[i]), ": on ", first_.run.name(),
                               count.bytes == 0 ? " it is empty" : " no line is left by --ignore and --mask",
                               ": nothing that could differ"),
                          {first_.files[i], {}});
    }
    if (!request_.output) {
      if (compared.files.empty() && compared.reductions.value_or(0) == 0)
        throw FormatError(text(first_.run.name(),
                               ": no trace with reductions was written, so nothing is compared; is "
                               "the program linked with tutti? else leave --no-output out, or give --file"),
                          {"--no-output", {}});
      return;
    }
    compared.output = count(first_.output(scratch_), rules_);
    if (compared.output->lines > 0) return;
    if (compared.output->all > 0)
      throw FormatError(text("output of ", first_.run.name(), ": of ", counted(compared.output->all, "line"),
                             " none is left by --match, --ignore and --mask; choose lines that hold results"),
                        {"output", {}});
    if (compared.files.empty() && compared.reductions.value_or(0) == 0)
      throw FormatError(
          text("output of ", first_.run.name(),
               ": nothing was printed; print results to stdout, or name a file of results by --file"),
          {"output", {}});
  }

  void compare() {
    Difference difference{first_.run, current_.run, {}, {}, {}, {}, false};
    compare_traces_of(difference);
    compare_outputs(difference);
    for (std::size_t i = 0; i < first_.files.size() && !difference.found; ++i) compare_file(i, difference);
    if (difference.found || difference.reduction || difference.trace) verdict_.difference = difference;
  }

  void compare_traces_of(Difference& difference) const {
    const auto is_there = [](bool traced) { return traced ? "a trace of reductions" : "no trace"; };
    if (first_.traced != current_.traced)
      difference.trace = KindDifference{is_there(first_.traced), is_there(current_.traced)};
    else if (first_.traced)
      difference.reduction = compare_traces(first_.trace(scratch_), current_.trace(scratch_), trace_rules_);
  }

  void compare_outputs(Difference& difference) const {
    if (!request_.output) return;
    const Text a = first_.output(scratch_);
    const Text b = current_.output(scratch_);
    const auto found = compare_texts(a, b, rules_);
    if (!found) return;
    difference.what = "output";
    difference.found = *found;
    const Index lines = count(b, rules_).all;
    difference.copies =
        a.ranks != b.ranks && lines > 0 && lines * a.ranks == verdict_.compared.output->all * b.ranks;
  }

  void compare_file(std::size_t i, Difference& difference) const {
    if (!current_.written[i])
      difference.found = KindDifference{"written", "not written"};
    else
      difference.found = compare_files(first_.file(scratch_, i), current_.file(scratch_, i), file_rules_,
                                       request_.elements_of);
    if (difference.found) difference.what = first_.files[i];
  }

  // A signal that came between two runs, or while they were compared.
  void stop_if_asked() const {
    while (const int signal = signals_.next())
      if (signal != SIGCHLD) throw interruption(signal);
  }

  const Request& request_;
  const launch::SignalWatch signals_;  // also so that the scratch folder is always removed
  const Scratch scratch_;
  Runner runner_;
  Rules rules_, file_rules_;
  TraceRules trace_rules_;
  Kept first_, current_;
  Verdict verdict_;
};

}  // namespace

const char* short_name(LauncherKind mpi) {
  switch (mpi) {
    case LauncherKind::openmpi:
      return "openmpi";
    case LauncherKind::mpich:
      return "mpich";
    case LauncherKind::slurm:
      return "slurm";
    case LauncherKind::unknown:
      break;
  }
  return "another MPI";
}

std::string Run::name() const {
  return text(counted(ranks, "rank"), " (", short_name(mpi), ")",
              repetition > 0 ? text(", run ", repetition) : std::string());
}

Verdict verify(const Request& request) {
  check_request(request);
  return Verification(request).verdict();
}

}  // namespace tutti::verify
