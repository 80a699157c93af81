// One checkpoint, to be read.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tutti/checkpoint/array_access.hpp"
#include "tutti/checkpoint/notes.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/distribution/layout.hpp"

namespace tutti {

/// An array in a checkpoint.
struct ArrayInfo {
  std::string name;
  std::string dtype;         ///< NumPy's notation: "<f8"
  std::vector<Index> shape;  ///< extents of its dimensions
  Index bytes = 0;
};

/// What Checkpoints::restore() hands to a function. The ranks that read it need not be as many as those that
/// wrote it, nor need the arrays be divided alike. All that is read is compared with its checksums.
class Checkpoint {
 public:
  Index step() const;
  const Notes& notes() const;
  const std::vector<ArrayInfo>& arrays() const;
  const std::string& path() const;  ///< its folder

  /// Collective. Fills x, a DistVector of any layout, a DistArray or HaloArray on any grid, with the array of
  /// this name; ghosts and boundary values stay as they are. Five packets; elements that are dealt out singly
  /// travel once between the ranks.
  /// @throws on all ranks, FormatError if there is no such array or it has other elements than x (restore()
  /// goes on with the checkpoint before it where the file is damaged); ShapeError if it has another shape,
  /// but that a DistVector takes arrays of any shape, in C order, of as many elements; IoError, FileError. x
  /// is then unspecified.
  template <class Array>
  void read(const std::string& name, Array& x, Site site = {}) const {
    read_into(name, checkpoint::access(x), site);
  }

  /// Collective. The same as a new vector, of as many elements as the array has.
  template <Movable T>
  DistVector<T> read(const std::string& name, const Layout& layout = block, Site site = {}) const {
    DistVector<T> x(world_, agreed_elements(name, checkpoint::element_form<T>(), site), layout, name, site);
    read(name, x, site);
    return x;
  }

  /// Collective. Reads all arrays, and compares them with their checksums; keeps nothing.
  /// @throws as read()
  void verify(Site site = {}) const;

  /// For Checkpoints. Collective. @param path  rank 0's counts
  Checkpoint(const World& world, const std::string& path, Site site);
  /// Whether something that was read was damaged.
  bool is_damaged() const;

 private:
  struct Contents;
  using GiveBytes = std::function<void(Index offset, std::span<std::byte> bytes)>;
  void read_into(const std::string& name, const checkpoint::ArrayAccess& x, Site site) const;
  void read_checked(std::size_t index, const std::function<void(const GiveBytes&)>& read, Site site) const;
  Index elements(const std::string& name, const checkpoint::ElementForm& element) const;
  Index agreed_elements(const std::string& name, const checkpoint::ElementForm& element, Site site) const;
  std::size_t find(const std::string& name) const;

  World world_;
  std::shared_ptr<Contents> contents_;
};

}  // namespace tutti
