#include "daemon/poll/poller.h"

#include <gtest/gtest.h>

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using Kind = PollOutcome::Kind;

const Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);

class PollerTest : public ::testing::Test {
 protected:
  FeedState poll(const PollOutcome& outcome, Time at) {
    return state = after_poll(state, outcome, source, options, at);
  }

  static PollOutcome items(std::size_t count, std::size_t fresh) {
    return {.kind = Kind::kItems,
            .status = 200,
            .etag = "\"1\"",
            .last_modified = "then",
            .items = count,
            .new_items = fresh};
  }
  static PollOutcome failed(FailureClass failure) {
    return {.kind = Kind::kFailed, .status = 500, .failure = failure, .error = "HTTP 500"};
  }

  FeedSource source{.id = "example", .url = "https://a.example/feed"};
  PollOptions options;
  FeedState state;
};

TEST_F(PollerTest, ASuccessRemembersTheDocument) {
  PollOutcome outcome = items(10, 10);
  outcome.title = "Example";
  outcome.ttl = 60min;
  poll(outcome, kNow);
  EXPECT_EQ(state.feed_id, "example");
  EXPECT_EQ(state.url, source.url);
  EXPECT_EQ(state.etag, "\"1\"");
  EXPECT_EQ(state.last_modified, "then");
  EXPECT_EQ(state.title, "Example");
  EXPECT_EQ(state.first_poll, kNow);
  EXPECT_EQ(state.last_success, kNow);
  EXPECT_EQ(state.last_new_item, kNow);
  EXPECT_EQ(state.items, 10);
  EXPECT_EQ(state.polls, 1);
  EXPECT_EQ(state.server_asks, 1h);
  EXPECT_EQ(state.next_reason, "server");
  EXPECT_EQ(state.health, FeedHealth::kOk);
  EXPECT_GE(state.next_poll, kNow + 1h);
}

TEST_F(PollerTest, IsPure) {
  const FeedState before = state;
  const FeedState once = after_poll(before, items(3, 1), source, options, kNow);
  EXPECT_EQ(once, after_poll(before, items(3, 1), source, options, kNow));
}

TEST_F(PollerTest, NothingIsPolledEarlierThanAskedNorMuchLater) {
  source.interval = 10min;
  for (int i = 0; i < 200; ++i) {
    const Time at = kNow + i * 1h;
    poll(i % 2 == 0 ? items(5, 1) : PollOutcome{.kind = Kind::kNotModified, .status = 304}, at);
    EXPECT_GE(state.next_poll, at + 10min);
    // The first time the feed's phase comes on top, then only jitter.
    EXPECT_LE(state.next_poll, at + (i == 0 ? 20min : 10min + 12s)) << i;
  }
}

TEST_F(PollerTest, TheSecondPollTakesUpThePhase) {
  const FeedState a = after_poll({}, items(5, 1), source, options, kNow);
  source.url = "https://b.example/feed";
  const FeedState b = after_poll({}, items(5, 1), source, options, kNow);
  EXPECT_GT(std::chrono::abs(a.next_poll - b.next_poll), 1s);
}

TEST_F(PollerTest, NotModifiedKeepsValidatorsUnlessTheyAreSentAnew) {
  poll(items(5, 5), kNow);
  poll({.kind = Kind::kNotModified, .status = 304}, kNow + 1h);
  EXPECT_EQ(state.etag, "\"1\"");
  EXPECT_EQ(state.not_modified, 1);
  poll({.kind = Kind::kNotModified, .status = 304, .etag = "\"2\""}, kNow + 2h);
  EXPECT_EQ(state.etag, "\"2\"");
  EXPECT_EQ(state.last_modified, "then");
}

TEST_F(PollerTest, ADocumentWithoutValidatorsDropsTheOldOnes) {
  poll(items(5, 5), kNow);
  PollOutcome bare = items(5, 0);
  bare.etag.clear();
  bare.last_modified.clear();
  poll(bare, kNow + 1h);
  EXPECT_EQ(state.etag, "");
  EXPECT_EQ(state.last_modified, "");
}

