#include "tutti/files/toml.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti::files {
namespace {

Toml parsed(std::string_view document) { return Toml::parse(document, "a.toml", "docs/a.md"); }

std::string refusal(const std::function<void()>& f) {
  try {
    f();
  } catch (const FormatError& error) {
    EXPECT_EQ(error.path(), "a.toml");
    return error.message();
  }
  return "";
}

TEST(Toml, KnowsValuesByTheirKind) {
  const Toml table = parsed("i = 3\nf = 2.5\nt = 'x'\nb = true\nl = [1, 'y']\nd = 1979-05-27\n[s]\nk = 1\n");
  EXPECT_EQ(table.need("i").integer(), 3);
  EXPECT_EQ(table.need("i").number(), 3.0);
  EXPECT_EQ(table.need("f").number(), 2.5);
  EXPECT_EQ(table.need("f").integer(), std::nullopt);
  EXPECT_EQ(table.need("t").text(), "x");
  EXPECT_EQ(table.need("b").boolean(), true);
  EXPECT_EQ(table.need("l").items().size(), 2U);
  EXPECT_EQ(table.need("l").items()[1].text(), "y");
  EXPECT_EQ(table.need("d").text(), std::nullopt);
  EXPECT_EQ(table.need("s").need("k").integer(), 1);
  EXPECT_TRUE(table.need("s").is_table());
  EXPECT_FALSE(table.get("x"));
}

TEST(Toml, NamesThePlace) {
  const Toml table = parsed("a = 1\n[part]\nb = 2\nlenght = 3\n");
  EXPECT_EQ(refusal([&] { table.need("part").need("b").refuse("is bad"); }),
            "a.toml: line 3: part: b is bad");
  EXPECT_EQ(refusal([&] { table.need("part").called("part x").need("c"); }),
            "a.toml: line 2: part x has no c; give it one");
  EXPECT_EQ(refusal([&] {
              table.need("part").refuse_unknown({"b", "width", "length"});
            }),
            "a.toml: line 4: part: lenght is no key here; did you mean length? give one of b, width, length");
  EXPECT_EQ(refusal([&] { table.need("c"); }), "a.toml: line 1: the document has no c; give it one");
}

TEST(Toml, RefusesWhatIsNone) {
  EXPECT_EQ(refusal([] { parsed("a = 1\nb = \n"); }).substr(0, 26), "a.toml: line 2: no TOML: E");
  for (const char* bad : {"a", "a = 1\na = 2\n", "[a]\n[a]\n", "\xff", "a = [1, 2", "[,\xc3\xa4"})
    EXPECT_NE(refusal([&] { parsed(bad); }), "") << bad;
  std::string deep = "a";
  for (int i = 0; i < 200000; ++i) deep += ".a";
  EXPECT_NE(refusal([&] { parsed(deep + " = 1"); }).find("line 1: has more than 1000 points"),
            std::string::npos);
  EXPECT_NE(refusal([&] { parsed("a = " + std::string(100000, '[')); }), "");
}

TEST(NearestWord, CountsLetters) {
  EXPECT_EQ(nearest_word("sigam", {"epsilon", "sigma", "mass"}), "sigma");
  EXPECT_EQ(nearest_word("cut-off", {"epsilon", "cutoff", "mass"}), "cutoff");
  EXPECT_EQ(nearest_word("", {"epsilon", "sigma", "mass"}), "mass");
  EXPECT_EQ(nearest_word(std::string(100000, 'x'), {"a"}), "a");
}

}  // namespace
}  // namespace tutti::files
