#include "tutti/inspect/report.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "tutti/core/text.hpp"

namespace tutti::inspect {

void MemoryHistory::add(const MemorySample& sample) {
  if (sample.bytes > peak_.bytes) peak_ = sample;
  samples_.push_back(sample);
  if (samples_.size() < most_samples) return;
  std::vector<MemorySample> kept;
  for (std::size_t i = 0; i < samples_.size(); ++i)
    if (i % 2 == 0 || samples_[i].time == peak_.time) kept.push_back(samples_[i]);
  samples_ = std::move(kept);
}

bool better(const ScanResult& a, const ScanResult& b) {
  const auto clearly_less = [](std::uint64_t x, std::uint64_t y) { return x < y - y / 10; };
  if (clearly_less(a.memory.bytes, b.memory.bytes)) return false;
  return clearly_less(b.memory.bytes, a.memory.bytes) || a.saved() >= b.saved();
}

std::vector<NodeForecast> forecasts(const NodeReport& report) {
  std::vector<NodeForecast> result;
  if (!report.scan || report.scan->ranks == 0) return result;
  const ScanResult& scan = *report.scan;
  const Uint128 ranks = scan.ranks;
  const std::uint64_t shared =
      scan.memory.bytes > scan.private_bytes ? scan.memory.bytes - scan.private_bytes : 0;
  for (const std::uint64_t times : {1U, 2U, 4U, 16U}) {
    NodeForecast forecast;
    forecast.ranks = scan.ranks * times;
    forecast.bytes = shared + scan.private_bytes * times;
    const Uint128 on_all = ranks < 2 ? 0 : Uint128{scan.saved_on_all} * (forecast.ranks - 1) / (ranks - 1);
    const auto saved = static_cast<std::uint64_t>(on_all) + scan.saved_on_several * times;
    forecast.one_copy = forecast.bytes - std::min(saved, forecast.bytes);
    result.push_back(forecast);
  }
  return result;
}

std::vector<Row> merged(std::span<const Row> rows) {
  std::map<std::pair<MappingKind, std::string_view>, Row> found;
  for (const Row& row : rows) {
    Row& sum = found[{row.kind, row.name.data()}];
    sum.kind = row.kind;
    sum.name = row.name;
    sum.on_all += row.on_all;
    sum.on_several += row.on_several;
    sum.saved += row.saved;
  }
  std::vector<Row> result;
  for (const auto& entry : found) result.push_back(entry.second);
  std::stable_sort(result.begin(), result.end(),
                   [](const Row& a, const Row& b) { return a.saved > b.saved; });
  return result;
}

}  // namespace tutti::inspect
