// An error as bytes of a fixed size: how it travels from the rank where it arose to all others.
#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <string>

#include "tutti/core/error.hpp"

namespace tutti::core {

/// An error as a value. Foreign exceptions have become RemoteError, std::bad_alloc SystemError.
struct ErrorRecord {
  ErrorType type = ErrorType::internal;
  int rank = -1;
  std::string node;
  std::string message;
  ErrorData data;
  std::uint64_t agreement = 0;  ///< see Error::agreement(); of no meaning on other ranks, so not encoded

  int exit_code() const { return tutti::exit_code(type, data); }
};

/// 1 KiB holds the longest message that a terminal shows in one breath; longer texts end in "...".
inline constexpr std::size_t error_record_bytes = 1024;
using ErrorBytes = std::array<char, error_record_bytes>;

/// The record of any exception, of the family or foreign.
ErrorRecord describe(const std::exception_ptr& error);

/// Throws the class of the family that the record stands for, with its data.
[[noreturn]] void raise(const ErrorRecord& record);

/// Little-endian bytes. decode() accepts any bytes at all: it never reads outside them.
ErrorBytes encode(const ErrorRecord& record);
ErrorRecord decode(const ErrorBytes& bytes);

}  // namespace tutti::core
