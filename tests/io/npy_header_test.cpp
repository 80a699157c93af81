#include "tutti/io/npy_header.hpp"

#include <cctype>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "temporary_folder.hpp"

namespace tutti::io {
namespace {

// A header of a version around a dictionary, as long as it says.
std::string framed(const std::string& dictionary, int version = 1) {
  std::string result("\x93NUMPY", 6);
  result += {static_cast<char>(version), '\0'};
  for (unsigned i = 0; i < (version == 1 ? 2U : 4U); ++i)
    result += static_cast<char>(dictionary.size() >> (8 * i) & 0xffU);
  return result + dictionary;
}

NpyHeader parsed(const std::string& bytes) { return parse_npy_header(bytes_in(bytes), "a.npy"); }

std::string refusal(const std::string& bytes) {
  try {
    parsed(bytes);
  } catch (const FormatError& error) {
    EXPECT_EQ(error.path(), "a.npy");
    EXPECT_EQ(error.message().substr(0, 7), "a.npy: ");
    return error.message().substr(7);
  }
  return "accepted";
}

std::string of_shape(const std::string& shape) {
  return framed("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }\n");
}

const std::string usual = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }";

TEST(NpyHeader, VersionsOneToThree) {
  for (const int version : {1, 2, 3}) {
    const std::string bytes = framed(usual + "     \n", version);
    const NpyHeader header = parsed(bytes + "12345678");
    EXPECT_EQ(header.type, (DataType{ElementType::float64, false}));
    EXPECT_FALSE(header.fortran_order);
    EXPECT_EQ(header.shape, (std::vector<Index>{3, 4}));
    EXPECT_EQ(header.size(), 12);
    EXPECT_EQ(header.data_offset, static_cast<Index>(bytes.size()));
  }
}

TEST(NpyHeader, AnySpellingOfTheDictionary) {
  for (const char* dictionary :
       {R"({"shape":(3,4),"descr":">i2","fortran_order":True})",
        " {\t'fortran_order' : True ,\n'descr':\">i2\", 'shape':( 3 ,\f4 , ) , }\r\n \n",
        "{'descr': '>i2', 'fortran_order': True, 'shape': (3L, 4L)}"}) {
    const NpyHeader header = parsed(framed(dictionary));
    EXPECT_EQ(header.type, (DataType{ElementType::int16, true}));
    EXPECT_TRUE(header.fortran_order);
    EXPECT_EQ(header.shape, (std::vector<Index>{3, 4}));
  }
}

TEST(NpyHeader, ShapesOfEveryKind) {
  EXPECT_EQ(parsed(of_shape("()")).size(), 1);
  EXPECT_EQ(parsed(of_shape("( )")).shape.size(), 0U);
  EXPECT_EQ(parsed(of_shape("(7,)")).shape, (std::vector<Index>{7}));
  EXPECT_EQ(parsed(of_shape("(7L,)")).shape, (std::vector<Index>{7}));
  EXPECT_EQ(parsed(of_shape("(0,)")).size(), 0);
  EXPECT_EQ(parsed(of_shape("(5, 0, 3)")).size(), 0);
  EXPECT_EQ(parsed(of_shape("(1099511627776, 1048575)")).size(), (Index{1} << 40U) * 1048575);
  std::string sixty_four = "(";
  for (int i = 0; i < 64; ++i) sixty_four += "1, ";
  EXPECT_EQ(parsed(of_shape(sixty_four + ")")).shape.size(), 64U);
  EXPECT_NE(refusal(of_shape(sixty_four + "1)")).find("more than 64 dimensions"), std::string::npos);
}

TEST(NpyHeader, AbsurdShapes) {
  const std::string absurd = "has an absurd shape, of more bytes than 64 bits count; write the file again";
  EXPECT_EQ(refusal(of_shape("(9223372036854775807,)")), absurd);
  EXPECT_EQ(refusal(of_shape("(4294967296, 4294967296)")), absurd);
  EXPECT_EQ(refusal(of_shape("(2305843009213693952, 4)")), absurd);
  EXPECT_EQ(refusal(of_shape("(0, 4294967296, 4294967296)")), absurd) << "empty, but offsets would overflow";
  EXPECT_EQ(refusal(of_shape("(1152921504606846976,)")), absurd) << "2^60 elements of 8 bytes";
  EXPECT_NE(refusal(of_shape("(9223372036854775808,)")).find("beyond 64 bits"), std::string::npos);
  EXPECT_NE(refusal(of_shape("(99999999999999999999999999,)")).find("beyond 64 bits"), std::string::npos);
  EXPECT_NE(refusal(of_shape("(-1,)")).find("negative dimension"), std::string::npos);
  EXPECT_NE(refusal(of_shape("(3, -9223372036854775808)")).find("negative dimension"), std::string::npos);
  EXPECT_NE(refusal(of_shape("(3)")).find("a number for a tuple"), std::string::npos);
}

TEST(NpyHeader, WrongDictionaries) {
  for (const char* dictionary : {"",
                                 "   ",
                                 "{",
                                 "{}",
                                 "[]",
                                 "None",
                                 "{'descr'}",
                                 "{'descr':}",
                                 "{'descr': '<f8'}",
                                 "{'descr': '<f8', 'fortran_order': False}",
                                 "{'fortran_order': False, 'shape': (3,)}",
                                 "{'descr': '<f8', 'shape': (3,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'x': 1}",
                                 "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (3,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)} x",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}{}",
                                 "{,'descr': '<f8', 'fortran_order': False, 'shape': (3,)}",
                                 "{'descr': '<f8',, 'fortran_order': False, 'shape': (3,)}",
                                 "{'descr': '<f8' 'fortran_order': False, 'shape': (3,)}",
                                 "{'descr': <f8, 'fortran_order': False, 'shape': (3,)}",
                                 "{'descr': \"<f8', 'fortran_order': False, 'shape': (3,)}",
                                 "{'descr': '\\x3cf8', 'fortran_order': False, 'shape': (3,)}",
                                 "{'descr': None, 'fortran_order': False, 'shape': (3,)}",
                                 "{'descr': '<f8', 'fortran_order': 0, 'shape': (3,)}",
                                 "{'descr': '<f8', 'fortran_order': false, 'shape': (3,)}",
                                 "{'descr': '<f8', 'fortran_order': 'False', 'shape': (3,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': 3}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': [3]}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3,,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3 4)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3,}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3.0,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (0x3,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (03,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (+3,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3LL,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (True,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (1_0,)}",
                                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)} # note"}) {
    const std::string reason = refusal(framed(dictionary));
    EXPECT_NE(reason.find("the header's dictionary "), std::string::npos) << dictionary << "\n" << reason;
  }
  const std::string nul = usual + std::string(5, '\0');
  EXPECT_NE(refusal(framed(nul)).find("is followed by something else, at '\\x00"), std::string::npos);
}

