#include "daemon/dedup/gram_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace nutgraf {
namespace {

/// Of few words, so that grams repeat within a text and are shared by two.
std::vector<Token> some_text(std::mt19937& random) {
  std::vector<Token> text(random() % 40);
  for (Token& token : text) token.hash = static_cast<std::uint16_t>(random() % 5 * 13'107);
  return text;
}

/// Whether each word of `text` stands in three that `other` has in a row.
Flags slowly_covered(const std::vector<Token>& text, const std::vector<Token>& other) {
  Flags covered(text.size());
  for (std::size_t i = 0; i + 3 <= text.size(); ++i) {
    for (std::size_t k = 0; k + 3 <= other.size(); ++k) {
      if (std::equal(text.begin() + i, text.begin() + i + 3, other.begin() + k)) {
        std::fill_n(covered.begin() + i, 3, 1);
      }
    }
  }
  return covered;
}

TEST(GramSet, TellsInBothDirectionsWhatTwoTextsShare) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    const std::vector<Token> text = some_text(random);
    const std::vector<Token> other = some_text(random);
    GramSet grams(text);
    EXPECT_EQ(grams.covered(other), slowly_covered(other, text));
    EXPECT_EQ(grams.met(), Flags(text.size()));
    EXPECT_EQ(grams.meet(other), slowly_covered(other, text));
    EXPECT_EQ(grams.met(), slowly_covered(text, other));
    grams.forget();
    EXPECT_EQ(grams.met(), Flags(text.size()));
  }
}

TEST(GramSet, KnowsWhatSeveralTextsHaveBetweenThem) {
  std::mt19937 random(8);
  for (int round = 0; round < 200; ++round) {
    const std::vector<Token> text = some_text(random);
    const std::vector<Token> one = some_text(random);
    const std::vector<Token> two = some_text(random);
    GramSet grams(text);
    grams.meet(one);
    grams.meet(two);
    Flags either = slowly_covered(text, one);
    const Flags second = slowly_covered(text, two);
    for (std::size_t i = 0; i < either.size(); ++i) either[i] |= second[i];
    EXPECT_EQ(grams.met(), either);
  }
}

}  // namespace
}  // namespace nutgraf
