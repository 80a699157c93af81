#include "tutti/molecular/system_input.hpp"

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

#include "refusal.hpp"

namespace tutti::molecular {
namespace {

constexpr const char* document = R"(
units = "real"
precision = "float"
truncation = "force-shift"
cutoff = 10
box = [30.0, 31, 32.5]

[[type]]
name = "Ar"
sigma = 3.4
epsilon = 0.24
mass = 39.948

[[type]]
name = "Kr"
sigma = 3.6
epsilon = 0.33
cutoff = 12.5

[[pair]]
types = ["Kr", "Ar"]
epsilon = 0.27

[dynamics]
time-step = 2
steps = 1000
temperature = 90.5
seed = 7
skin = 1.5
)";

TEST(SystemInput, ReadsADocument) {
  const SystemInput system = parse_system(document, "a.toml");
  EXPECT_EQ(system.units, &real_units());
  EXPECT_EQ(system.precision, Precision::single);
  EXPECT_EQ(system.ending, PairEnding::force_shift);
  EXPECT_EQ(system.box, (std::array<double, axes>{30, 31, 32.5}));
  EXPECT_EQ(system.type_names(), (std::vector<std::string>{"Ar", "Kr"}));
  EXPECT_EQ(system.dynamics.time_step, 2.0);
  EXPECT_EQ(system.dynamics.steps, 1000);
  EXPECT_EQ(system.dynamics.temperature, 90.5);
  EXPECT_EQ(system.dynamics.seed, 7U);
  EXPECT_EQ(system.dynamics.skin, 1.5);

  const Interactions made = system.interactions({"Ar", "Kr"}, {0, 83.798});
  EXPECT_EQ(made.truncation(), Truncation::force_shift);
  EXPECT_EQ(made.pair(0, 0), (LennardJones{0.24, 3.4, 10}));
  EXPECT_EQ(made.pair(1, 1), (LennardJones{0.33, 3.6, 12.5}));
  EXPECT_EQ(made.pair(0, 1), (LennardJones{0.27, 3.5, 12.5}));
  EXPECT_EQ(made.type(0).mass, 39.948);
  EXPECT_EQ(made.type(1).mass, 83.798);
}

TEST(SystemInput, IsOneTypeWithoutADocument) {
  SystemInput system;
  EXPECT_THROW(system.interactions({"1"}), UsageError);  // no cutoff
  system.cutoff = 3;
  const Interactions made = system.interactions({"Ar"});
  EXPECT_EQ(made.pair(0, 0), (LennardJones{1, 1, 3}));
  EXPECT_EQ(made.type(0).name, "Ar");
  EXPECT_THROW(system.interactions({"Ar", "Kr"}), UsageError);
  system.units = &real_units();
  EXPECT_THROW(system.interactions({"Ar"}), UsageError);  // no sigma
  system.types = {{"", 3.4, 0.24, {}, 40}};
  EXPECT_EQ(system.interactions({"Ar"}).pair(0, 0), (LennardJones{0.24, 3.4, 3}));
  EXPECT_EQ(system.interactions({"Ar"}, {40}).type(0).mass, 40);
  EXPECT_THROW(system.interactions({"Ar"}, {41}), UsageError);
}

TEST(SystemInput, KnowsTheEndings) {
  SystemInput system;
  system.types = {{"A", 1, 1, {}, {}}, {"B", 2, 3, {}, {}}};
  system.pairs = {{{0, 1}, 1.25, {}, 9}};
  system.ending = PairEnding::wca;
  const Interactions repulsive = system.interactions({"A", "B"});
  EXPECT_EQ(repulsive.truncation(), Truncation::energy_shift);
  EXPECT_EQ(repulsive.pair(0, 0).cutoff, minimum_place);
  EXPECT_EQ(repulsive.pair(0, 1).cutoff, minimum_place * 1.25);
  system.cutoff = 5;
  for (const PairEnding ending :
       {PairEnding::plain, PairEnding::tail, PairEnding::energy_shift, PairEnding::force_shift}) {
    EXPECT_EQ(pair_ending_named(name(ending)), ending);
    system.ending = ending;
    const Interactions made = system.interactions({"A", "B"});
    EXPECT_EQ(made.pair(0, 0).cutoff, 5);
    EXPECT_EQ(made.pair(0, 1).cutoff, 9);
    EXPECT_EQ(system.has_tail(), ending == PairEnding::tail);
  }
  EXPECT_THROW(pair_ending_named("cut"), UsageError);
}

TEST(SystemInput, WantsAWholeTable) {
  SystemInput system =
      parse_system("mixing = 'table'\ncutoff = 3\n[[type]]\nname = 'A'\n[[type]]\nname = 'B'\n", "a");
  EXPECT_FALSE(system.mix);
  const auto refusal = [&]() -> std::string {
    try {
      system.interactions({"A"});
    } catch (const UsageError& error) {
      return error.message();
    }
    return "";
  };
  EXPECT_NE(refusal().find("the interaction of types A and B is not described"), std::string::npos);
  system.pairs = {{{0, 1}, 1.5, {}, {}}};
  EXPECT_NE(refusal().find("has no epsilon"), std::string::npos);
  system.pairs[0].epsilon = 0;
  EXPECT_EQ(refusal(), "");
  EXPECT_EQ(system.interactions({"A"}).pair(1, 0), (LennardJones{0, 1.5, 3}));
}

std::string refusal_of(const std::string& old, const std::string& replacement) {
  return refusal_when(document, old, replacement, "a.toml",
                      [](const std::string& words) { parse_system(words, "a.toml"); });
}

TEST(SystemInput, NamesWhatIsWrongAndItsLine) {
  EXPECT_EQ(refusal_of("cutoff = 10", "cut-off = 10"),
            "a.toml: line 5: cut-off is no key here; did you mean cutoff? give one of units, precision, "
            "truncation, "
            "cutoff, box, mixing, type, pair, dynamics");
  EXPECT_EQ(
      refusal_of("sigma = 3.4", "sigm = 3.4"),
      "a.toml: line 10: type Ar: sigm is no key here; did you mean sigma? give one of name, sigma, epsilon, "
      "cutoff, mass");
  EXPECT_EQ(refusal_of("\"real\"", "\"metal\""),
            "a.toml: line 2: units is none; units: there are none called \"metal\"; choose lj or real");
  EXPECT_EQ(refusal_of("\"float\"", "32"), "a.toml: line 3: precision is no text; give it in quotes");
  EXPECT_EQ(refusal_of("\"force-shift\"", "\"shift\"").substr(0, 40),
            "a.toml: line 4: truncation is none; trun");
  EXPECT_EQ(refusal_of("cutoff = 10", "cutoff = 0"),
            "a.toml: line 5: cutoff is not a number above 0; give one");
  EXPECT_EQ(refusal_of("cutoff = 10", "cutoff = nan"),
            "a.toml: line 5: cutoff is not a number above 0; give one");
  EXPECT_EQ(refusal_of("epsilon = 0.24", "epsilon = -1"),
            "a.toml: line 11: type Ar: epsilon is not a number from 0 on; give one");
  EXPECT_EQ(refusal_of(", 32.5]", "]"),
            "a.toml: line 6: box is not three lengths; give them as [10.0, 10.0, 10.0]");
  EXPECT_EQ(refusal_of(", 32.5]", ", 'x']"), "a.toml: line 6: box is not a number above 0; give one");
  EXPECT_EQ(refusal_of("name = \"Kr\"", "name = \"Ar\""), "a.toml: line 15: type: name Ar is there twice");
  EXPECT_EQ(refusal_of("name = \"Kr\"\n", ""), "a.toml: line 14: type has no name; give it one");
  EXPECT_EQ(refusal_of("\"Kr\"", "\"K r\""),
            "a.toml: line 15: type: name is no name of a type; give up to 64 letters without spaces");
  EXPECT_EQ(refusal_of("[\"Kr\", ", "[\"Xe\", "),
            "a.toml: line 21: pair: types is \"Xe\", which is the name of no [[type]]; describe it above");
  EXPECT_EQ(refusal_of("[\"Kr\", \"Ar\"]", "[\"Kr\"]"),
            "a.toml: line 21: pair: types is not two names; give them as [\"A\", \"B\"]");
  EXPECT_EQ(refusal_of("[\"Kr\", \"Ar\"]", "[\"Kr\", \"Kr\"]").substr(0, 42),
            "a.toml: line 21: pair: types are the same;");
  EXPECT_EQ(refusal_of("[dynamics]", "[[pair]]\ntypes = [\"Ar\", \"Kr\"]\n[dynamics]"),
            "a.toml: line 25: pair: types are described twice; join both");
  EXPECT_EQ(refusal_of("steps = 1000", "steps = 1e3"),
            "a.toml: line 26: dynamics: steps is no whole number from 0 on; give one");
  EXPECT_EQ(refusal_of("[dynamics]", "[[dynamics]]"),
            "a.toml: line 24: dynamics is no table; write [dynamics]");
  EXPECT_EQ(refusal_of("[[pair]]", "[pair]"), "a.toml: line 20: pair is no list of tables; write [[pair]]");
}

}  // namespace
}  // namespace tutti::molecular
