#include "tutti/checkpoint/manifest.hpp"

#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "tutti/files/crc32.hpp"

namespace tutti::checkpoint {
namespace {

Manifest sample() {
  Manifest manifest;
  manifest.step = 1300;
  manifest.notes = {{"seed", 2026}, {"dt", 0.1},           {"title", "\"heat\"\n"},
                    {"end", 1.0},   {"nan", std::nan("")}, {"list", JsonText{"[1, {\"a\": null}]"}}};
  manifest.arrays = {{"u", "<f8", {1000, 1000}, 8}, {"empty", "<i4", {0, 3}, 4}, {"one", "|u1", {}, 1}};
  manifest.sums = {{1, 4294967295}, {}, {7}};
  return manifest;
}

// With a checksum that fits: what only a wrong writer would write.
std::string sealed(std::string text) {
  const std::string_view member = " \"crc32\": ";
  text.resize(text.rfind(member));
  return text + std::string(member) + std::to_string(files::crc32(std::as_bytes(std::span(text)))) + "\n}\n";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return sealed(text.replace(at, what.size(), by));
}

std::string message_of(const std::string& text) {
  try {
    parse_manifest(text, "m.json");
    return "no error";
  } catch (const FormatError& error) {
    EXPECT_EQ(error.path(), "m.json");
    return error.message();
  }
}

TEST(Manifest, ComesBackAsItWas) {
  const Manifest manifest = sample(), again = parse_manifest(format_manifest(manifest), "m.json");
  EXPECT_EQ(again.step, 1300);
  EXPECT_EQ(again.chunk, Index{4} << 20U);
  ASSERT_EQ(again.arrays.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(again.arrays[i].name, manifest.arrays[i].name);
    EXPECT_EQ(again.arrays[i].dtype, manifest.arrays[i].dtype);
    EXPECT_EQ(again.arrays[i].shape, manifest.arrays[i].shape);
    EXPECT_EQ(again.arrays[i].element_bytes, manifest.arrays[i].element_bytes);
  }
  EXPECT_EQ(again.sums, manifest.sums);
  EXPECT_EQ(again.notes.get<int>("seed"), 2026);
  EXPECT_EQ(again.notes.get<double>("dt"), 0.1);
  EXPECT_EQ(again.notes.get<double>("end"), 1.0);
  EXPECT_EQ(again.notes.get<std::string>("title"), "\"heat\"\n");
  EXPECT_TRUE(std::isnan(again.notes.get<double>("nan")));
  EXPECT_EQ(again.notes.get<JsonText>("list").text, "[1,{\"a\":null}]");
  EXPECT_EQ(format_manifest(again), format_manifest(manifest));
  EXPECT_EQ(again.arrays[0].bytes(), 8'000'000);
  EXPECT_EQ(again.arrays[1].bytes(), 0);
  EXPECT_EQ(again.arrays[2].bytes(), 1);
}

TEST(Manifest, WithoutItsChecksums) {
  const std::string text = format_manifest(sample(), Sums::left_out);
  EXPECT_EQ(text.find("4294967295"), std::string::npos);
  EXPECT_EQ(parse_manifest(text, "m.json", Sums::left_out).arrays.size(), 3U);
  EXPECT_THROW(parse_manifest(text, "m.json"), FormatError);
}

TEST(Manifest, EveryBitThatIsFlippedIsFound) {
  const std::string right = format_manifest(sample());
  for (std::size_t bit = 0; bit < 8 * right.size(); ++bit) {
    std::string wrong = right;
    wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << bit % 8));
    ASSERT_THROW(parse_manifest(wrong, "m.json"), FormatError) << "bit " << bit;
  }
}

TEST(Manifest, EveryCutIsFound) {
  const std::string right = format_manifest(sample());
  for (std::size_t size = 0; size < right.size(); ++size)
    ASSERT_THROW(parse_manifest(right.substr(0, size), "m.json"), FormatError) << size << " bytes";
  EXPECT_THROW(parse_manifest(right + " ", "m.json"), FormatError);
  EXPECT_EQ(message_of(""), "m.json: is damaged: its end is missing");
}

TEST(Manifest, OtherSchemasAreNamed) {
  const std::string right = format_manifest(sample());
  EXPECT_EQ(message_of(replaced(right, "checkpoint/1", "checkpoint/2")),
            "m.json: has schema tutti-checkpoint/2, which this version of tutti does not know; it knows "
            "tutti-checkpoint/1");
  try {
    parse_manifest(replaced(right, "checkpoint/1", "checkpoint/2"), "m.json");
    ADD_FAILURE();
  } catch (const FormatError& error) {
    EXPECT_EQ(error.data().number[0], unknown_schema);
  }
  EXPECT_EQ(message_of(replaced(right, "tutti-checkpoint/1", "tutti-plan/1")),
            "m.json: is no manifest of a checkpoint: there is no schema tutti-checkpoint/1");
}

