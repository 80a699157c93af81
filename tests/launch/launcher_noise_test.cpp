#include "tutti/launch/launcher_noise.hpp"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tutti/launch/exit_note.hpp"

#include "samples.hpp"

namespace tutti::launch {
namespace {

struct Filtered {
  std::string passed;
  std::string launcher_text;
  std::optional<int> note;
  bool error_seen;
};

/// The bytes in pieces of `piece`, with an end.
Filtered filtered(const std::string& bytes, std::size_t piece) {
  NoiseFilter filter;
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += piece)
    filter.feed(std::string_view(bytes).substr(i, piece), out);
  filter.release(out);
  EXPECT_FALSE(filter.waiting());
  return {out, filter.launcher_text(), filter.exit_note(), filter.error_seen()};
}

constexpr std::size_t pieces[] = {1, 2, 3, 7, 74, 75, 1000, 1000000};

TEST(NoiseFilter, TakesOutWhatOpenMpiSaysOfTheEnd) {
  for (const std::size_t piece : pieces) {
    const auto result = filtered("tutti: error: x\n" + samples::openmpi_exit_65, piece);
    EXPECT_EQ(result.passed, "tutti: error: x\n");
    EXPECT_EQ(result.launcher_text, samples::openmpi_exit_65);
    EXPECT_TRUE(result.error_seen);
    EXPECT_EQ(filtered(samples::openmpi_killed, piece).passed, "");
    EXPECT_EQ(filtered(samples::openmpi_abort, piece).passed, "");
  }
}

TEST(NoiseFilter, LeavesOpenMpisOtherBlocks) {
  for (const std::size_t piece : pieces) {
    const auto result =
        filtered("a\n" + samples::openmpi_no_slots + "b\n" + samples::openmpi_exit_65 + "c\n", piece);
    EXPECT_EQ(result.passed, "a\n" + samples::openmpi_no_slots + "b\nc\n");
    EXPECT_EQ(result.launcher_text, samples::openmpi_exit_65);
  }
}

TEST(NoiseFilter, TakesMpichsBlockOutOfTheResults) {
  for (const std::size_t piece : pieces) {
    const auto result = filtered("size 3\n" + samples::mpich_killed + "later\n", piece);
    EXPECT_EQ(result.passed, "size 3\nlater\n");
    EXPECT_EQ(result.launcher_text, samples::mpich_killed);
    EXPECT_FALSE(result.error_seen);
    // The program's last line had no end: Hydra's empty line ends it.
    EXPECT_EQ(filtered("size 3" + samples::mpich_killed, piece).passed, "size 3\n");
  }
}

TEST(NoiseFilter, TakesOutMpichsAnswerToAnInterrupt) {
  const std::string answer =
      "[mpiexec@vm] Sending Ctrl-C to processes as requested\n"
      "[mpiexec@vm] Press Ctrl-C again to force abort\n";
  const std::string kept =
      "[mpiexec@vm] main (ui/mpich/mpiexec.c:325): process manager error\n[1, 2]\n[mpiexec";
  for (const std::size_t piece : pieces) {
    EXPECT_EQ(filtered(answer + kept, piece).passed, kept);
    EXPECT_EQ(filtered(answer + kept, piece).launcher_text, answer);
  }
}

TEST(NoiseFilter, TakesOutExitNotes) {
  for (const std::size_t piece : pieces) {
    const auto result = filtered("tutti: error: x\n" + exit_note(76) + "y\n" + exit_note(65), piece);
    EXPECT_EQ(result.passed, "tutti: error: x\ny\n");
    EXPECT_EQ(result.note, 76);
    EXPECT_TRUE(result.error_seen);
  }
}

TEST(NoiseFilter, DropsWarningsOfTheWatchdogThatComeAfterTheVerdict) {
  const std::string warning =
      "tutti: warning: after 1 s: all ranks of node vm wait in finalize (#2); waiting on\n";
  const std::string verdict = "tutti: error: x\n" + exit_note(76);
  for (const std::size_t piece : pieces) {
    EXPECT_EQ(filtered(warning + verdict + warning + "tutti: warning: y\n", piece).passed,
              warning + "tutti: error: x\ntutti: warning: y\n");
    EXPECT_EQ(filtered(verdict + "tutti: warning: after", piece).passed,
              "tutti: error: x\ntutti: warning: after");
  }
}

TEST(NoiseFilter, SeesErrorsOnlyAtTheStartOfALine) {
  EXPECT_TRUE(filtered("{\"error\":{\"type\":1}}\n", 3).error_seen);
  EXPECT_TRUE(filtered("a\ntutti: error: b", 4).error_seen);
  EXPECT_FALSE(filtered("a tutti: error: b\n", 4).error_seen);
  EXPECT_FALSE(filtered("tutti: erro", 4).error_seen);
  EXPECT_FALSE(filtered("{\"errors\":1}\n", 4).error_seen);
}

TEST(NoiseFilter, IsExactForWhatOnlyLooksLikeNoise) {
  const std::string dashes(74, '-');
  const std::string equals(83, '=');
  for (const std::string& bytes :
       {std::string("\n"), std::string("\n\n\n"), dashes, dashes + "\n", dashes + "\n" + dashes + "\n",
        dashes + "\nmy table\n" + dashes + "\n", dashes + "-\n", equals + "\n",
        "\n" + equals + "\nresults\n" + equals,
        equals + "\n=   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES\nno end",
        "\n" + equals + "\n=   BAD TERM", dashes + "\n" + std::string(20000, 'x') + "\n" + dashes + "\n",
        std::string("\x1etutti exi"), std::string("\x1e\x1e\n"), std::string("tutti: error"),
        std::string("a\0b\n\0", 5), std::string("YOUR APPLICATION TERMINATED WITH THE EXIT STRING: x\n")})
    for (const std::size_t piece : pieces) {
      const auto result = filtered(bytes, piece);
      EXPECT_EQ(result.passed, bytes) << piece;
      EXPECT_EQ(result.launcher_text, "");
    }
}

TEST(NoiseFilter, IsExactForRandomBytes) {
  std::mt19937 random(7);
  const std::string alphabet = "-=\n\ntux\x1e{\0";  // the bytes that the filter looks at
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    while (bytes.size() < 500) {
      if (random() % 20 == 0) bytes += std::string(74, '-') + "\n";
      if (random() % 20 == 0) bytes += std::string(83, '=') + "\n";
      bytes += alphabet[random() % alphabet.size()];
    }
    const std::size_t piece = 1 + random() % 100;
    EXPECT_EQ(filtered(bytes, piece).passed, bytes);
  }
}

