// The judge on logs of clients that are rude in one way each.
#include "tests/manners/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Kind = Exchange::Kind;
using Log = std::vector<Exchange>;

const Time kStart = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);  // A Sunday.
constexpr auto kHour = 1h;

Exchange asked(Time::duration after, const std::string& target = "/feed", int status = 200,
               Headers answer = {}, Headers more = {}) {
  Exchange e;
  e.at = kStart + after;
  e.host = "a.example";
  e.target = target;
  e.kind = Kind::kFeed;
  e.feed = "a";
  e.status = status;
  e.headers = {{"User-Agent", "guest"}, {"Accept-Encoding", "gzip"}};
  e.headers.insert(e.headers.end(), more.begin(), more.end());
  e.answer = std::move(answer);
  return e;
}

Exchange page(Time::duration after, const std::string& target, int status = 200) {
  Exchange e = asked(after, target, status);
  e.kind = Kind::kPage;
  return e;
}

Exchange robots(Time::duration after, int status = 200) {
  Exchange e = asked(after, "/robots.txt", status);
  e.kind = Kind::kRobots;
  return e;
}

const Headers kValidators{{"ETag", "W/\"1\""}, {"Last-Modified", "then"}};
const Headers kBoth{{"If-None-Match", "W/\"1\""}, {"If-Modified-Since", "then"}};

std::vector<std::string> marks_of(const Log& log) {
  Manners manners;
  manners.disallowed["a.example"] = {"/private"};
  std::vector<std::string> marks;
  for (const Mark& mark : judge(log, manners, log.empty() ? kStart : log.back().at)) {
    marks.push_back(mark.what);
  }
  return marks;
}

TEST(Judge, HasNothingAgainstAPoliteGuest) {
  Log log{asked(0h, "/feed", 200, kValidators)};
  for (int i = 1; i < 200; ++i) {
    const bool whole = i % 72 == 0;
    log.push_back(
        asked(i * kHour, "/feed", whole ? 200 : 304, kValidators, whole ? Headers() : kBoth));
  }
  EXPECT_THAT(marks_of(log), IsEmpty());
}

struct Rude {
  std::string mark;
  Log log;
};

Exchange with(Exchange e, const std::function<void(Exchange&)>& change) {
  change(e);
  return e;
}

Log redirected(int status, int times, Time::duration every) {
  Log log;
  for (int i = 0; i < times; ++i) {
    log.push_back(asked(i * every, "/feed", status, {{"Location", "/new"}}));
    log.push_back(asked(i * every, "/new"));
  }
  return log;
}

Log then(Log log, const Exchange& last) {
  log.push_back(last);
  return log;
}

Log errors(int count, Time::duration every) {
  Log log;
  for (int i = 0; i < count; ++i) log.push_back(asked(i * every, "/feed", 404));
  return log;
}

