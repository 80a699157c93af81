#include "tutti/formats/id_check.hpp"

namespace tutti::formats {

IdCheck::Finding IdCheck::add(Index id) {
  if (id < 1 || id > particles_) return Finding::beyond;
  if (bits_.empty()) {
    if (id == in_order_ + 1) {
      ++in_order_;
      return Finding::good;
    }
    bits_.resize(static_cast<std::size_t>(particles_ / 64 + 1));
    for (Index k = 1; k <= in_order_; ++k) see(k);
  }
  if (seen(id)) return Finding::twice;
  see(id);
  return Finding::good;
}

}  // namespace tutti::formats
