#include "tutti/exact/exact_sum.hpp"

#include <algorithm>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/exact/batch.hpp"

namespace tutti {

namespace {

constexpr std::int64_t base = std::int64_t{1} << ExactSum::digit_bits;
constexpr std::int64_t digit_mask = base - 1;
constexpr std::size_t nan_word = ExactSum::digits;
constexpr std::size_t positive_word = ExactSum::digits + 1;
constexpr std::size_t negative_word = ExactSum::digits + 2;

}  // namespace

void ExactSum::add(const exact::Term& term) {
  exact::Batch batch(*this);
  batch.add(term);
  batch.finish();
}

void ExactSum::subtract(const exact::Term& term) {
  exact::Term opposite = term;
  opposite.negative = !term.negative;
  if (term.special != exact::finite && term.special != exact::not_a_number)
    opposite.special = exact::infinity(opposite.negative);
  add(opposite);
}

void ExactSum::add_product(const exact::Term& x, const exact::Term& y) {
  exact::Batch batch(*this);
  batch.add(exact::Product(x, y));
  batch.finish();
}

ExactSum& ExactSum::operator+=(const ExactSum& other) {
  if (has_special() || other.has_special()) {
    mark(other.special());
    return *this;
  }
  const int first = other.first_;
  const int end = other.end_;
  for (int i = first; i < end; ++i)
    words_[static_cast<std::size_t>(i)] += other.words_[static_cast<std::size_t>(i)];
  if (first < end) settle(first, end);
  return *this;
}

ExactSum& ExactSum::operator-=(const ExactSum& other) {
  ExactSum opposite = other;
  opposite.negate();
  return *this += opposite;
}

void ExactSum::negate() {
  std::swap(words_[positive_word], words_[negative_word]);
  for (int i = first_; i < end_; ++i) words_[static_cast<std::size_t>(i)] *= -1;
  if (first_ < end_) settle(first_, end_);
}

exact::Special ExactSum::special() const {
  if (words_[nan_word] != 0) return exact::not_a_number;
  if (words_[positive_word] != 0) return exact::positive_infinity;
  return words_[negative_word] != 0 ? exact::negative_infinity : exact::finite;
}

bool ExactSum::is_negative() const {
  return words_[negative_word] != 0 || (end_ > 0 && words_[static_cast<std::size_t>(end_ - 1)] < 0);
}

ExactSum ExactSum::from_words(Words words) {
  ExactSum sum;
  std::copy(words.begin(), words.begin() + digits, sum.words_.begin());
  sum.settle(0, digits);
  if (sum.end_ == digits)
    throw InternalError("exact sum: its words are out of range; only words of ExactSum may be added up");
  const int specials = (words[nan_word] != 0 ? exact::not_a_number : 0) |
                       (words[positive_word] != 0 ? exact::positive_infinity : 0) |
                       (words[negative_word] != 0 ? exact::negative_infinity : 0);
  if (specials != 0) sum.mark(static_cast<std::uint8_t>(specials));
  return sum;
}

// Adds special values: they absorb the digits.
void ExactSum::mark(std::uint8_t specials) {
  const exact::Special all = exact::canonical(static_cast<std::uint8_t>(special() | specials));
  std::fill(words_.begin() + first_, words_.begin() + end_, 0);
  first_ = end_ = 0;
  words_[nan_word] = all == exact::not_a_number ? 1 : 0;
  words_[positive_word] = all == exact::positive_infinity ? 1 : 0;
  words_[negative_word] = all == exact::negative_infinity ? 1 : 0;
}

// Makes the digits canonical again after those from `first` to `end` - 1 were changed by anything.
void ExactSum::settle(int first, int end) {
  // A signed highest digit that has come to lie below others must become an ordinary one.
  int i = end_ > 0 && end_ < end ? std::min(first, end_ - 1) : first;
  first_ = end_ == 0 ? first : std::min(first_, first);
  end_ = std::max(end_, end);
  std::int64_t* digit = words_.data();
  std::int64_t carry = 0;
  for (; i < end_ - 1 && (i < end || carry != 0); ++i) {
    const std::int64_t value = digit[i] + carry;
    digit[i] = value & digit_mask;
    carry = value >> digit_bits;  // floor, also of negative values
  }
  if (i == end_ - 1) {  // the highest digit keeps its sign, and spills upward what is too large for a digit
    std::int64_t value = digit[i] + carry;
    for (; (value <= -base || value >= base) && i < digits - 1; ++i) {
      digit[i] = value & digit_mask;
      value = (value >> digit_bits) + digit[i + 1];
    }
    digit[i] = value;
    end_ = i + 1;
  }
  settle_top();
}

// The highest digit is not 0, nor a -1 that the digit below could carry; the lowest is not 0.
void ExactSum::settle_top() {
  std::int64_t* digit = words_.data();
  while (end_ > first_) {
    std::int64_t& top = digit[end_ - 1];
    if (top == -1 && end_ - 1 > first_ && digit[end_ - 2] != 0) {
      top = 0;
      digit[end_ - 2] -= base;
    } else if (top != 0) {
      break;
    }
    --end_;
  }
  while (first_ < end_ && digit[first_] == 0) ++first_;
  if (first_ == end_) first_ = end_ = 0;
}

}  // namespace tutti
