#include "daemon/article/letters.h"

#include <gtest/gtest.h>

namespace nutgraf {
namespace {

TEST(Letters, CollapsesEveryKindOfBlank) {
  std::string out;
  append_collapsed(out, "  a\t\n b\u00a0\u2009c ");
  append_collapsed(out, " d\u200be\u00ad");
  EXPECT_EQ(out, "a b c de");
}

TEST(Letters, LowersLatinGreekAndCyrillic) {
  EXPECT_EQ(lower_utf8("ÄÖ Ž Ł ΑΩ ЖЯЁ ×"), "äö ž ł αω жяё ×");
}

TEST(Letters, FoldsToWords) {
  EXPECT_EQ(fold_words(" “Hello”, World — it’s 5! "), "hello world it s 5");
  EXPECT_EQ(fold_words("—!"), "");
}

TEST(Letters, WeighsDenseScripts) {
  EXPECT_DOUBLE_EQ(weighted_length("abc"), 3);
  EXPECT_DOUBLE_EQ(weighted_length("é"), 1);
  EXPECT_DOUBLE_EQ(weighted_length("日本"), 5);
}

TEST(Letters, SplitsIntoPartsThatAreNotEmpty) {
  EXPECT_EQ(split("  a bc   d ", ' '), (std::vector<std::string_view>{"a", "bc", "d"}));
  EXPECT_TRUE(split("", ' ').empty());
}

TEST(Letters, CutsBetweenCharacters) {
  EXPECT_EQ(cut_utf8("aé", 2), "a");
  EXPECT_EQ(cut_utf8("aé", 3), "aé");
  EXPECT_EQ(cut_utf8("日", 2), "");
}

TEST(Letters, SentenceEnds) {
  EXPECT_TRUE(has_sentence_end("He left. She stayed"));
  EXPECT_TRUE(has_sentence_end("He left.\u201d"));
  EXPECT_TRUE(has_sentence_end("彼は去った。彼女は"));
  EXPECT_FALSE(has_sentence_end("Version 2.0 of example.org"));
  EXPECT_TRUE(ends_sentence("He left.\u201d)"));
  EXPECT_FALSE(ends_sentence("He left. She stayed"));
}

TEST(Letters, WordsStandAlone) {
  EXPECT_TRUE(contains_word("written by jane", "by"));
  EXPECT_FALSE(contains_word("nearby", "by"));
}

}  // namespace
}  // namespace nutgraf
