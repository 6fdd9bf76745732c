#include "summarizer/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/summarizer/oracle.h"

namespace nutgraf::summarizer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Sentences without a word in common, so that only score and rules decide.
struct Story {
  Analysis analysis;
  std::vector<Candidate> candidates;
  Vectors vectors;

  explicit Story(const std::vector<Candidate>& all) : candidates(all) {
    Terms terms;
    for (std::size_t i = 0; i < all.size(); ++i) {
      Sentence s;
      s.words = static_cast<std::uint32_t>(i);
      s.words_end = s.words + 1;
      analysis.sentences.push_back(s);
      analysis.words.push_back({.form = i + 1, .stem = i + 1});
      terms.add(i + 1);
      terms.end_sentence();
    }
    vectors = make_vectors(terms, std::vector<double>(all.size(), 1.0));
  }

  std::vector<std::span<const Word>> words() const {
    std::vector<std::span<const Word>> out;
    for (std::size_t i = 0; i < candidates.size(); ++i) out.push_back(analysis.words_of(i));
    return out;
  }

  Picks pick(const Budget& budget, bool one_text = false) const {
    return pick_bundles(words(), candidates, vectors, budget,
                        {.novelty = 0.3, .one_text = one_text});
  }
};

Candidate plain(double score, int length = 10) { return {.score = score, .length = length}; }
Candidate leaning(double score) { return {.score = score, .length = 10, .leaning = true}; }
Candidate bad(double score) { return {.score = score, .length = 10, .bad = true}; }

TEST(PickBundles, TakesTheBestThatStandAlone) {
  const Story story({plain(.5), bad(1), plain(.9), plain(.7)});
  EXPECT_THAT(story.pick({.sentences = 2}), ElementsAre(2, 3));
}

TEST(PickBundles, BringsTheSentenceThatOneLeansOn) {
  const Story story({plain(.5), plain(.1), leaning(1), plain(.4)});
  EXPECT_THAT(story.pick({.sentences = 3}), ElementsAre(2, 1, 0));
}

TEST(PickBundles, TakesALeaningOneAloneAfterItsNeighbour) {
  const Story story({plain(1), leaning(.9), plain(.2)});
  EXPECT_THAT(story.pick({.sentences = 2}), ElementsAre(0, 1));
}

TEST(PickBundles, PrefersWhomAPickedOneIntroduces) {
  static constexpr std::uint32_t kAnn[] = {0};
  const auto knows_ann = [](double score) {
    return Candidate{.score = score, .length = 10, .known = 0};
  };
  const auto tells_of_ann = [](double score) {
    return Candidate{.score = score, .length = 10, .introduces = kAnn};
  };
  const Story stranger({plain(1), tells_of_ann(.1), knows_ann(.8), plain(.7)});
  EXPECT_THAT(stranger.pick({.sentences = 2}), ElementsAre(0, 3));
  const Story introduced({tells_of_ann(1), knows_ann(.8), plain(.7)});
  EXPECT_THAT(introduced.pick({.sentences = 2}), ElementsAre(0, 1));
  const Story much_better({plain(1), tells_of_ann(.1), knows_ann(.8), plain(.3)});
  EXPECT_THAT(much_better.pick({.sentences = 2}), ElementsAre(0, 2));
}

TEST(PickBundles, BeginsWithAnOpeningOutOfSeveralTexts) {
  const auto later = [](double score) {
    return Candidate{.score = score, .length = 10, .opening = false};
  };
  const auto pick = [](const Story& story) {
    return pick_bundles(story.words(), story.candidates, story.vectors, {.sentences = 2},
                        {.several_texts = true});
  };
  EXPECT_THAT(pick(Story({plain(.6), plain(.7), later(1)})), ElementsAre(1, 2));
  EXPECT_THAT(pick(Story({plain(.5), later(1), later(.9)})), ElementsAre(1, 2));
  EXPECT_THAT(Story({plain(.6), later(1)}).pick({.sentences = 2}), ElementsAre(1, 0));
}

TEST(PickBundles, TellsALikenessOnceOutOfSeveralTexts) {
  Story story({plain(1), plain(.9), plain(.1)});
  Terms terms;
  for (const std::uint64_t stem : {1, 2, 3, 4, 5, 6}) {  // Sentences of two, one is in both.
    terms.add(stem == 3 ? 1 : stem);
    if (stem % 2 == 0) terms.end_sentence();
  }
  story.vectors = make_vectors(terms, std::vector<double>(terms.size(), 1.0));
  for (const bool several : {false, true}) {
    EXPECT_THAT(pick_bundles(story.words(), story.candidates, story.vectors, {.sentences = 2},
                             {.novelty = 0, .several_texts = several}),
                ElementsAre(0, several ? 2 : 1));
  }
}

TEST(PickBundles, PushesNothingBetterOverTheEdgeOfAText) {
  // With the second the budget of 15 cuts half of the last, with the fourth half of itself.
  const Story story({plain(.1), plain(.6), plain(1), plain(.5)});
  EXPECT_THAT(story.pick({.sentences = 0, .words = 15}, true), ElementsAre(2, 3));
  EXPECT_THAT(story.pick({.sentences = 0, .words = 15}, false), ElementsAre(2, 1));
}

TEST(PickBundles, LeavesABundleThatDoesNotFitOrHasABadMember) {
  const Story tight({plain(.1), leaning(.9), plain(.5), plain(.6)});
  EXPECT_THAT(tight.pick({.sentences = 2}), ElementsAre(3, 2));  // (.9 + .1) / 2 is less than .6
  const Story spoilt({bad(1), leaning(1), plain(.2), plain(.1)});
  EXPECT_THAT(spoilt.pick({.sentences = 2}), ElementsAre(2, 3));
}

