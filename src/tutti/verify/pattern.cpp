#include "tutti/verify/pattern.hpp"

#include <array>
#include <regex.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::verify {

namespace {

[[noreturn]] void refuse(const std::string& expression, const char* option, const std::string& reason) {
  throw UsageError(text(option, " ", printable(expression), ": ", reason), {option, {}});
}

using Groups = std::array<regmatch_t, 2>;

// Lines may contain NUL: their ends are given, not found.
bool find(const regex_t& compiled, std::string_view line, std::size_t from, Groups& groups) {
  groups[0].rm_so = static_cast<regoff_t>(from);
  groups[0].rm_eo = static_cast<regoff_t>(line.size());
  const int flags = REG_STARTEND | (from > 0 ? REG_NOTBOL : 0);
  return ::regexec(&compiled, line.data(), groups.size(), groups.data(), flags) == 0;
}

}  // namespace

Pattern::Pattern(const std::string& expression, const char* option) : expression_(expression) {
  if (expression.empty()) refuse(expression, option, "give an expression, as of grep -E");
  for (std::size_t i = 0; i + 1 < expression.size(); ++i) {
    if (expression[i] != '\\') continue;
    if (expression[i + 1] == 'd') refuse(expression, option, "\\d is none of grep -E's; write [0-9]");
    ++i;
  }
  auto compiled = std::make_unique<regex_t>();
  if (const int code = ::regcomp(compiled.get(), expression.c_str(), REG_EXTENDED); code != 0) {
    std::array<char, 256> words{};
    ::regerror(code, compiled.get(), words.data(), words.size());
    refuse(expression, option, text("no regular expression as of grep -E: ", words.data()));
  }
  compiled_ = std::shared_ptr<regex_t>(compiled.release(), [](regex_t* old) {
    ::regfree(old);
    delete old;  // NOLINT(cppcoreguidelines-owning-memory): made above
  });
}

bool Pattern::matches(std::string_view line) const {
  Groups groups{};
  return find(*compiled_, line, 0, groups);
}

std::vector<Part> Pattern::parts(std::string_view line) const {
  std::vector<Part> result;
  Groups groups{};
  const std::size_t group = compiled_->re_nsub > 0 ? 1 : 0;
  for (std::size_t from = 0; from < line.size() && find(*compiled_, line, from, groups);) {
    const auto whole_end = static_cast<std::size_t>(groups[0].rm_eo);
    if (groups[group].rm_so >= 0 && groups[group].rm_eo > groups[group].rm_so)
      result.push_back(
          {static_cast<std::size_t>(groups[group].rm_so), static_cast<std::size_t>(groups[group].rm_eo)});
    from = whole_end > from ? whole_end : from + 1;
  }
  return result;
}

}  // namespace tutti::verify
