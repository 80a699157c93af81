#include "tutti/exact/accumulator.hpp"

#include "tutti/exact/reduce.hpp"

namespace tutti {

ExactAccumulator& ExactAccumulator::operator=(const ExactAccumulator& other) {
  total_ = other.sum();
  term_count_ = product_count_ = 0;
  return *this;
}

void ExactAccumulator::add(std::span<const double> x) {
  constexpr std::size_t few = 128;  // a call of a kernel costs as much as so many terms in the buffer
  if (x.size() > few) return exact::add_sum(total_, x);
  for (const double value : x) add(value);
}

ExactAccumulator& ExactAccumulator::operator+=(const ExactAccumulator& other) {
  total_ += other.sum();
  return *this;
}

ExactSum ExactAccumulator::sum() const {
  ExactSum sum = total_;
  if (term_count_ > 0) exact::add_sum(sum, std::span<const double>(terms_.data(), term_count_));
  if (product_count_ > 0)
    exact::add_dot(sum, std::span<const double>(left_.data(), product_count_),
                   std::span<const double>(right_.data(), product_count_));
  return sum;
}

void ExactAccumulator::flush_terms() {
  exact::add_sum(total_, std::span<const double>(terms_.data(), term_count_));
  term_count_ = 0;
}

void ExactAccumulator::flush_products() {
  exact::add_dot(total_, std::span<const double>(left_), std::span<const double>(right_));
  product_count_ = 0;
}

}  // namespace tutti
