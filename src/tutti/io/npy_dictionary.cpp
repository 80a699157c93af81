#include "tutti/io/npy_dictionary.hpp"

#include <optional>

namespace tutti::io {
namespace {

[[noreturn]] void fail(const std::string& path, std::string_view reason) {
  throw FormatError(text(path, ": ", reason), {path, {}});
}

std::string shown(std::string_view stranger) {
  constexpr std::size_t longest = 60;
  return text(printable(stranger.substr(0, longest)), stranger.size() > longest ? "..." : "");
}

// A parser by recursive descent; `at_` never passes the end of `source_`.
class Dictionary {
 public:
  Dictionary(std::string_view source, const std::string& path) : source_(source), path_(path) {}

  NpyHeader parse() {
    expect('{');
    while (!accept('}')) {
      entry();
      if (accept(',')) continue;
      expect('}');
      break;
    }
    space();
    if (at_ != source_.size()) refuse("is followed by something else");
    if (!type_) refuse("lacks 'descr'");
    if (!fortran_order_) refuse("lacks 'fortran_order'");
    if (!shape_) refuse("lacks 'shape'");
    return {*type_, *fortran_order_, *shape_, 0};
  }

 private:
  [[noreturn]] void refuse(std::string_view reason) const {
    fail(path_, text("the header's dictionary ", reason, ", at '", shown(source_.substr(at_)),
                     "'; write the file with numpy.save"));
  }

  bool at_end() const { return at_ == source_.size(); }
  char next() const { return at_end() ? '\0' : source_[at_]; }

  void space() {
    while (!at_end() && std::string_view(" \t\n\r\f").find(source_[at_]) != std::string_view::npos) ++at_;
  }

  bool accept(char wanted) {
    space();
    if (at_end() || source_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void expect(char wanted) {
    if (!accept(wanted)) refuse(text("lacks '", wanted, "'"));
  }

  bool accept_word(std::string_view word) {
    space();
    if (source_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  std::string_view string() {
    space();
    const char quote = next();
    if (quote != '\'' && quote != '"') refuse("lacks a text in quotes");
    const std::size_t end = source_.find(quote, at_ + 1);
    if (end == std::string_view::npos) refuse("has a text without its closing quote");
    const std::string_view found = source_.substr(at_ + 1, end - at_ - 1);
    if (found.find_first_of("\\\n\r") != std::string_view::npos) refuse("has an escape in a text");
    at_ = end + 1;
    return found;
  }

  template <class Value>
  void set(std::optional<Value>& member, Value (Dictionary::*parse_value)()) {
    if (member) refuse("says something twice");
    expect(':');
    member = (this->*parse_value)();
  }

  void entry() {
    const std::string_view key = string();
    if (key == "descr") return set(type_, &Dictionary::type);
    if (key == "fortran_order") return set(fortran_order_, &Dictionary::truth);
    if (key == "shape") return set(shape_, &Dictionary::shape);
    refuse(text("has an unknown entry '", shown(key), "'"));
  }

  DataType type() {
    space();
    if (next() == '[' || next() == '(')
      fail(path_,
           "its elements are structures; save each field to a file of its own, for example array['x']");
    const std::string_view notation = string();
    try {
      return parse_data_type(notation);
    } catch (const FormatError& error) {
      fail(path_, error.message());
    }
  }

  bool truth() {
    if (accept_word("True")) return true;
    if (!accept_word("False")) refuse("has neither True nor False for 'fortran_order'");
    return false;
  }

  std::vector<Index> shape() {
    std::vector<Index> dimensions;
    expect('(');
    while (!accept(')')) {
      if (dimensions.size() == most_dimensions)
        refuse(text("has more than ", most_dimensions, " dimensions"));
      dimensions.push_back(dimension());
      if (accept(',')) continue;
      if (dimensions.size() == 1) refuse("has a number for a tuple, (3) for (3,)");
      expect(')');
      break;
    }
    return dimensions;
  }

  Index dimension() {
    space();
    if (next() == '-') refuse("has a negative dimension");
    const std::size_t first = at_;
    Index value = 0;
    while (next() >= '0' && next() <= '9') {
      if (!multiply_fits(value, Index{10}, value) || !add_fits(value, Index{next() - '0'}, value)) {
        at_ = first;
        refuse("has a dimension beyond 64 bits");
      }
      ++at_;
    }
    if (at_ == first) refuse("lacks a dimension");
    if (source_[first] == '0' && at_ - first > 1) refuse("has a dimension that begins with 0");
    if (next() == 'L') ++at_;  // Python 2 wrote 64-bit numbers so
    return value;
  }

  std::string_view source_;
  const std::string& path_;
  std::size_t at_ = 0;
  std::optional<DataType> type_;
  std::optional<bool> fortran_order_;
  std::optional<std::vector<Index>> shape_;
};

}  // namespace

NpyHeader parse_npy_dictionary(std::string_view source, const std::string& path) {
  return Dictionary(source, path).parse();
}

}  // namespace tutti::io
