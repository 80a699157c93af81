// The types of particles: their names, and the numbers that stand for them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::formats {

class TypeNames {
 public:
  /// More are refused: tables of pairs grow with the square.
  static constexpr std::size_t most = 1024;

  /// @param known  in the order of their numbers; none: names get numbers as they are found
  explicit TypeNames(std::vector<std::string> known) : names_(std::move(known)), closed_(!names_.empty()) {}

  /// @return nothing for a name that is not known, or one too many
  std::optional<std::size_t> number_of(std::string_view name);
  const std::vector<std::string>& names() const { return names_; }
  bool closed() const { return closed_; }

  /// "Ar, Kr", for errors.
  std::string list() const;

 private:
  std::vector<std::string> names_;
  bool closed_;
  std::size_t last_ = 0;  // found: mostly the next particle is of the same type
};

}  // namespace tutti::formats
