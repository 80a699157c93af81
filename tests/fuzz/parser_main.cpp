// The entries that libFuzzer calls, for any parsers.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "parsers.hpp"

namespace {

using tutti::fuzz::Parser;

const Parser* chosen = nullptr;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

void tutti::fuzz::wrong(const char* what) {
  std::fprintf(stderr, "wrong: %s\n", what);
  std::abort();
}

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view parser_option = "--parser=", seeds_option = "--write-seeds=";
  for (int i = 1; i < *argc; ++i) {
    const std::string_view word = (*argv)[i];
    if (word.starts_with(parser_option))
      for (const Parser& parser : tutti::fuzz::all_parsers())
        if (parser.name == word.substr(parser_option.size())) chosen = &parser;
    if (!word.starts_with(seeds_option) || chosen == nullptr) continue;
    int number = 0;
    for (const std::string& seed : chosen->seeds())
      std::ofstream(
          std::filesystem::path(word.substr(seeds_option.size())) / ("seed-" + std::to_string(number++)),
          std::ios::binary)
          << seed;
    std::exit(0);
  }
  if (chosen == nullptr) {
    std::fputs(
        "parser_fuzzer: give --parser=npy, toml, record, arguments, manifest, xyz, lammps-data, nist or "
        "system\n",
        stderr);
    std::exit(64);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen->read({data, size});
  return 0;
}
