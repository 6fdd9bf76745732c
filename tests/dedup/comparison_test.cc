#include "daemon/dedup/comparison.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

namespace nutgraf {
namespace {

using Tokens = std::vector<Token>;

/// `count` different words, from number `first` on.
Tokens run(std::uint16_t first, std::uint16_t count, std::uint8_t flags = 0) {
  Tokens tokens;
  for (std::uint16_t i = 0; i < count; ++i) {
    tokens.push_back({static_cast<std::uint16_t>(first + i), flags});
  }
  return tokens;
}

Tokens joined(std::initializer_list<Tokens> parts) {
  Tokens all;
  for (const Tokens& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Tokens name(std::uint16_t word) { return run(word, 1, Token::kCapital); }
Tokens figure(std::uint16_t word) { return run(word, 1, Token::kNumber); }

Comparison compared(const Tokens& a, const Tokens& b, bool b_was_cut = false) {
  return Comparer({.body = a, .title = {}}).with({.body = b, .title = {}, .cut = b_was_cut});
}

TEST(Comparer, CountsTheWordsThatTheOtherHasInThrees) {
  const Comparison half = compared(run(1, 10), joined({run(1, 5), run(101, 5)}));
  EXPECT_EQ(half.cover, 0.5);
  EXPECT_EQ(half.lede, 0.5);
  EXPECT_EQ(half.shared, 5u);
  const Comparison none = compared(run(1, 10), joined({run(1, 2), run(101, 8)}));
  EXPECT_EQ(none.cover, 0);
  EXPECT_EQ(none.shared, 0u);
  // Not the words of both texts together.
  const Comparison opening = compared(run(1, 120), joined({run(201, 30), run(31, 90)}));
  EXPECT_EQ(opening.cover, 0.75);
  EXPECT_EQ(opening.lede, 0.5);
  EXPECT_EQ(compared({}, run(1, 10)).cover, 0);
}

TEST(Comparer, FindsAPartWholeFromEitherSide) {
  for (const bool turned : {false, true}) {
    const Tokens part = run(4, 6);
    const Tokens whole = run(1, 12);
    const Comparison c = turned ? compared(whole, part) : compared(part, whole);
    EXPECT_EQ(c.cover, 1) << turned;
    EXPECT_EQ(c.words, 6u) << turned;
    EXPECT_EQ(c.other_words, 12u) << turned;
    EXPECT_EQ(c.shared, 6u) << turned;
  }
}

TEST(Comparer, LeavesOutTheEndOfWhatWasCutShort) {
  const Tokens text = run(1, 80);
  const Tokens shifted = run(21, 80);  // Its first words are the 21st to the 100th.
  EXPECT_EQ(compared(shifted, text).cover, 0.75);
  EXPECT_EQ(compared(shifted, text, true).cover, 1);
  // More than a quarter of new words at the end is news, whatever was cut.
  EXPECT_LT(compared(run(22, 80), text, true).cover, 0.75);
}

TEST(Comparer, CountsNamesAndFiguresThatWereReplacedInPlace) {
  const Tokens kept = joined({name(1), run(2, 4)});
  const auto filled = [&](const Tokens& filling) {
    return joined({kept, filling, run(11, 8), name(30)});
  };
  const Comparison c = compared(filled(name(50)), filled(name(60)));
  EXPECT_EQ(c.replaced, 1u);
  EXPECT_DOUBLE_EQ(c.replaced_share, 1.0 / 3);
  EXPECT_EQ(compared(filled(run(50, 1)), filled(run(60, 1))).replaced, 0u);  // No name.
  EXPECT_EQ(compared(filled(name(50)), filled(name(1))).replaced, 1u);
  EXPECT_EQ(compared(filled(joined({name(50), run(51, 5)})), filled(name(60))).replaced, 1u);
  // A longer run is new text, and so is an end.
  EXPECT_EQ(compared(filled(joined({name(50), run(51, 6)})), filled({})).replaced, 0u);
  EXPECT_EQ(compared(joined({kept, name(50)}), joined({kept, name(60)})).replaced, 0u);
  EXPECT_EQ(compared(joined({name(50), kept}), joined({name(60), kept})).replaced, 0u);
}

TEST(Comparer, HoldsTheSmallerSetOfFiguresAgainstTheLarger) {
  const Tokens few = joined({figure(1), figure(2), figure(2), figure(3), run(20, 3)});
  const Tokens many = joined({figure(2), figure(3), figure(4), figure(5)});
  const Comparison c = compared(few, many);
  EXPECT_DOUBLE_EQ(c.numbers, 2.0 / 3);
  EXPECT_EQ(c.numbers_missing, 1u);
  EXPECT_EQ(compared(few, run(20, 3)).numbers, 1);
  EXPECT_EQ(compared(few, run(20, 3)).numbers_missing, 0u);
}

TEST(Comparer, TakesTheWorseOfTheTitles) {
  const Tokens one = run(1, 4, Token::kContent);
  const Tokens other = joined({run(1, 1, Token::kContent), run(90, 4)});
  const Comparison c =
      Comparer({.body = {}, .title = one}).with({.body = {}, .title = other, .cut = false});
  EXPECT_EQ(c.title, 0.25);
  const Tokens said = run(3, 2);
  EXPECT_EQ(title_share(one, Side{.body = said, .title = other}), 0.75);
  EXPECT_EQ(title_share(run(90, 4), Side{.body = said, .title = other}), 1);  // No content.
}

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

TEST(SameWords, AsksForEachOfItsShares) {
  const Comparison good = alike(400, 500, 0.9, 0.5);
  EXPECT_TRUE(same_words(good, {}));
  Comparison c = good;
  c.shared = 24;
  EXPECT_FALSE(same_words(c, {}));
  c = good;
  c.title = 0.24;
  EXPECT_FALSE(same_words(c, {}));
  c = good;
  c.lede = 0.29;
  EXPECT_FALSE(same_words(c, {}));
  c = good;
  c.cover = 0.84;
  EXPECT_FALSE(same_words(c, {}));
}

TEST(SameStory, IsNoTemplateFilledAnew) {
  Comparison c = alike(400, 500, 0.9, 0.9);
  c.replaced = 4;
  c.replaced_share = 0.15;
  EXPECT_FALSE(same_story(c, {}));
  c.replaced_share = 0.14;
  EXPECT_TRUE(same_story(c, {})) << "of many names a few";
  c.replaced_share = 0.5;
  c.replaced = 3;
  EXPECT_TRUE(same_story(c, {})) << "three of few names";
  c.words = 79;
  EXPECT_FALSE(same_story(c, {})) << "a short text has less to replace";
  c.replaced = 1;
  EXPECT_TRUE(same_story(c, {}));
  c.numbers = 0.6;
  c.numbers_missing = 3;
  EXPECT_FALSE(same_story(c, {})) << "other figures";
  c.numbers_missing = 2;
  EXPECT_TRUE(same_story(c, {}));
}

}  // namespace
}  // namespace nutgraf
