// What happens to files: each kind of damage is found, named, and passed over for the checkpoint before it.
#include <filesystem>
#include <functional>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tutti/array/reductions.hpp"
#include "tutti/checkpoint/checkpoints.hpp"
#include "tutti/files/crc32.hpp"

#include "io/shared_folder.hpp"
#include "mpi_main.hpp"

namespace tutti {
namespace {

namespace fs = std::filesystem;
using testing_world::world;

constexpr Index n = 1'100'000;  // 8.8 MB: three chunks of 4 MiB

void replace_bytes(const std::string& path, Index offset, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(offset);
  file << bytes;
}

void flip_bit(const std::string& path, Index offset) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(offset);
  replace_bytes(path, offset, std::string(1, static_cast<char>(file.get() ^ 4)));
}

// What goes to stderr while it lives.
class Stderr {
 public:
  Stderr() { testing::internal::CaptureStderr(); }
  Stderr(const Stderr&) = delete;
  Stderr& operator=(const Stderr&) = delete;
  ~Stderr() { text(); }
  std::string text() {
    if (active_) text_ = testing::internal::GetCapturedStderr();
    active_ = false;
    return text_;
  }

 private:
  bool active_ = true;
  std::string text_;
};

// Collective. Two checkpoints, u = 1 and u = 2, of which rank 0 damages the newer one.
class Damaged2 {
 public:
  explicit Damaged2(const std::function<void(const std::string& newest)>& damage)
      : folder_(world()), u_(world(), n, "u") {
    Checkpoints checkpoints(world(), path());
    for (const Index step : {1, 2}) {
      std::fill(u_.local().begin(), u_.local().end(), static_cast<double>(step));
      checkpoints.write(step, {{"u", u_}});
    }
    if (world().rank() == 0) damage(path() + "/00002-step-2");
    barrier(world());
  }
  Damaged2(const Damaged2&) = delete;
  Damaged2& operator=(const Damaged2&) = delete;
  ~Damaged2() { folder_.leave(); }

  std::string path() const { return folder_.path("run"); }

  // Each number of what is restored; what rank 0 says on stderr.
  struct Outcome {
    double value;
    std::string said;
  };
  Outcome restored() {
    Checkpoints checkpoints(world(), path());
    Stderr captured;
    Index calls = 0, step = 0;
    const bool found = checkpoints.restore([&](const Checkpoint& saved) {
      ++calls;
      saved.read("u", u_);
      step = saved.step();
    });
    const std::string said = captured.text();
    EXPECT_TRUE(found);
    EXPECT_LE(calls, 2);
    const double value = min(u_).value;
    EXPECT_EQ(max(u_).value, value);
    EXPECT_EQ(static_cast<double>(step), value);
    return {value, said};
  }

  std::string refusal() {
    Checkpoints checkpoints(world(), path(), {.damaged = Damaged::refuse});
    try {
      checkpoints.restore([&](const Checkpoint& saved) { saved.read("u", u_); });
    } catch (const Error& error) {
      EXPECT_TRUE(error.exit_code() == 65 || error.exit_code() == 66) << error.message();
      return error.message();
    }
    return "no error";
  }

