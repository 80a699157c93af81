// How C hears of exceptions: a status for every call, and the text of the last error of each thread.
#pragma once

#include <array>
#include <exception>

#include "tutti/core/error_record.hpp"

namespace tutti::capi {

/// What tutti_last_error() and tutti_last_error_rank() tell.
struct LastError {
  std::array<char, core::error_record_bytes> text{};
  int rank = -1;
};
LastError& last_error() noexcept;

/// Keeps `error` as this thread's last one. @return its exit code
int keep(const std::exception_ptr& error) noexcept;

/// Runs f, which may throw anything. @return 0, or the exit code of the error
template <class F>
int answer(const F& f) noexcept {
  try {
    f();
    return 0;
  } catch (...) {
    return keep(std::current_exception());
  }
}

}  // namespace tutti::capi
