// What a refused call says: for tests of error messages.
#pragma once

#include <string>

#include "tutti/core/error.hpp"

namespace tutti {

/// The message of the error of class Expected that f throws; "no error" if it throws none.
template <class Expected, class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const Expected& error) {
    return error.message();
  }
  return "no error";
}

}  // namespace tutti
