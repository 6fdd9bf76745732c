#include "daemon/dedup/comparison.h"

#include <gtest/gtest.h>

namespace nutgraf {
namespace {

Comparison alike(std::size_t words, std::size_t other_words, double cover, double lede) {
  Comparison comparison;
  comparison.cover = cover;
  comparison.words = words;
  comparison.other_words = other_words;
  comparison.shared = static_cast<std::size_t>(static_cast<double>(words) * cover);
  comparison.lede = lede;
  return comparison;
}

TEST(SameWords, AsksOfATeaserThatItStandsInTheStory) {
  // The names of those concerned make most of a sentence, in any report on them.
  EXPECT_FALSE(same_words(alike(34, 600, 0.86, 0.86), {}));
  EXPECT_FALSE(same_words(alike(39, 330, 0.75, 0.75), {}));
  EXPECT_TRUE(same_words(alike(34, 600, 0.95, 0.95), {}));
  // Of two teasers one may be edited.
  EXPECT_TRUE(same_words(alike(34, 36, 0.86, 0.86), {}));
  EXPECT_TRUE(same_words(alike(39, 60, 0.75, 0.75), {}));
  EXPECT_TRUE(same_words(alike(120, 900, 0.86, 0.6), {})) << "a story that was cut";
}

TEST(SameWords, AsksForTheTitleWhereMuchIsNew) {
  Comparison rewritten = alike(130, 150, 0.65, 0.7);
  EXPECT_TRUE(same_words(rewritten, {})) << "no titles to compare";
  rewritten.title = 0.4;  // Another of a column's links, or the verdict after the trial.
  EXPECT_FALSE(same_words(rewritten, {}));
  Comparison renamed = alike(130, 150, 0.9, 0.7);
  renamed.title = 0.4;
  EXPECT_TRUE(same_words(renamed, {})) << "a new headline over an old text";
}

TEST(SameWords, TakesSharedBackgroundForNoEdition) {
  EXPECT_FALSE(same_words(alike(180, 360, 0.52, 0.9), {}));
  EXPECT_FALSE(same_words(alike(180, 360, 0.6, 0.5), {})) << "the lede is new";
  EXPECT_FALSE(same_words(alike(400, 500, 0.7, 0.9), {})) << "a long text";
}

}  // namespace
}  // namespace nutgraf
