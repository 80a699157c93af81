// Notes: small values that are kept with a checkpoint.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "tutti/core/error.hpp"
#include "tutti/core/integer.hpp"
#include "tutti/exact/exact_sum.hpp"

namespace tutti {

/// Any JSON value, as text: what tutti need not understand. Its numbers are integers of 64 bits, or float64.
struct JsonText {
  std::string text;
  friend bool operator==(const JsonText&, const JsonText&) = default;
};

/// A text, an integer of up to 64 bits, a floating-point number (with all its bits), true or false, an
/// ExactSum, or JSON.
class Note {
 public:
  using Value = std::variant<std::string, std::int64_t, std::uint64_t, double, bool, JsonText>;

  Note() = default;
  Note(std::string value) : value_(std::move(value)) {}
  Note(std::string_view value) : value_(std::string(value)) {}
  Note(const char* value) : value_(std::string(value)) {}
  Note(JsonText value) : value_(std::move(value)) {}
  Note(const ExactSum& value);
  template <class T>
  requires std::same_as<T, bool> Note(T value) : value_(value) {}
  template <std::floating_point T>
  Note(T value) : value_(static_cast<double>(value)) {
    static_assert(sizeof(T) <= sizeof(double), "no file keeps all bits of a long double");
  }
  template <std::integral T>
  requires(!std::same_as<T, bool>) Note(T value) {
    if (value < T{})
      value_ = static_cast<std::int64_t>(value);  // only negative ones: each integer has one form
    else
      value_ = static_cast<std::uint64_t>(value);
  }

  const Value& value() const { return value_; }
  friend bool operator==(const Note&, const Note&) = default;

 private:
  Value value_;
};

/// Notes by name, in the order of the names.
///
///     const Notes notes{{"seed", 2026}, {"time step", 0.1}, {"method", "leapfrog"}};
///     notes.get<double>("time step")
class Notes {
 public:
  Notes() = default;
  Notes(std::initializer_list<std::pair<const std::string, Note>> values) : values_(values) {}

  Note& operator[](const std::string& name) { return values_[name]; }
  bool contains(const std::string& name) const { return values_.count(name) > 0; }
  bool empty() const { return values_.empty(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

  /// A value as std::string, double, float, any integer type, bool, ExactSum or JsonText. An integer may be
  /// read as any type that holds it exactly.
  /// @throws FormatError if there is no such note, or it is of another type
  template <class T>
  T get(const std::string& name) const;

  /// Where they come from: what errors call them.
  void set_origin(std::string origin) { origin_ = std::move(origin); }

  friend bool operator==(const Notes& left, const Notes& right) { return left.values_ == right.values_; }

 private:
  const Note& find(const std::string& name) const;
  [[noreturn]] void refuse(const std::string& name, const char* wanted) const;
  double number(const std::string& name) const;
  bool truth(const std::string& name) const;
  ExactSum exact_sum(const std::string& name) const;
  std::string text_of(const std::string& name) const;
  JsonText json(const std::string& name) const;

  std::map<std::string, Note> values_;
  std::string origin_ = "notes";
};

template <class T>
T Notes::get(const std::string& name) const {
  if constexpr (std::same_as<T, std::string>) {
    return text_of(name);
  } else if constexpr (std::same_as<T, bool>) {
    return truth(name);
  } else if constexpr (std::same_as<T, ExactSum>) {
    return exact_sum(name);
  } else if constexpr (std::same_as<T, JsonText>) {
    return json(name);
  } else if constexpr (std::same_as<T, double> || std::same_as<T, float>) {
    const double value = number(name);
    const auto narrow = static_cast<T>(value);
    if (static_cast<double>(narrow) != value && value == value) refuse(name, "a number that a float holds");
    return narrow;
  } else {
    static_assert(std::integral<T>, "notes are texts, numbers, truth values, exact sums or JSON");
    const Note::Value& value = find(name).value();
    if (const auto* negative = std::get_if<std::int64_t>(&value);
        negative != nullptr && std::in_range<T>(*negative))
      return static_cast<T>(*negative);
    if (const auto* whole = std::get_if<std::uint64_t>(&value); whole != nullptr && std::in_range<T>(*whole))
      return static_cast<T>(*whole);
    refuse(name, "an integer of the type that is asked for");
  }
}

}  // namespace tutti
