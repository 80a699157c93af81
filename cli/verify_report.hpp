// What `tutti verify` prints.
#pragma once

#include <string>

#include "tutti/verify/verify.hpp"

namespace tutti::cli {

/// "same on 1, 2, 3 ranks (openmpi): 12 lines, 40 numbers", or what differs first; for a verdict without
/// failure.
std::string verify_text(const verify::Verdict& verdict);
/// The failed run in one line, and its last words below.
std::string failure_text(const verify::Failure& failure);

std::string verify_json(const verify::Verdict& verdict);

/// "2 ulp or 2.4e-16 of it apart"; empty where that has no meaning.
std::string apart_text(const verify::Distance& apart);

}  // namespace tutti::cli
