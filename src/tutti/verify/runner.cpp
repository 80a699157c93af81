#include "tutti/verify/runner.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <system_error>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/files/file.hpp"

namespace tutti::verify {

namespace {

using launch::LauncherKind;

std::string with_mpi(std::string word, LauncherKind mpi) {
  const std::string name = short_name(mpi);
  for (std::size_t at = 0; (at = word.find(mpi_placeholder, at)) != std::string::npos; at += name.size())
    word.replace(at, mpi_placeholder.size(), name);
  return word;
}

std::vector<std::string> with_mpi(std::vector<std::string> words, LauncherKind mpi) {
  if (mpi != LauncherKind::unknown)
    for (std::string& word : words) word = with_mpi(word, mpi);
  return words;
}

std::filesystem::file_type type_of(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::symlink_status(path, ignored).type();
}

// What lies there already could be taken for what a run wrote.
void refuse_stale(const std::string& path, bool first) {
  if (type_of(path) == std::filesystem::file_type::not_found) return;
  throw OutputError(first ? text("--file ", printable(path),
                                 ": is there before the program has run; remove it, "
                                 "so that nothing but what a run writes is compared")
                          : text("--file ", printable(path),
                                 ": is there again, although no run is on; does "
                                 "another program write it?"),
                    {path, {EEXIST, 0}});
}

files::Descriptor create(const std::string& path) {
  Scratch::remove(path);
  constexpr mode_t mine = 0600;
  files::Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mine));
  if (!file.is_open()) throw OutputError(text(path, ": ", errno_text(errno)), {path, {errno, 0}});
  return file;
}

// At most so many lines, and 4 KiB, from the end of a file.
std::string end_of(const std::string& path, int most_lines) {
  constexpr Index most = 4096;
  const files::InputFile file(path);
  const Index begin = std::max<Index>(0, file.size() - most);
  std::string words(static_cast<std::size_t>(file.size() - begin), '\0');
  file.read_at(begin, std::as_writable_bytes(std::span(words)));
  while (words.ends_with('\n')) words.pop_back();
  std::size_t at = words.size();
  for (int line = 0; line < most_lines && at > 0; ++line) {
    const std::size_t found = words.rfind('\n', at - 1);
    if (found == std::string::npos) return words;
    at = found;
  }
  return words.substr(at == 0 ? 0 : at + 1);
}

}  // namespace

bool names_mpi(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return word.find(mpi_placeholder) != std::string::npos; });
}

Text Kept::output(const Scratch& scratch) const {
  return {scratch.path(prefix + "output"), "output of " + run.name(), run.ranks};
}

Text Kept::file(const Scratch& scratch, std::size_t i) const {
  return {scratch.path(text(prefix, "file-", i)), text(printable(files[i]), " of ", run.name()), run.ranks};
}

Trace Kept::trace(const Scratch& scratch) const {
  return {scratch.path(prefix + "trace"), run.name(), run.ranks};
}

launch::LaunchRequest Runner::launch_request(const Run& run) const {
  launch::LaunchRequest launch;
  launch.ranks = run.ranks;
  launch.program = with_mpi(request_.program, run.mpi);
  launch.mpiexec = request_.mpiexec;
  if (run.mpi != LauncherKind::unknown) launch.mpi = run.mpi;
  return launch;
}

void Runner::check(LauncherKind mpi) const { launch::plan_launch(launch_request({mpi, 1, 0})); }

launch::Outcome Runner::run(Run& run, const std::string& prefix, Kept& kept) const {
  kept = {run, prefix, with_mpi(request_.files, run.mpi), {}, false};
  for (const std::string& path : kept.files) refuse_stale(path, prefix == "first-");
  launch::LaunchRequest launch = launch_request(run);
  const std::string trace = scratch_.path(prefix + "trace");
  Scratch::remove(trace);
  if (request_.traces) launch.environment.push_back({"TUTTI_TRACE", trace});
  const std::string output_path = scratch_.path(prefix + "output");
  const files::Descriptor output = create(output_path);
  const files::Descriptor error = create(scratch_.path(prefix + "error"));
  launch::Outcome outcome =
      run_captured(launch, {output.number(), output_path, error.number(), request_.timeout});
  run.mpi = kept.run.mpi = run.mpi == LauncherKind::unknown ? outcome.launcher : run.mpi;
  for (std::size_t i = 0; i < kept.files.size(); ++i) {
    const auto type = type_of(kept.files[i]);
    if (type != std::filesystem::file_type::not_found && type != std::filesystem::file_type::regular)
      throw FileError(
          text("--file ", printable(kept.files[i]), ": is no regular file; name one that a run writes"),
          {kept.files[i], {}});
    kept.written.push_back(type == std::filesystem::file_type::regular);
    if (kept.written.back()) scratch_.take(kept.files[i], text(prefix, "file-", i));
  }
  kept.traced = type_of(trace) == std::filesystem::file_type::regular;
  return outcome;
}

std::string Runner::last_words(const Kept& kept) const {
  constexpr int most_lines = 20;
  const std::string words = end_of(scratch_.path(kept.prefix + "error"), most_lines);
  return words.empty() ? end_of(scratch_.path(kept.prefix + "output"), most_lines) : words;
}

}  // namespace tutti::verify
