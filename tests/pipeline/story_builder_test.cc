// From item and page to a story, and how long its parts may be.
#include "daemon/pipeline/story_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "daemon/pipeline/item_bounds.h"
#include "tests/support/house.h"

namespace nutgraf {
namespace {

PendingItem item_with(const std::string& text) {
  PendingItem pending;
  pending.first_seen = ManualClock().utc();
  pending.item.guid = "g";
  pending.item.link = "https://a.example/1";
  pending.item.text = text;
  return pending;
}

TEST(ItemBounds, WhatIsTooLongIsCutAtACharacter) {
  FeedItem item;
  item.title = std::string(kMaxItemField - 1, 't') + "\u00e9 and more";
  item.text = std::string(2 * kMaxItemText, 'x');
  item.link = "https://a.example/" + std::string(kMaxItemField, 'u');
  item.summary = "short";
  item.authors = {std::string(1 << 20, 'a')};
  bound(item);
  EXPECT_EQ(item.title, std::string(kMaxItemField - 1, 't'));
  EXPECT_EQ(item.text.size(), kMaxItemText);
  EXPECT_EQ(item.link, "");  // Half a URL leads elsewhere.
  EXPECT_EQ(item.summary, "short");
  EXPECT_EQ(item.authors.front().size(), kMaxItemField);
}

TEST(ItemBounds, APageTellsNoMoreThanAnItem) {
  Article page;
  page.text = std::string(2 * kMaxItemText, 'x');
  PendingItem pending = item_with("");
  const Story story = build_story(feed_source("a"), "https://a.example/feed", pending, &page);
  EXPECT_LE(story.text.size(), kMaxItemText);
}

TEST(StoryBuilder, TakesWhatTheConfigurationSays) {
  FeedSource source = feed_source("a");
  source.category = "science";
  source.tags = {"mine", "shared"};
  source.language = "de-AT";
  PendingItem pending = item_with("<p>Some text.</p>");
  pending.item.categories = {"shared", "theirs"};
  pending.backfill = true;
  const Story story = build_story(source, "https://a.example/moved", pending, nullptr);
  EXPECT_EQ(story.category, "science");
  EXPECT_EQ(story.tags[0], "mine");
  EXPECT_THAT(story.tags, testing::UnorderedElementsAre("mine", "shared", "theirs"));
  EXPECT_EQ(story.language, "de");
  EXPECT_TRUE(story.backfill);
  EXPECT_EQ(story.source.feed_url, "https://a.example/moved");
  EXPECT_EQ(story.source.host, "a.example");
  EXPECT_EQ(story.first_seen_at, pending.first_seen);
}

TEST(StoryBuilder, TheAggregatorNamesThePublisher) {
  PendingItem pending = item_with("text");
  EXPECT_EQ(build_story(feed_source("a"), "", pending, nullptr).source.publisher, "a.example");
  pending.item.source_name = "The Other Paper";
  EXPECT_EQ(build_story(feed_source("a"), "", pending, nullptr).source.publisher,
            "The Other Paper");
}

TEST(StoryBuilder, AStoryHasATitleWhateverTheFeedLeftOut) {
  EXPECT_EQ(build_story(feed_source("a"), "", item_with("<p>Short text.</p>"), nullptr).title,
            "Short text.");
  const std::string title =
      build_story(feed_source("a"), "", item_with("<p>" + std::string(300, 'a') + "</p>"), nullptr)
          .title;
  EXPECT_EQ(title, std::string(80, 'a') + "…");
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "ä";
  EXPECT_EQ(build_story(feed_source("a"), "", item_with("<p>x" + umlauts + "</p>"), nullptr).title,
            "x" + umlauts.substr(0, 78) + "…");  // Never half a character.
  EXPECT_EQ(build_story(feed_source("a"), "", item_with(""), nullptr).title, "https://a.example/1");
  PendingItem bare = item_with("");
  bare.item.link.clear();
  EXPECT_EQ(build_story(feed_source("a"), "", bare, nullptr).title, "g");
}

TEST(StoryBuilder, NothingIsPublishedAfterItWasSeen) {
  PendingItem pending = item_with("text");
  pending.item.published = pending.first_seen + std::chrono::hours(5);
  EXPECT_EQ(build_story(feed_source("a"), "", pending, nullptr).published_at, pending.first_seen);
  pending.item.published = pending.first_seen - std::chrono::hours(5);
  EXPECT_EQ(build_story(feed_source("a"), "", pending, nullptr).published_at,
            pending.item.published);
}

TEST(StoryBuilder, TheIdIsThatOfTheItemAndNotOfThePoll) {
  PendingItem pending = item_with("text");
  const std::string id = build_story(feed_source("a"), "https://a.example/f", pending, nullptr).id;
  pending.item.text = "another text";
  pending.first_seen += std::chrono::hours(3);
  pending.id = 99;
  EXPECT_EQ(build_story(feed_source("a"), "https://a.example/f", pending, nullptr).id, id);
}

}  // namespace
}  // namespace nutgraf
