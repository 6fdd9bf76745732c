#include "daemon/model/withdrawal.h"

#include <gtest/gtest.h>

namespace nutgraf {
namespace {

Story full_story() {
  Story story;
  story.id = "a";
  story.title = "A title";
  story.url = "https://example.org/a";
  story.authors = {"Somebody"};
  story.summary.text = "A summary.";
  story.summary.sentences = {{"A summary.", 0}};
  story.keywords = {"word"};
  story.entities = {"Name"};
  story.changes = {{"was", "now"}};
  story.tags = {"tag"};
  story.word_count = 2;
  story.text = "A text.";
  return story;
}

TEST(Withdrawal, LeavesOfAStoryWhatNamesIt) {
  Story left = without_text(full_story());
  EXPECT_EQ(left.title, "A title");
  EXPECT_EQ(left.url, "https://example.org/a");
  left.title.clear();
  left.url.clear();
  left.tags.clear();
  Story nothing;
  nothing.id = "a";
  EXPECT_EQ(left, nothing);
}

TEST(Withdrawal, LeavesNoWordWhereItsTextIsToBeGone) {
  Story left = without_words(full_story());
  left.url.clear();
  Story nothing;
  nothing.id = "a";
  EXPECT_EQ(left, nothing);
}

Event event_of_two() {
  Event event;
  event.title = "A title";
  event.size = 2;
  event.stories = {{"a", "A title", "", "P", {}}, {"b", "B title", "", "Q", {}}};
  event.summary = {
      {"One.", "a", "P", "", 1}, {"Two.", "b", "Q", "", 1}, {"Three.", "b", "Q", "", 1}};
  event.summary_text = "One. Two. Three.";
  event.fresh = {{"One.", "a", "P", "", 1}};
  event.conflicts = {{"deaths", {{"3", {"P"}, "Three died."}}}};
  event.keywords = {"word"};
  return event;
}

TEST(Withdrawal, TakesAStoryOutOfAnEvent) {
  const Event left = without_story(event_of_two(), "a", {});
  EXPECT_EQ(left.title, "B title");
  ASSERT_EQ(left.stories.size(), 1u);
  EXPECT_EQ(left.stories[0].id, "b");
  EXPECT_EQ(left.summary_text, "Two. Three.");
  EXPECT_EQ(left.summary.size(), 2u);
  EXPECT_TRUE(left.fresh.empty());
  EXPECT_TRUE(left.conflicts.empty());
  EXPECT_TRUE(left.keywords.empty());
  EXPECT_EQ(left.size, 2);
}

TEST(Withdrawal, LeavesAnothersTitleAndEndsWithNone) {
  EXPECT_EQ(without_story(event_of_two(), "b", {}).title, "A title");
  Event event = event_of_two();
  event.title = "As it was called at first";
  const std::vector<std::string> titles = {"As it was called at first"};
  EXPECT_EQ(without_story(event, "b", titles).title, "A title");
  event.stories.clear();
  EXPECT_EQ(without_story(event, "b", titles).title, "");
}

}  // namespace
}  // namespace nutgraf
