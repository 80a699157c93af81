// The family of errors. Each has one exit code, crosses ranks as its own type, and carries its data as
// members.
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tutti {

/// The types of the family; the numbers travel between ranks.
enum class ErrorType : std::uint8_t {
  usage = 1,     ///< UsageError         64  wrong options or arguments
  format,        ///< FormatError        65  bad data in a file
  shape,         ///< ShapeError         65  lengths or shapes that do not fit together
  range,         ///< RangeError         65  an integer result that no 128-bit integer holds
  file,          ///< FileError          66  an input is missing, a folder, or not readable
  launcher,      ///< LauncherError      69  launcher and MPI do not match
  remote,        ///< RemoteError        70  an exception that is not of this family, on some rank
  distribution,  ///< DistributionError  70  operands that are divided differently; misuse of the library
  internal,      ///< InternalError      70  our own bug
  system,        ///< SystemError        71  the operating system refused; out of memory
  output,        ///< OutputError        73  an output cannot be created
  io,            ///< IoError            74  reading or writing failed midway
  budget,        ///< BudgetError        75  over the memory budget, or would not fit
  mismatch,      ///< MismatchError      76  the ranks disagree, or one does not arrive
  interrupted,   ///< InterruptedError   128 + the signal's number: SIGINT 130, SIGTERM 143
};

/// The class name of a type: "FormatError".
const char* type_name(ErrorType type);

/// What an error carries beside its message, in the form in which it travels between ranks.
struct ErrorData {
  std::string subject;                   ///< what it is about: a path, an option, a command, a foreign type
  std::array<std::int64_t, 2> number{};  ///< its numbers; the accessors of the classes name them
};

/// The exit code of a type, after BSD's sysexits.h; of an interruption, that of its signal, as shells say it.
int exit_code(ErrorType type, const ErrorData& data = {});

/// Base of the family. Messages name the thing, the value and the remedy, in lower case, without a full stop.
class Error : public std::runtime_error {
 public:
  ErrorType type() const noexcept { return type_; }
  int exit_code() const noexcept { return tutti::exit_code(type_, data_); }
  const char* type_name() const noexcept { return tutti::type_name(type_); }
  std::string message() const { return what(); }

  /// The rank (of the outermost World) on which the error arose; -1 as long as no World has agreed on it.
  int rank() const noexcept { return rank_; }
  /// The host of that rank; empty as long as rank() is -1.
  const std::string& node() const noexcept { return node_; }
  const ErrorData& data() const noexcept { return data_; }

  /// Set by the World that agrees on the error; kept if already set.
  void set_origin(int rank, std::string node);

  /// Names the collective in which all ranks of a World threw this error together; 0: thrown by one rank,
  /// alone.
  std::uint64_t agreement() const noexcept { return agreement_; }
  void set_agreement(std::uint64_t agreement) noexcept { agreement_ = agreement; }

 protected:
  Error(ErrorType type, const std::string& message, ErrorData data)
      : std::runtime_error(message), type_(type), data_(std::move(data)) {}

 private:
  ErrorType type_;
  int rank_ = -1;
  std::uint64_t agreement_ = 0;
  std::string node_;
  ErrorData data_;
};

/// One class for each ErrorType, so that a caller can catch what it can act on.
template <ErrorType error_type>
class ErrorOf : public Error {
 public:
  explicit ErrorOf(const std::string& message, ErrorData data = {})
      : Error(error_type, message, std::move(data)) {}
};

class UsageError : public ErrorOf<ErrorType::usage> {
 public:
  using ErrorOf::ErrorOf;
  const std::string& option() const noexcept { return data().subject; }
};

class FormatError : public ErrorOf<ErrorType::format> {
 public:
  using ErrorOf::ErrorOf;
  const std::string& path() const noexcept { return data().subject; }
};

class ShapeError : public ErrorOf<ErrorType::shape> {
 public:
  using ErrorOf::ErrorOf;
  std::int64_t left() const noexcept { return data().number[0]; }   ///< elements of the first operand
  std::int64_t right() const noexcept { return data().number[1]; }  ///< elements of the second operand
};

class RangeError : public ErrorOf<ErrorType::range> {
 public:
  using ErrorOf::ErrorOf;
};

class FileError : public ErrorOf<ErrorType::file> {
 public:
  using ErrorOf::ErrorOf;
  const std::string& path() const noexcept { return data().subject; }
  int error_number() const noexcept { return static_cast<int>(data().number[0]); }  ///< errno, or 0
};

class LauncherError : public ErrorOf<ErrorType::launcher> {
 public:
  using ErrorOf::ErrorOf;
  const std::string& command() const noexcept { return data().subject; }  ///< the command that would be right
};

class RemoteError : public ErrorOf<ErrorType::remote> {
 public:
  using ErrorOf::ErrorOf;
  const std::string& foreign_type() const noexcept { return data().subject; }  ///< "std::logic_error"
};

class DistributionError : public ErrorOf<ErrorType::distribution> {
 public:
  using ErrorOf::ErrorOf;
};

class InternalError : public ErrorOf<ErrorType::internal> {
 public:
  using ErrorOf::ErrorOf;
};

class SystemError : public ErrorOf<ErrorType::system> {
 public:
  using ErrorOf::ErrorOf;
  int error_number() const noexcept { return static_cast<int>(data().number[0]); }  ///< errno, or 0
};

class OutputError : public ErrorOf<ErrorType::output> {
 public:
  using ErrorOf::ErrorOf;
  const std::string& path() const noexcept { return data().subject; }
  int error_number() const noexcept { return static_cast<int>(data().number[0]); }  ///< errno, or 0
};

class IoError : public ErrorOf<ErrorType::io> {
 public:
  using ErrorOf::ErrorOf;
  const std::string& path() const noexcept { return data().subject; }
  int error_number() const noexcept { return static_cast<int>(data().number[0]); }  ///< errno, or 0
};

class BudgetError : public ErrorOf<ErrorType::budget> {
 public:
  using ErrorOf::ErrorOf;
  std::int64_t needed() const noexcept { return data().number[0]; }     ///< bytes on the node
  std::int64_t available() const noexcept { return data().number[1]; }  ///< bytes on the node
};

class MismatchError : public ErrorOf<ErrorType::mismatch> {
 public:
  using ErrorOf::ErrorOf;
  std::int64_t sequence() const noexcept { return data().number[0]; }  ///< number of the collective, from 0
};

/// A signal asked the job to end. All ranks may catch it, and save what they have.
class InterruptedError : public ErrorOf<ErrorType::interrupted> {
 public:
  using ErrorOf::ErrorOf;
  int signal() const noexcept { return static_cast<int>(data().number[0]); }  ///< SIGTERM or SIGINT
};

/// "missing.npy: No such file or directory": the text of an errno value.
std::string errno_text(int error_number);

}  // namespace tutti
