#include "tutti/core/error.hpp"

#include <new>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tutti/core/error_record.hpp"

namespace tutti {
namespace {

template <class Thrown>
core::ErrorRecord recorded(const Thrown& error) {
  return core::describe(std::make_exception_ptr(error));
}

TEST(Error, HasTypeNameAndExitCode) {
  const UsageError usage("dot A.npy B.npy");
  EXPECT_EQ(usage.exit_code(), 64);
  EXPECT_STREQ(usage.type_name(), "UsageError");
  EXPECT_EQ(usage.rank(), -1);
  EXPECT_EQ(FormatError("").exit_code(), 65);
  EXPECT_EQ(ShapeError("").exit_code(), 65);
  EXPECT_EQ(FileError("").exit_code(), 66);
  EXPECT_EQ(LauncherError("").exit_code(), 69);
  EXPECT_EQ(RemoteError("").exit_code(), 70);
  EXPECT_EQ(SystemError("").exit_code(), 71);
  EXPECT_EQ(OutputError("").exit_code(), 73);
  EXPECT_EQ(IoError("").exit_code(), 74);
  EXPECT_EQ(BudgetError("").exit_code(), 75);
  EXPECT_EQ(MismatchError("").exit_code(), 76);
}

TEST(ErrorRecord, CrossesAsItsOwnTypeWithItsData) {
  auto record = recorded(ShapeError("a has 3 elements, b has 4", {"", {3, 4}}));
  record.rank = 5;
  record.node = "n12";
  try {
    core::raise(core::decode(core::encode(record)));
  } catch (const ShapeError& error) {
    EXPECT_EQ(error.message(), "a has 3 elements, b has 4");
    EXPECT_EQ(error.left(), 3);
    EXPECT_EQ(error.right(), 4);
    EXPECT_EQ(error.rank(), 5);
    EXPECT_EQ(error.node(), "n12");
    return;
  }
  FAIL() << "not a ShapeError";
}

TEST(ErrorRecord, EveryTypeSurvives) {
  for (int type = 1; type <= static_cast<int>(ErrorType::interrupted); ++type) {
    core::ErrorRecord record;
    record.type = static_cast<ErrorType>(type);
    record.message = "m";
    try {
      core::raise(core::decode(core::encode(record)));
    } catch (const Error& error) {
      EXPECT_EQ(error.type(), record.type);
    }
  }
}

TEST(ErrorRecord, ForeignExceptionsBecomeOurs) {
  const auto logic = recorded(std::logic_error("boom"));
  EXPECT_EQ(logic.type, ErrorType::remote);
  EXPECT_EQ(logic.message, "boom");
  EXPECT_EQ(logic.data.subject, "std::logic_error");
  EXPECT_EQ(recorded(std::bad_alloc()).type, ErrorType::system);
  const auto number = recorded(42);
  EXPECT_EQ(number.type, ErrorType::remote);
  EXPECT_EQ(number.data.subject, "int");
}

TEST(ErrorRecord, LongTextsAreCutBetweenCharactersAndMarked) {
  std::string umlauts;
  while (umlauts.size() < 3000) umlauts += "\xc3\xbc";
  auto record = recorded(FileError(umlauts, {umlauts, {2, 0}}));
  record.node = umlauts;
  const auto back = core::decode(core::encode(record));
  for (const std::string& text : {back.message, back.node, back.data.subject}) {
    EXPECT_EQ(text.size() % 2, 1U);  // whole two-byte characters and three dots
    EXPECT_TRUE(text.ends_with("\xc3\xbc...")) << text;
  }
  EXPECT_GT(back.message.size(), 500U);
  EXPECT_EQ(back.data.number[0], 2);
}

TEST(ErrorRecord, DecodesAnyBytesWithoutReadingOutside) {
  core::ErrorBytes bytes;
  for (int fill = 0; fill < 256; ++fill) {
    bytes.fill(static_cast<char>(fill));
    EXPECT_LE(core::decode(bytes).message.size(), bytes.size());
  }
}

}  // namespace
}  // namespace tutti
