// A folder that all ranks of a World see, made and removed by rank 0.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "tutti/comm/collectives.hpp"

#include "temporary_folder.hpp"

namespace tutti {

class SharedFolder {
 public:
  /// Collective.
  explicit SharedFolder(const World& world) : world_(world) {
    if (world.rank() == 0) folder_.emplace();
    std::string path = folder_ ? folder_->path() : std::string();
    path.resize(static_cast<std::size_t>(broadcast(world, static_cast<Index>(path.size()), 0)));
    broadcast(world, path, 0);
    path_ = path;
  }
  SharedFolder(const SharedFolder&) = delete;
  SharedFolder& operator=(const SharedFolder&) = delete;
  /// Not collective: leave() first, so that no rank still reads.
  ~SharedFolder() = default;

  std::string path(std::string_view name = {}) const { return path_ + std::string(name); }

  /// Collective. Rank 0 makes a file. @return its path.
  /// @param contents  text, or a function that returns it and is called on rank 0 only
  template <class Contents>
  std::string file(std::string_view name, const Contents& contents) const {
    barrier(world_);
    if (folder_) {
      if constexpr (std::is_invocable_v<const Contents&>)
        folder_->file(name, contents());
      else
        folder_->file(name, contents);
    }
    barrier(world_);
    return path(name);
  }

  /// Collective. Files in the folder, hidden ones too.
  Index count() const {
    barrier(world_);
    const Index found = folder_ ? static_cast<Index>(folder_->count()) : 0;
    return broadcast(world_, found, 0);
  }

  /// Collective. Nobody uses the folder any more.
  void leave() const { barrier(world_); }

 private:
  const World& world_;
  std::optional<TemporaryFolder> folder_;  // on rank 0
  std::string path_;
};

}  // namespace tutti
