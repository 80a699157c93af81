#include "tutti/inspect/family.hpp"

#include <filesystem>
#include <string>

#include "tutti/core/text.hpp"
#include "tutti/launch/child_process.hpp"
#include "tutti/memory/proc_text.hpp"
#include "tutti/memory/system_memory.hpp"

namespace tutti::inspect {

namespace {

// Appends the children of all threads of a process. @return false where the kernel has no such list.
bool append_children(pid_t parent, std::vector<pid_t>& family) {
  const std::string tasks = text("/proc/", parent, "/task");
  std::error_code error;
  bool known = true;
  for (auto task = std::filesystem::directory_iterator(tasks, error);
       !error && task != std::filesystem::directory_iterator(); task.increment(error)) {
    const auto children = memory::read_text(task->path().string() + "/children");
    // A thread may have ended meanwhile; its children are another thread's now.
    std::error_code unseen;
    if (!children && std::filesystem::exists(task->path() / "stat", unseen)) known = false;
    if (!children) continue;
    for (const std::string_view word : memory::words(*children))
      if (const auto pid = memory::natural_number(word)) family.push_back(static_cast<pid_t>(*pid));
  }
  return known;
}

}  // namespace

std::vector<pid_t> family_of(pid_t root) {
  std::vector<pid_t> family{root};
  for (std::size_t i = 0; i < family.size(); ++i) {
    if (append_children(family[i], family)) continue;
    family.resize(1);  // CONFIG_PROC_CHILDREN is off: look through all processes
    for (const auto& process : launch::descendants(root)) family.push_back(static_cast<pid_t>(process.pid));
    break;
  }
  return family;
}

FamilyMemory memory_of(const std::vector<pid_t>& family) {
  FamilyMemory sum;
  for (const pid_t pid : family) {
    const auto memory = memory::process_memory(pid);
    if (!memory) continue;  // it has just ended
    sum.bytes += memory->pss.value_or(memory->rss);
    sum.proportional = sum.proportional && memory->pss.has_value();
  }
  return sum;
}

}  // namespace tutti::inspect
