// Pending: the result of a nonblocking operation, which is not there yet.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "tutti/comm/world.hpp"
#include "tutti/core/error.hpp"

namespace tutti {

namespace comm {

class LateOperation;
bool advance(const World& world, LateOperation& operation);
void wait(const World& world, LateOperation& operation);

}  // namespace comm

/// What isum(), idot() and ibroadcast() return. Its memory is the library's until get(): a Pending may be
/// dropped at any time, on some ranks or on all, also by an exception. Destructors do not communicate.
///
/// Posting is what all ranks must do in the same order; test() and get() may come in any order, at any time,
/// on some ranks only. Operations go on while their ranks are in test(), get(), or any other call on this
/// World, its sub-worlds, or the Worlds around it.
template <class T>
class Pending {
 public:
  Pending(Pending&&) noexcept = default;
  Pending& operator=(Pending&&) noexcept = default;
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() = default;

  /// Communicates, but does not wait for others. @return whether get() would return at once.
  /// @throws as get().
  bool test() { return comm::advance(world_, operation()); }

  /// Waits until every rank has posted this operation and those before it. May be called once.
  /// @throws what a rank throws instead of that, or MismatchError if one is at another place of the program
  /// (in a collective, or at the end): on all ranks. That is heard also in the other ranks' collectives.
  T get() {
    comm::wait(world_, operation());
    const std::shared_ptr<comm::LateOperation> done = std::move(operation_);
    return take_(world_, *done);
  }

  /// For isum() and its like.
  Pending(World world, std::shared_ptr<comm::LateOperation> operation,
          std::function<T(const World&, comm::LateOperation&)> take)
      : world_(std::move(world)), operation_(std::move(operation)), take_(std::move(take)) {}

 private:
  comm::LateOperation& operation() const {
    if (!operation_) throw DistributionError("a Pending was used after its get(); keep what get() returned");
    return *operation_;
  }

  World world_;
  std::shared_ptr<comm::LateOperation> operation_;
  std::function<T(const World&, comm::LateOperation&)> take_;
};

}  // namespace tutti
