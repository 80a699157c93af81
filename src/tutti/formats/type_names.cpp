#include "tutti/formats/type_names.hpp"

#include <algorithm>

#include "tutti/core/text.hpp"

namespace tutti::formats {

std::optional<std::size_t> TypeNames::number_of(std::string_view name) {
  if (last_ < names_.size() && names_[last_] == name) return last_;
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) {
    if (closed_ || names_.size() == most) return std::nullopt;
    names_.emplace_back(name);
    last_ = names_.size() - 1;
  } else {
    last_ = static_cast<std::size_t>(found - names_.begin());
  }
  return last_;
}

std::string TypeNames::list() const {
  constexpr std::size_t longest = 12;
  std::string list;
  for (std::size_t i = 0; i < std::min(names_.size(), longest); ++i)
    list += text(i > 0 ? ", " : "", printable(names_[i]));
  return names_.size() > longest ? list + " ..." : list;
}

}  // namespace tutti::formats
