// TOML documents as values that know where they stand, so that errors name the line, the thing and the
// remedy. The TOML library is seen by toml.cpp alone.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tutti/core/integer.hpp"

namespace tutti::files {

class Toml {
 public:
  /// @param source  what errors call the document
  /// @param schema  the page that describes what it should be: "docs/memory.md"
  /// @throws FormatError naming source and line
  static Toml parse(std::string_view document, const std::string& source, const std::string& schema);

  bool is_table() const;
  bool is_list() const;
  /// What it is, exactly; nothing for anything else.
  std::optional<std::string> text() const;
  std::optional<std::int64_t> integer() const;
  std::optional<double> number() const;  ///< integers, too
  std::optional<bool> boolean() const;

  /// Of a table.
  std::optional<Toml> get(std::string_view key) const;
  /// @throws FormatError "has no KEY; give it one"
  Toml need(std::string_view key) const;
  /// @throws FormatError for the first key that is not one of these, with the nearest that is
  void refuse_unknown(std::initializer_list<std::string_view> known) const;

  /// Of a list; empty for anything else.
  std::vector<Toml> items() const;

  /// The same, under another name for errors: "array coordinates".
  Toml called(std::string what) const;

  /// "job.toml: line 7: array x: kind " and the problem.
  [[noreturn]] void refuse(std::string_view problem) const;

 private:
  struct Node;
  struct Document;
  class Converter;
  Toml(std::shared_ptr<const Document> document, const Node* node, std::string what);

  std::shared_ptr<const Document> document_;
  const Node* node_;
  std::string what_;  // how to find it in the document; empty: the document itself
};

/// Of several words the one that is fewest letters away, by insertions, deletions, exchanges and changes.
std::string_view nearest_word(std::string_view word, std::initializer_list<std::string_view> known);

}  // namespace tutti::files
