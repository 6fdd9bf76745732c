#include "daemon/dedup/identity.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

namespace nutgraf {
namespace {

FeedItem item(std::string guid, std::string link, std::string title) {
  FeedItem item;
  item.guid = std::move(guid);
  item.link = std::move(link);
  item.title = std::move(title);
  return item;
}

TEST(UrlKey, NamesThePageAndNotTheWayToIt) {
  struct Case {
    const char* url;
    const char* key;
  };
  for (const Case& c : {
           Case{"https://www.daily.example/a/b", "daily.example/a/b"},
           Case{"HTTP://Daily.example:80/a//b/#c", "daily.example/a/b"},
           Case{"https://daily.example:8443/a", "daily.example:8443/a"},
           Case{"https://me:pw@m.daily.example/", "daily.example"},
           Case{"https://daily.example./a/index.html", "daily.example/a"},
           Case{"https://daily.example/a/amp/", "daily.example/a"},
           Case{"https://daily.example/a.amp.html", "daily.example/a.html"},
           Case{"https://daily.example/a?z=1&UTM_Source=x&b=2&", "daily.example/a?b=2&z=1"},
           Case{"https://daily.example/a?tag=x&tag=y", "daily.example/a?tag=x&tag=y"},
           Case{"https://daily.example/%7ea%2fb", "daily.example/~a%2Fb"},
           Case{"https://daily.example/100%", "daily.example/100%"},
           Case{"https://daily.example/a?source=7", "daily.example/a?source=7"},
           Case{"https://medium.com/a?source=7", "medium.com/a"},
           Case{"https://daily-example.cdn.ampproject.org/c/s/www.daily.example/a",
                "daily.example/a"},
           Case{"https://daily.example/c/s/www.other.example/a",
                "daily.example/c/s/www.other.example/a"},
           Case{"https://www.com/a", "www.com/a"},
           Case{"mailto:desk@daily.example", "mailto:desk@daily.example"},
           Case{" not a url ", "not a url"},
           Case{"", ""},
       }) {
    EXPECT_EQ(url_key(c.url), c.key) << c.url;
  }
}

TEST(UrlKey, IsItsOwnKeyAgain) {
  for (const char* url : {"https://www.m.daily.example/a/b/amp?b=1&a=%2F", "https://x.example"}) {
    const std::string key = url_key(url);
    EXPECT_EQ(url_key("https://" + key), key);
  }
}

TEST(UrlKey, JudgesTheSharedCasesRightly) {
  const char* given = std::getenv("NUTGRAF_SHARED");
  const std::string path =
      std::string(given != nullptr ? given : NUTGRAF_SHARED_DEFAULT) + "/corpus/url_cases.jsonl";
  std::ifstream lines(path);
  if (!lines) GTEST_SKIP() << path << " is not there";
  int cases = 0;
  for (std::string line; std::getline(lines, line); ++cases) {
    const auto c = nlohmann::json::parse(line);
    const auto a = url_key(c["a"].get<std::string>());
    const auto b = url_key(c["b"].get<std::string>());
    EXPECT_EQ(a == b, c["same"].get<bool>()) << line << "\n" << a << "\n" << b;
  }
  EXPECT_GT(cases, 100);
}

TEST(ItemKey, TakesTheFirstOfGuidLinkAndTitle) {
  const FeedItem full = item("42", "https://daily.example/a?utm_source=x", "T");
  EXPECT_EQ(item_key(full, GuidTrust::kGuid), "g:42");
  const FeedItem linked = item("", "https://daily.example/a?utm_source=x", "T");
  EXPECT_EQ(item_key(linked, GuidTrust::kGuid), "l:daily.example/a");
  EXPECT_NE(item_key(item("", "", "T"), GuidTrust::kGuid),
            item_key(item("", "", "U"), GuidTrust::kGuid));
}

TEST(ItemKey, TellsItemsApartWhoseGuidsCollide) {
  const FeedItem a = item("1", "https://daily.example/live", "Morning");
  const FeedItem b = item("1", "https://daily.example/live", "Evening");
  EXPECT_NE(item_key(a, GuidTrust::kTitle), item_key(b, GuidTrust::kTitle));
}

TEST(ItemKey, DoesNotTakeTheFrontPageForAnItem) {
  const FeedItem a = item("", "https://daily.example/", "Morning");
  const FeedItem b = item("", "https://daily.example/", "Evening");
  EXPECT_NE(item_key(a, GuidTrust::kGuid), item_key(b, GuidTrust::kGuid));
}

TEST(ItemKey, IsBounded) {
  const FeedItem a = item(std::string(100'000, 'x'), "", "");
  const FeedItem b = item(std::string(100'001, 'x'), "", "");
  EXPECT_LE(item_key(a, GuidTrust::kGuid).size(), 512u);
  EXPECT_NE(item_key(a, GuidTrust::kGuid), item_key(b, GuidTrust::kGuid));
}

TEST(GuidTrust, EndsWhereOneDocumentGivesOneGuidToTwoItems) {
  ParsedFeed feed;
  feed.items = {item("1", "https://d.example/a", "A"), item("2", "https://d.example/b", "B")};
  EXPECT_EQ(guid_trust(feed), GuidTrust::kGuid);
  feed.items.push_back(item("1", "https://d.example/c", "C"));
  EXPECT_EQ(guid_trust(feed), GuidTrust::kLink);
}

TEST(GuidTrust, SurvivesAnItemListedTwice) {
  ParsedFeed feed;
  feed.items = {item("1", "https://d.example/a", "A"), item("1", "http://d.example/a/", "A (2)"),
                item("", "https://d.example/b", "B"), item("", "https://d.example/c", "C")};
  EXPECT_EQ(guid_trust(feed), GuidTrust::kGuid);
}

FeedItem dated(std::string guid, std::string link, std::string title, int hour) {
  FeedItem made = item(std::move(guid), std::move(link), std::move(title));
  made.published = Time(std::chrono::hours(hour));
  return made;
}

TEST(GuidTrust, DegradesStepByStepToWhatTellsTheItemsApart) {
  struct Row {
    std::vector<FeedItem> items;
    GuidTrust trust;
  };
  const std::string live = "https://d.example/live";
  const std::vector<Row> rows{
      {{dated("1", "https://d.example/a", "A", 1), dated("1", "https://d.example/b", "B", 1)},
       GuidTrust::kLink},
      // One page, one GUID, two reports.
      {{dated("1", live, "A", 1), dated("1", live, "B", 2)}, GuidTrust::kLinkDate},
      {{dated("", live, "A", 1), dated("", live, "B", 2)}, GuidTrust::kLinkDate},
      {{dated("1", live, "A", 1), dated("1", live, "B", 2), dated("1", live, "C", 2)},
       GuidTrust::kTitle}};
  for (const Row& row : rows) {
    ParsedFeed feed;
    feed.items = row.items;
    const GuidTrust trust = guid_trust(feed);
    EXPECT_EQ(trust, row.trust);
    std::set<std::string> keys;
    for (const FeedItem& each : row.items) keys.insert(item_key(each, trust));
    EXPECT_EQ(keys.size(), row.items.size());
  }
}

TEST(GuidTrust, IsNotRegained) {
  ParsedFeed feed;
  feed.items = {item("1", "https://d.example/a", "A")};
  EXPECT_EQ(guid_trust(feed, GuidTrust::kLink), GuidTrust::kLink);
  EXPECT_EQ(guid_trust(feed, GuidTrust::kTitle), GuidTrust::kTitle);
}

TEST(ContentHash, SeesWordsOnly) {
  FeedItem a = item("1", "https://d.example/a", "Nine hurt in fire");
  a.summary = "<p>Nine people were <b>hurt</b>.</p>";
  FeedItem b = a;
  b.title = "NINE HURT IN FIRE";
  b.summary = "Nine people\n were hurt.";
  b.published = Time{};
  b.link += "?utm_medium=feed";
  EXPECT_EQ(content_hash(a), content_hash(b));
  b.summary = "Ten people were hurt.";
  EXPECT_NE(content_hash(a), content_hash(b));
}

TEST(StoryId, IsTheSameFromEveryFeedThatLinksToThePage) {
  const FeedItem a = item("https://www.d.example/a", "https://www.d.example/a", "A");
  const FeedItem b = item("http://d.example/a?utm_source=x", "http://d.example/a#top", "A");
  EXPECT_EQ(story_id(a, "https://d.example/rss"), story_id(b, "https://d.example/sport/rss"));
}

TEST(StoryId, TellsItemsOfOnePageApartByGuid) {
  const FeedItem a = item("live-1", "https://d.example/live", "A");
  const FeedItem b = item("live-2", "https://d.example/live", "A");
  EXPECT_NE(story_id(a, "https://d.example/rss"), story_id(b, "https://d.example/rss"));
}

TEST(StoryId, WithoutLinkBelongsToTheFeed) {
  const FeedItem a = item("7", "", "A");
  EXPECT_NE(story_id(a, "https://d.example/rss"), story_id(a, "https://e.example/rss"));
  EXPECT_EQ(story_id(a, "https://d.example/rss"), story_id(a, "http://www.d.example/rss"));
}

TEST(TextHash, SeesWordsOnly) {
  EXPECT_EQ(text_hash("", "Café “Zürich”,\n\n2,000 guests"),
            text_hash("", "cafe zurich 2000 GUESTS"));
  EXPECT_NE(text_hash("", "one two"), text_hash("", "two one"));
}

TEST(TextHash, TakesTheTitleOfThinTextsOnly) {
  EXPECT_NE(text_hash("A", "Read the full story."), text_hash("B", "Read the full story."));
  std::string long_text;
  for (int i = 0; i < 40; ++i) long_text += "word" + std::to_string(i) + " ";
  EXPECT_EQ(text_hash("A", long_text), text_hash("B", long_text));
}

TEST(TextHash, OfNothingIsZero) {
  EXPECT_EQ(text_hash("Title", ""), 0u);
  EXPECT_EQ(text_hash("Title", " — … "), 0u);
}

}  // namespace
}  // namespace nutgraf
