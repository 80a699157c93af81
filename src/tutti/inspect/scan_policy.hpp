// When to look for equal pages: near the peak of memory, seldom, and before it is too late.
#pragma once

#include <cstdint>
#include <optional>

namespace tutti::inspect {

/// Decides from the node's memory over time. A scan is due when the memory is larger than at the last scan,
/// by 3 % and 1 MiB, and has stopped growing, or keeps growing for long; and, as long as it stays near that,
/// again after half the time that has passed, since memory may be filled long after it was allocated. It is
/// never due so often that scanning takes more than a tenth of the time (half of it, while it is a second in
/// all).
///
/// @example memory of 0.1, 0.9, 2.0 and then 2.0 GiB at 1, 2, 3 s and later: scans at 4, 7, 11, 17 s ...
class ScanPolicy {
 public:
  /// @param at  one scan at this time, in seconds, whatever the memory does
  explicit ScanPolicy(std::optional<double> at = std::nullopt) : at_(at) {}

  /// To be told of each sample, in order. @return whether a scan is due now.
  /// @param time  s since the start
  bool due(double time, std::uint64_t bytes);

  /// To be told of each scan.
  /// @param bytes  of the sample after which it was due
  void scanned(double begin, double end, std::uint64_t bytes);

  /// When to sample next, after a sample at `time` that took `cost` seconds of a core: soon in the beginning,
  /// since a program may be short; later every `every` seconds, and less often if sampling is slow.
  static double next_sample(double time, double cost, double every);
  /// The same, but not after the time of a scan that was asked for.
  double next(double time, double cost, double every) const;

 private:
  std::optional<double> at_;
  std::uint64_t level_ = 0;  // the memory has been this and up to 2 % more ...
  double level_since_ = 0;   // ... since then
  double grows_since_ = -1;  // since when it is larger than at the last scan; -1: it is not
  bool scanned_ = false;
  std::uint64_t scanned_bytes_ = 0;
  double scanned_until_ = 0;
  double scan_seconds_ = 0;  // of the last one
  double scanning_ = 0;      // s, of all
};

}  // namespace tutti::inspect
