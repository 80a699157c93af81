// Fuzzing of what reads files of particles, and descriptions of systems.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tutti::fuzz {

void read_xyz(std::span<const std::uint8_t> bytes);
void read_lammps_data(std::span<const std::uint8_t> bytes);
void read_nist(std::span<const std::uint8_t> bytes);
void read_system(std::span<const std::uint8_t> bytes);

std::vector<std::string> xyz_seeds();
std::vector<std::string> lammps_data_seeds();
std::vector<std::string> nist_seeds();
std::vector<std::string> system_seeds();

}  // namespace tutti::fuzz