TEST(NpyHeader, TypesThatAreNotRead) {
  const auto of_type = [](const std::string& type) {
    return framed("{'descr': " + type + ", 'fortran_order': False, 'shape': (3,), }\n");
  };
  EXPECT_EQ(refusal(of_type("'|O'")).substr(0, 36), "dtype '|O' holds Python objects, and");
  EXPECT_NE(refusal(of_type("[('x', '<f8'), ('y', '<f8')]")).find("structures"), std::string::npos);
  EXPECT_NE(refusal(of_type("('<f8', (2,))")).find("structures"), std::string::npos);
  EXPECT_NE(refusal(of_type("'<c16'")).find("complex"), std::string::npos);
}

TEST(NpyHeader, OtherFiles) {
  EXPECT_EQ(refusal(""), "is empty; a .npy file begins with a header");
  EXPECT_EQ(refusal("PK\3\4 and so on"), "is an .npz archive; save the array with numpy.save");
  const std::string other =
      "is not a .npy file: it does not begin with NumPy's magic bytes; state the dtype if it is raw";
  EXPECT_EQ(refusal("1.5 2.5\n"), other);
  EXPECT_EQ(refusal("\x93NUMPX"), other);
  EXPECT_EQ(refusal("\x93NUX"), other);
  EXPECT_EQ(refusal(framed(usual, 4)), "has .npy version 4.0; known are 1.0, 2.0 and 3.0");
  EXPECT_EQ(refusal(framed(usual, 0)), "has .npy version 0.0; known are 1.0, 2.0 and 3.0");
  std::string minor = framed(usual);
  minor[7] = 1;
  EXPECT_EQ(refusal(minor), "has .npy version 1.1; known are 1.0, 2.0 and 3.0");
}

