// The small parts: what the configuration adds to a story, robots.txt kept for a day, the mailbox.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "daemon/pipeline/ahead.h"
#include "daemon/pipeline/asking.h"
#include "daemon/pipeline/item_bounds.h"
#include "daemon/pipeline/mailbox.h"
#include "daemon/pipeline/robots_cache.h"
#include "daemon/pipeline/story_builder.h"
#include "tests/pipeline/house.h"

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

PendingItem item_with(const std::string& text) {
  PendingItem pending;
  pending.first_seen = ManualClock().utc();
  pending.item.guid = "g";
  pending.item.link = "https://a.example/1";
  pending.item.text = text;
  return pending;
}

TEST(Ahead, TakesWhatOthersPreparedInTheOrderItWasRead) {
  std::vector<std::string> taken;
  const auto here = std::this_thread::get_id();
  const auto prepare = [&](std::span<const std::string> rows) {
    EXPECT_NE(std::this_thread::get_id(), here);
    return std::vector<std::string>(rows.begin(), rows.end());
  };
  Ahead<std::string, std::vector<std::string>> ahead(prepare, [&](std::vector<std::string> rows) {
    EXPECT_EQ(std::this_thread::get_id(), here);
    taken.insert(taken.end(), rows.begin(), rows.end());
  });
  // No row has anything left of the one whose place it took.
  const auto text = [](int row) { return std::string(static_cast<std::size_t>(row % 50), 'x'); };
  const bool result = ahead.run([&](const auto& put) {
    EXPECT_NE(std::this_thread::get_id(), here);
    for (int row = 0; row < 5000; ++row) put(text(row) + std::to_string(row));
    return true;
  });
  EXPECT_TRUE(result);
  ASSERT_EQ(taken.size(), 5000u);
  for (int row = 0; row < 5000; ++row) ASSERT_EQ(taken[row], text(row) + std::to_string(row));
}

