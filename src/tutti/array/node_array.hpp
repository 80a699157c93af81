// The part of NodeShared and UpdatableNodeShared that does not depend on the element type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "tutti/comm/call.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/distribution/distribution.hpp"
#include "tutti/memory/ledger.hpp"
#include "tutti/memory/shared_segment.hpp"

namespace tutti {

namespace comm {
class Stripes;
}

/// How many copies of a NodeShared there are.
enum class Placement : std::uint8_t {
  per_node  ///< one for all ranks of a node
};

namespace array {

/// Memory that the ranks of each node share, which all ranks of the World fill together and then only read.
class NodeArray {
 public:
  /// How often it is filled.
  enum class Filled : std::uint8_t {
    once,       ///< one mapping, which becomes read-only
    repeatedly  ///< a mapping to write and one to read, so that no step waits for the page tables
  };
  /// Writes the elements [range.first, range.first + range.count) to `part`.
  using Fill = std::function<void(std::byte* part, Range range)>;

  NodeArray(const World& world, const comm::ElementName& element, Index n, std::string name,
            Placement placement, Filled filled, Site site);

  /// This rank's elements, and where they are to be written; for those who fill them before publish().
  struct Stripe {
    std::byte* data;
    Range range;
  };
  /// Not collective. @throws DistributionError if the array is published already.
  Stripe stripe();

  void publish(const Fill& fill, Site site);
  void update(const Fill& fill, Site site);

  bool readable() const { return readable_; }
  std::span<const std::byte> view() const;

  const World& world() const { return world_; }
  const std::string& name() const { return name_; }
  Index size() const { return n_; }

 private:
  comm::Call call(const comm::Operation& operation, Site site) const;
  memory::Holding holding() const;
  void prepare(memory::SharedSegment& segment, Filled filled);
  void fill_mine(const Fill& fill);

  World world_;
  std::string name_;
  Index n_;
  comm::ElementName element_;
  std::shared_ptr<memory::SharedSegment> reading_;  // of an array that is filled repeatedly
  std::shared_ptr<const comm::Stripes> stripes_;
  std::shared_ptr<memory::SharedSegment> writing_;
  bool readable_ = false;
  memory::Booking booking_;  // ends before the memory: a peak is measured while it is still there
};

}  // namespace array
}  // namespace tutti