 private:
  SharedFolder folder_;
  DistVector<double> u_;
};

// The newer one cannot be used, for a reason that has these words; the older one is, and that is said once.
void expect_damage(const std::string& words, const std::function<void(const std::string&)>& damage) {
  SCOPED_TRACE(words);
  Damaged2 two(damage);
  const auto [value, said] = two.restored();
  EXPECT_EQ(value, 1);
  if (world().rank() == 0) {
    EXPECT_NE(said.find("tutti: warning: " + two.path() + "/00002-step-2/"), std::string::npos) << said;
    EXPECT_NE(said.find(words), std::string::npos) << said;
    EXPECT_NE(said.find("; trying 00001-step-1\n"), std::string::npos) << said;
    EXPECT_EQ(said.find('\n'), said.size() - 1) << said;
  } else {
    EXPECT_EQ(said, "");
  }
  EXPECT_NE(two.refusal().find(words), std::string::npos) << two.refusal();
}

TEST(Damage, OfAnArray) {
  expect_damage("u.npy: is damaged: the bytes 8388736 to 8800127 (chunk 2 of 3) have the CRC-32 ",
                [](const std::string& newest) { flip_bit(newest + "/u.npy", 8'700'000); });
  expect_damage("u.npy: is damaged: the bytes 128 to 4194431 (chunk 0 of 3) have the CRC-32 ",
                [](const std::string& newest) { flip_bit(newest + "/u.npy", 128); });
  expect_damage(", and so for 1 other chunk", [](const std::string& newest) {
    flip_bit(newest + "/u.npy", 4'194'431);
    flip_bit(newest + "/u.npy", 8'800'127);
  });
  expect_damage(
      "u.npy: is damaged: <f8 (1100000,), as the manifest says, are 8800128 bytes with the header, the file "
      "has 8800000",
      [](const std::string& newest) { fs::resize_file(newest + "/u.npy", 8'800'000); });
  expect_damage("the file has 8800129",
                [](const std::string& newest) { fs::resize_file(newest + "/u.npy", 8'800'129); });
  expect_damage("the file has 0", [](const std::string& newest) { fs::resize_file(newest + "/u.npy", 0); });
  expect_damage("u.npy: No such file or directory",
                [](const std::string& newest) { fs::remove(newest + "/u.npy"); });
  expect_damage("u.npy: Is a directory", [](const std::string& newest) {
    fs::remove(newest + "/u.npy");
    fs::create_directory(newest + "/u.npy");
  });
  expect_damage(
      "u.npy: is damaged: its header is not that of <f8 (1100000,), as the manifest says, but begins with "
      "'{'descr': '<f4', 'fortran_order': False, 'shape': (1100000,), }",
      [](const std::string& newest) { replace_bytes(newest + "/u.npy", 23, "4"); });
  expect_damage("'shape': (1100001,)",
                [](const std::string& newest) { replace_bytes(newest + "/u.npy", 67, "1"); });
}

// Zeros where a file system lost what it had promised to keep.
TEST(Damage, APieceOfZeros) {
  expect_damage("(chunk 1 of 3)", [](const std::string& newest) {
    replace_bytes(newest + "/u.npy", 5'000'000, std::string(4096, '\0'));
  });
}

TEST(Damage, OfTheManifest) {
  expect_damage("manifest.json: No such file or directory",
                [](const std::string& newest) { fs::remove(newest + "/manifest.json"); });
  expect_damage("manifest.json: is damaged: its end is missing",
                [](const std::string& newest) { fs::resize_file(newest + "/manifest.json", 0); });
  expect_damage("manifest.json: is damaged: its end is missing",
                [](const std::string& newest) { fs::resize_file(newest + "/manifest.json", 100); });
  expect_damage("manifest.json: is damaged: its checksum does not fit",
                [](const std::string& newest) { flip_bit(newest + "/manifest.json", 50); });
  expect_damage("are more than any manifest has", [](const std::string& newest) {
    fs::resize_file(newest + "/manifest.json", (1U << 30U) + 1);
  });
  // Another array under this name: the manifests of the two differ.
  expect_damage("u.npy: is damaged: the bytes 128 to ", [](const std::string& newest) {
    fs::remove(newest + "/manifest.json");
    fs::copy_file(newest + "/../00001-step-1/manifest.json", newest + "/manifest.json");
  });
}

TEST(Damage, OfALaterVersionIsNoDamage) {
  Damaged2 two([](const std::string& newest) {
    std::string text = contents_of(newest + "/manifest.json");
    text.replace(text.find("checkpoint/1"), 12, "checkpoint/2");
    const std::string member = " \"crc32\": ";
    text.resize(text.rfind(member));
    text += member + std::to_string(files::crc32(bytes_in(text))) + "\n}\n";
    std::ofstream(newest + "/manifest.json", std::ios::binary) << text;
  });
  EXPECT_THROW(two.restored(), FormatError);
  EXPECT_NE(two.refusal().find("has schema tutti-checkpoint/2, which this version of tutti does not know"),
            std::string::npos);
}

TEST(Damage, OfAllIsAnError) {
  Damaged2 two([](const std::string& newest) {
    flip_bit(newest + "/u.npy", 1000);
    fs::remove(newest + "/../00001-step-1/u.npy");
  });
  Checkpoints checkpoints(world(), two.path());
  DistVector<double> u(world(), n, "u");
  const Stderr captured;
  try {
    checkpoints.restore([&](const Checkpoint& saved) { saved.read("u", u); });
    ADD_FAILURE();
  } catch (const FormatError& error) {
    EXPECT_NE(error.message().find("none of 2 checkpoints can be used; of the newest: "), std::string::npos);
    EXPECT_NE(error.message().find("(chunk 0 of 3)"), std::string::npos) << error.message();
  }
}

// What is not read is not missed; verify() reads all.
TEST(Damage, IsFoundWhereItIsRead) {
  const SharedFolder folder(world());
  Checkpoints checkpoints(world(), folder.path("run"));
  DistVector<double> u(world(), 1000, "u"), v(world(), 1000, "v");
  checkpoints.write(1, {{"u", u}, {"v", v}});
  if (world().rank() == 0) flip_bit(folder.path("run/00001-step-1/v.npy"), 500);
  barrier(world());
  EXPECT_TRUE(checkpoints.restore([&](const Checkpoint& saved) { saved.read("u", u); }));
  EXPECT_THROW(checkpoints.restore(1, [&](const Checkpoint& saved) { saved.verify(); }), FormatError);
  folder.leave();
}

// Damaged ones are kept in addition, until there are enough whole ones after them.
TEST(Damage, DoesNotPushOutWhatIsWhole) {
  Damaged2 two([](const std::string& newest) { flip_bit(newest + "/u.npy", 1000); });
  DistVector<double> u(world(), n, "u");
  Checkpoints checkpoints(world(), two.path(), {.keep = 2});
  {
    const Stderr captured;
    checkpoints.restore([&](const Checkpoint& saved) { saved.read("u", u); });
  }
  checkpoints.write(2, {{"u", u}});
  EXPECT_EQ(checkpoints.steps(), (std::vector<Index>{1, 2, 2}));
  checkpoints.write(3, {{"u", u}});
  EXPECT_EQ(checkpoints.steps(), (std::vector<Index>{2, 3}));
}

// The error of a function that reads is its own, and no reason to try another one.
// A reader beside a writer, which keeps the newest ones only.
TEST(Restore, WhatItsWriterRemovesIsNotDamaged) {
  Damaged2 two([](const std::string&) {});
  Checkpoints checkpoints(world(), two.path());
  Stderr captured;
  std::vector<Index> steps;
  EXPECT_TRUE(checkpoints.restore([&](const Checkpoint& saved) {
    steps.push_back(saved.step());
    barrier(world());
    if (world().rank() == 0 && saved.step() == 2) fs::remove_all(saved.path());
    barrier(world());
    saved.verify();
  }));
  EXPECT_EQ(steps, (std::vector<Index>{2, 1}));
  EXPECT_EQ(captured.text(), "");
}

// It meets the others where they read: that is no damage.
TEST(Restore, AnErrorOfOneRankIsNoDamage) {
  Damaged2 two([](const std::string&) {});
  Checkpoints checkpoints(world(), two.path());
  Stderr captured;
  Index calls = 0;
  const int last = world().size() - 1;
  EXPECT_THROW(checkpoints.restore([&](const Checkpoint& saved) {
    ++calls;
    if (world().rank() == last) throw FormatError("notes: no such one");
    saved.verify();
  }),
               FormatError);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(captured.text(), "");
}

TEST(Restore, WhatTheFunctionThrowsIsThrown) {
  Damaged2 two([](const std::string&) {});
  Checkpoints checkpoints(world(), two.path());
  int calls = 0;
  const auto throws = [&](const auto& error) {
    return [&, error](const Checkpoint&) {
      ++calls;
      if (world().rank() == world().size() - 1) throw error;
      barrier(world());
    };
  };
  EXPECT_THROW(checkpoints.restore(throws(FormatError("mine"))), FormatError);
  EXPECT_THROW(checkpoints.restore(throws(std::out_of_range("foreign"))), std::exception);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(sum(world(), 1), world().size());
}

class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);  // run() sees to SIGXFSZ
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

