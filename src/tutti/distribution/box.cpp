#include "tutti/distribution/box.hpp"

#include <algorithm>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti {

template <std::size_t N>
std::string shape_text(const Shape<N>& shape) {
  std::string out;
  for (const Index n : shape) out += text(out.empty() ? "" : " x ", n);
  return out;
}

template <std::size_t N>
void check_shape(const Shape<N>& shape) {
  Index product = 1;
  for (const Index n : shape) {
    if (n < 0)
      throw ShapeError(text("shape ", shape_text(shape), ": give 0 or more along each axis"), {"", {n, 0}});
    if (!multiply_fits(product, std::max<Index>(n, 1), product))
      throw ShapeError(text("shape ", shape_text(shape), ": more than 2^63 - 1 elements; give fewer"),
                       {"", {n, 0}});
  }
}

#define TUTTI_INSTANTIATE(N)                           \
  template std::string shape_text<N>(const Shape<N>&); \
  template void check_shape<N>(const Shape<N>&);
TUTTI_INSTANTIATE(1)
TUTTI_INSTANTIATE(2)
TUTTI_INSTANTIATE(3)
#undef TUTTI_INSTANTIATE

}  // namespace tutti
