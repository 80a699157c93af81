#include "tutti/checkpoint/checkpoints.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <set>

#include "tutti/checkpoint/chunk_sums.hpp"
#include "tutti/checkpoint/damage.hpp"
#include "tutti/checkpoint/folder.hpp"
#include "tutti/checkpoint/manifest.hpp"
#include "tutti/comm/agree.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/files/atomic_file.hpp"
#include "tutti/io/shared_text.hpp"
#include "tutti/io/two_phase.hpp"

namespace tutti {

namespace {

using checkpoint::Manifest;

constexpr Index early = Index{8} << 20U;  // neighbouring bytes that are worth a call to the system

constexpr comm::Operation open_operation{"checkpoints"};
constexpr comm::Operation write_operation{"write checkpoint"};

void say(const std::string& problem) { std::fputs(text("tutti: warning: ", problem, "\n").c_str(), stderr); }

// What is to be written, without its checksums.
Manifest describe(const World& world, Index step, const std::vector<SavedArray>& arrays, const Notes& notes) {
  if (step < 0) throw UsageError(text("checkpoint: step ", step, "; give one of at least 0"));
  Manifest manifest;
  manifest.step = step;
  manifest.notes = notes;
  std::set<std::string> names;
  for (const SavedArray& array : arrays) {
    if (!checkpoint::is_array_name(array.name))
      throw UsageError(text("checkpoint: an array is called '", printable(array.name),
                            "'; give it letters, digits, '_', '-' and '.', not '.' at first, at most 100"));
    if (!names.insert(array.name).second)
      throw UsageError(
          text("checkpoint: two arrays are called ", array.name, "; give each a name of its own"));
    checkpoint::require_same(world, array.access.world, array.name);
    const checkpoint::ElementForm& element = array.access.element;
    manifest.arrays.push_back(
        {array.name, element.dtype, array.access.shape(), checkpoint::bytes_of_dtype(element.dtype)});
  }
  return manifest;
}

}  // namespace

struct Checkpoints::State {
  checkpoint::Folder folder;
  CheckpointOptions options;
  std::set<Index> damaged;     // on rank 0: numbers of those that restore() found so
  std::set<std::string> said;  // on rank 0

  void say_once(const std::vector<std::string>& problems) {
    for (const std::string& problem : problems)
      if (said.insert(problem).second) say(problem);
  }
};

Checkpoints::Checkpoints(const World& world, const std::string& folder, CheckpointOptions options, Site site)
    : world_(world) {
  comm::Call call{open_operation, site};
  call.detail = core::mix(core::hash(folder), core::mix(static_cast<std::uint64_t>(options.keep),
                                                        static_cast<std::uint64_t>(options.damaged)));
  call.note = folder;
  comm::agree(world, call, [&] {
    if (options.keep < 1) throw UsageError(text("checkpoints: keep = ", options.keep, "; keep at least 1"));
    state_ = std::make_unique<State>(State{checkpoint::Folder(folder), options, {}, {}});
  });
}

Checkpoints::~Checkpoints() = default;

std::string Checkpoints::write(Index step, const std::vector<SavedArray>& arrays, const Notes& notes,
                               Site site) {
  Manifest manifest;
  comm::Call call{write_operation, site, comm::no_elements, step};
  world_.together(
      "describe a checkpoint",
      [&] {
        manifest = describe(world_, step, arrays, notes);
        call.detail = core::hash(checkpoint::format_manifest(manifest, checkpoint::Sums::left_out));
      },
      site);
  comm::agree(world_, call, [] {});

  std::unique_ptr<checkpoint::Draft> draft;  // on rank 0; what fails removes it
  std::string places;
  world_.together(
      "create a checkpoint",
      [&] {
        if (world_.rank() != 0) return;
        state_->say_once(state_->folder.begin_writing());
        draft = state_->folder.draft(step);
        for (const checkpoint::ArrayForm& form : manifest.arrays)
          draft->make_file(form.file(), form.header(), checkpoint::Draft::To::system);
        places = text(draft->temporary(), '\n', draft->place());
      },
      site);
  places = io::shared_text(world_, std::move(places), site);
  const std::string temporary = places.substr(0, places.find('\n'));
  std::string place = places.substr(places.find('\n') + 1);
  write_arrays(arrays, manifest, temporary, place, site);
  world_.together(
      "complete " + place,
      [&] {
        if (!draft) return;
        draft->make_file(checkpoint::manifest_name, checkpoint::format_manifest(manifest),
                         checkpoint::Draft::To::medium);
        draft->complete();  // whatever goes wrong from here on: the checkpoint is there
        state_->say_once(state_->folder.settle(draft->name(), state_->options.keep, state_->damaged));
      },
      site);
  return place;
}

// All elements to the medium, and their checksums into rank 0's manifest.
void Checkpoints::write_arrays(const std::vector<SavedArray>& arrays, Manifest& manifest,
                               const std::string& temporary, const std::string& place, Site site) {
  std::vector<OutputPart> parts;
  std::vector<checkpoint::ChunkSums> sums;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const checkpoint::ArrayForm& form = manifest.arrays[i];
    const std::string name = text(place, '/', form.file());
    world_.together(
        "write " + name,
        [&] {
          const auto header = static_cast<Index>(form.header().size());
          const checkpoint::ArrayAccess& x = arrays[i].access;
          OutputPart& part = parts.emplace_back(text(temporary, '/', form.file()), name);
          checkpoint::ChunkSums& own = sums.emplace_back(manifest.chunk);
          io::write_elements(
              world_, io::Placement(x.owners, x.element.bytes), x.part, form.name,
              [&, begun = Index{0}, end = Index{0}](Index offset, std::span<const std::byte> bytes) mutable {
                own.add(offset, bytes);  // first: then they lie in the cache when they are copied
                part.write_at(header + offset, bytes);
                if (offset != end) begun = offset;
                end = offset + static_cast<Index>(bytes.size());
                if (end - begun < early) return;
                part.begin_synchronizing(header + begun, end - begun);
                begun = end;
              },
              site);
        },
        site);
  }
  world_.together(
      "bring " + place + " to the medium",
      [&] {
        for (std::size_t i = 0; i < parts.size(); ++i)
          if (world_.rank() == 0 || !sums[i].parts().empty()) parts[i].synchronize();  // rank 0: the header
      },
      site);
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    auto all = gather(world_, sums[i].parts(), 0, site);
    world_.together(
        "join the checksums of " + arrays[i].name,
        [&] {
          if (world_.rank() == 0)
            manifest.sums.push_back(checkpoint::joined(std::move(all), manifest.arrays[i].bytes(),
                                                       manifest.chunk, arrays[i].name));
        },
        site);
  }
}

