// Names of sockets that no file system knows, and that go with the process that has them (unix(7)).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>

namespace tutti::files {

/// An address of such a name, of which 107 bytes count. All processes that share a network know it.
struct AbstractName {
  explicit AbstractName(std::string_view text) {
    address.sun_family = AF_UNIX;
    const std::size_t size = std::min(text.size(), sizeof address.sun_path - 1);
    std::memcpy(&address.sun_path[1], text.data(), size);  // behind a zero byte
    length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size);
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }

  sockaddr_un address{};
  socklen_t length = 0;
};

}  // namespace tutti::files
