// What needs no launcher; tests/cli/verify_test.py runs programs.
#include "tutti/verify/verify.hpp"

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti::verify {
namespace {

using launch::LauncherKind;

Request request() {
  Request result;
  result.program = {"/bin/true"};
  result.ranks = {1, 2};
  return result;
}

std::string refusal(const Request& request) {
  try {
    verify(request);
  } catch (const UsageError& error) {
    return error.message();
  }
  return "accepted";
}

TEST(Run, HasAName) {
  EXPECT_EQ((verify::Run{LauncherKind::openmpi, 1, 0}.name()), "1 rank (openmpi)");
  EXPECT_EQ((verify::Run{LauncherKind::mpich, 3, 2}.name()), "3 ranks (mpich), run 2");
}

TEST(Verify, RefusesWhatComparesNothing) {
  const auto refused = [](auto change, const char* word) {
    Request bad = request();
    change(bad);
    const std::string message = refusal(bad);
    EXPECT_NE(message.find(word), std::string::npos) << message;
  };
  refused([](Request& r) { r.program.clear(); }, "no program");
  refused([](Request& r) { r.ranks = {3}; }, "same as itself");
  refused([](Request& r) { r.ranks = {}; }, "same as itself");
  refused([](Request& r) { r.ranks = {1, 0}; }, "-n 0");
  refused([](Request& r) { r.ranks = {2, 2}; }, "twice");
  refused([](Request& r) { r.repeat = 0; }, "--repeat 0");
  refused([](Request& r) { r.files = {"{mpi}.txt"}; }, "{mpi}");
  refused([](Request& r) { r.output = r.traces = false; }, "--file");
}

}  // namespace
}  // namespace tutti::verify
