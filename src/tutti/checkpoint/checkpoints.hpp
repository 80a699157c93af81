// Checkpoints: what P ranks wrote, Q ranks continue.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tutti/checkpoint/array_access.hpp"
#include "tutti/checkpoint/checkpoint.hpp"
#include "tutti/checkpoint/notes.hpp"
#include "tutti/comm/world.hpp"

namespace tutti {

namespace checkpoint {
struct Manifest;
struct Stored;
}  // namespace checkpoint

/// What restore() does with a damaged checkpoint.
enum class Damaged {
  use_previous,  ///< says so on stderr, and goes on with the one before it
  refuse         ///< throws what is wrong with it
};

struct CheckpointOptions {
  int keep = 2;  ///< so many stay in the folder, the newest; at least 1
  Damaged damaged = Damaged::use_previous;
};

/// A folder of checkpoints of one job. A checkpoint is a folder in it, "00018-step-1300": the arrays as .npy
/// files, and manifest.json with the notes and checksums. Its bytes do not depend on the number of ranks or
/// the layouts. It appears under its name when all of it is on the medium, or not at all: whatever happens
/// while one is written, those before it are whole. Older ones are removed when a new one is there. `latest`
/// is a symbolic link to the newest. See docs/checkpoints.md.
///
///     Checkpoints checkpoints(world, "run.checkpoints", {.keep = 3});
///     Index step = 0;
///     checkpoints.restore([&](const Checkpoint& saved) {
///       saved.read("u", u);
///       step = saved.step();
///     });
///     while (step < 1000) {
///       advance(u);
///       if (++step % 100 == 0) checkpoints.write(step, {{"u", u}}, {{"seed", seed}});
///     }
class Checkpoints {
 public:
  /// Collective. One packet. Nothing is made or read.
  /// @param folder  that all ranks see. write() makes it, but not the one that it is in.
  /// @throws UsageError for an empty name, or keep < 1; MismatchError if ranks give different names or
  /// options
  Checkpoints(const World& world, const std::string& folder, CheckpointOptions options = {}, Site site = {});
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;
  ~Checkpoints();

  /// Collective. Writes a checkpoint; when it returns, it is complete and on the medium. Each rank writes its
  /// own elements to their places, elements that are dealt out singly in long ranges after one exchange a
  /// MiB; at most 2 MiB of buffers a rank. Seven packets, and four more for each array.
  /// @param arrays  {{"u", u}, {"v", v}}: of this World; their names are letters, digits, '_', '-' and '.'
  /// @param notes   {{"seed", 7}, {"dt", 0.1}}: small values; the same on all ranks
  /// @return its folder
  /// @throws on all ranks, and leaves nothing of it behind (but where the system cannot say whether its name
  /// is durable): UsageError for a bad name or a negative step;
  /// OutputError if it cannot be made, or another job writes in the folder; IoError if writing fails (full
  /// disk, quota); MismatchError if ranks give different names, shapes or notes.
  std::string write(Index step, const std::vector<SavedArray>& arrays, const Notes& notes = {},
                    Site site = {});

  /// Collective. Calls f with the newest checkpoint, as together() does: f succeeds on all ranks or throws on
  /// all, and may use this World, and no other one. If it is damaged (its manifest, or an array that f
  /// reads), f is called again with the one before it: f is to set anew all that it sets.
  /// @return whether there was a checkpoint
  /// @throws what f throws otherwise; FormatError if all are damaged, or one was written by a later version
  bool restore(const std::function<void(const Checkpoint&)>& f, Site site = {});

  /// Collective. Calls f with the checkpoint of this step, the newest if there are several; no other will do.
  /// @throws FileError if there is none; what is wrong with it, if it is damaged
  void restore(Index step, const std::function<void(const Checkpoint&)>& f, Site site = {});

  /// Collective. The steps of those in the folder, in the order in which they were written. They may be
  /// damaged.
  std::vector<Index> steps(Site site = {}) const;

 private:
  struct State;
  void write_arrays(const std::vector<SavedArray>& arrays, checkpoint::Manifest& manifest,
                    const std::string& temporary, const std::string& place, Site site);
  checkpoint::Stored next_but(const std::set<Index>& tried, Site site) const;
  bool try_one(const std::string& path, const std::function<void(const Checkpoint&)>& f, std::string& problem,
               Site site);

  World world_;
  std::unique_ptr<State> state_;
};

}  // namespace tutti
