#include "tutti/verify/verify.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <unistd.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/io/npy_file.hpp"

#include "cli/commands.hpp"
#include "cli/verify_report.hpp"

namespace tutti::cli {

namespace {

// The words between commas, of all uses of an option.
std::vector<std::string> list(const std::vector<std::string>& values, const char* option) {
  std::vector<std::string> words;
  for (const std::string& value : values)
    for (std::size_t begin = 0; begin <= value.size();) {
      const std::size_t end = std::min(value.find(',', begin), value.size());
      words.push_back(value.substr(begin, end - begin));
      if (words.back().empty())
        throw UsageError(text(option, " ", printable(value), ": nothing stands between two commas"),
                         {option, {}});
      begin = end + 1;
    }
  return words;
}

int rank_count(const std::string& word) {
  int ranks = 0;
  const auto end = std::from_chars(word.data(), word.data() + word.size(), ranks);
  if (end.ec != std::errc{} || end.ptr != word.data() + word.size())
    throw UsageError(text("-n ", printable(word), ": give numbers of ranks, as 1,2,3,4,7"), {"-n", {}});
  return ranks;
}

launch::LauncherKind mpi_named(const std::string& word) {
  const launch::LauncherKind mpi = launch::kind_of(word);
  if (mpi == launch::LauncherKind::unknown)
    throw UsageError(text("--mpi ", printable(word), ": give openmpi, mpich or both"), {"--mpi", {}});
  return mpi;
}

std::vector<verify::Pattern> patterns(const std::vector<std::string>& expressions, const char* option) {
  std::vector<verify::Pattern> result;
  for (const std::string& expression : expressions) result.emplace_back(expression, option);
  return result;
}

verify::Masks masks_of(const std::vector<std::string>& words) {
  verify::Masks masks;
  for (const std::string& word : words) {
    if (word == "ranks")
      masks.ranks = true;
    else if (word == "time")
      masks.time = true;
    else
      masks.patterns.emplace_back(word, "--mask");
  }
  return masks;
}

verify::Tolerance tolerance_of(const VerifyCommand& command) {
  if (command.ulp && *command.ulp < 0)
    throw UsageError(text("--ulp ", *command.ulp, ": give a number of doubles, at least 0"), {"--ulp", {}});
  if (command.rtol && !(*command.rtol >= 0 && *command.rtol < 1))
    throw UsageError(text("--rtol ", *command.rtol, ": give a part of the numbers, at least 0 and below 1"),
                     {"--rtol", {}});
  verify::Tolerance tolerance;
  if (command.ulp) tolerance.ulp = static_cast<std::uint64_t>(*command.ulp);
  tolerance.relative = command.rtol;
  return tolerance;
}

bool is_floating(ElementType type) {
  return type == ElementType::float16 || type == ElementType::float32 || type == ElementType::float64;
}

// A .npy file's elements; a header that cannot be read makes it bytes.
std::optional<verify::Elements> npy_elements(const std::string& path) {
  try {
    auto file = std::make_shared<NpyFile>(path);
    std::string shape = file->type().text() + " (";
    for (const Index extent : file->shape()) shape += text(shape.ends_with('(') ? "" : ", ", extent);
    verify::Elements elements{file->data_offset(),
                              file->type().size(),
                              shape + (file->fortran_order() ? "), Fortran order" : ")"),
                              {}};
    if (is_floating(file->type().type))
      elements.read = [file](Index first, std::span<double> out) { file->read(first, out); };
    return elements;
  } catch (const FormatError&) {
    return std::nullopt;
  }
}

verify::Request request_of(const VerifyCommand& command) {
  constexpr double longest = 86400.0 * 365;
  if (command.timeout && !(*command.timeout > 0 && *command.timeout <= longest))
    throw UsageError(text("--timeout ", *command.timeout, ": give a time in seconds, greater than 0"),
                     {"--timeout", {}});
  if (command.ranks.empty())
    throw UsageError("verify: on how many ranks? give -n 1,2,3,4,7 or other numbers", {"-n", {}});
  verify::Request request;
  request.program = command.program;
  for (const std::string& word : list(command.ranks, "-n")) request.ranks.push_back(rank_count(word));
  for (const std::string& word : list(command.mpi, "--mpi")) request.mpis.push_back(mpi_named(word));
  request.mpiexec = command.common.mpiexec;
  request.repeat = command.repeat;
  request.timeout = command.timeout;
  request.output = !command.no_output;
  request.traces = !command.no_trace;
  request.files = command.files;
  request.rules = {command.sorted,
                   patterns(command.match, "--match"),
                   patterns(command.ignore, "--ignore"),
                   masks_of(command.mask),
                   tolerance_of(command),
                   {}};
  request.ignore_calls = patterns(command.ignore_calls, "--ignore-call");
  request.elements_of = npy_elements;
  if (!command.common.quiet && !command.common.json && ::isatty(STDERR_FILENO) != 0)
    request.progress = [](const verify::Run& run) {
      std::fputs(text("running on ", run.name(), "\n").c_str(), stderr);
    };
  return request;
}

void print(const std::string& words) {
  if (std::fputs(words.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
    throw IoError(text("stdout: ", errno_text(errno), "; the text is lost"), {"stdout", {errno, 0}});
}

}  // namespace

int verify(const VerifyCommand& command) {
  const verify::Verdict verdict = verify::verify(request_of(command));

  if (command.common.json)
    print(verify_json(verdict));
  else if (verdict.failure)
    std::fputs(failure_text(*verdict.failure).c_str(), stderr);
  else if (verdict.difference || !command.common.quiet)
    print(verify_text(verdict));
  return verdict.same() ? 0 : 1;
}

}  // namespace tutti::cli