TEST(Ahead, ReadsNoMoreThanAFewBatchesBeforeTheyAreTaken) {
  std::atomic<int> read = 0;
  int taken = 0;
  int most = 0;
  Ahead<int, std::size_t> ahead([](std::span<const int> rows) { return rows.size(); },
                                [&](std::size_t rows) {
                                  most = std::max(most, read - taken);
                                  taken += static_cast<int>(rows);
                                });
  ahead.run([&](const auto& put) {
    for (int row = 0; row < 50'000; ++row, ++read) put(row);
    return true;
  });
  EXPECT_EQ(taken, 50'000);
  EXPECT_LE(most, 6 * 256);
}

TEST(Ahead, ReturnsWhatTheReaderMetIfThereWasNothingToTake) {
  Ahead<int, int> ahead([](std::span<const int>) { return 0; }, [](int) { FAIL(); });
  EXPECT_FALSE(ahead.run([](const auto&) { return false; }));
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

HttpResponse answer(int status, std::string body = "") {
  HttpResponse response = response_of("http://a.example/robots.txt", std::move(body), "text/plain");
  response.status = status;
  return response;
}

TEST(RobotsCache, SaysWhatTheSiteSaidForADay) {
  const Monotonic now{std::chrono::hours(1)};
  RobotsCache cache("nutgraf");
  EXPECT_EQ(cache.ask("http://a.example/x", now), RobotsAnswer::kUnknown);
  cache.store("http://a.example", answer(200, "User-agent: *\nDisallow: /x?y=\n"), now);
  EXPECT_EQ(cache.ask("http://a.example/x", now), RobotsAnswer::kAllowed);
  EXPECT_EQ(cache.ask("http://a.example/x?y=1", now), RobotsAnswer::kDisallowed);
  EXPECT_EQ(cache.ask("https://a.example/x", now), RobotsAnswer::kUnknown);  // Another origin.
  EXPECT_EQ(cache.ask("http://a.example:8080/x", now), RobotsAnswer::kUnknown);
  const auto day = RobotsCache::kKeep;
  EXPECT_EQ(cache.ask("http://a.example/x", now + day - std::chrono::seconds(1)),
            RobotsAnswer::kAllowed);
  EXPECT_EQ(cache.ask("http://a.example/x", now + day), RobotsAnswer::kUnknown);
}

TEST(RobotsCache, WithoutRulesTheStatusSpeaks) {
  const Monotonic now{std::chrono::hours(1)};
  RobotsCache cache("nutgraf");
  HttpResponse silent = answer(0);
  silent.error = Error{ErrorCode::kTransient, "no route"};
  HttpResponse huge = answer(200);
  huge.error = Error{ErrorCode::kTooLarge, "more than 500 KiB"};
  struct Row {
    HttpResponse response;
    RobotsAnswer answer;
  };
  const std::vector<Row> rows{{answer(404), RobotsAnswer::kAllowed},
                              {answer(403), RobotsAnswer::kAllowed},
                              {answer(500), RobotsAnswer::kUnreachable},
                              {silent, RobotsAnswer::kUnreachable},
                              {huge, RobotsAnswer::kAllowed}};
  for (const Row& row : rows) {
    cache.store("http://a.example", row.response, now);
    EXPECT_EQ(cache.ask("http://a.example/", now), row.answer) << row.response.status;
  }
  cache.store("http://a.example", silent, now);
  EXPECT_EQ(cache.ask("http://a.example/", now + RobotsCache::kKeepFailure),
            RobotsAnswer::kUnknown);
}

TEST(RobotsCache, TellsTheCrawlDelayOfTheOriginWithinReason) {
  const Monotonic now = ManualClock().monotonic();
  RobotsCache cache("nutgraf");
  EXPECT_EQ(cache.crawl_delay("http://a.example/x", now), std::chrono::seconds(0));
  cache.store("http://a.example", answer(200, "User-agent: *\nCrawl-delay: 20"), now);
  cache.store("http://b.example", answer(200, "User-agent: *\nCrawl-delay: 900"), now);
  cache.store("http://c.example", answer(200, "User-agent: other\nCrawl-delay: 20"), now);
  EXPECT_EQ(cache.crawl_delay("http://a.example/x", now), std::chrono::seconds(20));
  EXPECT_EQ(cache.crawl_delay("http://a.example:81/x", now), std::chrono::seconds(0));
  EXPECT_EQ(cache.crawl_delay("http://b.example/x", now), RobotsCache::kMostDelay);
  EXPECT_EQ(cache.crawl_delay("http://c.example/x", now), std::chrono::seconds(0));
  EXPECT_EQ(cache.crawl_delay("http://a.example/x", now + RobotsCache::kKeep),
            std::chrono::seconds(0));
}

FeedAsking asking_with_secret() {
  FeedAsking asking;
  asking.user_agent = "me";
  asking.proxy = "http://proxy.example:3128";
  asking.http1_only = true;
  asking.own.userpwd = "user:secret";
  return asking;
}

TEST(Apply, SecretsGoToTheOriginOfTheFeedOnly) {
  struct Case {
    const char* url;
    bool secret;
  };
  for (const Case& each : {
           Case{"https://A.example/feed", true},  // As configured, however it is spelled.
           Case{"https://a.example/page?x=1#y", true},
           Case{"https://a.example/robots.txt", true},
           Case{"http://a.example/page", false},
           Case{"https://a.example:8443/page", false},
           Case{"https://www.a.example/page", false},
           Case{"https://b.example/page", false},
           Case{"https://a.example@b.example/page", false},
           Case{"https:\\\\a.example\\@b.example/page", false},  // Who knows how it is read.
           Case{"https://a.example\\@b.example/page", false},
           Case{"nonsense", false},
       }) {
    HttpRequest request;
    request.url = each.url;
    apply(asking_with_secret(), "https://A.example/feed", request);
    EXPECT_EQ(request.own.userpwd.empty(), !each.secret) << each.url;
    EXPECT_EQ(request.user_agent, "me");
    EXPECT_EQ(request.proxy, "http://proxy.example:3128");
    EXPECT_TRUE(request.http1_only);
  }
}

TEST(Apply, WhatAFeedDoesNotSayStays) {
  HttpRequest request;
  request.url = "http://a.example/";
  request.user_agent = "all";
  request.proxy = "http://proxy.example:3128";
  apply({}, request.url, request);
  EXPECT_EQ(request.user_agent, "all");
  EXPECT_EQ(request.proxy, "http://proxy.example:3128");
  FeedAsking direct;
  direct.proxy = "";
  apply(direct, request.url, request);
  EXPECT_EQ(request.proxy, "");
}

TEST(RobotsCache, ForgetsTheOldestSites) {
  const Monotonic now{std::chrono::hours(1)};
  RobotsCache cache("nutgraf");
  for (std::size_t i = 0; i <= RobotsCache::kMaxSites; ++i) {
    cache.store("http://h" + std::to_string(i), answer(404), now);
  }
  EXPECT_EQ(cache.ask("http://h0/", now), RobotsAnswer::kUnknown);
  EXPECT_EQ(cache.ask("http://h1/", now), RobotsAnswer::kAllowed);
}

TEST(Mailbox, KeepsTheOrderAndWakesAfterEachPut) {
  int wakes = 0;
  Mailbox box([&] { ++wakes; });
  box.put(Mail{.finished = {1, 2}, .feeds = {{.feed_id = "a"}}, .events = {}, .items_wait = true});
  box.put(Mail{.finished = {3}, .feeds = {{.feed_id = "b"}}, .events = {{.event_id = "e"}}});
  box.put(FeedRequest{FeedRequest::Kind::kPause, "a"});
  EXPECT_EQ(wakes, 3);
  const Mail mail = box.take();
  EXPECT_THAT(mail.finished, ElementsAre(1, 2, 3));
  ASSERT_THAT(mail.feeds, SizeIs(2));
  EXPECT_EQ(mail.feeds[1].feed_id, "b");
  EXPECT_THAT(mail.events, SizeIs(1));
  EXPECT_TRUE(mail.items_wait);
  EXPECT_THAT(box.take().finished, IsEmpty());
  EXPECT_THAT(box.take_requests(), SizeIs(1));
  EXPECT_THAT(box.take_requests(), IsEmpty());
}

TEST(Mailbox, LosesNothingBetweenThreads) {
  Mailbox box([] {});
  std::size_t got = 0;
  std::jthread desk([&] {
    for (std::uint64_t i = 0; i < 10'000; ++i) {
      box.put(Mail{.finished = {i}, .feeds = {}, .events = {}});
    }
  });
  while (got < 10'000) got += box.take().finished.size();
  EXPECT_EQ(got, 10'000u);
}

}  // namespace
}  // namespace nutgraf
