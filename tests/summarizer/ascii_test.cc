// What is read 64 characters at once must read as one at a time.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "summarizer/block.h"
#include "summarizer/faults.h"
#include "summarizer/unicode.h"
#include "summarizer/words.h"

namespace nutgraf::summarizer {
namespace {

/// Up to 200 characters, those that rules ask for far more often than others.
std::string random_text(std::mt19937& random) {
  static const std::string usual = "ab wW Zz.''5 9\"()[]:;@/ -!?,AN";
  std::string text(random() % 200, ' ');
  for (char& c : text) {
    c = random() % 8 == 0 ? static_cast<char>(random() % 128) : usual[random() % usual.size()];
  }
  return text;
}

TEST(Block, AnswersForEveryByte) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes.push_back(static_cast<char>(c));
  for (std::size_t begin = 0; begin < bytes.size(); begin += 50) {
    const Block block(bytes, begin);
    for (std::size_t k = 0; k < Block::kSize; ++k) {
      const char c = begin + k < bytes.size() ? bytes[begin + k] : '\0';
      const auto byte = static_cast<unsigned char>(c);
      const auto bit = [k](std::uint64_t mask) { return (mask >> k & 1) != 0; };
      EXPECT_EQ(bit(block.beyond_ascii()), byte >= 0x80) << int{byte};
      EXPECT_EQ(bit(block.equal('\x80')), byte == 0x80) << int{byte};
      EXPECT_EQ(bit(block.any_of(".Q")), c == '.' || c == 'Q') << int{byte};
      EXPECT_EQ(bit(block.within(' ', '~')), byte >= 0x20 && byte < 0x7F) << int{byte};
      if (byte >= 0x80) continue;
      EXPECT_EQ(bit(block.upper()), is_upper(byte)) << int{byte};
      EXPECT_EQ(bit(block.lower()), is_lower(byte)) << int{byte};
      EXPECT_EQ(bit(block.digit()), is_digit(byte)) << int{byte};
      EXPECT_EQ(bit(block.space()), is_space(byte)) << int{byte};
    }
  }
}

TEST(BitRow, FindsWhatALoopFinds) {
  std::mt19937 random(1);
  for (int n = 0; n < 300; ++n) {
    const std::string text = random_text(random);
    BitRow row;
    row.assign(text, [](const Block& b) { return b.space(); });
    for (std::size_t i = 0; i <= text.size(); ++i) {
      std::size_t set = i;
      while (set < text.size() && !is_space(static_cast<unsigned char>(text[set]))) ++set;
      std::size_t clear = i;
      while (clear < text.size() && is_space(static_cast<unsigned char>(text[clear]))) ++clear;
      ASSERT_EQ(row.next_set(i), set) << text;
      ASSERT_EQ(row.next_clear(i), clear) << text;
    }
  }
}

TEST(Tokenizer, ReadsAsciiAsItReadsAnyText) {
  std::mt19937 random(2);
  for (const char* language : {"en", "fr", "und"}) {
    Tokenizer any(language);
    Tokenizer ascii(language);
    for (int n = 0; n < 500; ++n) {
      const std::string text = random_text(random);
      std::vector<Word> a;
      std::vector<Word> b;
      any.append(decode(text), a);
      ascii.append_ascii(text, b);
      ASSERT_EQ(a.size(), b.size()) << text;
      for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].form, b[i].form) << text;
        EXPECT_EQ(a[i].stem, b[i].stem) << text;
        EXPECT_EQ(a[i].begin, b[i].begin) << text;
        EXPECT_EQ(a[i].size, b[i].size) << text;
        EXPECT_EQ(a[i].capitalised, b[i].capitalised) << text;
        EXPECT_EQ(a[i].number, b[i].number) << text;
      }
    }
  }
}

TEST(Shape, OfAsciiIsThatOfAnyText) {
  std::mt19937 random(3);
  for (int n = 0; n < 2000; ++n) {
    const std::string text = random_text(random);
    const Shape any = shape_of(decode(text));
    const Shape ascii = shape_of_ascii(text);
    EXPECT_EQ(any.words, ascii.words) << text;
    EXPECT_EQ(any.names, ascii.names) << text;
    EXPECT_EQ(any.letters, ascii.letters) << text;
    EXPECT_EQ(any.upper, ascii.upper) << text;
    EXPECT_EQ(any.has_pairs, ascii.has_pairs) << text;
    EXPECT_EQ(any.may_have_address, ascii.may_have_address) << text;
    EXPECT_EQ(any.has_colon, ascii.has_colon) << text;
    EXPECT_TRUE(any.may_have_quotes || !ascii.may_have_quotes) << text;
    EXPECT_EQ(fault_of(decode(text), any, any.words, true),
              fault_of(decode(text), ascii, ascii.words, true))
        << text;
  }
}

}  // namespace
}  // namespace nutgraf::summarizer
