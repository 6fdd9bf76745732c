// robots.txt, kept for a day.
#include "daemon/fetcher/robots_cache.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/house.h"

namespace nutgraf {
namespace {

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

TEST(RobotsCache, ForgetsTheOldestSites) {
  const Monotonic now{std::chrono::hours(1)};
  RobotsCache cache("nutgraf");
  for (std::size_t i = 0; i <= RobotsCache::kMaxSites; ++i) {
    cache.store("http://h" + std::to_string(i), answer(404), now);
  }
  EXPECT_EQ(cache.ask("http://h0/", now), RobotsAnswer::kUnknown);
  EXPECT_EQ(cache.ask("http://h1/", now), RobotsAnswer::kAllowed);
}

}  // namespace
}  // namespace nutgraf
