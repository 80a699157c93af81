// What a refused call says: for tests of error messages.
#pragma once

#include <string>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti {

/// The message of the error of class Expected that f throws; something else if it throws another or none.
template <class Expected, class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const Expected& error) {
    return error.message();
  } catch (const Error& error) {
    return text("another class: ", error.type_name());
  }
  return "no error";
}

}  // namespace tutti
