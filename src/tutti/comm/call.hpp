// What a rank believes to be doing: compared between ranks by a hash, shown to people as text.
#pragma once

#include <complex>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "tutti/core/hash.hpp"
#include "tutti/core/integer.hpp"
#include "tutti/core/site.hpp"

namespace tutti::comm {

/// The kind of a collective. Constants of this type are constexpr: a call hashes no text.
struct Operation {
  const char* name;
  std::uint64_t hash;
  constexpr explicit Operation(const char* name_) : name(name_), hash(core::hash(name_)) {}
};

/// The element type of a collective: "float64", "complex128", or "record of 24 bytes" for other trivially
/// copyable types.
struct ElementName {
  const char* name;
  std::uint64_t hash;
  std::size_t bytes;
};

template <class T>
constexpr ElementName element_name() {
  using U = std::remove_cv_t<T>;
  const auto named = [](const char* name) { return ElementName{name, core::hash(name), sizeof(U)}; };
  if constexpr (std::is_same_v<U, bool>) return named("bool");
  if constexpr (std::is_same_v<U, float>) return named("float32");
  if constexpr (std::is_same_v<U, double>) return named("float64");
  if constexpr (std::is_same_v<U, std::complex<float>>) return named("complex64");
  if constexpr (std::is_same_v<U, std::complex<double>>) return named("complex128");
  if constexpr (std::is_integral_v<U>) {
    constexpr const char* names[2][4] = {{"uint8", "uint16", "uint32", "uint64"},
                                         {"int8", "int16", "int32", "int64"}};
    constexpr int log_size = sizeof(U) == 1 ? 0 : sizeof(U) == 2 ? 1 : sizeof(U) == 4 ? 2 : 3;
    return named(names[std::is_signed_v<U> ? 1 : 0][log_size]);
  }
  return {"record", core::mix(core::hash("record"), sizeof(U)), sizeof(U)};
}

inline constexpr ElementName no_elements{nullptr, 0, 0};

/// One call of a collective, as one rank makes it.
struct Call {
  const Operation& operation;
  Site site;
  ElementName element = no_elements;
  Index count = -1;            ///< elements, where all ranks must agree on it; -1: of no meaning
  int root = -1;               ///< -1: none
  std::string_view note = {};  ///< shown, not compared: ranks may differ
  std::uint64_t detail = 0;    ///< compared, not shown: the hash of whatever else must agree

  std::uint64_t hash(bool with_site) const;
  /// "broadcast float64 n=8 root=0 at a.cpp:8"
  std::string text() const;
};

}  // namespace tutti::comm
