#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "summarizer/summarizer.h"
#include "tests/summarizer/story.h"

namespace nutgraf::summarizer {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Keywords, SayWhatTheStoryIsAbout) {
  const Analysis a = analyse({.title = "Fire in Harlow", .text = test::kStory, .language = "en"});
  const auto words = keywords(a, 5);
  EXPECT_THAT(words, SizeIs(5));
  EXPECT_THAT(words, Contains("mill"));
  EXPECT_THAT(words, Contains("Harlow"));
  EXPECT_THAT(words, Contains("fire"));
  EXPECT_THAT(keywords(a, 0), IsEmpty());
  EXPECT_THAT(keywords(a, -1), IsEmpty());
  EXPECT_THAT(keywords({}, 5), IsEmpty());
}

TEST(Keywords, AreSpelledAsWithinSentences) {
  const Analysis a = analyse({.title = "Council To Undo The Agenda Of The Mayor",
                              .text = "Agenda points of the mayor go, and a council may undo an "
                                      "agenda. Brexit came. Undo it all.",
                              .language = "en"});
  const auto words = keywords(a, 10);
  EXPECT_THAT(words, Contains("undo"));
  EXPECT_THAT(words, Contains("agenda"));
  EXPECT_THAT(words, Contains("Brexit"));
  EXPECT_THAT(words, testing::Not(Contains("Undo")));
}

TEST(Keywords, OfSeveralTextsAreThoseThatLeadInMost) {
  const Analysis a =
      analyse({.title = {}, .text = "The impeachment of Moss. A mill.", .language = "en"});
  const Analysis b =
      analyse({.title = {}, .text = "It was the Impeachment hearing of Moss.", .language = "en"});
  const Analysis c = analyse({.title = {}, .text = "Two impeachments, he said.", .language = "en"});
  const Analysis* const all[] = {&a, &b, &c};
  EXPECT_THAT(cluster_keywords(all, 2), testing::ElementsAre("impeachment", "Moss"));
  EXPECT_THAT(cluster_keywords(std::span(all).first(0), 2), IsEmpty());
  EXPECT_THAT(cluster_keywords(all, 0), IsEmpty());
}

TEST(Entities, AreRunsOfCapitalsInsideSentences) {
  const Analysis a = analyse({.title = {}, .text = test::kStory, .language = "en"});
  const auto names = entities(a, 10);
  EXPECT_THAT(names, Contains("Harlow"));
  EXPECT_THAT(names, Contains("Chief Ann Moss"));
  EXPECT_THAT(names, testing::Not(Contains("Rain")));
  EXPECT_EQ(names.front(), "Harlow");
}

TEST(Entities, LoseTheirPossessive) {
  const Analysis a = analyse(
      {.title = {}, .text = "Police searched Ann Moss’s house in Harlow.", .language = "en"});
  EXPECT_THAT(entities(a, 10), testing::ElementsAre("Ann Moss", "Harlow"));
  EXPECT_THAT(keywords(a, 10), Contains("Moss"));
}

TEST(Entities, AreNotGuessedInGerman) {
  const Analysis a =
      analyse({.title = {}, .text = "Die Mühle von Harlow brannte am Freitag.", .language = "de"});
  EXPECT_THAT(entities(a, 10), IsEmpty());
}

}  // namespace
}  // namespace nutgraf::summarizer
