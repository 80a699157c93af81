// A text file whose lines have fields: split, converted, and refused with the file's name and the line's
// number.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/files/line_reader.hpp"
#include "tutti/formats/particle.hpp"

namespace tutti::formats {

/// A file, or a text in memory that stands for one.
struct Source {
  std::string path;
  std::optional<std::string> contents = std::nullopt;
};

/// A longer line holds no particle, and no comment that a person wrote.
inline constexpr std::size_t longest_line = std::size_t{1} << 20U;

class Lines {
 public:
  /// @throws FileError if it cannot be opened
  explicit Lines(const Source& source);

  /// The next line. @return false behind the last one.
  bool next();
  /// @throws FormatError that says what is missing, if there is none
  void require(std::string_view what);

  std::string_view line() const { return line_; }
  Index number() const { return reader_.number(); }
  Index bytes() const { return reader_.size(); }  ///< of the whole file
  std::string name() const { return printable(reader_.name()); }

  /// The parts of the line between spaces and tabs, up to a '#' where that begins a comment.
  enum class Comments { none, hash };
  std::span<const std::string_view> split(Comments comments = Comments::none);
  bool is_blank() const;

  /// A field as a number. @param what  "the mass", for errors
  double number(std::string_view field, std::string_view what) const;
  Index integer(std::string_view field, std::string_view what) const;
  /// Three of them, from `first` on. @param what  "a coordinate"
  Vector vector(std::span<const std::string_view> fields, std::size_t first, std::string_view what) const;
  /// A number of particles, of which each takes at least `least` bytes of what follows: a larger one than the
  /// file can hold is refused before anybody makes room for it.
  Index count(std::string_view field, std::size_t least) const;

  /// "a.xyz: line 7: " and the problem, with its remedy.
  [[noreturn]] void refuse(std::string_view problem) const;

  /// The same of what no line alone is wrong about: "a.xyz: " and the problem.
  [[noreturn]] void refuse_file(std::string_view problem) const;

  files::LineReader::Place place() const { return reader_.place(); }
  void go_to(const files::LineReader::Place& place) { reader_.go_to(place); }

 private:
  files::LineReader reader_;
  std::string_view line_;
  std::vector<std::string_view> fields_;
};

/// Quoted for an error: "\"1e400\"", and not all of it, if it is long.
std::string quoted(std::string_view words);

}  // namespace tutti::formats
