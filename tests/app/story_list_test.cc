#include "daemon/app/story_list.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "daemon/wire/envelope.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

Publication message(Sequence seq, const std::string& name, const std::string& op,
                    const std::string& payload) {
  const std::string topic = name + ".en.world.";
  return {
      seq, topic,
      envelope({.type = name + "/1", .topic = topic, .op = op, .name = name, .payload = payload},
               {.epoch = "e1", .seq = seq, .prev = 0, .decided_at = Time()})};
}

const StoryListQuery kQuery{.topics = {"story.en."}, .limit = 2, .base_url = "http://localhost:1"};

TEST(StoryList, AStoryIsAnItem) {
  const Publication story = message(
      7, "story", "update",
      R"({"id":"s1","title":"T <b>","url":"https://a.example/1","published_at":"2026-11-21T10:00:00Z",)"
      R"("first_seen_at":"2026-11-21T11:00:00Z","language":"en","category":"world","tags":["x"],)"
      R"("authors":["Ann"],"source":{"name":"Post"},"summary":{"text":"What happened."}})");
  const std::string text = story_list(kQuery, {story}, 7);
  // The message itself is in it byte for byte.
  EXPECT_THAT(text, HasSubstr("\"_nutgraf\":" + story.body));
  const Json list = Json::parse(text);
  EXPECT_EQ(list["version"], "https://jsonfeed.org/version/1.1");
  EXPECT_EQ(list["feed_url"], "http://localhost:1/feed.json?limit=2&topic=story.en.");
  EXPECT_EQ(list["next_url"], "http://localhost:1/feed.json?limit=2&topic=story.en.&before=7");
  const Json& item = list["items"][0];
  EXPECT_EQ(item["id"], "s1");
  EXPECT_EQ(item["title"], "T <b>");
  EXPECT_EQ(item["url"], "https://a.example/1");
  EXPECT_EQ(item["content_text"], "What happened.");
  EXPECT_EQ(item["date_published"], "2026-11-21T10:00:00Z");
  EXPECT_TRUE(item.contains("date_modified"));
  EXPECT_EQ(item["authors"], Json::parse(R"([{"name":"Ann"}])"));
  EXPECT_EQ(item["tags"], Json::parse(R"(["world","x"])"));
}

TEST(StoryList, WhatIsAbsentIsMadeUpForOrAbsent) {
  const Publication bare = message(
      1, "story", "create", R"({"id":"s","title":"T","first_seen_at":"2026-11-21T11:00:00Z"})");
  const Json item = Json::parse(story_list(kQuery, {bare}, 0))["items"][0];
  EXPECT_EQ(item["content_text"], "T");
  EXPECT_EQ(item["date_published"], "2026-11-21T11:00:00Z");
  EXPECT_FALSE(item.contains("url"));
  EXPECT_FALSE(item.contains("date_modified"));
  EXPECT_FALSE(Json::parse(story_list(kQuery, {}, 0)).contains("next_url"));
}

TEST(StoryList, AnEventTellsItsConflicts) {
  const Publication event = message(
      1, "event", "grow",
      R"({"id":"e","title":"T","first_seen_at":"2026-11-21T11:00:00Z","summary":{"text":"S."},)"
      R"("stories":[{"url":"https://a.example/1"}],"conflicts":[{"what":"injured","claims":)"
      R"([{"value":"9","publishers":["A","B"]},{"value":"12","publishers":["C"]}]}]})");
  const Json item = Json::parse(story_list(kQuery, {event}, 0))["items"][0];
  EXPECT_EQ(item["content_text"], "S.\n\nReports disagree on injured: 9 (A, B); 12 (C).");
  EXPECT_EQ(item["url"], "https://a.example/1");
}

TEST(StoryList, WhatIsWithdrawnOrMergedIsLeftOut) {
  const Json list =
      Json::parse(story_list(kQuery,
                             {message(3, "story", "retract", R"({"id":"a"})"),
                              message(2, "event", "merge", R"({"id":"b"})"),
                              message(1, "story", "create", R"({"id":"c","title":"C"})")},
                             0));
  ASSERT_EQ(list["items"].size(), 1u);
  EXPECT_EQ(list["items"][0]["id"], "c");
}

TEST(StoryList, AFeedsHealthIsAnItemToo) {
  const Publication feed =
      message(1, "feed", "",
              R"({"id":"post","state":"silent","since":"2026-11-21T11:00:00Z","reason":"R"})");
  const Json item = Json::parse(story_list(kQuery, {feed}, 0))["items"][0];
  EXPECT_EQ(item["title"], "post is silent");
  EXPECT_EQ(item["content_text"], "R");
}

}  // namespace
}  // namespace nutgraf
