#include "tutti/forecast/job.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/distribution/distribution.hpp"

#include "refusal.hpp"

namespace tutti::forecast {
namespace {

using memory::Category;

TEST(ParseElements, ReadsNumbersAndShapes) {
  EXPECT_EQ(parse_elements("0"), 0);
  EXPECT_EQ(parse_elements("3000000"), 3000000);
  EXPECT_EQ(parse_elements("1e6x3"), 3000000);
  EXPECT_EQ(parse_elements("2x3x4"), 24);
  EXPECT_EQ(parse_elements("25E1"), 250);
  EXPECT_EQ(parse_elements("9223372036854775807"), INT64_MAX);
  for (const char* bad : {"", "x", "3x", "x3", "-1", "1.5", "1e", "e6", "1e6.0", "9223372036854775808",
                          "1e19", "1e18x10", "0x1F", "3 x 4", "+3", "inf", "1e-3"})
    EXPECT_FALSE(parse_elements(bad)) << bad;
}

TEST(ParseElementBytes, KnowsTheNamesOfNumPyAndC) {
  EXPECT_EQ(parse_element_bytes("float64"), 8U);
  EXPECT_EQ(parse_element_bytes("double"), 8U);
  EXPECT_EQ(parse_element_bytes("f4"), 4U);
  EXPECT_EQ(parse_element_bytes("bool"), 1U);
  EXPECT_EQ(parse_element_bytes("complex128"), 16U);
  EXPECT_EQ(parse_element_bytes("48B"), 48U);
  for (const char* bad : {"", "B", "0B", "-8B", "float65", "f3", "1e9B", "99999999999B", "<f8"})
    EXPECT_FALSE(parse_element_bytes(bad)) << bad;
}

TEST(ParseArray, ReadsAllParts) {
  const Array array = parse_array("forces:distributed:1e6x3:float32:block-cyclic:64", "--array");
  EXPECT_EQ(array.name, "forces");
  EXPECT_EQ(array.category, Category::distributed);
  EXPECT_EQ(array.elements, 3000000);
  EXPECT_EQ(array.element_bytes, 4U);
  EXPECT_TRUE(array.layout == block_cyclic(64));
  EXPECT_TRUE(parse_array("a:distributed:1:f8", "--array").layout == block);
  EXPECT_EQ(parse_array("a:node-shared:1:f8", "--array").category, Category::node_shared);
}

std::string refusal(const std::string& words) {
  try {
    parse_array(words, "--array");
  } catch (const UsageError& error) {
    EXPECT_EQ(error.option(), "--array");
    return error.what();
  }
  return "accepted";
}

TEST(ParseArray, NamesWhatIsWrong) {
  EXPECT_EQ(refusal(""),
            "--array : give NAME:KIND:ELEMENTS:TYPE, as in coordinates:replicated:1e6x3:float64");
  EXPECT_EQ(
      refusal("a:distributed:1"),
      "--array a:distributed:1: give NAME:KIND:ELEMENTS:TYPE, as in coordinates:replicated:1e6x3:float64");
  EXPECT_EQ(refusal(":distributed:1:f8"),
            "--array :distributed:1:f8: has no name before the first colon; give one");
  EXPECT_EQ(
      refusal("a:shared:1:f8"),
      "--array a:shared:1:f8: shared is no kind; give distributed, node-shared, replicated, halo or buffer");
  EXPECT_NE(refusal("a:program:1:f8").find("program is no kind"), std::string::npos);
  EXPECT_EQ(
      refusal("a:halo:-1:f8"),
      "--array a:halo:-1:f8: -1 is no number of elements; give one below 2^63, or a shape: 3000000, 1e6x3");
  EXPECT_EQ(refusal("a:halo:1:\x1b"),
            "--array a:halo:1:\\x1b: \\x1b is no type; give one as float64, f4, int32 or 48B (bytes)");
  EXPECT_EQ(refusal("a:halo:1:f8:cyclic"),
            "--array a:halo:1:f8:cyclic: a layout is for distributed arrays; leave out :cyclic");
  for (const char* layout :
       {"", "cyclical", "block-cyclic", "block-cyclic:0", "block-cyclic:-1", "irregular(1,2)"})
    EXPECT_NE(refusal(text("a:distributed:1:f8:", layout)).find("is no layout; give block"),
              std::string::npos)
        << layout;
}

constexpr const char* document = R"(
ranks = 4096
per-node = 128
node-memory = "256GB"

[[array]]
name = "coordinates"
kind = "replicated"
shape = [1_000_000, 3]
type = "float64"

[[array]]
name = "forces"
kind = "distributed"
elements = 3000000
type = "f4"
layout = "cyclic"
)";

TEST(ParseDescription, ReadsToml) {
  const Description description = parse_description(document, "job.toml");
  EXPECT_EQ(description.ranks, 4096);
  EXPECT_EQ(description.per_node, 128);
  EXPECT_EQ(description.node_memory, 256000000000U);
  ASSERT_EQ(description.arrays.size(), 2U);
  EXPECT_EQ(description.arrays[0].name, "coordinates");
  EXPECT_EQ(description.arrays[0].category, Category::replicated);
  EXPECT_EQ(description.arrays[0].elements, 3000000);
  EXPECT_EQ(description.arrays[1].element_bytes, 4U);
  EXPECT_TRUE(description.arrays[1].layout == cyclic);
  const Description empty = parse_description("", "job.toml");
  EXPECT_FALSE(empty.ranks || empty.per_node || empty.node_memory);
  EXPECT_TRUE(empty.arrays.empty());
}

// What parse_description says of the document with `old` replaced.
std::string refusal_of(const std::string& old, const std::string& replacement) {
  return refusal_when(document, old, replacement, "job.toml",
                      [](const std::string& words) { parse_description(words, "job.toml"); });
}

TEST(ParseDescription, NamesWhatIsWrongAndItsLine) {
  EXPECT_EQ(refusal_of("4096", "0"), "job.toml: line 2: ranks is no number of ranks; give one from 1 on");
  EXPECT_EQ(refusal_of("4096", "4096.0"),
            "job.toml: line 2: ranks is no number of ranks; give one from 1 on");
  EXPECT_EQ(refusal_of("128", "\"128\""),
            "job.toml: line 3: per-node is no number of ranks; give one from 1 on");
  EXPECT_EQ(refusal_of("256GB", "much"),
            "job.toml: line 4: node-memory is no amount of memory; give one as \"256GB\" or \"4GiB\"");
  EXPECT_EQ(refusal_of("ranks =", "rnaks ="),
            "job.toml: line 2: rnaks is no key here; did you mean ranks? give one of ranks, per-node, "
            "node-memory, array");
  EXPECT_EQ(refusal_of("kind = \"replicated\"", "kind = \"copied\""),
            "job.toml: line 8: array coordinates: kind is none; give distributed, node-shared, replicated, "
            "halo or buffer");
  EXPECT_EQ(refusal_of("name = \"coordinates\"\n", ""), "job.toml: line 6: array has no name; give it one");
  EXPECT_EQ(refusal_of("layout", "laoyut"),
            "job.toml: line 17: array forces: laoyut is no key here; did you mean layout? give one of name, "
            "kind, elements, shape, type, layout");
  EXPECT_EQ(refusal_of("\"cyclic\"", "\"cyclical\""),
            "job.toml: line 17: array forces: layout is none; give \"block\", \"cyclic\" or "
            "\"block-cyclic:K\" with K >= 1");
  EXPECT_EQ(refusal_of("[1_000_000, 3]", "[1_000_000, -3]"),
            "job.toml: line 9: array coordinates: shape is no number of elements; give whole numbers from 0 "
            "on, whose "
            "product is below 2^63");
  EXPECT_EQ(refusal_of("[1_000_000, 3]", "[5000000000, 5000000000]").substr(0, 39),
            "job.toml: line 9: array coordinates: sh");
  EXPECT_EQ(refusal_of("elements = 3000000", ""),
            "job.toml: line 12: array forces has not one of elements and shape; give one of them");
  EXPECT_EQ(refusal_of("[[array]]", "[array]").substr(0, 17), "job.toml: line 12");
  EXPECT_EQ(refusal_of("ranks = 4096", "ranks = ").substr(0, 26), "job.toml: line 2: no TOML:");
  EXPECT_EQ(refusal_of("256GB", "\xff").substr(0, 26), "job.toml: line 4: no TOML:");
  EXPECT_NE(refusal_of("\n[[array]]", "\narray = 3\n[[array]]"), "accepted");
}

JobHolding holding(Category category, Index elements, std::uint64_t element_bytes, std::string layout,
                   std::uint64_t rank_bytes, std::uint64_t node_bytes) {
  return {"x", category, elements, element_bytes, std::move(layout), rank_bytes, node_bytes};
}

Array array_of(const JobHolding& holding) {
  MemoryReport report;
  report.ranks = 4;
  report.nodes.resize(1);
  report.nodes[0].ranks = 4;
  report.holdings = {holding};
  return arrays_of(report).at(0);
}

TEST(ArraysOf, KeepWhatARunHeldForOtherNumbersOfRanks) {
  const Array cyclic_one = array_of(holding(Category::distributed, 10, 8, "cyclic", 24, 80));
  EXPECT_EQ(cyclic_one.elements, 10);
  EXPECT_EQ(cyclic_one.element_bytes, 8U);
  EXPECT_TRUE(cyclic_one.layout == cyclic);
  EXPECT_EQ(cyclic_one.origin, Origin::computed);
  const Array two_of_one_name = array_of(holding(Category::distributed, 10, 8, "block", 48, 160));
  EXPECT_EQ(two_of_one_name.element_bytes, 16U);
  const Array uneven = array_of(holding(Category::distributed, 10, 8, "irregular(7,1,1,1)", 56, 80));
  EXPECT_EQ(uneven.elements, 4 * 56);
  EXPECT_EQ(uneven.element_bytes, 1U);
  EXPECT_EQ(uneven.origin, Origin::assumed);
  const Array shared = array_of(holding(Category::node_shared, 10, 8, "", 0, 80));
  EXPECT_EQ(shared.elements, 10);
  EXPECT_EQ(shared.element_bytes, 8U);
  const Array copied = array_of(holding(Category::replicated, 10, 8, "", 80, 320));
  EXPECT_EQ(copied.elements * static_cast<Index>(copied.element_bytes), 80);
  const Array buffer = array_of(holding(Category::buffer, -1, 0, "", 77, 300));
  EXPECT_EQ(buffer.elements, 75);
  EXPECT_EQ(buffer.origin, Origin::assumed);
  MemoryReport report;
  report.ranks = 1;
  report.holdings = {holding(Category::program, -1, 0, "", 7, 7)};
  EXPECT_TRUE(arrays_of(report).empty());
}

}  // namespace
}  // namespace tutti::forecast