TEST(NoiseFilter, PassesALineWithoutEndAtOnce) {
  NoiseFilter filter;
  std::string out;
  filter.feed("step 1 of", out);
  EXPECT_EQ(out, "step 1 of");
  filter.feed(" 9\n", out);
  EXPECT_EQ(out, "step 1 of 9\n");
  filter.feed("t", out);  // may become an error
  EXPECT_TRUE(filter.waiting());
  filter.release(out);
  filter.feed("utti: error: is no start of a line now\n", out);
  EXPECT_EQ(out, "step 1 of 9\ntutti: error: is no start of a line now\n");
  EXPECT_FALSE(filter.error_seen());
  filter.feed("", out);
  EXPECT_FALSE(filter.waiting());
}

TEST(SignalIn, ReadsBothLaunchersWords) {
  const auto openmpi = signal_in(samples::openmpi_killed);
  ASSERT_TRUE(openmpi);
  EXPECT_EQ(openmpi->signal, 9);
  EXPECT_EQ(openmpi->rank, 1);
  const auto mpich = signal_in(samples::mpich_killed);
  ASSERT_TRUE(mpich);
  EXPECT_EQ(mpich->signal, 9);
  EXPECT_EQ(mpich->rank, -1);
  EXPECT_FALSE(signal_in(samples::openmpi_exit_65));
  EXPECT_FALSE(signal_in(""));
  EXPECT_FALSE(signal_in("exited on signal many"));
}

}  // namespace
}  // namespace tutti::launch
