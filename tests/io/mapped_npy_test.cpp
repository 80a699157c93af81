#include "tutti/io/mapped_npy.hpp"

#include <cstring>
#include <vector>

#include "tutti/comm/reductions.hpp"

#include "mpi_main.hpp"
#include "npy_bytes.hpp"
#include "shared_folder.hpp"

namespace tutti {
namespace {

using testing_world::world;

std::string bytes_of(const std::vector<double>& values) {
  std::string out(values.size() * sizeof(double), '\0');
  if (!values.empty()) std::memcpy(out.data(), values.data(), out.size());
  return out;
}

std::vector<double> numbers(std::size_t n) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(0.5 * static_cast<double>(i));
  return values;
}

template <class T = double>
std::string refusal(const std::string& path) {
  try {
    const MappedNpy<T> mapped(world(), path);
    return "";
  } catch (const FormatError& error) {
    return error.message();
  }
}

TEST(MappedNpy, EveryRankSeesTheWholeFile) {
  const SharedFolder folder(world());
  const std::string path = folder.file("a.npy", npy_bytes("<f8", "(1000, 3)", bytes_of(numbers(3000))));
  const MappedNpy<double> mapped(world(), path);
  EXPECT_EQ(mapped.path(), path);
  EXPECT_EQ(mapped.size(), 3000);
  EXPECT_EQ(mapped.shape(), (std::vector<Index>{1000, 3}));
  ASSERT_EQ(mapped.view().size(), 3000U);
  for (std::size_t i = 0; i < 3000; ++i) EXPECT_EQ(mapped.view()[i], 0.5 * static_cast<double>(i));
  const memory::Holding holding = world().ledger().now().holdings.back();
  EXPECT_EQ(holding.name, path + " (page cache)");
  EXPECT_EQ(holding.category, memory::Category::node_shared);
  EXPECT_EQ(holding.rank_bytes, 0U);
  EXPECT_EQ(holding.node_bytes, 24000U);
  folder.leave();
}

TEST(MappedNpy, MapsNothingOfAnEmptyArray) {
  const SharedFolder folder(world());
  const std::string path = folder.file("a.npy", npy_bytes("<f8", "(0, 3)", ""));
  EXPECT_TRUE(MappedNpy<double>(world(), path).view().empty());
  const std::string number = folder.file("b.npy", npy_bytes("<f8", "()", bytes_of({2.5})));
  EXPECT_EQ(MappedNpy<double>(world(), number).view()[0], 2.5);
  folder.leave();
}

TEST(MappedNpy, SaysWhyAFileCannotBeUsedAsItStands) {
  const SharedFolder folder(world());
  const std::string data = bytes_of(numbers(6));
  EXPECT_NE(refusal(folder.file("big.npy", npy_bytes(">f8", "(6,)", data)))
                .find("holds >f8 (float64), and only <f8"),
            std::string::npos);
  EXPECT_NE(refusal<std::int64_t>(folder.file("type.npy", npy_bytes("<f8", "(6,)", data))).find("read_npy()"),
            std::string::npos);
  EXPECT_NE(refusal(folder.file("order.npy", npy_bytes("<f8", "(2, 3)", data, true))).find("Fortran order"),
            std::string::npos);
  std::string odd = npy_bytes("<f8", "(6,)", data);
  odd.insert(10, 1, ' ');  // NumPy before 1.14 aligned to 16 bytes only, others do not align at all
  odd[8] = static_cast<char>(odd[8] + 1);
  const std::string message = refusal(folder.file("odd.npy", odd));
  EXPECT_NE(message.find("begin at byte 129, which is no multiple of 8"), std::string::npos) << message;
  EXPECT_NE(refusal(folder.file("short.npy", npy_bytes("<f8", "(7,)", data))), "");
  EXPECT_THROW(MappedNpy<double>(world(), folder.path("missing.npy")), FileError);
  barrier(world());
  folder.leave();
}

TEST(MappedNpy, RanksThatSeeDifferentFilesAreToldSo) {
  if (world().size() == 1) GTEST_SKIP() << "one rank agrees with itself";
  const SharedFolder folder(world());
  const std::string six = folder.file("six.npy", npy_bytes("<f8", "(6,)", bytes_of(numbers(6))));
  const std::string two = folder.file("two.npy", npy_bytes("<f8", "(2, 3)", bytes_of(numbers(6))));
  try {
    const MappedNpy<double> mapped(world(), world().rank() == 0 ? six : two);
    FAIL() << "they have different shapes";
  } catch (const MismatchError& error) {
    EXPECT_NE(error.message().find("(2, 3)"), std::string::npos) << error.message();
  }
  folder.leave();
}

}  // namespace
}  // namespace tutti