TEST(Manifest, WhatItDoesNotKnowIsPassedOver) {
  const std::string text =
      replaced(format_manifest(sample()), "{\n \"schema\"", "{\n \"later\": [{\"a\": 1}],\n \"schema\"");
  EXPECT_EQ(parse_manifest(text, "m.json").step, 1300);
}

TEST(Manifest, WhatCannotBeIsRefused) {
  const std::string right = format_manifest(sample());
  const std::pair<const char*, const char*> wrong[] = {
      {"\"step\": 1300", "\"step\": -1"},
      {"\"step\": 1300", "\"step\": 1300.0"},
      {"\"step\": 1300", "\"step\": 9223372036854775808"},
      {"\"step\": 1300", "\"stop\": 1300"},
      {"\"chunk_bytes\": 4194304", "\"chunk_bytes\": 0"},
      {"\"chunk_bytes\": 4194304", "\"chunk_bytes\": 1"},
      {"\"chunk_bytes\": 4194304", "\"chunk_bytes\": 8388608"},
      {"\"name\": \"u\"", "\"name\": \"../u\""},
      {"\"name\": \"u\"", "\"name\": \"/etc/u\""},
      {"\"name\": \"u\"", "\"name\": \"empty\""},
      {"\"name\": \"u\"", "\"name\": 5"},
      {"\"dtype\": \"<f8\"", "\"dtype\": \"|O\""},
      {"\"dtype\": \"<f8\"", "\"dtype\": \"<f9\""},
      {"\"dtype\": \"<f8\"", "\"dtype\": \"<f4\""},  // other chunks
      {"\"dtype\": \"<f8\"", "\"dtype\": \"|V99999999999999999999\""},
      {"[1000, 1000]", "[1000, 9007199254740993]"},
      {"[1000, 1000]", "[9223372036854775807]"},
      {"[1000, 1000]", "[1000, -1]"},
      {"[1000, 1000]", "[1000, 1e3]"},
      {"[1000, 1000]", "1000000"},
      {"[1000, 1000]", "[500, 1000]"},
      {"[1, 4294967295]", "[1]"},
      {"[1, 4294967295]", "[1, 2, 3]"},
      {"[1, 4294967295]", "[1, 4294967296]"},
      {"[1, 4294967295]", "[1, \"2\"]"},
      {"[1, 4294967295]", "12"},
      {"\"notes\": {", "\"notes\": [], \"others\": {"},
      {"\"arrays\": [", "\"arrays\": 1, \"others\": ["},
  };
  for (const auto& [what, by] : wrong) {
    EXPECT_NE(message_of(replaced(right, what, by)), "no error") << by;
  }
  EXPECT_EQ(message_of(replaced(right, "[1000, 1000]", "[1000, 9007199254740993]")),
            "m.json: u has an absurd shape, of more bytes than 64 bits count");
  EXPECT_EQ(message_of(replaced(right, "[1, 4294967295]", "[1]")),
            "m.json: is damaged: u needs 2 checksums and has 1");
}

TEST(Manifest, DeepNestingIsRefused) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  const auto with = [&](std::size_t depth) {
    return message_of(replaced(format_manifest(sample()), "\"end\": 1.0", "\"end\": " + nested(depth)));
  };
  EXPECT_EQ(with(90), "no error");
  EXPECT_EQ(with(200'000), "m.json: is nested too deeply");
  EXPECT_THROW(json_of(JsonText{nested(200'000)}), UsageError);
  EXPECT_EQ(json_of(JsonText{"\"[[[\\\"[\""}), "\"[[[\\\"[\"");
}

TEST(ArrayName, IsTheNameOfAFileOnAnySystem) {
  for (const char* name : {"u", "U2", "velocity.x", "a-b_c"}) EXPECT_TRUE(is_array_name(name)) << name;
  for (const char* name : {"", ".", "..", ".u", "a/b", "a\\b", "a b", "a\tb", "\xc3\xa4", "a:b"})
    EXPECT_FALSE(is_array_name(name)) << name;
}

TEST(JsonOf, RefusesWhatIsNone) {
  EXPECT_EQ(json_of(0.1), "0.1");
  EXPECT_EQ(json_of(1e300), "1e+300");
  EXPECT_EQ(json_of(-0.0), "-0.0");
  EXPECT_EQ(json_of("a\"b"), "\"a\\\"b\"");
  EXPECT_EQ(json_of(-std::numeric_limits<double>::infinity()), "\"-inf\"");
  EXPECT_THROW(json_of("\xff"), UsageError);
  EXPECT_THROW(json_of(JsonText{"{"}), UsageError);
}

}  // namespace
}  // namespace tutti::checkpoint
