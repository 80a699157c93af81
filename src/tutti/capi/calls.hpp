// What the collectives of the C API have in common: a name, a place, and arguments that come unchecked.
#pragma once

#include <cstdint>
#include <exception>
#include <span>
#include <string_view>

#include "tutti/comm/agree.hpp"
#include "tutti/comm/call.hpp"
#include "tutti/comm/world.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"

namespace tutti::capi {

/// The place of a call in C, or of one that has none (Fortran).
inline Site site_of(const char* file, int line) {
  return file == nullptr ? Site(nullptr, 0) : Site(file, static_cast<std::uint32_t>(line));
}

/// A call in which all ranks must give the same name. `name` may be null: check_name() comes later.
inline comm::Call named(const comm::Operation& operation, const char* name, Site site,
                        const comm::ElementName& element = comm::no_elements, Index count = -1) {
  comm::Call call{operation, site, element, count};
  if (name != nullptr) call.note = name;
  call.detail = core::hash(call.note);
  return call;
}

/// Checks arguments, which `check` refuses by throwing, alone; what it throws is thrown on all ranks. No
/// message if all is well on this rank: the collective that follows is where the others are.
template <class Check>
void check_alone(const World& world, const comm::Call& call, const Check& check) {
  try {
    check();
  } catch (...) {
    const std::exception_ptr failure = std::current_exception();
    comm::agree(world, call, [&] { std::rethrow_exception(failure); });
  }
}

inline void check_name(const char* name) {
  if (name == nullptr) throw UsageError("the name is NULL; say what the call is for");
}
/// `thing` is what the message begins with: the name of the call or of the array.
template <class T>
void check_result(std::string_view thing, const T* place, const char* argument) {
  if (place == nullptr)
    throw UsageError(text(thing, ": '", argument, "' is NULL; say where the result goes"));
}
inline void check_count(std::string_view thing, Index n, const char* argument) {
  if (n < 0) throw UsageError(text(thing, ": ", argument, " = ", n, "; give 0 or more"));
}
template <class T>
void check_array(std::string_view thing, const T* x, Index n, const char* argument) {
  if (x == nullptr && n > 0)
    throw UsageError(text(thing, ": '", argument, "' is NULL, n = ", n, "; give the elements"));
}

/// The elements of a checked array.
template <class T>
std::span<T> elements(T* x, Index n) {
  return {x, static_cast<std::size_t>(n)};
}

/// Throws what a rank of a C program means by a status that is not 0: an error of the family, if it is one of
/// its exit codes.
[[noreturn]] void raise_status(std::string_view what, int status, const char* text);

}  // namespace tutti::capi
