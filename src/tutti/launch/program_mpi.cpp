#include "tutti/launch/program_mpi.hpp"

#include <cstring>
#include <elf.h>
#include <fstream>
#include <optional>
#include <vector>

#include "tutti/launch/child_process.hpp"
#include "tutti/memory/proc_text.hpp"

namespace tutti::launch {

namespace {

constexpr double patience = 20;  // seconds; a loader on a busy network file system may take a while

template <class T>
std::optional<T> read_at(std::ifstream& file, std::uint64_t offset) {
  T value{};
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(&value), sizeof value);
  return file ? std::optional(value) : std::nullopt;
}

// The loader that a dynamically linked 64-bit executable of this machine's byte order names.
std::optional<std::string> loader_of(const std::string& path) {
  constexpr std::uint64_t longest_path = 4096;
  std::ifstream file(path, std::ios::binary);
  const auto header = read_at<Elf64_Ehdr>(file, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64)
    return std::nullopt;
  if (header->e_ident[EI_DATA] != (__BYTE_ORDER == __LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB))
    return std::nullopt;
  if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phoff > INT64_MAX / 2) return std::nullopt;
  for (std::uint64_t i = 0; i < header->e_phnum; ++i) {
    const auto segment = read_at<Elf64_Phdr>(file, header->e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment) return std::nullopt;
    if (segment->p_type != PT_INTERP) continue;
    if (segment->p_filesz < 2 || segment->p_filesz > longest_path || segment->p_offset > INT64_MAX)
      return std::nullopt;
    std::string loader(segment->p_filesz, '\0');
    file.seekg(static_cast<std::streamoff>(segment->p_offset));
    if (!file.read(loader.data(), static_cast<std::streamsize>(loader.size()))) return std::nullopt;
    return loader.substr(0, loader.find('\0'));
  }
  return std::nullopt;
}

// "libmpi.so.40" -> 40; nothing if it is not libmpi.
std::optional<std::uint64_t> libmpi_version(std::string_view library) {
  constexpr std::string_view begin = "libmpi.so.";
  if (!library.starts_with(begin)) return std::nullopt;
  library.remove_prefix(begin.size());
  return memory::natural_number(library.substr(0, library.find('.')));
}

}  // namespace

LauncherKind mpi_of_libraries(std::string_view list) {
  constexpr std::uint64_t mpich_abi = 12;
  for (const std::string_view line : memory::lines(list)) {
    const auto word =
        memory::words(line);  // "libmpi.so.40 => /lib/x86_64-linux-gnu/libmpi.so.40 (0x00007f...)"
    if (word.empty()) continue;
    const std::string_view library = word[0].substr(word[0].rfind('/') + 1);
    if (library.starts_with("libmpich.so")) return LauncherKind::mpich;
    if (const auto version = libmpi_version(library))
      return *version == mpich_abi ? LauncherKind::mpich : LauncherKind::openmpi;
  }
  return LauncherKind::unknown;
}

LauncherKind mpi_of_program(const std::string& path) {
  const auto loader = loader_of(path);
  if (!loader) return LauncherKind::unknown;
  return mpi_of_libraries(capture({*loader, "--list", path}, patience).value_or(""));
}

LauncherKind kind_of_version(std::string_view version) {
  const auto says = [&](std::string_view word) { return version.find(word) != std::string_view::npos; };
  if (says("Open MPI") || says("OpenRTE") || says("PRRTE")) return LauncherKind::openmpi;
  if (says("HYDRA") || says("Intel(R) MPI") || says("mvapich")) return LauncherKind::mpich;
  if (version.starts_with("slurm")) return LauncherKind::slurm;
  return LauncherKind::unknown;
}

LauncherKind kind_of_launcher(const std::string& path) {
  return kind_of_version(capture({path, "--version"}, patience).value_or(""));
}

}  // namespace tutti::launch
