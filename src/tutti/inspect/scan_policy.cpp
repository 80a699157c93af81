#include "tutti/inspect/scan_policy.hpp"

#include <algorithm>

namespace tutti::inspect {

namespace {

constexpr std::uint64_t clearly = std::uint64_t{4} << 20U;  // B: less is noise
constexpr double longest_growth = 5;   // s: memory that grows for ever has its peak at the end
constexpr double most_scanning = 0.1;  // of the time
constexpr double most_sampling = 0.02;

// By less than 2 % since the sample before.
bool stalled(std::uint64_t before, std::uint64_t now) { return now <= before + before / 50 + clearly / 16; }

}  // namespace

bool ScanPolicy::due(double time, std::uint64_t bytes) {
  const bool still = stalled(last_bytes_, bytes);
  last_bytes_ = bytes;
  if (at_) {
    return time >= *at_ && !scanned_;
  }
  if (bytes < scanned_bytes_ + scanned_bytes_ / 10 + clearly) {
    grows_since_ = -1;
    return false;
  }
  if (grows_since_ < 0) grows_since_ = time;
  if (!still && time - grows_since_ < longest_growth) return false;
  return scan_seconds_ <= most_scanning * (time - scanned_until_);
}

void ScanPolicy::scanned(double begin, double end, std::uint64_t bytes) {
  scanned_ = true;
  scanned_bytes_ = bytes;
  scanned_until_ = end;
  scan_seconds_ = end - begin;
  grows_since_ = -1;
}

double ScanPolicy::next_sample(double time, double cost, double every) {
  const double soon = std::max(0.02, time / 10);
  return time + std::max(std::min(soon, every), cost / most_sampling);
}

double ScanPolicy::next(double time, double cost, double every) const {
  const double usual = next_sample(time, cost, every);
  return at_ && time < *at_ ? std::min(usual, *at_) : usual;
}

}  // namespace tutti::inspect
