#include "tutti/core/error.hpp"

#include <system_error>

namespace tutti {

int exit_code(ErrorType type, const ErrorData& data) {
  switch (type) {
    case ErrorType::usage:
      return 64;
    case ErrorType::format:
    case ErrorType::shape:
    case ErrorType::range:
      return 65;
    case ErrorType::file:
      return 66;
    case ErrorType::launcher:
      return 69;
    case ErrorType::remote:
    case ErrorType::distribution:
    case ErrorType::internal:
      return 70;
    case ErrorType::system:
      return 71;
    case ErrorType::output:
      return 73;
    case ErrorType::io:
      return 74;
    case ErrorType::budget:
      return 75;
    case ErrorType::mismatch:
      return 76;
    case ErrorType::interrupted:
      return 128 + static_cast<int>(data.number[0] & 0x7f);  // what travelled may be anything
  }
  return 70;
}

const char* type_name(ErrorType type) {
  switch (type) {
    case ErrorType::usage:
      return "UsageError";
    case ErrorType::format:
      return "FormatError";
    case ErrorType::shape:
      return "ShapeError";
    case ErrorType::range:
      return "RangeError";
    case ErrorType::file:
      return "FileError";
    case ErrorType::launcher:
      return "LauncherError";
    case ErrorType::remote:
      return "RemoteError";
    case ErrorType::distribution:
      return "DistributionError";
    case ErrorType::internal:
      return "InternalError";
    case ErrorType::system:
      return "SystemError";
    case ErrorType::output:
      return "OutputError";
    case ErrorType::io:
      return "IoError";
    case ErrorType::budget:
      return "BudgetError";
    case ErrorType::mismatch:
      return "MismatchError";
    case ErrorType::interrupted:
      return "InterruptedError";
  }
  return "InternalError";
}

void Error::set_origin(int rank, std::string node) {
  if (rank_ >= 0) return;
  rank_ = rank;
  node_ = std::move(node);
}

std::string errno_text(int error_number) { return std::generic_category().message(error_number); }

}  // namespace tutti
