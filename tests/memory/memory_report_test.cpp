#include "tutti/memory/memory_report.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

#include "refusal.hpp"

namespace tutti {
namespace {

using memory::Category;

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

NodeMemory node(const std::string& name, std::uint64_t scale) {
  NodeMemory node;
  node.name = name;
  node.ranks = 4;
  node.booked[static_cast<std::size_t>(Category::program)] = 40 * mebibyte;
  node.booked[static_cast<std::size_t>(Category::distributed)] = 512 * mebibyte * scale;
  node.booked[static_cast<std::size_t>(Category::node_shared)] = 256 * mebibyte;
  node.peak = 768 * mebibyte * scale;
  node.start = 45 * mebibyte;
  node.pss = (815 + 512 * (scale - 1)) * mebibyte;
  node.rss = 1700 * mebibyte * scale;
  node.page_tables = 12 * mebibyte;
  return node;
}

MemoryReport sample() {
  return {"pairs",
          "mpich",
          8,
          {node("n1", 1), node("n2", 2)},
          {{"forces \"x\"\n", Category::distributed, 134217728, 8, "block-cyclic:4", 256 * mebibyte,
            1024 * mebibyte},
           {"coordinates", Category::node_shared, 33554432, 8, "", 0, 256 * mebibyte},
           {"read \xc3\xbc", Category::buffer, -1, 0, "", mebibyte, mebibyte}}};
}

TEST(NodeMemory, AddsUpWhatIsBookedBesideTheProgram) {
  EXPECT_EQ(node("n", 1).booked_total(), 768 * mebibyte);
  EXPECT_EQ(node("n", 1).unexplained(), 2 * std::int64_t{mebibyte});
  NodeMemory untouched = node("n", 1);
  untouched.pss = 45 * mebibyte;
  EXPECT_EQ(untouched.unexplained(), -768 * std::int64_t{mebibyte});
}

TEST(MemoryReport, IsATable) {
  EXPECT_EQ(sample().text(),
            R"(memory of pairs on 8 ranks of mpich, 2 nodes

                              n1          n2
ranks                          4           4
PSS                   815.00 MiB    1.30 GiB  what the node gave: a shared page counts once
RSS                     1.66 GiB    3.32 GiB  here it counts for each rank that has it
page tables            12.00 MiB   12.00 MiB  in neither
start                  45.00 MiB   45.00 MiB  PSS before the first array: programs, libraries, MPI
booked   distributed  512.00 MiB    1.00 GiB
         node-shared  256.00 MiB  256.00 MiB
peak                  768.00 MiB    1.50 GiB  most that was booked at one time
unexplained             2.00 MiB    2.00 MiB  PSS less start and booked

holding       category     layout           elements  bytes each  largest rank  largest node
forces "x"\n  distributed  block-cyclic:4  134217728           8    256.00 MiB      1.00 GiB
coordinates   node-shared  -                33554432           8           0 B    256.00 MiB
read )"
            "\xc3\xbc"
            R"(        buffer       -                       -           -      1.00 MiB      1.00 MiB
)");
}

TEST(MemoryReport, OfManyNodesShowsTheFullestTheEmptiestAndAll) {
  MemoryReport report = sample();
  for (const char* name : {"n3", "n4", "n5"}) report.nodes.push_back(node(name, 1));
  report.nodes[3].pss = mebibyte;
  const std::string text = report.text();
  EXPECT_NE(text.find("  most: n2    least: n4    all nodes\n"), std::string::npos) << text;
  EXPECT_NE(text.find("1.30 GiB     1.00 MiB     3.68 GiB"), std::string::npos) << text;
  EXPECT_EQ(text.find("n5"), std::string::npos);
}

TEST(MemoryReport, OfNothingIsATitle) {
  EXPECT_EQ(MemoryReport{}.text(), "memory of  on 0 ranks of , 0 nodes\n\n");
}

TEST(MemoryReport, TravelsAsJson) {
  const std::string json = sample().json();
  EXPECT_EQ(
      json.rfind(
          R"({"schema":"tutti-memory/1","program":"pairs","mpi":"mpich","ranks":8,"nodes":[{"name":"n1")", 0),
      0U)
      << json;
  const MemoryReport back = MemoryReport::from_json(json, "run.json");
  EXPECT_EQ(back.json(), json);
  EXPECT_EQ(back.text(), sample().text());
  EXPECT_EQ(back.holdings[0].name, "forces \"x\"\n");
  EXPECT_EQ(back.holdings[2].elements, -1);
}

TEST(MemoryReport, OfNamesThatAreNoTextIsStillJson) {
  MemoryReport report = sample();
  report.holdings[0].name = "\xff\x01";
  EXPECT_EQ(MemoryReport::from_json(report.json(), "run.json").holdings[0].name, "\xef\xbf\xbd\x01");
}

// What from_json says of the sample's JSON with `old` replaced.
std::string refusal_of(const std::string& old, const std::string& replacement) {
  return refusal_when(sample().json(), old, replacement, "run.json",
                      [](const std::string& json) { MemoryReport::from_json(json, "run.json"); });
}

TEST(MemoryReport, RefusesWhatIsNoReport) {
  const std::string end = "; give a memory report, schema tutti-memory/1";
  EXPECT_EQ(refusal_of("tutti-memory/1", "tutti-dot/1"), "run.json: schema is tutti-dot/1" + end);
  EXPECT_EQ(refusal_of("\"schema\"", "\"scheme\""), "run.json: schema is missing" + end);
  EXPECT_EQ(refusal_of("\"ranks\":8", "\"ranks\":9"), "run.json: ranks is 9, but its nodes have 8" + end);
  EXPECT_EQ(refusal_of("\"ranks\":8", "\"ranks\":0"),
            "run.json: ranks is no whole number from 1 to 2147483647" + end);
  EXPECT_EQ(refusal_of("\"program\":\"pairs\"", "\"program\":7"), "run.json: program is no text" + end);
  EXPECT_EQ(refusal_of("\"nodes\":[", "\"nodes\":[7,"), "run.json: nodes[0] is no object" + end);
  EXPECT_EQ(refusal_of("\"holdings\":[", "\"holdings\":{}, \"rest\":["),
            "run.json: holdings is no array" + end);
  EXPECT_EQ(refusal_of("\"category\":\"buffer\"", "\"category\":\"bufer\""),
            "run.json: holdings[2].category is no category of the ledger" + end);
  for (const char* number :
       {"-1", "1.5", "1e30", "\"12\"", "null", "18446744073709551615", "99999999999999999999"})
    EXPECT_EQ(refusal_of("\"pss_bytes\":854589440", text("\"pss_bytes\":", number)),
              "run.json: nodes[0].pss_bytes is no whole number from 0 to 1152921504606846976" + end);
}

TEST(MemoryReport, RefusesWhatIsNoJson) {
  const auto refused = [](std::string_view document) {
    try {
      MemoryReport::from_json(document, "run.json");
    } catch (const FormatError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  const std::string end = "; give a memory report, schema tutti-memory/1";
  EXPECT_EQ(refused(""), "run.json: no JSON from byte 1 on" + end);
  EXPECT_EQ(refused("{\"ranks\": 1e999}").substr(0, 10), "run.json: ") << "a number beyond all numbers";
  EXPECT_EQ(refused("{\"schema\": \"tutti-mem"), "run.json: no JSON from byte 22 on" + end);
  EXPECT_EQ(refused("[]"), "run.json: the document is no object" + end);
  EXPECT_EQ(refused("null"), "run.json: the document is no object" + end);
  EXPECT_NE(refused(std::string(100000, '[')), "accepted");
  EXPECT_NE(refused(std::string("\0\xff", 2)), "accepted");
  const std::string whole = sample().json();
  for (std::size_t length = 0; length + 1 < whole.size(); ++length)  // the last byte is a newline
    EXPECT_NE(refused(std::string_view(whole).substr(0, length)), "accepted") << length;
}

}  // namespace
}  // namespace tutti
