// One copy per node against one private copy: creating and filling it, reading it, and what it takes of the
// node.
//
//   bench_node_shared BYTES REPEATS          (any number of ranks; times in seconds, each rank's slowest)
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <sys/mman.h>

#include <tutti/tutti.hpp>

#include <mpi.h>

namespace {

using tutti::Index;

void fill(std::span<Index> part, Index first) {
  for (Index& element : part) element = first++;
}

Index read(std::span<const Index> all) {
  Index sum = 0;
  for (const Index element : all) sum += element;
  return sum;
}

/// Memory as a program gets it without asking for huge pages: in pages of 4 KiB, when it touches them.
class PrivatePages {
 public:
  explicit PrivatePages(std::size_t elements) : bytes_(elements * sizeof(Index)) {
    data_ = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data_ == MAP_FAILED) throw tutti::SystemError("no memory", {});
    ::madvise(data_, bytes_, MADV_NOHUGEPAGE);
  }
  PrivatePages(const PrivatePages&) = delete;
  PrivatePages& operator=(const PrivatePages&) = delete;
  ~PrivatePages() { ::munmap(data_, bytes_); }
  std::span<Index> all() const { return {static_cast<Index*>(data_), bytes_ / sizeof(Index)}; }

 private:
  std::size_t bytes_;
  void* data_;
};

class Bench {
 public:
  Bench(const tutti::World& world, Index elements) : world_(world), elements_(elements) {}

  void one_private() {
    const bool mine = world_.rank() == 0;
    std::unique_ptr<PrivatePages> pages;
    seconds("private_fill", [&] {
      if (!mine) return;
      pages = std::make_unique<PrivatePages>(static_cast<std::size_t>(elements_));
      fill(pages->all(), 0);
    });
    for (const char* name : {"private_read_first", "private_read"})
      seconds(name, [&] {
        if (mine) check(read(pages->all()));
      });
  }

  void one_huge() {
    const bool mine = world_.rank() == 0;
    std::unique_ptr<tutti::memory::Buffer<Index>> buffer;
    seconds("huge_fill", [&] {
      if (!mine) return;
      buffer = std::make_unique<tutti::memory::Buffer<Index>>(static_cast<std::size_t>(elements_), "huge",
                                                              world_.ledger());
      fill(buffer->span(), 0);
    });
    seconds("huge_read", [&] {
      if (mine) check(read(buffer->span()));
    });
  }

  void one_shared() {
    const std::uint64_t before = node_pss();
    std::optional<tutti::NodeShared<Index>> shared;
    seconds("shared_fill", [&] {
      shared.emplace(world_, elements_, "data");
      shared->publish(fill);
    });
    const auto by_one = [&] {
      if (world_.rank() == 0) check(read(shared->view()));
    };
    seconds("shared_read_first", by_one);
    seconds("shared_read", by_one);
    check(read(shared->view()));  // all ranks: now the page tables of all are full
    add("pss_growth", static_cast<double>(node_pss() - before));
  }

  void update() {
    tutti::UpdatableNodeShared<Index> shared(world_, elements_, "data");
    for (const char* name : {"update_first", "update"}) seconds(name, [&] { shared.update(fill); });
  }

  void print() {
    if (world_.rank() == 0) std::printf("{%s\"bytes\": %td}\n", line_.c_str(), elements_ * 8);
    line_.clear();
  }

 private:
  template <class F>
  void seconds(const char* name, const F& f) {
    tutti::barrier(world_);
    const double start = MPI_Wtime();
    f();
    add(name, tutti::max(world_, MPI_Wtime() - start));
  }
  void add(const char* name, double value) { line_ += tutti::text("\"", name, "\": ", value, ", "); }
  void check(Index sum) const {
    if (sum != elements_ * (elements_ - 1) / 2) throw tutti::InternalError("wrong data");
  }
  std::uint64_t node_pss() const {
    tutti::barrier(world_);  // a page that a rank has not yet mapped counts for the others
    const auto memory = tutti::memory::process_memory();
    return static_cast<std::uint64_t>(
        tutti::sum(world_, static_cast<Index>(memory && memory->pss ? *memory->pss : 0)));
  }

  tutti::World world_;
  Index elements_;
  std::string line_;
};

Index number(const char* word) {
  Index value = 0;
  const char* const end = word + std::strlen(word);
  if (std::from_chars(word, end, value).ptr != end || value <= 0)
    throw tutti::UsageError("bench_node_shared BYTES REPEATS");
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  return tutti::run(argc, argv, [&](tutti::World& world) {
    if (argc != 3) throw tutti::UsageError("bench_node_shared BYTES REPEATS");
    Bench bench(world, number(argv[1]) / 8);
    for (Index repeat = 0; repeat < number(argv[2]); ++repeat) {
      bench.one_private();
      bench.one_huge();
      bench.one_shared();
      bench.update();
      bench.print();
    }
  });
}
