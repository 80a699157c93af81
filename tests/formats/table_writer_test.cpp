#include "tutti/formats/table_writer.hpp"

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "temporary_folder.hpp"

namespace tutti::formats {
namespace {

const std::vector<std::string> columns{"step", "energy", "hash"};

void add(TableWriter& table, Index step) {
  const std::vector<Cell> cells{step, 0.1 * static_cast<double>(step), std::string("00ff")};
  table.row(cells);
}

TEST(TableWriter, WritesRows) {
  const TemporaryFolder folder;
  const std::string path = folder.path("log");
  TableWriter table = TableWriter::create(path, columns);
  add(table, 100000);
  add(table, 3);
  EXPECT_EQ(contents_of(path), "# step energy hash\n100000 10000 00ff\n3 0.30000000000000004 00ff\n");
  EXPECT_EQ(table.mark(), static_cast<Index>(contents_of(path).size()));
  const std::vector<Cell> short_row{Index{1}};
  EXPECT_THROW(table.row(short_row), InternalError);
}

TEST(TableWriter, GoesOn) {
  const TemporaryFolder folder;
  const std::string path = folder.path("log");
  Index mark = 0;
  {
    TableWriter table = TableWriter::create(path, columns);
    add(table, 1);
    mark = table.mark();
    add(table, 2);
  }
  const std::string before = contents_of(path);
  {
    TableWriter table = TableWriter::resume(path, columns, mark);
    add(table, 2);
  }
  EXPECT_EQ(contents_of(path), before);
  EXPECT_THROW(TableWriter::resume(path, {"step", "hash"}, mark), FormatError);
  EXPECT_THROW(TableWriter::resume(path, columns, mark - 1), FormatError);
  EXPECT_THROW(TableWriter::resume(path, columns, mark + 1000), FormatError);
  EXPECT_THROW(TableWriter::resume(path, columns, 3), FormatError);
  EXPECT_EQ(contents_of(path), before);
}

}  // namespace
}  // namespace tutti::formats
