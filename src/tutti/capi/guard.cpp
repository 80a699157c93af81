// One voice for C: what a rank knows to be wrong becomes an error on all.
#include <algorithm>
#include <array>

#include "tutti/capi/answer.hpp"
#include "tutti/capi/calls.hpp"
#include "tutti/capi/handles.hpp"
#include "tutti/comm/guarded.hpp"

namespace tutti::capi {

namespace {

constexpr comm::Operation barrier_operation{"barrier"};
constexpr comm::Operation together_operation{"together"};
constexpr comm::Operation guarded_operation{"guarded"};

// The types that a C program can mean: the first of each exit code.
constexpr std::array meant{ErrorType::usage,  ErrorType::format,  ErrorType::file,   ErrorType::launcher,
                           ErrorType::remote, ErrorType::system,  ErrorType::output, ErrorType::io,
                           ErrorType::budget, ErrorType::mismatch};

void barrier(const tutti_world* handle, const char* name, Site site) {
  const auto open = worlds().at(handle);
  comm::agree(open->world, named(barrier_operation, name, site), [&] { check_name(name); });
}

void together(const tutti_world* handle, const char* what, int status, const char* text, Site site) {
  const auto open = worlds().at(handle);
  comm::agree(open->world, named(together_operation, what, site), [&] {
    check_name(what);
    if (status != 0) raise_status(what, status, text);
  });
}

void guard_begin(const tutti_world* handle, const char* what, Site site) {
  const auto open = worlds().at(handle);
  const comm::Call call = named(guarded_operation, what, site);
  std::string kept;
  check_alone(open->world, call, [&] {
    check_name(what);
    kept = what;
    open->sections.reserve(open->sections.size() + 1);
  });
  comm::begin_guarded(open->world, kept, /*communicator=*/false, site);
  open->sections.push_back(std::move(kept));
}

void guard_end(const tutti_world* handle, int status, const char* text, Site site) {
  const auto open = worlds().at(handle);
  if (open->sections.empty()) {
    const comm::Call call = named(guarded_operation, nullptr, site);
    return comm::agree(open->world, call, [] {
      throw UsageError("no guarded section is open; call tutti_guard_begin before tutti_guard_end");
    });
  }
  const std::string what = std::move(open->sections.back());
  open->sections.pop_back();
  std::exception_ptr failure;
  try {
    if (status != 0) raise_status(what, status, text);
  } catch (...) {
    failure = std::current_exception();
  }
  comm::end_guarded(open->world, what, /*communicator=*/false, failure, site);
}

}  // namespace

void raise_status(std::string_view what, int status, const char* text) {
  core::ErrorRecord record;
  const auto* const type =
      std::find_if(meant.begin(), meant.end(), [&](ErrorType t) { return exit_code(t) == status; });
  record.type = type != meant.end() ? *type : ErrorType::remote;
  const bool has_text = text != nullptr && *text != '\0';
  record.message = has_text ? text : tutti::text(what, ": status ", status);
  if (has_text && type == meant.end()) record.message += tutti::text(" (status ", status, ")");
  if (text == last_error().text.data()) record.rank = last_error().rank;  // what was agreed on is passed on
  core::raise(record);
}

}  // namespace tutti::capi

using namespace tutti;
using capi::answer, capi::site_of;

int tutti_barrier_at(tutti_world* world, const char* name, const char* file, int line) {
  return answer([&] { capi::barrier(world, name, site_of(file, line)); });
}

int tutti_together_at(tutti_world* world, const char* what, int status, const char* text, const char* file,
                      int line) {
  return answer([&] { capi::together(world, what, status, text, site_of(file, line)); });
}

int tutti_guard_begin_at(tutti_world* world, const char* what, const char* file, int line) {
  return answer([&] { capi::guard_begin(world, what, site_of(file, line)); });
}

int tutti_guard_end_at(tutti_world* world, int status, const char* text, const char* file, int line) {
  return answer([&] { capi::guard_end(world, status, text, site_of(file, line)); });
}
