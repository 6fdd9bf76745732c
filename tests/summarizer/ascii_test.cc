// What is read 64 characters at once must read as one at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "summarizer/block.h"
#include "summarizer/faults.h"
#include "summarizer/unicode.h"
#include "summarizer/words.h"
#include "tests/summarizer/as_passage.h"

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
      EXPECT_EQ(bit(block.equal('Q')), c == 'Q') << int{byte};
      EXPECT_EQ(bit(block.within(' ', '~')), byte >= 0x20 && byte < 0x7F) << int{byte};
      if (byte >= 0x80) continue;
      EXPECT_EQ(bit(block.upper()), is_upper(byte)) << int{byte};
      EXPECT_EQ(bit(block.lower()), is_lower(byte)) << int{byte};
      EXPECT_EQ(bit(block.digit()), is_digit(byte)) << int{byte};
      EXPECT_EQ(bit(block.space()), is_space(byte)) << int{byte};
    }
  }
}

/// The same with a few characters that are beyond ASCII.
std::string mixed_text(std::mt19937& random) {
  std::string text;
  for (const char c : random_text(random)) {
    text += c;
    if (random() % 40 == 0) text += random() % 2 == 0 ? "é" : "“";
  }
  return text;
}

TEST(Passage, KnowsWhatItsCharactersAre) {
  std::mt19937 random(1);
  const auto word = [](char32_t c) { return c < 0x80 && is_alnum(c); };
  const auto space = [](char32_t c) { return c < 0x80 && is_space(c); };
  for (int n = 0; n < 300; ++n) {
    const test::Reading reading(mixed_text(random));
    const Passage whole = reading.passage();
    const std::size_t begin = random() % (whole.size() + 1);
    const Passage p = whole.substr(begin, random() % (whole.size() + 1));
    for (std::size_t i = 0; i < p.size(); ++i) {
      const char32_t c = p.text()[i];
      const auto bit = [&](Passage::Row row) { return (p.mask(row, i) & 1) != 0; };
      ASSERT_EQ(bit(&Characters::alnum), word(c));
      ASSERT_EQ(bit(&Characters::upper), word(c) && is_upper(c));
      ASSERT_EQ(bit(&Characters::digit), word(c) && is_digit(c));
      ASSERT_EQ(bit(&Characters::space), space(c));
      ASSERT_EQ(bit(&Characters::marks), !word(c) && !space(c));
      ASSERT_EQ(bit(&Characters::beyond), c >= 0x80);
      if (p.size() - i < 64) {
        ASSERT_EQ(p.mask(&Characters::marks, i) >> (p.size() - i), 0U);
      }
    }
  }
}

TEST(Passage, FindsWhatALoopFinds) {
  std::mt19937 random(4);
  for (int n = 0; n < 300; ++n) {
    const test::Reading reading(mixed_text(random));
    const Passage p = reading.passage();
    bool ascii = true;
    for (std::size_t i = p.size() + 1; i-- > 0;) {
      const auto find = [&](auto test) {
        std::size_t k = i;
        while (k < p.size() && !test(p.text()[k])) ++k;
        return k;
      };
      ASSERT_EQ(p.next(&Characters::digit, i), find([](char32_t c) { return is_digit(c); }));
      const std::size_t quote = find(is_double_quote);
      ASSERT_EQ(p.next_double_quote(i), quote == p.size() ? Text::npos : quote);
      ascii = ascii && (i == p.size() || p.text()[i] < 0x80);
    }
    EXPECT_EQ(p.is_ascii(), ascii);
  }
}

TEST(Edges, AreWhereRunsBeginAndEnd) {
  std::mt19937 random(5);
  for (int n = 0; n < 300; ++n) {
    const std::string text = n == 0 ? std::string(128, 'a') : random_text(random);
    const test::Reading reading(text);
    const Passage p = reading.passage();
    std::vector<std::uint32_t> expected;
    bool inside = false;
    for (std::uint32_t i = 0; i <= text.size(); ++i) {
      const bool now = i < text.size() && is_alnum(static_cast<unsigned char>(text[i]));
      if (now != inside) expected.push_back(i);
      inside = now;
    }
    std::vector<std::uint32_t> memory;
    EXPECT_THAT(edges_of(p, &Characters::alnum, memory), testing::ElementsAreArray(expected))
        << text;
  }
}

TEST(Tokenizer, ReadsAsciiAsItReadsAnyText) {
  std::mt19937 random(2);
  for (const char* language : {"en", "fr", "und"}) {
    Lexicon lexicon(language);
    Tokenizer any(language, lexicon);
    Tokenizer ascii(language, lexicon);
    for (int n = 0; n < 500; ++n) {
      const std::string text = random_text(random);
      std::vector<Word> a;
      std::vector<Word> b;
      any.append(decode(text), a);
      ascii.append_ascii(test::Reading(text).passage(), b);
      ASSERT_EQ(a.size(), b.size()) << text;
      for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].form, b[i].form) << text;
        EXPECT_EQ(a[i].stem, b[i].stem) << text;
        EXPECT_EQ(a[i].begin, b[i].begin) << text;
        EXPECT_EQ(a[i].size, b[i].size) << text;
        EXPECT_EQ(a[i].capitalised, b[i].capitalised) << text;
        EXPECT_EQ(a[i].number, b[i].number) << text;
        EXPECT_EQ(a[i].term, b[i].term) << text;
      }
    }
  }
}

TEST(Shape, OfAsciiIsThatOfAnyText) {
  std::mt19937 random(3);
  for (int n = 0; n < 2000; ++n) {
    const std::string text = random_text(random);
    const Shape any = shape_of(decode(text));
    const Shape ascii = shape_of_ascii(test::Reading(text).passage());
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
