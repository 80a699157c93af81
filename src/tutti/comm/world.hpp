// The World: the processes that run this program together, and what they do together.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/integer.hpp"
#include "tutti/core/site.hpp"
#include "tutti/core/text.hpp"
#include "tutti/memory/ledger.hpp"

namespace tutti {

namespace comm {
class Context;
}

/// A group of processes, each with its rank 0, 1, ..., size() - 1. A handle: copies stand for the same World,
/// and an array keeps one. One thread at a time may use a World.
///
/// An error that one rank throws inside, or before, a collective is thrown by that collective on all ranks,
/// as its own type with its data (core/error.hpp); foreign exceptions as RemoteError.
class World {
 public:
  int rank() const;
  int size() const;

  /// Nodes are hosts. They are numbered 0 .. nodes() - 1 in the order of their lowest ranks.
  /// TUTTI_NODES=k makes one host pretend to be k nodes, for tests.
  int node() const;
  int nodes() const;
  int node_rank() const;  ///< this rank's number among the ranks of its node, 0 .. node_size() - 1
  int node_size() const;
  int node_of(int rank) const;           ///< the node of any rank
  const std::string& node_name() const;  ///< of this rank's host

  /// What this rank and its node hold, by name; one for run()'s World and all that are split from it. A World
  /// that world_from() made has books and a budget of its own.
  memory::Ledger& ledger() const;

  /// Not collective. Rank 0 writes `text` to stdout, at once; the other ranks do nothing.
  /// @throws IoError on rank 0 if stdout is closed or full.
  void print(std::string_view text) const;

  /// Collective. Runs f on every rank; returns what f returned, if it succeeded on all ranks. One 64-byte
  /// packet. f may use this World, and no other one.
  /// @param what  what f does, for messages: "read a.npy"; ranks may give different texts.
  /// @throws the error of the lowest rank whose f threw, on all ranks; a program may catch it and go on.
  template <class F>
  std::invoke_result_t<F&> together(std::string_view what, F&& f, Site site = {}) const;

  /// Collective. Runs f(sub) with the sub-world of all ranks that gave the same colour (>= 0); ranks keep
  /// their order. Inside f, use the sub-world, or this World, or one split from this World in a scope around
  /// this one. One packet and MPI's own split to begin, two packets to end.
  /// @throws the error of the lowest rank whose f threw, on all ranks of this World, whatever their colour.
  template <class F>
  void split(int colour, F&& f, Site site = {}) const;

  /// Collective. split() by node: f(sub) with the ranks of this rank's node.
  template <class F>
  void split_by_node(F&& f, Site site = {}) const {
    split(node(), std::forward<F>(f), site);
  }

  /// For the rooms above comm/.
  explicit World(std::shared_ptr<comm::Context> context) : context_(std::move(context)) {}
  comm::Context& context() const { return *context_; }

 private:
  void begin_together() const;
  void end_together(std::string_view what, const std::exception_ptr& failure, Site site) const;
  World begin_split(int colour, Site site) const;
  void end_split(const World& sub, const std::exception_ptr& failure, Site site) const;

  std::shared_ptr<comm::Context> context_;
};

template <class F>
std::invoke_result_t<F&> World::together(std::string_view what, F&& f, Site site) const {
  using Result = std::invoke_result_t<F&>;
  using Stored = std::conditional_t<std::is_void_v<Result>, bool, std::remove_cvref_t<Result>>;
  std::optional<Stored> result;
  std::exception_ptr failure;
  begin_together();
  try {
    if constexpr (std::is_void_v<Result>)
      f();
    else
      result.emplace(f());
  } catch (...) {
    failure = std::current_exception();
  }
  end_together(what, failure, site);
  if constexpr (!std::is_void_v<Result>) return std::move(*result);
}

template <class F>
void World::split(int colour, F&& f, Site site) const {
  World sub = begin_split(colour, site);
  std::exception_ptr failure;
  try {
    f(sub);
  } catch (...) {
    failure = std::current_exception();
  }
  end_split(sub, failure, site);
}

}  // namespace tutti
