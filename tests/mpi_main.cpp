#include "mpi_main.hpp"

#include <charconv>
#include <cstdio>
#include <string_view>

#include "tutti/comm/reductions.hpp"
#include "tutti/comm/run.hpp"

namespace tutti::testing_world {

namespace {

World* current = nullptr;

// One line for each failure on a rank that prints nothing else.
class FailurePrinter : public testing::EmptyTestEventListener {
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed()) return;
    std::fprintf(stderr, "rank %d: %s:%d: %s\n", current->rank(),
                 result.file_name() != nullptr ? result.file_name() : "?", result.line_number(),
                 result.summary());
  }
};

int expected_ranks(int argc, char** argv) {
  constexpr std::string_view option = "--ranks=";
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    int ranks = 0;
    if (word.starts_with(option) &&
        std::from_chars(word.data() + option.size(), word.data() + word.size(), ranks).ec == std::errc{})
      return ranks;
  }
  throw UsageError("give --ranks=P, the number of ranks that the launcher was told to start");
}

}  // namespace

World& world() { return *current; }

}  // namespace tutti::testing_world

int main(int argc, char** argv) {
  using namespace tutti;
  testing::InitGoogleTest(&argc, argv);
  // An exception that no test expects must end all ranks, not put one of them out of step.
  testing::GTEST_FLAG(catch_exceptions) = false;
  return run(argc, argv, [&](World& world) {
    const int expected = testing_world::expected_ranks(argc, argv);
    if (world.size() != expected)
      throw LauncherError(text("this test was told of ", expected, " ranks, MPI says ", world.size()));
    testing_world::current = &world;
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    if (world.rank() != 0) {
      delete listeners.Release(listeners.default_result_printer());
      listeners.Append(new testing_world::FailurePrinter);
    }
    const bool failed = RUN_ALL_TESTS() != 0;
    return any(world, failed) ? 1 : 0;
  });
}