bool Checkpoints::restore(const std::function<void(const Checkpoint&)>& f, Site site) {
  std::set<Index> tried;  // their numbers
  Index damaged = 0;
  std::string newest, untold;  // what is wrong: with the newest, and with the one before
  for (;;) {
    const checkpoint::Stored next = next_but(tried, site);
    if (world_.rank() == 0 && !untold.empty() && next.number >= 0) say(text(untold, "; trying ", next.name));
    untold.clear();
    if (next.number < 0) break;
    const std::string path = text(state_->folder.path(), '/', next.name);
    std::string problem;
    if (try_one(path, f, problem, site)) return true;
    tried.insert(next.number);
    if (any(world_, world_.rank() == 0 && !std::filesystem::exists(path), site))
      continue;  // too old for its writer
    if (world_.rank() == 0) state_->damaged.insert(next.number);
    if (damaged++ == 0) newest = problem;
    untold = problem;
  }
  if (damaged == 0) return false;
  throw FormatError(text(state_->folder.path(), ": none of ", counted(damaged, "checkpoint"),
                         " can be used; of the newest: ", newest),
                    {state_->folder.path(), {0, 0}});
}

// The newest of those that have not been tried; its number is -1 if there is none. Its name is on rank 0.
// The folder is read anew each time: its writer may be at work.
checkpoint::Stored Checkpoints::next_but(const std::set<Index>& tried, Site site) const {
  checkpoint::Stored next{-1, 0, {}};
  world_.together(
      "look for checkpoints",
      [&] {
        if (world_.rank() != 0) return;
        const std::vector<checkpoint::Stored> stored = state_->folder.stored();
        const auto found = std::find_if(stored.begin(), stored.end(),
                                        [&](const auto& one) { return tried.count(one.number) == 0; });
        if (found != stored.end()) next = *found;
      },
      site);
  next.number = broadcast(world_, next.number, 0, site);
  return next;
}

// Whether it could be used. If it is damaged, and another one may be tried: what is wrong with it.
bool Checkpoints::try_one(const std::string& path, const std::function<void(const Checkpoint&)>& f,
                          std::string& problem, Site site) {
  const bool refuse = state_->options.damaged == Damaged::refuse;
  std::unique_ptr<Checkpoint> saved;
  try {
    saved = std::make_unique<Checkpoint>(world_, path, site);
  } catch (const Error& error) {
    if (refuse || !checkpoint::is_damage(error)) throw;
    problem = error.message();
    return false;
  }
  try {
    world_.together(
        "use " + saved->path(), [&] { f(*saved); }, site);
    return true;
  } catch (const Error& error) {
    // An error of f's own, on one rank, meets others while they read, and looks like damage to them.
    if (refuse || !checkpoint::is_damage(error) || any(world_, !saved->is_damaged(), site)) throw;
    problem = error.message();
    return false;
  }
}

void Checkpoints::restore(Index step, const std::function<void(const Checkpoint&)>& f, Site site) {
  const std::string path = world_.together(
      "look for a checkpoint",
      [&]() -> std::string {
        if (world_.rank() != 0) return {};
        std::string steps;
        for (const checkpoint::Stored& one : state_->folder.stored()) {
          if (one.step == step) return text(state_->folder.path(), '/', one.name);
          steps = text(one.step, steps.empty() ? "" : ", ", steps);
        }
        throw FileError(text(state_->folder.path(), ": there is no checkpoint of step ", step, "; there is ",
                             steps.empty() ? "none" : steps),
                        {state_->folder.path(), {ENOENT, 0}});
      },
      site);
  const Checkpoint saved(world_, path, site);
  world_.together(
      "use " + saved.path(), [&] { f(saved); }, site);
}

std::vector<Index> Checkpoints::steps(Site site) const {
  std::vector<Index> mine;
  world_.together(
      "look for checkpoints",
      [&] {
        if (world_.rank() != 0) return;
        for (const checkpoint::Stored& one : state_->folder.stored()) mine.insert(mine.begin(), one.step);
      },
      site);
  return all_gather(world_, mine, site);
}

}  // namespace tutti
