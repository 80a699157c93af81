#include "tutti/checkpoint/notes.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(Notes, KeepWhatTheyWereGiven) {
  const unsigned char byte = 200;
  const Notes notes{{"text", "a"},        {"string", std::string("b")},   {"int", -7},     {"byte", byte},
                    {"yes", true},        {"seed", UINT64_MAX},           {"float", 0.5F}, {"double", 0.1},
                    {"least", INT64_MIN}, {"json", JsonText{"[1, null]"}}};
  EXPECT_EQ(notes.get<std::string>("text"), "a");
  EXPECT_EQ(notes.get<std::string>("string"), "b");
  EXPECT_EQ(notes.get<int>("int"), -7);
  EXPECT_EQ(notes.get<unsigned char>("byte"), byte);
  EXPECT_TRUE(notes.get<bool>("yes"));
  EXPECT_EQ(notes.get<std::uint64_t>("seed"), UINT64_MAX);
  EXPECT_EQ(notes.get<std::int64_t>("least"), INT64_MIN);
  EXPECT_EQ(notes.get<float>("float"), 0.5F);
  EXPECT_EQ(notes.get<double>("double"), 0.1);
  EXPECT_EQ(notes.get<JsonText>("json").text, "[1,null]");
  EXPECT_TRUE(notes.contains("text"));
  EXPECT_FALSE(notes.contains("Text"));
}

TEST(Notes, AnIntegerIsReadAsWhateverHoldsItExactly) {
  const Notes notes{{"small", 5}, {"negative", -5}, {"large", (std::uint64_t{1} << 53U) + 1}, {"real", 5.0}};
  EXPECT_EQ(notes.get<double>("small"), 5.0);
  EXPECT_EQ(notes.get<std::uint8_t>("small"), 5);
  EXPECT_EQ(notes.get<double>("negative"), -5.0);
  EXPECT_THROW(notes.get<unsigned>("negative"), FormatError);
  EXPECT_THROW(notes.get<double>("large"), FormatError);
  EXPECT_THROW(notes.get<int>("large"), FormatError);
  EXPECT_THROW(notes.get<int>("real"), FormatError);
  EXPECT_THROW(Notes({{"tenth", 0.1}}).get<float>("tenth"), FormatError);
}

TEST(Notes, OneIntegerHasOneForm) {
  EXPECT_EQ(Note(5), Note(5U));
  EXPECT_EQ(Note(std::int64_t{5}), Note(std::uint8_t{5}));
  EXPECT_FALSE(Note(5) == Note(5.0));
  EXPECT_FALSE(Note(1) == Note(true));
}

TEST(Notes, NumbersThatJsonDoesNotHave) {
  const Notes notes{{"nan", "nan"}, {"inf", "inf"}, {"minus", "-inf"}, {"word", "infinite"}};
  EXPECT_TRUE(std::isnan(notes.get<double>("nan")));
  EXPECT_TRUE(std::isnan(notes.get<float>("nan")));
  EXPECT_EQ(notes.get<double>("inf"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(notes.get<double>("minus"), -std::numeric_limits<double>::infinity());
  EXPECT_THROW(notes.get<double>("word"), FormatError);
}

TEST(Notes, ExactSumsKeepAllBits) {
  ExactSum sum;
  sum.add(1e300);
  sum.add(0.1);
  sum.add(-1e-300);
  const Notes notes{
      {"sum", sum}, {"zero", ExactSum()}, {"cut", "exact sum 4"}, {"odd", "exact sum zz"}, {"no", "x"}};
  EXPECT_EQ(notes.get<ExactSum>("sum"), sum);
  EXPECT_EQ(notes.get<ExactSum>("zero"), ExactSum());
  for (const char* name : {"cut", "odd", "no"}) EXPECT_THROW(notes.get<ExactSum>(name), FormatError);
}

TEST(Notes, ErrorsNameTheNoteAndWhereItIsFrom) {
  Notes notes{{"dt", "slow"}, {"seed", 1}};
  notes.set_origin("run/00001-step-2/manifest.json");
  const auto message = [&](const auto& get) {
    try {
      get();
    } catch (const FormatError& error) {
      return error.message();
    }
    return std::string("no error");
  };
  EXPECT_EQ(message([&] { notes.get<double>("dt"); }),
            "run/00001-step-2/manifest.json: the note 'dt' is text, not a number");
  EXPECT_EQ(message([&] { notes.get<double>("time"); }),
            "run/00001-step-2/manifest.json: there is no note 'time'; there is dt, seed");
  EXPECT_EQ(message([] { Notes().get<bool>("x"); }), "notes: there is no note 'x'; there is none");
  EXPECT_EQ(message([&] { notes.get<std::string>("seed"); }),
            "run/00001-step-2/manifest.json: the note 'seed' is an integer, not text");
}

}  // namespace
}  // namespace tutti
