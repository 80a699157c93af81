// Feeds whatever libFuzzer thinks of to a parser that reads what strangers write. Besides what the sanitizers
// see, a parser must refuse by an error of its own kind, and what it accepts must survive being written and
// read again.
//
//   parser_fuzzer --parser=npy|toml|record|arguments|manifest [--write-seeds=FOLDER] [options of libFuzzer]
//   FOLDER
#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/checkpoint/manifest.hpp"
#include "tutti/core/error_record.hpp"
#include "tutti/files/crc32.hpp"
#include "tutti/forecast/job.hpp"
#include "tutti/io/npy_header.hpp"

#include "cli/command_line.hpp"
#include "parsers.hpp"

namespace {

using namespace tutti;

using fuzz::Bytes;
using fuzz::Parser;
using fuzz::text_of;
using fuzz::wrong;

void read_npy(Bytes bytes) {
  io::NpyHeader header;
  try {
    header = io::parse_npy_header(std::as_bytes(bytes), "x.npy");
  } catch (const FormatError&) {
    return;
  }
  if (header.data_offset <= 0 || header.data_offset > static_cast<Index>(bytes.size()))
    wrong("the numbers begin outside the header");
  if (header.size() < 0) wrong("a negative size");
  const std::string written = io::format_npy_header(header);
  const io::NpyHeader again = io::parse_npy_header(std::as_bytes(std::span(written)), "x.npy");
  if (again.shape != header.shape) wrong("the shape changes when it is written");
}

void read_toml(Bytes bytes) {
  try {
    const forecast::Description job = forecast::parse_description(text_of(bytes), "job.toml");
    for (const forecast::Array& array : job.arrays)
      if (array.elements < 0 || array.element_bytes == 0) wrong("an array of nothing");
  } catch (const FormatError&) {
  }
}

void read_record(Bytes bytes) {
  core::ErrorBytes received{};
  std::memcpy(received.data(), bytes.data(), std::min(bytes.size(), received.size()));
  const core::ErrorRecord record = core::decode(received);
  const core::ErrorRecord again = core::decode(core::encode(record));
  if (again.type != record.type || again.rank != record.rank || again.data.number != record.data.number)
    wrong("a record changes on its way");
  try {
    core::raise(record);
  } catch (const Error& error) {
    if (error.exit_code() <= 0 || error.exit_code() > 255) wrong("an exit code that a shell does not see");
  }
}

// One argument a line.
void read_arguments(Bytes bytes) {
  std::vector<std::string> arguments;
  const std::string all = text_of(bytes);
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    arguments.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  try {
    const cli::Command command = cli::parse(arguments);
    if (const auto* help = std::get_if<cli::Help>(&command); help != nullptr && help->text.empty())
      wrong("help without a text");
  } catch (const Error& error) {
    if (error.exit_code() == exit_code(ErrorType::internal)) throw;
  }
}

// With a checksum that fits, so that more than that is tried.
void read_manifest(Bytes bytes) {
  const std::string_view member = " \"crc32\": ";
  std::string text = text_of(bytes);
  if (const std::size_t at = text.rfind(member); at != std::string::npos) text.resize(at);
  text += std::string(member) + std::to_string(files::crc32(std::as_bytes(std::span(text)))) + "\n}\n";
  try {
    const checkpoint::Manifest manifest = checkpoint::parse_manifest(text, "manifest.json");
    for (std::size_t i = 0; i < manifest.arrays.size(); ++i) {
      const checkpoint::ArrayForm& array = manifest.arrays[i];
      if (array.bytes() < 0 || array.header().size() < 64) wrong("an array of nothing");
      if (array.file().find('/') != std::string::npos) wrong("an array outside of the folder");
      if (static_cast<Index>(manifest.sums[i].size()) != checkpoint::chunks_of(array.bytes(), manifest.chunk))
        wrong("checksums are missing");
    }
    const std::string written = checkpoint::format_manifest(manifest);
    if (checkpoint::format_manifest(checkpoint::parse_manifest(written, "again.json")) != written)
      wrong("a manifest changes when it is written");
  } catch (const FormatError&) {
  }
}

std::vector<std::string> npy_seeds() {
  std::vector<std::string> seeds;
  for (const char* shape : {"()", "(3,)", "(2, 3)", "(0, 9223372036854775807)", "(1, 1, 1, 1)"})
    for (const char* type : {"'<f8'", "'>f4'", "'|b1'", "'<c16'", "'|O'", "[('x', '<f8'), ('y', '<i4')]"}) {
      std::string dictionary =
          std::string("{'descr': ") + type + ", 'fortran_order': False, 'shape': " + shape + ", }";
      dictionary += std::string(63 - (dictionary.size() + 10) % 64, ' ') + '\n';
      seeds.push_back(std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(dictionary.size() & 255U) +
                      static_cast<char>(dictionary.size() >> 8U) + dictionary);
    }
  return seeds;
}

std::vector<std::string> toml_seeds() {
  return {
      "ranks = 16\nranks-per-node = 8\nnode-memory = \"64GiB\"\n[[array]]\nname = \"x\"\nkind = "
      "\"distributed\"\n"
      "elements = 1000000\ntype = \"float64\"\nlayout = \"block-cyclic:64\"\n",
      "[[array]]\nname = 'y'\nkind = 'node-shared'\nshape = [1000, 3]\ntype = '48B'\n", "x = [1, 2",
      "a.b = 1979-05-27"};
}

std::vector<std::string> record_seeds() {
  std::vector<std::string> seeds;
  for (const char* message : {"b.npy: cut after 100 bytes", "\x1b[31m", ""}) {
    core::ErrorRecord record;
    record.rank = 7;
    record.node = "n12";
    record.message = message;
    record.data.subject = "b.npy";
    const core::ErrorBytes bytes = core::encode(record);
    seeds.emplace_back(bytes.data(), bytes.size());
  }
  return seeds;
}

std::vector<std::string> argument_seeds() {
  return {"dot\n-n\n4\n--distribution\nblock-cyclic:3\na.npy\nb.npy",
          "stats\n--json\n--color\nnever\nx.f8\n--type\nfloat64",
          "plan\n--ranks\n64\n--array\nx:distributed:1e6x3:float64:cyclic",
          "inspect\n--every\n0.5\n--\nprog\n--help",
          "run\n-n\n2\n--\nprog",
          "doctor\n--json",
          "--help",
          "dot\n--help",
          "--version"};
}

std::vector<std::string> manifest_seeds() {
  checkpoint::Manifest manifest;
  manifest.step = 12;
  std::vector<std::string> seeds{checkpoint::format_manifest(manifest)};
  manifest.notes = {
      {"seed", 7}, {"dt", 0.1}, {"title", "\"x\"\n"}, {"sum", ExactSum()}, {"list", JsonText{"[1, {}]"}}};
  manifest.arrays = {{"u", "<f8", {3, 200000}, 8}, {"v", "|V12", {0}, 12}, {"w", "|b1", {}, 1}};
  manifest.sums = {{1, 2}, {}, {4294967295U}};
  seeds.push_back(checkpoint::format_manifest(manifest));
  return seeds;
}

constexpr Parser parsers[] = {{"npy", read_npy, npy_seeds},
                              {"toml", read_toml, toml_seeds},
                              {"record", read_record, record_seeds},
                              {"arguments", read_arguments, argument_seeds},
                              {"manifest", read_manifest, manifest_seeds}};

}  // namespace

std::span<const Parser> tutti::fuzz::all_parsers() { return parsers; }