TEST(NpyHeader, AbsurdLengths) {
  std::string bytes = framed(usual, 2);
  bytes.replace(8, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(refusal(bytes), "has an absurd header of 4294967295 bytes; at most 65536 are read");
  EXPECT_EQ(parsed(framed(usual + std::string(65536 - usual.size(), ' '), 2)).data_offset, 65536 + 12);
  EXPECT_NE(refusal(framed(usual + std::string(65537 - usual.size(), ' '), 2)), "accepted");
}

TEST(NpyHeader, CutAtEveryByte) {
  for (const int version : {1, 2, 3}) {
    const std::string whole = framed(usual + "\n", version);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      // An allocation of exactly this length, so that a sanitizer sees one byte too far.
      const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
      EXPECT_THROW(parse_npy_header(std::as_bytes(std::span(cut)), "a.npy"), FormatError) << length;
    }
    // The same with a length that agrees with the cut.
    for (std::size_t length = 0; length < usual.size(); ++length)
      EXPECT_NE(refusal(framed(usual.substr(0, length), version)), "accepted") << length;
  }
}

TEST(NpyHeader, RandomMutationsParseOrAreRefused) {
  std::mt19937 random(20261120);
  const auto below = [&](std::size_t n) { return random() % n; };
  const std::string alphabet = "{}()[]'\",:0123456789-LTrueFalse \n<>|=fiubOcx\\\0\xff";
  int accepted = 0;
  for (int i = 0; i < 10000; ++i) {
    const int version = 1 + static_cast<int>(below(3));
    const bool whole_file =
        below(4) == 0;  // else the frame stays right, and the dictionary is what is tested
    std::string bytes = whole_file ? framed(usual + "   \n", version) : usual + "   \n";
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      const std::size_t place = below(bytes.size());
      switch (below(4)) {
        case 0:
          bytes[place] = static_cast<char>(below(256));
          break;
        case 1:
          bytes[place] = alphabet[below(alphabet.size())];
          break;
        case 2:
          bytes.erase(place, 1 + below(3));
          break;
        default:
          bytes.insert(place, 1, alphabet[below(alphabet.size())]);
      }
      if (bytes.empty()) bytes = "x";
    }
    if (!whole_file) bytes = framed(bytes, version);
    const std::vector<char> exact(bytes.begin(), bytes.end());
    try {
      const NpyHeader header = parse_npy_header(std::as_bytes(std::span(exact)), "a.npy");
      EXPECT_GE(header.size(), 0);
      EXPECT_LE(header.data_offset, static_cast<Index>(bytes.size()));
      ++accepted;
    } catch (const FormatError&) {
    }
  }
  EXPECT_GT(accepted, 100);  // else the mutations test the first check only
  EXPECT_LT(accepted, 5000);
}

TEST(NpyHeader, IsWrittenAsNumPyWritesIt) {
  NpyHeader header{{ElementType::float64, false}, false, {3, 4}, 0};
  const std::string expected =
      std::string("\x93NUMPY\x01\x00v\x00", 10) + usual + std::string(58, ' ') + "\n";
  EXPECT_EQ(format_npy_header(header), expected);
  header.fortran_order = true;
  EXPECT_NE(format_npy_header(header).find("'fortran_order': True"), std::string::npos);
  header.shape = {1, 4, 1};
  EXPECT_NE(format_npy_header(header).find("'fortran_order': False"), std::string::npos);
  header.shape = {-1};
  EXPECT_THROW(format_npy_header(header), InternalError);
  header.shape = {Index{1} << 40U, Index{1} << 40U};
  EXPECT_THROW(format_npy_header(header), InternalError);
}

TEST(NpyHeader, WhatIsWrittenReadsBack) {
  std::vector<Index> most(64, 1);
  most[3] = Index{1} << 59U;
  for (const auto& shape : {std::vector<Index>{}, {0}, {7}, {3, 4}, {2, 0, 5}, {1, 1, 9}, most}) {
    for (const bool fortran_order : {false, true}) {
      const NpyHeader header{{ElementType::uint8, false}, fortran_order, shape, 0};
      const std::string bytes = format_npy_header(header);
      EXPECT_EQ(bytes.size() % 64, 0U);
      const NpyHeader back = parsed(bytes);
      EXPECT_EQ(back.shape, shape);
      EXPECT_EQ(back.type, header.type);
      EXPECT_EQ(back.fortran_order, fortran_order && !has_one_order(shape));
      EXPECT_EQ(back.data_offset, static_cast<Index>(bytes.size()));
    }
  }
}

TEST(HasOneOrder, UpToOneLongDimension) {
  EXPECT_TRUE(has_one_order({}));
  EXPECT_TRUE(has_one_order({5}));
  EXPECT_TRUE(has_one_order({1, 5, 1}));
  EXPECT_TRUE(has_one_order({3, 0, 5}));
  EXPECT_FALSE(has_one_order({2, 2}));
  EXPECT_FALSE(has_one_order({2, 1, 2}));
}

}  // namespace
}  // namespace tutti::io
