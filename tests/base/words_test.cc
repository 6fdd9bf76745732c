#include "daemon/base/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace nutgraf {
namespace {

using testing::ElementsAre;

std::vector<std::string> folded(std::string_view text) {
  const Words words = split_words(text);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < words.size(); ++i) out.emplace_back(words[i]);
  return out;
}

TEST(SplitWords, FoldsCaseAccentsAndApostrophes) {
  EXPECT_THAT(folded("The CAFÉ’s don't — Straße ﬁn"),
              ElementsAre("the", "cafe", "dont", "strasse", "fin"));
}

TEST(SplitWords, KeepsFiguresWhole) {
  EXPECT_THAT(folded("1,200.50 and 3.5m, 7."), ElementsAre("1200.50", "and", "3.5m", "7"));
}

TEST(SplitWords, TakesCharactersWithoutBlanksForWords) {
  EXPECT_THAT(folded("东京 tokyo"), ElementsAre("东", "京", "tokyo"));
}

TEST(SplitWords, MarksSentencesAndLines) {
  const Words words = split_words("It ended. Then U.S. aid\ncame.\n\nnext");
  std::vector<std::string> starts;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.words[i].sentence_start) starts.emplace_back(words[i]);
  }
  EXPECT_THAT(starts, ElementsAre("it", "then", "aid", "next"));
  EXPECT_EQ(words.words.back().before, Break::kParagraph);
  EXPECT_EQ(words.words[words.size() - 2].before, Break::kLine);
  EXPECT_TRUE(words.words[0].capital);
  EXPECT_FALSE(words.words[1].capital);
}

TEST(SplitWords, StopsAtTheLimit) { EXPECT_EQ(split_words("a b c d", 2).size(), 2u); }

TEST(SplitWords, SurvivesAnyBytesAndPointsIntoThem) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    for (int i = 0; i < 200; ++i) bytes += static_cast<char>(random());
    const Words words = split_words(bytes);
    for (const Word& word : words.words) {
      ASSERT_LT(word.begin, word.end);
      ASSERT_LE(word.end, bytes.size());
      ASSERT_LT(word.folded_begin, word.folded_end);
      ASSERT_LE(word.folded_end, words.folded.size());
    }
  }
}

}  // namespace
}  // namespace nutgraf
