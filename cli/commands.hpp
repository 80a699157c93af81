// What each command does, on every rank; returns the exit status.
#pragma once

#include <string>
#include <vector>

#include "tutti/comm/world.hpp"

#include "cli/command_line.hpp"

namespace tutti::cli {

void dot(const World& world, const DotCommand& command);
void stats(const World& world, const StatsCommand& command);
void energy(const World& world, const EnergyCommand& command);
void doctor(const World& world, const DoctorCommand& command);
/// 0, or 1 if one of them is damaged.
int checkpoints(const World& world, const CheckpointsCommand& command);
/// 0, or 1 if the run does not go back the way that it came.
int md(const World& world, const MdCommand& command);
/// The memory options as the variables that ranks read: options beat what the environment says.
std::vector<launch::EnvironmentSetting> memory_settings(const Common& common);
/// Not on the ranks: in the process that starts them.
int run(const RunCommand& command);
/// There, or in each process of the job: the agent that starts the program.
int inspect(const InspectCommand& command);
/// There: 0, or 75 if the job does not fit.
int plan(const PlanCommand& command);
/// There: 0, or 1 if the results differ or a run fails.
int verify(const VerifyCommand& command);
/// Collective. On the ranks that plan() starts to see what MPI takes.
/// @param starter  its process
void measure_base(const World& world, std::int64_t starter);

}  // namespace tutti::cli
