// The folder of a series of checkpoints, as one process sees it: names, drafts that become checkpoints, and
// what goes away.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/core/integer.hpp"
#include "tutti/files/folder.hpp"

namespace tutti::checkpoint {

/// A checkpoint that is complete: "00018-step-1300" is the 18th of its folder, written after step 1300.
/// Numbers grow with each checkpoint, steps need not: a job may go back to an earlier one.
struct Stored {
  Index number = 0;
  Index step = 0;
  std::string name;
};

/// A checkpoint that is being written, in a folder ".NAME.TAG.RANDOM.tmp" beside its later place. Removed at
/// the end of its life, unless it has been completed.
class Draft {
 public:
  /// @param folder  of the series
  Draft(const std::string& folder, Index number, Index step);
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft();

  const std::string& name() const { return name_; }
  const std::string& temporary() const { return temporary_; }  ///< its folder
  std::string place() const { return folder_ + "/" + name_; }  ///< its later folder; errors call it so

  /// A file in it. @param synchronized  whether its bytes are to be on the medium
  enum class To : bool { system, medium };
  void make_file(const std::string& name, std::string_view contents, To to) const;

  /// Everything in it is on the medium: gives it its name, in one step, and makes that durable.
  void complete();

 private:
  std::string folder_, name_, temporary_;
  bool completed_ = false;
};

class Folder {
 public:
  /// Nothing is made or read. @throws UsageError for an empty name
  explicit Folder(std::string path);
  const std::string& path() const { return path_; }

  /// What is there, the newest first. None if there is no such folder.
  /// @throws FileError if it cannot be read
  std::vector<Stored> stored() const;

  /// Makes the folder and takes its lock, the first time. Removes what writers that are dead left behind.
  /// @return for the user: what may be theirs and stays
  /// @throws OutputError if it cannot be made, or another job writes in it
  std::vector<std::string> begin_writing();

  /// The next checkpoint.
  std::unique_ptr<Draft> draft(Index step) const;

  /// After a new one: moves `latest`, a symbolic link, to it, and removes all but the newest `keep`; those
  /// numbered in `damaged` do not count.
  /// @return for the user: what could not be moved or removed
  std::vector<std::string> settle(const std::string& newest, int keep, const std::set<Index>& damaged) const;

 private:
  void remove_older(int keep, const std::set<Index>& damaged, std::vector<std::string>& left) const;
  std::vector<std::string> names() const;

  std::string path_;
  std::optional<files::FolderLock> lock_;
};

}  // namespace tutti::checkpoint