// One rank cannot write all of its part: no trace of the checkpoint is left, and the next one works.
TEST(Write, WhatFailsMidwayOnOneRankLeavesTheOthersWhole) {
  Damaged2 two([](const std::string&) {});
  Checkpoints checkpoints(world(), two.path());
  for (const Layout& layout : {block, cyclic}) {
    DistVector<double> u(world(), n, layout, "u");
    try {
      std::optional<FileSizeLimit> limit;
      if (world().rank() == world().size() - 1) limit.emplace(8'500'000);
      checkpoints.write(3, {{"u", u}});
      ADD_FAILURE() << "the last rank's part is too long";
    } catch (const IoError& error) {
      EXPECT_EQ(error.rank(), world().size() - 1);
      EXPECT_EQ(error.error_number(), EFBIG);
      EXPECT_EQ(error.path(), two.path() + "/00003-step-3/u.npy");
    }
    barrier(world());
    if (world().rank() == 0) {
      EXPECT_EQ(std::distance(fs::directory_iterator(two.path()), {}), 4)
          << "two checkpoints, latest and the lock";
    }
    EXPECT_EQ(two.restored().value, 2);
  }
  DistVector<double> u(world(), n, "u");
  std::fill(u.local().begin(), u.local().end(), 3.0);
  checkpoints.write(3, {{"u", u}});
  EXPECT_EQ(two.restored().value, 3);
}

TEST(Write, IntoAFolderThatIsClosed) {
  Damaged2 two([](const std::string& newest) { ::chmod((newest + "/..").c_str(), 0555); });
  const DistVector<double> u(world(), 10, "u");
  Checkpoints checkpoints(world(), two.path());
  {
    const AsOrdinaryUser user;
    EXPECT_THROW(checkpoints.write(3, {{"u", u}}), OutputError);
  }
  barrier(world());
  if (world().rank() == 0) ::chmod(two.path().c_str(), 0755);
  barrier(world());
  EXPECT_EQ(two.restored().value, 2);
}

// A part of the data that one rank cannot see.
TEST(Read, AFolderThatOneRankCannotSeeIsAnErrorOnAllRanks) {
  Damaged2 two([](const std::string& newest) { ::chmod((newest + "/u.npy").c_str(), 0600); });
  DistVector<double> u(world(), n, "u");
  Checkpoints checkpoints(world(), two.path());
  const bool last = world().rank() == world().size() - 1;
  std::optional<AsOrdinaryUser> user;
  const bool root = ::geteuid() == 0;
  if (last && world().rank() != 0 && root) user.emplace();
  if (world().size() > 1 && root) {
    EXPECT_THROW(checkpoints.restore([&](const Checkpoint& saved) { saved.read("u", u); }), FileError);
  }
}

}  // namespace
}  // namespace tutti
