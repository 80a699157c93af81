#include "tutti/io/arrays.hpp"

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tutti/array/reductions.hpp"

#include "array/samples.hpp"
#include "mpi_main.hpp"
#include "npy_bytes.hpp"
#include "shared_folder.hpp"

namespace tutti {
namespace {

using testing_world::world;

template <class T>
const char* notation() {
  return std::is_same_v<T, float>          ? "<f4"
         : std::is_same_v<T, double>       ? "<f8"
         : std::is_same_v<T, std::int32_t> ? "<i4"
         : std::is_same_v<T, std::int64_t> ? "<i8"
                                           : "<u8";
}

template <class T>
void expect_samples(const DistVector<T>& x) {
  for (std::size_t l = 0; l < x.local().size(); ++l)
    ASSERT_EQ(x.local()[l], sample<T>(x.distribution().to_global(world().rank(), l), 1)) << "element " << l;
}

TEST(WriteAndRead, AllLayoutsAndTypes) {
  const SharedFolder folder(world());
  for_each_type([&]<class T>() {
    for (const Index n : {0, 5, 700})
      for (const Layout& layout : n == 5 ? std::vector{block, cyclic} : layouts(n, world().size())) {
        SCOPED_TRACE(text(layout.name(), ", n = ", n, ", ", notation<T>()));
        DistVector<T> x(world(), n, layout, "x");
        x.fill([](Index i) { return sample<T>(i, 1); });
        const std::string path = folder.path("x.npy");
        write_npy(x, path);
        if (world().rank() == 0) {
          std::vector<T> all;
          for (Index i = 0; i < n; ++i) all.push_back(sample<T>(i, 1));
          const std::string contents = contents_of(path);
          const std::size_t header = contents.size() - all.size() * sizeof(T);
          EXPECT_EQ(contents.substr(header), bytes_of(all));
          EXPECT_NE(contents.substr(0, header).find(text('\'', notation<T>(), '\'')), std::string::npos);
        }
        EXPECT_EQ(folder.count(), 1);
        for (const Layout& other : {layout, block_cyclic(7)}) {
          const DistVector<T> y = read_npy<T>(world(), path, other);
          EXPECT_EQ(y.size(), n);
          EXPECT_EQ(y.name(), path);
          expect_samples(y);
        }
      }
  });
  folder.leave();
}

// More than one window of 1 MiB a rank, so that elements travel between ranks several times.
TEST(WriteAndRead, SeveralWindows) {
  const SharedFolder folder(world());
  const Index n = 300'000 * world().size() + 17;
  for (const Layout& layout : {cyclic, block_cyclic(1000), block_cyclic(20'000), block}) {
    DistVector<double> x(world(), n, layout, "x");
    x.fill([](Index i) { return static_cast<double>(i) + 0.25; });
    write_npy(x, folder.path("x.npy"));
    const DistVector<double> y = read_npy<double>(world(), folder.path("x.npy"), block_cyclic(333));
    for (std::size_t l = 0; l < y.local().size(); ++l)
      ASSERT_EQ(y.local()[l], static_cast<double>(y.distribution().to_global(world().rank(), l)) + 0.25);
  }
  folder.leave();
}

TEST(Read, FortranOrderByItsCOrderIndex) {
  const SharedFolder folder(world());
  const auto value = [](Index i, Index j, Index k) { return 10000 * i + 100 * j + k; };
  for (const bool fortran_order : {false, true}) {
    const std::string path =
        folder.file("cube.npy", npy_bytes(
                                    ">i2", "(3, 7, 5)",
                                    [&] {
                                      std::string bytes;
                                      for (const auto v : cube<int>(3, 7, 5, fortran_order, value)) {
                                        bytes += static_cast<char>(static_cast<unsigned>(v % 30000) >> 8U);
                                        bytes += static_cast<char>(static_cast<unsigned>(v % 30000) & 0xffU);
                                      }
                                      return bytes;
                                    }(),
                                    fortran_order));
    for (const Layout& layout : layouts(105, world().size())) {
      const DistVector<double> x = read_npy<double>(world(), path, layout);
      ASSERT_EQ(x.size(), 105);
      for (std::size_t l = 0; l < x.local().size(); ++l) {
        const Index at = x.distribution().to_global(world().rank(), l);
        ASSERT_EQ(x.local()[l], static_cast<double>(value(at / 35, at / 5 % 7, at % 5) % 30000))
            << layout.name() << ", index " << at;
      }
    }
  }
  folder.leave();
}

TEST(Read, NumbersWithoutDimensionsAndEmptyArrays) {
  const SharedFolder folder(world());
  const std::string single = folder.file("single.npy", npy_bytes("<f8", "()", bytes_of(std::vector{2.5})));
  EXPECT_EQ(sum(read_npy<double>(world(), single, cyclic)), 2.5);
  const std::string empty = folder.file("empty.npy", npy_bytes("<f8", "(3, 0, 4)", "", true));
  EXPECT_EQ(read_npy<double>(world(), empty).size(), 0);
  folder.leave();
}

TEST(Read, RawFiles) {
  const SharedFolder folder(world());
  std::vector<double> values;
  for (Index i = 0; i < 50; ++i) values.push_back(sample<double>(i, 1));
  const std::string path = folder.file("x.raw", "abc" + bytes_of(values));
  for (const Layout& layout : layouts(50, world().size()))
    expect_samples(read_raw<double>(world(), path, {ElementType::float64, false}, 3, layout));
  EXPECT_THROW(read_raw<double>(world(), path, {ElementType::float64, false}), FormatError);  // 403 bytes
  EXPECT_THROW(read_raw<double>(world(), path, {ElementType::float64, false}, 404), FormatError);
  folder.leave();
}

TEST(Read, WhatIsWrongIsAnErrorOnAllRanks) {
  const SharedFolder folder(world());
  const std::vector<double> values(10, 1.5);
  const std::string path = folder.file("x.npy", npy_bytes("<f8", "(10,)", bytes_of(values)));
  EXPECT_THROW(read_npy<float>(world(), path), FormatError);
  EXPECT_THROW(read_npy<std::int64_t>(world(), path), FormatError);
  EXPECT_THROW(read_npy<double>(world(), folder.path("missing.npy")), FileError);
  EXPECT_THROW(read_npy<double>(world(), folder.path()), FileError);
  const std::string cut = folder.file("cut.npy", npy_bytes("<f8", "(11,)", bytes_of(values)));
  EXPECT_THROW(read_npy<double>(world(), cut, cyclic), FormatError);
  const std::string whole = folder.file("whole.npy", npy_bytes("<i8", "(10,)", bytes_of(values)));
  EXPECT_THROW(read_npy<double>(world(), whole), FormatError);
  EXPECT_THROW(read_npy<std::int32_t>(world(), whole), FormatError);
  const std::vector<Index> counts(static_cast<std::size_t>(world().size()), 100);
  EXPECT_THROW(read_npy<double>(world(), path, irregular(counts)), ShapeError);
  EXPECT_EQ(sum(read_npy<double>(world(), path)), 15);
  folder.leave();
}

TEST(Read, AFileThatOnlyOneRankCannotReadIsAnErrorOnAllRanks) {
  const SharedFolder folder(world());
  const std::string path = folder.file("x.npy", npy_bytes("<f8", "(1,)", bytes_of(std::vector{1.5})));
  const bool last = world().rank() == world().size() - 1;
  try {
    read_npy<double>(world(), last ? folder.path("elsewhere.npy") : path);
    FAIL();
  } catch (const FileError& error) {
    EXPECT_EQ(error.rank(), world().size() - 1);
    EXPECT_EQ(error.path(), folder.path("elsewhere.npy"));
  }
  EXPECT_EQ(sum(world(), 1), world().size());
  folder.leave();
}

TEST(Write, AFolderThatIsMissingOrClosedIsAnErrorOnAllRanks) {
  const SharedFolder folder(world());
  const DistVector<double> x(world(), 10, cyclic, "x");
  EXPECT_THROW(write_npy(x, folder.path("missing/x.npy")), OutputError);
  EXPECT_THROW(write_npy(x, folder.path()), OutputError);
  barrier(world());
  if (world().rank() == 0) {
    EXPECT_EQ(::chmod(folder.path().c_str(), 0555), 0);
  }
  barrier(world());
  {
    const AsOrdinaryUser user;
    EXPECT_THROW(write_npy(x, folder.path("x.npy")), OutputError);
  }
  barrier(world());
  if (world().rank() == 0) ::chmod(folder.path().c_str(), 0755);
  EXPECT_EQ(folder.count(), 0);
  folder.leave();
}

// The longest file that this process may write, for the life of the object; writing more fails with EFBIG.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST(Write, WhatFailsMidwayOnOneRankLeavesNothingBehind) {
  const SharedFolder folder(world());
  const std::string path = folder.file("x.npy", "what was there before");
  const Index n = 400'000 * world().size();
  for (const Layout& layout : {block, cyclic}) {
    DistVector<double> x(world(), n, layout, "x");
    x.fill([](Index) { return 1.0; });
    try {
      std::optional<FileSizeLimit> limit;
      if (world().rank() == world().size() - 1) limit.emplace(100'000);
      write_npy(x, path);
      FAIL() << "the last rank's part is too long";
    } catch (const IoError& error) {
      EXPECT_EQ(error.rank(), world().size() - 1);
      EXPECT_EQ(error.error_number(), EFBIG);
      EXPECT_EQ(error.path(), path);
    }
    EXPECT_EQ(folder.count(), 1) << "a temporary file was left";
    EXPECT_EQ(contents_of(path), "what was there before");
  }
  folder.leave();
}

TEST(Write, KeepsTheTargetUntilTheNewFileIsComplete) {
  const SharedFolder folder(world());
  const std::string path = folder.file("x.npy", "old");
  DistVector<double> x(world(), 3, block, "x");
  barrier(world());
  if (world().rank() == 0) ::chmod(path.c_str(), 0640);
  write_npy(x, path);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);  // as it was
  EXPECT_EQ(sum(read_npy<double>(world(), path)), 0);
  EXPECT_EQ(folder.count(), 1);
  folder.leave();
}

}  // namespace
}  // namespace tutti
