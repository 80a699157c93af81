// One rank of a job that has never heard of tutti, nor of MPI, with memory of a known kind:
//
//   rank_memory same MIB SECONDS        the same numbers on each rank
//   rank_memory different MIB SECONDS   other numbers on each
//   rank_memory shared MIB SECONDS FILE    the file, mapped shared
//   rank_memory file MIB SECONDS FILE      the file, mapped privately and only read
//   rank_memory hidden MIB SECONDS      as same, but nobody may look (prctl PR_SET_DUMPABLE)
//   rank_memory bytes                   writes all byte values to stdout, many times
//
// Prints whether the memory is still the same at the end. A second thread is there to be stopped, too.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

std::uint64_t rank() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID"})
    if (const char* value = std::getenv(name)) return std::strtoull(value, nullptr, 10);
  return 0;
}

std::vector<std::uint64_t> numbers(std::size_t count, std::uint64_t seed) {
  std::vector<std::uint64_t> result;
  result.reserve(count);  // and no zeros first: what is resident is filled
  while (result.size() < count) result.push_back(seed = seed * 6364136223846793005U + 1442695040888963407U);
  return result;
}

const std::uint64_t* mapped(const char* path, std::size_t bytes, int flags) {
  const int file = ::open(path, O_RDONLY);
  void* const data = ::mmap(nullptr, bytes, PROT_READ, flags, file, 0);
  if (data == MAP_FAILED) std::exit(9);
  return static_cast<const std::uint64_t*>(data);
}

std::uint64_t sum_of(const std::uint64_t* data, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += data[i];
  return sum;
}

int write_bytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (int i = 0; i < 4096; ++i)
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) return 1;
  return std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "bytes") return write_bytes();
  if (argc < 4) return 64;
  const std::size_t count = std::strtoull(argv[2], nullptr, 10) << 17U;
  const std::chrono::duration<double> life(std::strtod(argv[3], nullptr));
  if (what == "hidden") ::prctl(PR_SET_DUMPABLE, 0);
  std::vector<std::uint64_t> own;
  const std::uint64_t* data = nullptr;
  if (what == "shared" || what == "file") {
    data = mapped(argv[4], count * sizeof *data, what == "shared" ? MAP_SHARED : MAP_PRIVATE);
  } else {
    own = numbers(count, what == "different" ? rank() + 2 : 1);
    data = own.data();
  }
  const std::uint64_t before = sum_of(data, count);
  std::atomic<bool> over = false;
  std::thread worker([&] {
    while (!over) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  const auto end = std::chrono::steady_clock::now() + life;
  while (std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  over = true;
  worker.join();
  std::printf("%s %s\n", what.c_str(), before == sum_of(data, count) ? "unchanged" : "changed");
  return 0;
}
