#include "tutti/core/error_record.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <memory>
#include <new>
#include <typeinfo>

#include "tutti/core/text.hpp"

namespace tutti::core {

namespace {

std::string demangled(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  return status == 0 ? name.get() : type.name();
}

// At most `limit` bytes, cut between characters and marked with "..." where something is missing.
std::string shortened(const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

constexpr std::size_t node_limit = 64;
constexpr std::size_t subject_limit = 240;

// Fields in order: type, rank, two numbers, then three texts, each with its length in front.
class Writer {
 public:
  explicit Writer(ErrorBytes& bytes) : bytes_(bytes) {}
  void integer(std::int64_t value) {
    for (int i = 0; i < 8; ++i)
      bytes_[at_++] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
  void text(const std::string& value, std::size_t limit) {
    const std::string cut = shortened(value, limit);
    integer(static_cast<std::int64_t>(cut.size()));
    std::copy(cut.begin(), cut.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += cut.size();
  }
  std::size_t room() const { return bytes_.size() - at_ - 8; }

 private:
  ErrorBytes& bytes_;
  std::size_t at_ = 0;
};

class Reader {
 public:
  explicit Reader(const ErrorBytes& bytes) : bytes_(bytes) {}
  std::int64_t integer() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8 && at_ < bytes_.size(); ++i)
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[at_++])) << (8 * i);
    return static_cast<std::int64_t>(value);
  }
  std::string text() {
    const auto wanted = static_cast<std::uint64_t>(integer());
    const std::size_t length = std::min<std::uint64_t>(wanted, bytes_.size() - at_);
    std::string value(bytes_.data() + at_, length);
    at_ += length;
    return value;
  }

 private:
  const ErrorBytes& bytes_;
  std::size_t at_ = 0;
};

}  // namespace

ErrorRecord describe(const std::exception_ptr& error) {
  ErrorRecord record;
  try {
    std::rethrow_exception(error);
  } catch (const Error& known) {
    return {known.type(), known.rank(), known.node(), known.message(), known.data(), known.agreement()};
  } catch (const std::bad_alloc&) {
    record.type = ErrorType::system;
    record.message = "out of memory (std::bad_alloc); use more nodes, or smaller arrays";
  } catch (const std::exception& foreign) {
    record.type = ErrorType::remote;
    record.data.subject = demangled(typeid(foreign));
    record.message = foreign.what();
  } catch (...) {
    record.type = ErrorType::remote;
    const std::type_info* type = abi::__cxa_current_exception_type();
    record.data.subject = type != nullptr ? demangled(*type) : "unknown";
    record.message = text("an exception of type ", record.data.subject, ", which is not a std::exception");
  }
  return record;
}

void raise(const ErrorRecord& record) {
  const auto as = [&]<class Type>(Type error) {
    error.set_origin(record.rank, record.node);
    error.set_agreement(record.agreement);
    throw error;
  };
  switch (record.type) {
    case ErrorType::usage:
      as(UsageError(record.message, record.data));
      break;
    case ErrorType::format:
      as(FormatError(record.message, record.data));
      break;
    case ErrorType::shape:
      as(ShapeError(record.message, record.data));
      break;
    case ErrorType::range:
      as(RangeError(record.message, record.data));
      break;
    case ErrorType::file:
      as(FileError(record.message, record.data));
      break;
    case ErrorType::launcher:
      as(LauncherError(record.message, record.data));
      break;
    case ErrorType::remote:
      as(RemoteError(record.message, record.data));
      break;
    case ErrorType::distribution:
      as(DistributionError(record.message, record.data));
      break;
    case ErrorType::internal:
      as(InternalError(record.message, record.data));
      break;
    case ErrorType::system:
      as(SystemError(record.message, record.data));
      break;
    case ErrorType::output:
      as(OutputError(record.message, record.data));
      break;
    case ErrorType::io:
      as(IoError(record.message, record.data));
      break;
    case ErrorType::budget:
      as(BudgetError(record.message, record.data));
      break;
    case ErrorType::mismatch:
      as(MismatchError(record.message, record.data));
      break;
    case ErrorType::interrupted:
      as(InterruptedError(record.message, record.data));
      break;
  }
  throw InternalError(
      text("an error record of unknown type ", static_cast<int>(record.type), ": ", record.message));
}

ErrorBytes encode(const ErrorRecord& record) {
  ErrorBytes bytes{};
  Writer writer(bytes);
  writer.integer(static_cast<std::int64_t>(record.type));
  writer.integer(record.rank);
  for (const std::int64_t number : record.data.number) writer.integer(number);
  writer.text(record.node, node_limit);
  writer.text(record.data.subject, subject_limit);
  writer.text(record.message, writer.room());
  return bytes;
}

ErrorRecord decode(const ErrorBytes& bytes) {
  ErrorRecord record;
  Reader reader(bytes);
  const std::int64_t type = reader.integer();
  if (type >= static_cast<std::int64_t>(ErrorType::usage) &&
      type <= static_cast<std::int64_t>(ErrorType::interrupted))
    record.type = static_cast<ErrorType>(type);
  record.rank = static_cast<int>(reader.integer());
  for (std::int64_t& number : record.data.number) number = reader.integer();
  record.node = reader.text();
  record.data.subject = reader.text();
  record.message = reader.text();
  return record;
}

}  // namespace tutti::core
