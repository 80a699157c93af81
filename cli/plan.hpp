// What `tutti plan` has found out, and how it is shown.
#pragma once

#include <string>
#include <vector>

#include "tutti/forecast/forecast.hpp"
#include "tutti/forecast/history.hpp"
#include "tutti/forecast/verdict.hpp"

namespace tutti::cli {

struct Plan {
  forecast::Forecast forecast;
  forecast::Room room;
  forecast::Fit fit = forecast::Fit::fits;
  std::vector<forecast::Remedy> remedies;
  forecast::PastErrors past;
  std::string library;  ///< the MPI whose memory is counted
  std::string note;     ///< why it is not measured, or could not be kept; empty if all went well
};

std::string plan_text(const Plan& plan);
/// One object, schema "tutti-plan/1" (docs/memory.md).
std::string plan_json(const Plan& plan);

}  // namespace tutti::cli
