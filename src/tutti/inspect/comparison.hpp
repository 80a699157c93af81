// Comparing candidates byte by byte, while the programs are stopped.
//
// Nobody may read another rank's program under Yama, so the bytes pass through memory that the agents of the
// node share: for each group of candidates, the reference rank's agent writes its page into a lane, and the
// other holders' agents compare their own with it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tutti/inspect/page_scan.hpp"
#include "tutti/inspect/replicas.hpp"
#include "tutti/memory/shared_segment.hpp"

namespace tutti::inspect {

/// Groups, what is found out about them, and two lanes of pages, in memory that all agents of the node map.
class ComparisonTable {
 public:
  /// @throws BudgetError, SystemError if there is no memory for it.
  ComparisonTable(const std::vector<ReplicaGroup>& groups, std::size_t page_bytes);
  /// @throws SystemError if its creator has ended.
  explicit ComparisonTable(const memory::SegmentHandle& handle);

  memory::SegmentHandle handle() const { return segment_.handle(); }
  std::span<const ReplicaGroup> groups() const { return {groups_, count_}; }
  std::size_t page_bytes() const { return page_bytes_; }

  /// Groups are compared so many at a time; batch b has groups from b * batch_pages on.
  static constexpr std::size_t batch_pages = 2048;
  std::size_t batches() const { return (count_ + batch_pages - 1) / batch_pages; }
  /// The page of a group in the lane of its batch.
  std::byte* lane(std::size_t group) const;

  /// The reference rank has written the page.
  void set_written(std::size_t group) const;
  bool written(std::size_t group) const;
  /// One more rank has found the same bytes.
  void add_match(std::size_t group) const;
  /// Ranks that are known to have the same bytes, the reference among them: 0, or at least 2.
  std::uint32_t copies(std::size_t group) const;

 private:
  void locate();

  memory::SharedSegment segment_;
  std::size_t count_ = 0;
  std::size_t page_bytes_ = 0;
  const ReplicaGroup* groups_ = nullptr;
  std::uint32_t* states_ = nullptr;
  std::byte* lanes_ = nullptr;
};

/// One rank's part in it.
class Comparison {
 public:
  /// @param scan  stays alive and unchanged
  /// @param rank  index of this rank among those that compare
  /// @throws SystemError as ComparisonTable does.
  Comparison(PageScan& scan, const PageHash& hash, const memory::SegmentHandle& table, std::uint32_t rank);

  /// Writes this rank's reference pages of a batch into its lane: those whose hash is still the same.
  void write(std::size_t batch);
  /// Compares this rank's other pages of a batch, which has been written while the programs stood still.
  void compare(std::size_t batch);

  const ComparisonTable& table() const { return table_; }
  const PageScan& scan() const { return scan_; }
  std::span<const Holding> holdings() const { return holdings_; }
  bool is_reference(const Holding& holding) const {
    return table_.groups()[holding.group].reference == rank_;
  }

 private:
  std::span<const Holding> holdings_of(std::size_t batch) const;
  template <class Found>
  void read_pages(std::span<const Holding> holdings, Found found);

  PageScan& scan_;
  const PageHash& hash_;
  std::uint32_t rank_;
  ComparisonTable table_;
  std::vector<Holding> holdings_;
  std::vector<std::uint64_t> buffer_;
};

}  // namespace tutti::inspect
