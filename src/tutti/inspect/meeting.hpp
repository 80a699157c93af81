// How the agents of a node find each other, and talk.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tutti::inspect {

/// A connection within the node that keeps messages whole. Move-only.
class Line {
 public:
  Line() = default;
  explicit Line(int descriptor) : descriptor_(descriptor) {}
  Line(Line&& other) noexcept;
  Line& operator=(Line&& other) noexcept;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line();

  bool open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  void close();
  /// Both sides hear the end; the descriptor stays, so that another thread may still use it.
  void hang_up() const;

  /// @return false if the other side is gone, or takes nothing for 10 s.
  bool send(std::span<const std::byte> message) const;
  /// Waits for a message. @return its size; nothing if the other side is gone, if the time is over, or if the
  /// message does not fit.
  std::optional<std::size_t> receive(std::span<std::byte> message, std::chrono::milliseconds patience) const;

 private:
  int descriptor_ = -1;
};

inline constexpr std::chrono::milliseconds for_ever{-1};
inline constexpr std::size_t longest_message = 64 << 10;

/// Where the agents of this node and job meet: a name for an abstract socket, which is in no file system and
/// vanishes with its owner. Found without anybody's help: ranks that one launcher's daemon has started on a
/// node have that daemon as an ancestor, the first whose environment does not name a rank.
/// @param rank_variable  of the launcher: "PMI_RANK"; empty: there is no launcher
/// @param node           which of the nodes that this host pretends to be (TUTTI_NODES), 0: the only one
std::string meeting_name(const std::string& rank_variable, int node);

/// Opens the meeting if nobody has. @return the listening socket; -1: somebody has.
/// @throws SystemError if the system has no sockets for us.
int open_meeting(const std::string& name);

/// The next who has come, of the same user; a closed line if none has.
Line accept(int meeting);

/// Comes to a meeting that somebody has opened. @return a closed line if there is none (any more), or another
/// user holds it.
Line join(const std::string& name);

}  // namespace tutti::inspect
