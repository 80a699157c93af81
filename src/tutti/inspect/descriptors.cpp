#include "tutti/inspect/descriptors.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <vector>

#include "tutti/memory/proc_text.hpp"

namespace tutti::inspect {

void close_all_but(std::initializer_list<int> kept) {
  std::vector<int> open;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error))
    if (const auto number = memory::natural_number(entry.path().filename().string()))
      open.push_back(static_cast<int>(*number));
  for (const int descriptor : open)
    if (std::find(kept.begin(), kept.end(), descriptor) == kept.end()) ::close(descriptor);
}

void silence(int descriptor) {
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0 || nothing == descriptor) return;
  ::dup2(nothing, descriptor);
  ::close(nothing);
}

}  // namespace tutti::inspect
