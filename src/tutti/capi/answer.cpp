#include "tutti/capi/answer.hpp"

#include <algorithm>
#include <string_view>

#include "tutti/launch/build_info.hpp"
#include "tutti/tutti.h"

namespace tutti::capi {

namespace {

void store(std::string_view text, int rank) noexcept {
  LastError& last = last_error();
  const std::size_t length = std::min(text.size(), last.text.size() - 1);
  std::copy_n(text.begin(), length, last.text.begin());
  last.text[length] = '\0';
  last.rank = rank;
}

}  // namespace

LastError& last_error() noexcept {
  thread_local LastError last;
  return last;
}

int keep(const std::exception_ptr& error) noexcept {
  try {
    const core::ErrorRecord record = core::describe(error);
    store(record.message, record.rank);
    return record.exit_code();
  } catch (...) {  // no memory to say it with
    store("out of memory", -1);
    return exit_code(ErrorType::system);
  }
}

}  // namespace tutti::capi

const char* tutti_last_error() { return tutti::capi::last_error().text.data(); }
int tutti_last_error_rank() { return tutti::capi::last_error().rank; }
const char* tutti_version() { return tutti::launch::built_version.data(); }  // a literal: it ends with a zero