TEST(Judge, MarksEachRudeness) {
  const std::vector<Rude> rows{
      {"method HEAD", {with(asked(0h), [](Exchange& e) { e.method = "HEAD"; })}},
      {"asked for what nobody named",
       {with(asked(0h, "/favicon.ico"), [](Exchange& e) { e.kind = Kind::kUnknown; })}},
      {"query added", {asked(0h, "/feed?cachebuster=1")}},
      {"sends Cookie", {asked(0h, "/feed", 200, {}, {{"cookie", "a=b"}})}},
      {"sends Referer", {asked(0h, "/feed", 200, {}, {{"Referer", "http://me.example/"}})}},
      {"sends Authorization", {asked(0h, "/feed", 200, {}, {{"Authorization", "Basic x"}})}},
      {"sends From", {asked(0h, "/feed", 200, {}, {{"From", "me@me.example"}})}},
      {"no User-Agent", {with(asked(0h), [](Exchange& e) { e.headers.erase(e.headers.begin()); })}},
      {"another User-Agent",
       {asked(0h), with(asked(1h), [](Exchange& e) { e.headers[0].second = "other"; })}},
      {"gzip not accepted", {with(asked(0h), [](Exchange& e) { e.headers.pop_back(); })}},

      {"If-None-Match made up", {asked(0h, "/feed", 200, {}, {{"If-None-Match", "\"0\""}})}},
      {"If-None-Match made up",  // Not byte-exact.
       {asked(0h, "/feed", 200, {{"ETag", "W/\"1\""}}),
        asked(1h, "/feed", 200, {}, {{"If-None-Match", "\"1\""}})}},
      {"If-Modified-Since made up",
       {asked(0h, "/feed", 200, {}, {{"If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"}})}},
      {"If-None-Match outdated",
       {asked(0h, "/feed", 200, {{"ETag", "\"1\""}}),
        asked(1h, "/feed", 200, {{"ETag", "\"2\""}}, {{"If-None-Match", "\"1\""}}),
        asked(2h, "/feed", 200, {}, {{"If-None-Match", "\"1\""}})}},
      {"If-None-Match outdated",  // The last document had none.
       {asked(0h, "/feed", 200, {{"ETag", "\"1\""}}),
        asked(1h, "/feed", 200, {}, {{"If-None-Match", "\"1\""}}),
        asked(2h, "/feed", 200, {}, {{"If-None-Match", "\"1\""}})}},
      {"If-None-Match outdated",  // A 304 gave a new one.
       {asked(0h, "/feed", 200, {{"ETag", "\"1\""}}),
        asked(1h, "/feed", 304, {{"ETag", "\"2\""}}, {{"If-None-Match", "\"1\""}}),
        asked(2h, "/feed", 304, {}, {{"If-None-Match", "\"1\""}})}},
      {"If-None-Match left out",
       {asked(0h, "/feed", 200, kValidators), asked(1h, "/feed", 304, {}, {kBoth[1]})}},
      {"If-Modified-Since left out",
       {asked(0h, "/feed", 200, kValidators), asked(1h, "/feed", 304, {}, {kBoth[0]})}},
      {"validators left out too often",
       {asked(0h, "/feed", 200, kValidators), asked(1h, "/feed", 200, kValidators)}},
      {"If-None-Match made up",  // It vouches for a document that was cut off.
       {with(asked(0h, "/feed", 200, kValidators), [](Exchange& e) { e.torn = true; }),
        asked(1h, "/feed", 304, {}, {kBoth[0]})}},

      {"sooner than the least interval", {asked(0h), asked(4min)}},
      {"sooner than the server asks",
       {asked(0h, "/feed", 200, {{"Cache-Control", "public, max-age=7200"}, {"Age", "600"}}),
        asked(109min)}},
      {"sooner than the server asks",
       {asked(0h, "/feed", 200, {{"Expires", "Sun, 01 Mar 2026 02:00:00 GMT"}}), asked(119min)}},
      {"sooner than the server asks",
       {with(asked(0h), [](Exchange& e) { e.asks.interval = 3h; }), asked(179min)}},
      {"sooner than the server asks",  // Also after an answer without the document.
       {with(asked(0h, "/feed", 200, kValidators), [](Exchange& e) { e.asks.interval = 3h; }),
        asked(3h, "/feed", 304, {}, kBoth), asked(5h, "/feed", 304, {}, kBoth)}},
      {"in an hour to be skipped",
       {with(asked(0h), [](Exchange& e) { e.asks.skip_hours = 1u << 5; }), asked(5h + 59min)}},
      {"on a day to be skipped",
       {with(asked(0h), [](Exchange& e) { e.asks.skip_days = 1u << 1; }), asked(24h)}},
      {"host asked within its Retry-After",
       {asked(0h, "/feed", 503, {{"Retry-After", "3600"}}), robots(59min)}},
      {"host asked within its Retry-After",
       {asked(0h, "/feed", 429, {{"Retry-After", "Sun, 01 Mar 2026 02:00:00 GMT"}}),
        robots(119min)}},
      {"host asked in a burst", {asked(0h), robots(1s)}},
      {"does not back off from errors", then(errors(12, 30min), asked(12 * 29min + 2min))},
      {"forgotten", {asked(0h), asked(27h)}},

      {"temporary redirect taken for permanent",
       then(redirected(302, 9, 12h), asked(120h, "/new"))},
      {"temporary redirect taken for permanent",
       then(redirected(307, 9, 12h), asked(120h, "/new"))},
      {"permanent redirect believed too soon", then(redirected(301, 2, 13h), asked(27h, "/new"))},
      {"permanent redirect believed too soon", then(redirected(308, 9, 1h), asked(10h, "/new"))},
      {"permanent redirect never believed", redirected(301, 12, 11h)},
      {"asked after 410", {asked(0h, "/feed", 410), asked(29 * 24h, "/feed", 410)}},

      {"page before robots.txt", {page(0h, "/1")}},
      {"page against robots.txt", {robots(0h), page(1h, "/private/1")}},
      {"page fetched twice", {robots(0h), page(1h, "/1"), page(2h, "/1")}},
      {"robots.txt more than once a day", {robots(0h), robots(23h)}},
  };
  for (const Rude& row : rows) EXPECT_THAT(marks_of(row.log), ElementsAre(row.mark));
}

TEST(Judge, MarksNothingOfTheSameKindThatIsRight) {
  const std::vector<Log> polite{
      {asked(0h), asked(5min)},
      {asked(0h, "/feed", 200, {{"Cache-Control", "max-age=7200"}, {"Age", "600"}}), asked(110min)},
      {asked(0h, "/feed", 200, {{"Cache-Control", "no-cache"}}), asked(5min)},
      {asked(0h, "/feed", 503, {{"Retry-After", "3600"}}), robots(1h)},
      {asked(0h), robots(5s)},
      errors(12, 30min),
      then(redirected(301, 5, 12h), asked(60h, "/new")),
      redirected(302, 20, 12h),
      {asked(0h, "/feed", 410), asked(30 * 24h, "/feed", 410)},
      {robots(0h), page(1h, "/1", 503), page(2h, "/1"), robots(24h)},
      {robots(0h, 503), robots(1h)},
  };
  for (std::size_t i = 0; i < polite.size(); ++i) {
    EXPECT_THAT(marks_of(polite[i]), IsEmpty()) << i;
  }
}

TEST(ScoreSheet, HasALineAFeedAndNamesTheMarks) {
  const Log log{asked(0h), robots(10s), asked(1h)};
  const std::string sheet = score_sheet(log, {{"a", "slurps its soup", kStart}});
  EXPECT_THAT(sheet, testing::HasSubstr("3600"));
  EXPECT_THAT(sheet, testing::HasSubstr("a: slurps its soup"));
}

}  // namespace
}  // namespace nutgraf
