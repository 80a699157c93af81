#include "tutti/forecast/verdict.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "tutti/core/text.hpp"
#include "tutti/memory/byte_size.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::forecast {

namespace {

using memory::Category;

// Tries changes of one job, and keeps those that help.
class Search {
 public:
  Search(const Base& base, const Room& room, std::uint64_t before)
      : base_(base), room_(room), before_(before) {}

  std::uint64_t node_bytes(const Job& job) const { return forecast(job, base_).total.node; }
  bool fits(const Job& job) const { return room_.judge(node_bytes(job)) == Fit::fits; }

  void keep(const std::string& change, const Job& job) {
    const std::uint64_t bytes = node_bytes(job);
    if (bytes < before_) found_.push_back({change, bytes, room_.judge(bytes)});
  }

  bool has_one() const {
    return std::any_of(found_.begin(), found_.end(), [](const Remedy& r) { return r.fit == Fit::fits; });
  }

  std::vector<Remedy> sorted() && {
    const auto enough = std::stable_partition(found_.begin(), found_.end(),
                                              [](const Remedy& r) { return r.fit == Fit::fits; });
    std::stable_sort(enough, found_.end(),
                     [](const Remedy& a, const Remedy& b) { return a.node_bytes < b.node_bytes; });
    return std::move(found_);
  }

 private:
  const Base& base_;
  const Room& room_;
  std::uint64_t before_;
  std::vector<Remedy> found_;
};

// The array of which a node has most, among those that `which` admits.
std::optional<std::size_t> largest(const Job& job, const Base& base,
                                   const std::function<bool(const Array&)>& which) {
  std::optional<std::size_t> best;
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < job.arrays.size(); ++i) {
    if (!which(job.arrays[i])) continue;
    const std::uint64_t bytes =
        forecast({job.ranks, job.per_node, {job.arrays[i]}}, base).parts[0].bytes.node;
    if (bytes <= most) continue;
    most = bytes;
    best = i;
  }
  return best;
}

bool is_replicated(const Array& array) { return array.category == Category::replicated; }

Job with_all_shared(Job job) {
  for (Array& array : job.arrays)
    if (is_replicated(array)) array.category = Category::node_shared;
  return job;
}

void try_sharing(Search& search, const Job& job, const Base& base) {
  const auto chosen = largest(job, base, is_replicated);
  if (!chosen || job.ranks_on_fullest_node() == 1) return;
  Job shared = job;
  shared.arrays[*chosen].category = Category::node_shared;
  search.keep(text("share ", printable(job.arrays[*chosen].name), " (NodeShared)"), shared);
  if (std::count_if(job.arrays.begin(), job.arrays.end(), is_replicated) > 1)
    search.keep("share all replicated arrays (NodeShared)", with_all_shared(job));
}

// The most ranks on a node with which the job fits, on as many nodes as that takes.
void try_fewer_per_node(Search& search, Job job, const std::string& before) {
  int enough = 0, too_many = job.ranks_on_fullest_node();
  while (too_many - enough > 1) {
    job.per_node = enough + (too_many - enough) / 2;
    (search.fits(job) ? enough : too_many) = job.per_node;
  }
  if (enough == 0) return;
  job.per_node = enough;
  search.keep(
      text(before, "at most ", counted(enough, "rank"), " per node (", counted(job.nodes(), "node"), ")"),
      job);
}

// The fewest nodes, all full, on which the job fits.
void try_more_nodes(Search& search, Job job, const std::string& before) {
  const bool moves = std::all_of(job.arrays.begin(), job.arrays.end(), [](const Array& array) {
    return array.category != Category::distributed || array.layout.boundaries().empty();
  });
  if (!moves) return;
  const int width = job.per_node = job.ranks_on_fullest_node();
  const int most = std::min(INT32_MAX / width, 1 << 20);
  const auto fits_on = [&](int nodes) {
    job.ranks = nodes * width;
    return search.fits(job);
  };
  int too_few = job.nodes(), enough = too_few;
  while (enough < most && !fits_on(enough)) {
    too_few = enough;
    enough = std::min(most, 2 * enough);
  }
  if (!fits_on(enough)) return;
  while (enough - too_few > 1) {
    const int middle = too_few + (enough - too_few) / 2;
    (fits_on(middle) ? enough : too_few) = middle;
  }
  job.ranks = enough * width;
  search.keep(text(before, "at least ", counted(enough, "node"), " (", counted(job.ranks, "rank"), ")"), job);
}

void try_smaller_type(Search& search, Job job, const Base& base) {
  const auto chosen = largest(job, base, [](const Array& array) {
    return (array.element_bytes == 8 || array.element_bytes == 16) && array.origin == Origin::computed;
  });
  if (!chosen) return;
  Array& array = job.arrays[*chosen];
  array.element_bytes /= 2;
  search.keep(text("store ", printable(array.name), " in ", array.element_bytes, " bytes an element"), job);
}

}  // namespace

const char* name(Fit fit) {
  switch (fit) {
    case Fit::fits:
      return "fits";
    case Fit::too_close:
      return "too close";
    case Fit::does_not_fit:
      break;
  }
  return "does not fit";
}

std::uint64_t Room::margin(std::uint64_t bytes) const {
  const double error = std::clamp(known_error, 0.03, 0.25);
  const double margin = std::min(0x1p62, error * static_cast<double>(bytes));
  return std::max<std::uint64_t>(std::uint64_t{4} << 20U, static_cast<std::uint64_t>(margin));
}

Fit Room::judge(std::uint64_t bytes) const {
  if (bytes > usable()) return Fit::does_not_fit;
  return memory::saturating_sum(bytes, margin(bytes)) > usable() ? Fit::too_close : Fit::fits;
}

Room room_here() {
  const memory::Budget budget = memory::Budget::from_environment();
  const memory::Limit given = budget.smallest_given();
  const memory::SystemMemory system = memory::system_memory();
  Room room;
  room.limit = {system.available, "free memory of this node"};
  if (system.cgroup && system.cgroup->available() < room.limit.bytes)
    room.limit = {system.cgroup->available(), text("cgroup ", system.cgroup->folder)};
  if (given.bytes < room.limit.bytes) {
    room.limit = given;
    room.all_of_the_node = false;
  }
  return room;
}

std::vector<Remedy> remedies(const Job& job, const Base& base, const Room& room) {
  Search search(base, room, forecast(job, base).total.node);
  try_sharing(search, job, base);
  try_fewer_per_node(search, job, "");
  try_more_nodes(search, job, "");
  try_smaller_type(search, job, base);
  if (!search.has_one() && std::any_of(job.arrays.begin(), job.arrays.end(), is_replicated)) {
    const std::string before = "share all replicated arrays (NodeShared), and ";
    try_fewer_per_node(search, with_all_shared(job), before);
    try_more_nodes(search, with_all_shared(job), before);
  }
  return std::move(search).sorted();
}

}  // namespace tutti::forecast
