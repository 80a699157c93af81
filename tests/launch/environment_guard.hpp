// Environment variables for the length of a scope.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tutti::launch {

/// Sets variables (nothing: unsets them), and restores what was there at the end.
class EnvironmentGuard {
 public:
  using Setting = std::pair<const char*, const char*>;  // nullptr: unset

  static EnvironmentGuard with(const std::vector<Setting>& settings) { return EnvironmentGuard(settings); }

  /// Additionally without all that a launcher of the test itself may have set.
  static EnvironmentGuard clean(std::vector<Setting> settings = {}) {
    std::vector<Setting> all;
    for (const char* name : {"OMPI_COMM_WORLD_SIZE",
                             "OMPI_COMM_WORLD_RANK",
                             "PMI_SIZE",
                             "PMI_RANK",
                             "PMIX_RANK",
                             "HYDI_CONTROL_FD",
                             "SLURM_STEP_ID",
                             "SLURM_STEP_NUM_TASKS",
                             "SLURM_PROCID",
                             "SLURM_NTASKS",
                             "SLURM_JOB_ID",
                             "PBS_NODEFILE",
                             "LSB_JOBID",
                             "PE_HOSTFILE",
                             "TUTTI_LAUNCHER",
                             "TUTTI_MPIEXEC",
                             "TUTTI_FRONT_END",
                             "TUTTI_PROGRESS",
                             "TUTTI_OTHER_PROGRAM",
                             "TUTTI_REFERENCE_DATA"})
      all.emplace_back(name, nullptr);
    all.insert(all.end(), settings.begin(), settings.end());
    return EnvironmentGuard(all);
  }
  EnvironmentGuard(const EnvironmentGuard&) = delete;
  EnvironmentGuard& operator=(const EnvironmentGuard&) = delete;
  ~EnvironmentGuard() {
    for (auto before = before_.rbegin(); before != before_.rend(); ++before)
      apply(before->first, before->second);
  }

 private:
  explicit EnvironmentGuard(const std::vector<Setting>& settings) {
    for (const auto& [name, value] : settings) set(name, value);
  }
  void set(const char* name, const char* value) {
    const char* const old = std::getenv(name);
    before_.emplace_back(name, old != nullptr ? std::optional<std::string>(old) : std::nullopt);
    apply(name, value != nullptr ? std::optional<std::string>(value) : std::nullopt);
  }
  static void apply(const std::string& name, const std::optional<std::string>& value) {
    if (value)
      ::setenv(name.c_str(), value->c_str(), 1);
    else
      ::unsetenv(name.c_str());
  }
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

}  // namespace tutti::launch
