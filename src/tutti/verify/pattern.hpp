// Regular expressions of users: POSIX extended ones, as of grep -E.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct re_pattern_buffer;  // regex_t, of <regex.h>

namespace tutti::verify {

/// A part of a line: its bytes [begin, end).
struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool operator==(const Part&) const = default;
};

/// The C library's matcher and not std::regex, whose recursion overflows the stack on a long line.
class Pattern {
 public:
  /// @param option  what errors name: "--match"
  /// @throws UsageError for what is no such expression, for \d (which would match a letter d), and for an
  ///         expression that matches nothing at all (empty).
  Pattern(const std::string& expression, const char* option);

  const std::string& expression() const { return expression_; }
  bool matches(std::string_view line) const;
  /// All matches in the line, or of the first group if the expression has one; none of them empty.
  std::vector<Part> parts(std::string_view line) const;

 private:
  std::string expression_;
  std::shared_ptr<re_pattern_buffer> compiled_;
};

}  // namespace tutti::verify
