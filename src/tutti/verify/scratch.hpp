// A private folder for what runs print and write, removed at the end.
#pragma once

#include <string>

namespace tutti::verify {

class Scratch {
 public:
  /// In TMPDIR, else in /tmp; nobody else may look into it.
  /// @throws OutputError if it cannot be made.
  Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  /// A path in it.
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  /// Removes what the path names, if it is there.
  static void remove(const std::string& path);
  /// Moves a regular file into the folder; across file systems, too.
  /// @throws IoError if it cannot be copied or removed.
  void take(const std::string& from, const std::string& name) const;

 private:
  std::string folder_;
};

}  // namespace tutti::verify
