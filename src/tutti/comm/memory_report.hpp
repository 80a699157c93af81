// The ledgers of all ranks in one report.
#pragma once

#include "tutti/comm/world.hpp"
#include "tutti/memory/memory_report.hpp"

namespace tutti {

/// Collective. What every rank held at its peak, by name, and what the operating system says of it: at the
/// peak where TUTTI_MEMORY_REPORT is set, else now. The same on all ranks. Two gathers to rank 0 and two
/// broadcasts; about 1 ms for the system's figures.
MemoryReport memory_report(const World& world, Site site = {});

namespace comm {

/// Collective, at the end of run(). Where TUTTI_MEMORY_REPORT asks for it, rank 0 writes the report: the
/// table to stderr for "-", else as JSON to the file it names. It is compared with what would have been
/// forecast.
/// @throws OutputError or IoError, on all ranks, if the file cannot be written.
void write_requested_report(const World& world);

}  // namespace comm

}  // namespace tutti
