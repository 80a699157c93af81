// What parsers say of documents in which something is wrong.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "tutti/core/error.hpp"

namespace tutti {

/// The message of the FormatError of this path that parse(document) throws when `old`, which must be in the
/// document, has been replaced.
template <class Parse>
std::string refusal_when(std::string document, const std::string& old, const std::string& replacement,
                         const std::string& path, const Parse& parse) {
  const auto at = document.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  document.replace(at, old.size(), replacement);
  try {
    parse(document);
  } catch (const FormatError& error) {
    EXPECT_EQ(error.path(), path);
    return error.message();
  }
  return "accepted";
}

}  // namespace tutti