TEST_F(PollerTest, FailuresKeepValidatorsBackOffAndHeal) {
  poll(items(5, 5), kNow);
  for (int i = 1; i <= 6; ++i) poll(failed(FailureClass::kHard), kNow + i * 1h);
  EXPECT_EQ(state.failures, 6);
  EXPECT_EQ(state.health, FeedHealth::kFailing);
  EXPECT_EQ(state.health_since, kNow + 3h);
  EXPECT_EQ(state.last_error, "HTTP 500");
  EXPECT_EQ(state.etag, "\"1\"");
  EXPECT_GE(state.next_poll, kNow + 6h + 90min);
  EXPECT_EQ(state.next_reason, "backoff");
  EXPECT_EQ(state.last_success, kNow);

  poll(items(5, 0), kNow + 10h);
  EXPECT_EQ(state.failures, 0);
  EXPECT_EQ(state.last_error, "");
  EXPECT_EQ(state.health, FeedHealth::kFailing);
  poll(items(5, 0), kNow + 11h);
  EXPECT_EQ(state.health, FeedHealth::kOk);
  EXPECT_EQ(state.health_since, kNow + 11h);
}

TEST_F(PollerTest, AFeedIsNeverDeadForGood) {
  for (int i = 0; i < 1'000; ++i) poll(failed(FailureClass::kHard), kNow + i * 24h);
  EXPECT_LE(state.next_poll, kNow + 1'000 * 24h + 24h);
}

TEST_F(PollerTest, RetryAfterIsAFloorButNotForEver) {
  poll({.kind = Kind::kRateLimited,
        .status = 429,
        .failure = FailureClass::kSoft,
        .retry_after = 2h},
       kNow);
  EXPECT_GE(state.next_poll, kNow + 2h);
  EXPECT_EQ(state.next_reason, "retry-after");
  poll({.kind = Kind::kRateLimited, .status = 429, .retry_after = 24h * 365 * 100}, kNow);
  EXPECT_GE(state.next_poll, kNow + 24h);
  EXPECT_LE(state.next_poll, kNow + 25h);
}

TEST_F(PollerTest, MaxAgeIsAFloorOfThisPollAndTheNext) {
  PollOutcome outcome = items(5, 1);
  outcome.max_age = 3h;
  poll(outcome, kNow);
  EXPECT_GE(state.next_poll, kNow + 3h);
  poll({.kind = Kind::kNotModified, .status = 304, .max_age = 5h}, kNow + 4h);
  EXPECT_GE(state.next_poll, kNow + 9h);
}

TEST_F(PollerTest, SkippedHoursAreLeftOut) {
  PollOutcome outcome = items(5, 1);
  outcome.skip_hours = skip_bits({0, 1, 2, 3, 4, 5}, 24);
  poll(outcome, kNow);
  EXPECT_EQ(state.next_poll, kNow + 6h);
  EXPECT_EQ(state.next_reason, "skip-hours");
}

TEST_F(PollerTest, SkippedHoursHoldOverAnswersWithoutADocument) {
  PollOutcome outcome = items(5, 1);
  outcome.skip_hours = skip_bits({12}, 24);
  outcome.skip_days = skip_bits({1}, 7);  // kNow is a Sunday.
  poll(outcome, kNow);
  poll({.kind = Kind::kNotModified, .status = 304}, kNow + 11h + 59min);
  EXPECT_EQ(state.next_poll, kNow + 13h);
  poll(failed(FailureClass::kTemporary), kNow + 23h + 59min);
  EXPECT_EQ(state.next_poll, kNow + 48h);
  poll(items(5, 1), kNow + 48h);  // The feed asks no more.
  EXPECT_EQ(state.skip_hours, 0u);
  EXPECT_EQ(state.skip_days, 0u);
}

TEST_F(PollerTest, ADocumentThatBrokeOffVouchesForNothingUntilItComesAgain) {
  poll(items(5, 5), kNow);
  PollOutcome torn = items(3, 1);
  torn.etag = "\"torn\"";
  torn.last_modified = "now";
  torn.cut_off = 7;
  poll(torn, kNow + 1h);
  EXPECT_EQ(state.etag, "\"1\"");
  EXPECT_EQ(state.last_modified, "then");
  poll({.kind = Kind::kNotModified, .status = 304}, kNow + 2h);
  torn.cut_off = 8;
  poll(torn, kNow + 3h);
  EXPECT_EQ(state.etag, "\"1\"");
  poll(torn, kNow + 4h);  // So that is how it is: asking for it whole for ever would be rude.
  EXPECT_EQ(state.etag, "\"torn\"");
  EXPECT_EQ(state.last_modified, "now");
  poll(items(5, 2), kNow + 5h);
  EXPECT_EQ(state.cut_off, 0u);
}

TEST_F(PollerTest, GoneIsAskedAgainMonthlyAndMayComeBack) {
  poll({.kind = Kind::kGone, .status = 410, .error = "HTTP 410"}, kNow);
  EXPECT_EQ(state.health, FeedHealth::kGone);
  EXPECT_EQ(state.next_reason, "gone");
  EXPECT_GE(state.next_poll, kNow + 30 * 24h);
  poll(failed(FailureClass::kTemporary), kNow + 31 * 24h);
  EXPECT_EQ(state.health, FeedHealth::kGone);
  EXPECT_GE(state.next_poll, kNow + 61 * 24h);
  poll(items(1, 1), kNow + 62 * 24h);
  EXPECT_EQ(state.health, FeedHealth::kOk);
  EXPECT_LE(state.next_poll, kNow + 63 * 24h);
}

TEST_F(PollerTest, ADownNetworkChargesNobody) {
  poll(items(5, 5), kNow);
  const FeedState before = state;
  for (int i = 1; i <= 100; ++i) {
    poll({.kind = Kind::kNetworkDown, .error = "could not resolve"}, kNow + i * 5min);
  }
  EXPECT_EQ(state.failures, 0);
  EXPECT_EQ(state.health, FeedHealth::kOk);
  EXPECT_EQ(state.etag, before.etag);
  EXPECT_EQ(state.next_reason, "network-down");
  EXPECT_LE(state.next_poll, kNow + 100 * 5min + 6min);
}

TEST_F(PollerTest, APermanentRedirectIsTrustedAfterSeveralDaysOnly) {
  PollOutcome moved = items(5, 0);
  moved.permanent_url = "https://b.example/feed";
  for (int i = 0; i < 20; ++i) poll(moved, kNow + i * 1h);
  EXPECT_EQ(state.url, source.url);
  EXPECT_EQ(state.health, FeedHealth::kMoved);
  EXPECT_EQ(state.moved_seen, 20);
  poll(moved, kNow + 3 * 24h);
  EXPECT_EQ(state.url, "https://b.example/feed");
  EXPECT_EQ(state.moved_to, "");
  EXPECT_EQ(state.health, FeedHealth::kOk);
}

TEST_F(PollerTest, ARedirectThatChangesItsMindStartsAnew) {
  PollOutcome moved = items(5, 0);
  moved.permanent_url = "https://b.example/feed";
  for (int i = 0; i < 4; ++i) poll(moved, kNow + i * 24h);
  moved.permanent_url = "https://c.example/feed";
  poll(moved, kNow + 5 * 24h);
  EXPECT_EQ(state.moved_seen, 1);
  moved.permanent_url = source.url;
  poll(moved, kNow + 6 * 24h);
  EXPECT_EQ(state.moved_to, "");
  EXPECT_EQ(state.url, source.url);
}

TEST_F(PollerTest, NoRedirectLeadsFromHttpsToHttp) {
  PollOutcome moved = items(5, 0);
  moved.permanent_url = "http://a.example/feed";
  for (int i = 0; i < 30; ++i) poll(moved, kNow + i * 24h);
  EXPECT_EQ(state.url, source.url);
  EXPECT_EQ(state.health, FeedHealth::kOk);
}

TEST_F(PollerTest, ASilentFeedIsOneThatUsedToSpeak) {
  for (int day = 0; day < 20; ++day) poll(items(5, 5), kNow + day * 24h);
  for (int day = 20; day < 24; ++day) {
    poll(items(5, 0), kNow + day * 24h);
    EXPECT_EQ(state.health, FeedHealth::kOk) << day;
  }
  poll(items(5, 0), kNow + 24 * 24h);
  EXPECT_EQ(state.health, FeedHealth::kSilent);
  poll(items(5, 1), kNow + 25 * 24h);
  EXPECT_EQ(state.health, FeedHealth::kOk);
}

TEST_F(PollerTest, WhatTheServerAskedForIsRemembered) {
  PollOutcome outcome = items(5, 5);
  outcome.ttl = 60min;
  outcome.update_interval = 2h;
  outcome.max_age = 5min;
  poll(outcome, kNow);
  EXPECT_EQ(state.wishes, (ServerWishes{.ttl = 3600, .update_every = 7200, .max_age = 300}));
  EXPECT_EQ(state.server_asks, 2h);  // The longest of them.
  // What a document said holds until the next one; what an answer said, until the next answer.
  poll({.kind = Kind::kRateLimited, .status = 429, .error = "HTTP 429", .retry_after = 1h},
       kNow + 1h);
  EXPECT_EQ(state.wishes, (ServerWishes{.ttl = 3600, .update_every = 7200, .retry_after = 3600}));
}

TEST_F(PollerTest, SeenShareFollowsWhatPollsBring) {
  for (int i = 0; i < 10; ++i) poll(items(10, 10), kNow + i * 1h);
  EXPECT_LT(state.seen_share, 0.05);
  for (int i = 0; i < 10; ++i) poll({.kind = Kind::kNotModified, .status = 304}, kNow + i * 1h);
  EXPECT_GT(state.seen_share, 0.95);
}

TEST_F(PollerTest, RequestsCarryTheValidatorsAndNowAndThenNone) {
  poll(items(5, 5), kNow);
  int unconditional = 0;
  const int days = 60;
  for (int hour = 1; hour <= days * 24; ++hour) {
    const Time at = kNow + hour * 1h;
    const HttpRequest request = poll_request(source, state, options, at);
    EXPECT_EQ(request.url, source.url);
    if (request.etag.empty()) {
      EXPECT_EQ(request.last_modified, "");
      ++unconditional;
    } else {
      EXPECT_EQ(request.etag, "\"1\"");
      EXPECT_EQ(request.last_modified, "then");
    }
    poll(items(5, 0), at);
  }
  EXPECT_EQ(unconditional, days / 3 - 1);  // The first poll was one, too.
}

TEST_F(PollerTest, ANewFeedIsAskedAtItsConfiguredUrl) {
  EXPECT_EQ(poll_request(source, {}, options, kNow).url, source.url);
  source.allow_private = true;
  EXPECT_TRUE(poll_request(source, {}, options, kNow).allow_private);
}

TEST(Outcome, OfWhatIsNoDocument) {
  struct Case {
    int status;
    std::optional<std::chrono::seconds> retry_after;
    Kind kind;
    FailureClass failure;
  };
  constexpr Case kCases[] = {
      {410, {}, Kind::kGone, FailureClass::kHard},
      {429, {}, Kind::kRateLimited, FailureClass::kSoft},
      {503, 5s, Kind::kRateLimited, FailureClass::kSoft},
      {503, {}, Kind::kFailed, FailureClass::kSoft},
      {404, {}, Kind::kFailed, FailureClass::kSoft},
      {403, {}, Kind::kFailed, FailureClass::kHard},
      {302, {}, Kind::kFailed, FailureClass::kHard},
  };
  for (const Case& c : kCases) {
    HttpResponse response;
    response.status = c.status;
    response.retry_after = c.retry_after;
    const auto outcome = outcome_without_document(false, response);
    ASSERT_TRUE(outcome) << c.status;
    EXPECT_EQ(outcome->kind, c.kind) << c.status;
    EXPECT_EQ(outcome->failure, c.failure) << c.status;
    EXPECT_EQ(outcome->retry_after, c.retry_after) << c.status;
    EXPECT_NE(outcome->error, "") << c.status;
  }
}

TEST(Outcome, A304CountsOnlyIfItWasAskedFor) {
  HttpResponse response;
  response.status = 304;
  EXPECT_EQ(outcome_without_document(false, response)->kind, Kind::kFailed);
  EXPECT_EQ(outcome_without_document(true, response)->kind, Kind::kNotModified);
}

TEST(Outcome, APartNobodyAskedForIsNoDocument) {
  HttpResponse response;
  response.status = 206;
  response.body = "<rss><channel>";
  const auto outcome = outcome_without_document(false, response);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, PollOutcome::Kind::kFailed);
  EXPECT_EQ(outcome->error, "HTTP 206");
}

TEST(Outcome, ErrorsAreFailuresAndDocumentsAreNot) {
  HttpResponse response;
  response.status = 200;
  EXPECT_FALSE(outcome_without_document(false, response));
  response.error = Error{ErrorCode::kTransient, "cut off"};
  response.fault = NetworkFault::kBroken;
  const auto broken = outcome_without_document(false, response);
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->kind, Kind::kFailed);
  EXPECT_EQ(broken->failure, FailureClass::kTemporary);
  EXPECT_EQ(broken->error, "cut off");
}

}  // namespace
}  // namespace nutgraf