TEST(PickBundles, FillsUpWithWhatIsLeft) {
  const Story story({bad(.9), plain(.2), bad(.8)});
  EXPECT_THAT(story.pick({.sentences = 3}), ElementsAre(1, 0, 2));
  EXPECT_THAT(Story({}).pick({.sentences = 3}), IsEmpty());
}

TEST(PickBundles, CountsWordsUntilTheBudgetIsReached) {
  const Story story({plain(.9, 30), plain(.8, 30), plain(.7, 30), plain(.6, 30)});
  EXPECT_THAT(story.pick({.sentences = 0, .words = 60}), ElementsAre(0, 1));
  EXPECT_THAT(story.pick({.sentences = 0, .words = 61}), ElementsAre(0, 1, 2));
}

TEST(PickBundles, SaysNothingTwice) {
  Story story({plain(1), plain(.9), plain(.1)});
  story.analysis.words[1] = story.analysis.words[0];
  EXPECT_THAT(story.pick({.sentences = 2}), ElementsAre(0, 2));
}

/// Whether pick_bundles takes the second of two sentences, whose words are these.
bool takes_both(const std::vector<Word>& a, const std::vector<Word>& b) {
  const std::vector<std::span<const Word>> words = {a, b};
  Terms terms;
  for (std::uint64_t i = 1; i <= 2; ++i) {
    terms.add(i);
    terms.end_sentence();
  }
  const Vectors vectors = make_vectors(terms, std::vector<double>{1, 1});
  const std::vector<Candidate> candidates = {plain(1), plain(.5)};
  return pick_bundles(words, candidates, vectors, {.sentences = 2}, {}).size() == 2;
}

TEST(PickBundles, FindsEveryRepetition) {
  std::mt19937_64 random(3);
  int alike = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<Word> a;
    std::vector<Word> b;
    std::set<std::uint64_t> in_a;
    std::set<std::uint64_t> in_b;
    const auto add = [](std::uint64_t form, std::vector<Word>& to, std::set<std::uint64_t>& set) {
      to.push_back({.form = form});
      set.insert(form);
    };
    const std::uint64_t kind = random() % 20;  // How likely a word is in both.
    for (std::uint64_t n = 1 + random() % 30; n > 0; --n) {
      const std::uint64_t form = random() % 4 == 0 && !a.empty() ? a[0].form : random() | 1;
      const bool both = random() % 20 <= kind;
      const bool first = random() % 2 == 0;
      if (both || first) add(form, a, in_a);
      if (both || !first) add(form, b, in_b);
    }
    std::set<std::uint64_t> all = in_a;
    all.insert(in_b.begin(), in_b.end());
    const std::size_t shared = in_a.size() + in_b.size() - all.size();
    const bool expected = 10 * shared >= 6 * all.size();
    alike += expected;
    ASSERT_EQ(takes_both(a, b), !expected) << round;
  }
  EXPECT_GT(alike, 100);
  EXPECT_LT(alike, 2900);
}

TEST(PickOne, IsTheFirstThatStands) {
  using All = std::vector<Candidate>;
  EXPECT_THAT(pick_one(All{bad(.9), leaning(1), plain(.3), plain(.8)}), ElementsAre(2));
  EXPECT_THAT(pick_one(All{plain(.3), plain(.95)}), ElementsAre(0));
  EXPECT_THAT(pick_one(All{plain(.2), plain(.95)}), ElementsAre(1));
  EXPECT_THAT(pick_one(All{bad(.3), bad(.95)}), ElementsAre(1));
  EXPECT_THAT(pick_one({}), IsEmpty());
}

TEST(PickOne, TrustsTheOpeningOfALongTextLess) {
  std::vector<Candidate> all(kLongText, plain(.1));
  all[0] = plain(.6);
  all[7] = plain(.9);
  EXPECT_THAT(pick_one(all), ElementsAre(7));
  all.pop_back();
  EXPECT_THAT(pick_one(all), ElementsAre(0));
  all.push_back(plain(.1));
  all[7] = plain(.8);
  EXPECT_THAT(pick_one(all), ElementsAre(0));
}

TEST(PickBundles, NeverTakesMoreThanTheCap) {
  const Story story(std::vector<Candidate>(kMaxPicks + 50, plain(.5)));
  EXPECT_EQ(story.pick({.sentences = 100000}).size(), static_cast<std::size_t>(kMaxPicks));
  EXPECT_THAT(story.pick({.sentences = 0}), IsEmpty());
  EXPECT_THAT(story.pick({.sentences = -1}), IsEmpty());
}

TEST(PickBundles, PaysForLikeness) {
  const Terms terms = test::terms_of_tokens({{"mill"}, {"mill"}, {"rain"}});
  const Vectors v = make_vectors(terms, std::vector<double>{1, 1});
  const std::vector<Candidate> c{plain(1), plain(.9), plain(.6)};
  const std::vector<std::span<const Word>> words(3);
  // .7·.9 - .3 = .33 < .7·.6 = .42
  EXPECT_THAT(pick_bundles(words, c, v, {.sentences = 3}, {.novelty = 0.3}), ElementsAre(0, 2, 1));
  EXPECT_THAT(pick_bundles(words, c, v, {.sentences = 3}, {.novelty = 0}), ElementsAre(0, 1, 2));
}

TEST(PickBest, GoesByScoreAlone) {
  const std::vector<Candidate> c{plain(.1), bad(1), leaning(.5)};
  EXPECT_THAT(pick_best(c, {.sentences = 2}), ElementsAre(1, 2));
}

}  // namespace
}  // namespace nutgraf::summarizer
