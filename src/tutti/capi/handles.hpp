// Handles: what C programs hold instead of our objects.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tutti/array/node_array.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"
#include "tutti/tutti.h"

namespace tutti::capi {

/// What the handle of a World stands for.
struct OpenWorld {
  World world;
  std::vector<std::string> sections;  ///< what the open guarded sections do, outermost first
};

/// The objects of one kind, by handle. A handle is a number in the form of a pointer: it is never followed,
/// and never given out twice, so that one that was freed, or made up, is told from all others for certain.
template <class Handle, class Object>
class Table {
 public:
  /// @param kind  less than 16; tells the handles of several tables apart
  Table(const char* thing, const char* maker, std::uintptr_t kind)
      : thing_(thing), maker_(maker), kind_(kind) {}

  Handle* add(std::shared_ptr<Object> object) {
    const std::lock_guard lock(mutex_);
    objects_.emplace(used_ + 1, std::move(object));
    const std::uintptr_t number = ++used_ * kinds + kind_;
    return reinterpret_cast<Handle*>(number);  // NOLINT(performance-no-int-to-ptr): see above
  }

  /// @throws UsageError for what is no handle, or none any more.
  std::shared_ptr<Object> at(const Handle* handle) const {
    const std::lock_guard lock(mutex_);
    return objects_.at(number_of(handle));
  }

  void remove(const Handle* handle) {
    const std::lock_guard lock(mutex_);
    objects_.erase(number_of(handle));
  }

 private:
  static constexpr std::uintptr_t kinds = 16;

  std::uintptr_t number_of(const Handle* handle) const {
    const auto value = reinterpret_cast<std::uintptr_t>(handle);
    const std::uintptr_t number = value / kinds;
    if (handle == nullptr) throw UsageError(text("the ", thing_, " is NULL; make it by ", maker_));
    if (value % kinds != kind_ || number == 0 || number > used_)
      throw UsageError(text("this is no ", thing_, "; give one that ", maker_, " has made"));
    if (!objects_.contains(number))
      throw UsageError(text("the ", thing_, " was freed before; make another by ", maker_));
    return number;
  }

  const char* thing_;
  const char* maker_;
  std::uintptr_t kind_;
  mutable std::mutex mutex_;
  std::map<std::uintptr_t, std::shared_ptr<Object>> objects_;
  std::uintptr_t used_ = 0;
};

using Worlds = Table<tutti_world, OpenWorld>;
using NodeArrays = Table<tutti_node_array, array::NodeArray>;

/// The tables of this process. C functions have no other place to look: these are, beside run()'s, the
/// mutable globals of the library. They are never destroyed, since what they hold may outlive MPI.
Worlds& worlds();
NodeArrays& node_arrays();

}  // namespace tutti::capi
