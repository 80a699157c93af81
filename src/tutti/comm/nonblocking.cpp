#include "tutti/comm/nonblocking.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "tutti/comm/context.hpp"
#include "tutti/comm/trace.hpp"

namespace tutti {

namespace {

constexpr comm::Operation isum_operation{"isum"};
constexpr comm::Operation ibroadcast_operation{"ibroadcast"};

}  // namespace

Pending<double> isum(const World& world, const ExactSum& part, Site site) {
  return {world, comm::start_sum(world, {isum_operation, site, comm::element_name<double>(), 1}, part),
          [](const World& w, comm::LateOperation& operation) { return comm::sum_of(w, operation).round(); }};
}

Pending<double> isum(const World& world, const ExactAccumulator& part, Site site) {
  return isum(world, part.sum(), site);
}

Pending<double> isum(const World& world, double value, Site site) {
  ExactSum part;
  part.add(value);
  return isum(world, part, site);
}

namespace comm {

bool advance(const World& world, LateOperation& operation) { return world.context().advance(operation); }
void wait(const World& world, LateOperation& operation) { world.context().wait(operation); }

std::shared_ptr<LateOperation> start_sum(const World& world, const Call& call, const ExactSum& part) {
  auto operation = std::make_unique<LateOperation>(call);
  std::copy(part.words().begin(), part.words().end(), operation->mine.words.begin());
  return world.context().post(std::move(operation));
}

ExactSum sum_of(const World& world, const LateOperation& operation) {
  std::array<std::int64_t, ExactSum::word_count> words;
  std::memcpy(words.data(), operation.merged.words.data(), sizeof words);
  const ExactSum total = ExactSum::from_words(words);
  trace(world, operation.call, [&] { return std::array{total.round()}; });
  return total;
}

std::shared_ptr<LateOperation> start_broadcast(const World& world, const ElementName& element,
                                               std::span<std::byte> bytes, std::shared_ptr<void> storage,
                                               int root, Site site) {
  check_root(world, ibroadcast_operation, root);
  auto operation = std::make_unique<LateOperation>(
      Call{ibroadcast_operation, site, element, static_cast<Index>(bytes.size() / element.bytes), root});
  operation->data = bytes;
  operation->storage = std::move(storage);
  auto& words = operation->mine.words;
  if (world.rank() == root && !bytes.empty() && bytes.size() <= sizeof words)
    std::memcpy(words.data(), bytes.data(), bytes.size());
  return world.context().post(std::move(operation));
}

}  // namespace comm

}  // namespace tutti
