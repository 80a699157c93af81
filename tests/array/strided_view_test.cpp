// Of one rank's memory: nothing here communicates.
#include "tutti/array/strided_view.hpp"

#include <numeric>
#include <string>
#include <vector>

#include "message_of.hpp"
#include "mpi_main.hpp"

namespace tutti {
namespace {

using View3 = StridedView<int, 3>;

/// 2 x 3 x 4 elements, 0 to 23 in C order.
struct Numbers {
  std::vector<int> memory = std::vector<int>(24);
  View3 view{memory.data(), {{}, {2, 3, 4}}, {12, 4, 1}};
  Numbers() { std::iota(memory.begin(), memory.end(), 0); }
};

TEST(StridedView, FindsElementsByTheirIndices) {
  const Numbers numbers;
  for (Index i = 0; i < 2; ++i)
    for (Index j = 0; j < 3; ++j)
      for (Index k = 0; k < 4; ++k) {
        EXPECT_EQ(numbers.view(i, j, k), 12 * i + 4 * j + k);
        EXPECT_EQ(&numbers.view.at({i, j, k}), &numbers.view(i, j, k));
      }
  EXPECT_EQ(numbers.view.size(), 24);
  EXPECT_EQ(numbers.view.upper(2), 4);
  numbers.view(1, 2, 3) = -1;  // the elements are not the view's
  EXPECT_EQ(numbers.memory[23], -1);
  const StridedView<const int, 3> read = numbers.view;
  EXPECT_EQ(read(1, 2, 3), -1);
}

TEST(StridedView, CountsFromAnywhere) {
  const Numbers numbers;
  const View3 far = numbers.view.counted_from({-1, 1000, 2});
  EXPECT_EQ(far.lower(0), -1);
  EXPECT_EQ(far.upper(1), 1003);
  EXPECT_EQ(&far(0, 1002, 5), &numbers.view(1, 2, 3));
  EXPECT_EQ(far.row({0, 1001, 99}).data(), &numbers.view(1, 1, 0));
}

TEST(StridedView, PartsKeepTheirIndices) {
  const Numbers numbers;
  const View3 part = numbers.view.part({{1, 0, 1}, {1, 3, 2}});
  EXPECT_EQ(part.size(), 6);
  EXPECT_EQ(part(1, 2, 2), 22);
  EXPECT_EQ(part.data(), &numbers.view(1, 0, 1));
  EXPECT_EQ(part.row({1, 2, 0}).size(), 2U);
  EXPECT_EQ(part.row({1, 2, 0})[0], 21);
  EXPECT_EQ(numbers.view.part({{2, 3, 4}, {0, 0, 0}}).size(), 0);
}

TEST(StridedView, SlicesHaveOneAxisLess) {
  const Numbers numbers;
  for (Index i = 0; i < 2; ++i)
    for (Index j = 0; j < 3; ++j)
      for (Index k = 0; k < 4; ++k) {
        const int value = numbers.view(i, j, k);
        EXPECT_EQ(numbers.view.slice(0, i)(j, k), value);
        EXPECT_EQ(numbers.view.slice(1, j)(i, k), value);
        EXPECT_EQ(numbers.view.slice(2, k)(i, j), value);
        EXPECT_EQ(numbers.view.slice(2, k).slice(0, i)(j), value);
      }
  EXPECT_EQ(numbers.view.slice(2, 1).step(1), 4);
}

TEST(StridedView, NothingIsAViewToo) {
  const StridedView<double, 2> nothing;
  EXPECT_EQ(nothing.size(), 0);
  EXPECT_EQ(nothing.data(), nullptr);
}

TEST(StridedView, SaysWhatIsOutside) {
  const View3 view = Numbers().view.counted_from({0, 0, -1});
  EXPECT_EQ(message_of<DistributionError>([&] {
              view.at({0, 3, 0});
            }),
            "view: there is no index (0, 3, 0); indices are 0 to 1, 0 to 2, -1 to 2");
  EXPECT_EQ(message_of<DistributionError>([&] {
              view.part({{0, 0, 0}, {1, 1, 4}});
            }),
            "view: there is no part of 1 x 1 x 4 from (0, 0, 0); indices are 0 to 1, 0 to 2, -1 to 2");
  EXPECT_NE(message_of<DistributionError>([&] {
              view.slice(0, 2);
            }).find("there is no part of 1 x 3 x 4 from (2, 0, -1)"),
            std::string::npos);
  EXPECT_NE(message_of<DistributionError>([&] { view.slice(3, 0); }).find("there is no axis 3"),
            std::string::npos);
  EXPECT_NE(message_of<DistributionError>([&] {
              view.slice(2, 0).row({0, 0});
            }).find("not neighbours in memory"),
            std::string::npos);
}

}  // namespace
}  // namespace tutti
