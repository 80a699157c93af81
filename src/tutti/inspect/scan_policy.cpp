#include "tutti/inspect/scan_policy.hpp"

#include <algorithm>

namespace tutti::inspect {

namespace {

constexpr std::uint64_t smallest = std::uint64_t{4} << 20U;  // B: a program that has just begun
constexpr std::uint64_t noise = std::uint64_t{1} << 20U;     // B
constexpr double settling = 0.12;      // s: a core that is busy with something else looks like a stall
constexpr double longest_growth = 5;   // s: memory that grows for ever has its peak at the end
constexpr double most_scanning = 0.1;  // of the time
// Until that much has been scanned, more is allowed: programs begin with steps, and some are short.
constexpr double most_scanning_at_first = 0.5;
constexpr double free_scanning = 1;  // s
constexpr double most_sampling = 0.02;
// Memory is often allocated, zeroed, and filled only later: look again when the program is half as old again.
constexpr double wait_for_contents = 1.5;

}  // namespace

bool ScanPolicy::due(double time, std::uint64_t bytes) {
  if (bytes > level_ + level_ / 50 + noise / 4 || bytes < level_) {
    level_ = bytes;
    level_since_ = time;
  }
  if (at_) return time >= *at_ && !scanned_;
  const bool again = scanned_ && time >= wait_for_contents * scanned_until_ + 0.3;
  if (bytes < std::max(smallest, scanned_bytes_ + scanned_bytes_ / 33 + noise)) {
    grows_since_ = -1;
    return again && bytes >= scanned_bytes_ - scanned_bytes_ / 10 && scan_seconds_ <= most_scanning * time;
  }
  if (grows_since_ < 0) grows_since_ = time;
  if (time - level_since_ < settling && time - grows_since_ < longest_growth) return false;
  const double share = scanning_ <= free_scanning ? most_scanning_at_first : most_scanning;
  return scan_seconds_ <= share * (time - scanned_until_);
}

void ScanPolicy::scanned(double begin, double end, std::uint64_t bytes) {
  scanned_ = true;
  scanned_bytes_ = bytes;
  scanned_until_ = end;
  scan_seconds_ = end - begin;
  scanning_ += end - begin;
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
