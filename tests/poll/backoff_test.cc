#include "daemon/poll/backoff.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

Delay delay(const DelayFacts& facts, const PollOptions& options = {}) {
  return next_delay(options, facts);
}

TEST(FailureClass, WeighsWhatItSaysAboutTheFeed) {
  struct Case {
    int status;
    NetworkFault fault;
    FailureClass expected;
  };
  constexpr Case kCases[] = {
      {0, NetworkFault::kTimeout, FailureClass::kTemporary},
      {0, NetworkFault::kConnect, FailureClass::kTemporary},
      {200, NetworkFault::kBroken, FailureClass::kTemporary},
      {0, NetworkFault::kResolve, FailureClass::kSoft},
      {0, NetworkFault::kTls, FailureClass::kSoft},
      {404, NetworkFault::kNone, FailureClass::kSoft},
      {408, NetworkFault::kNone, FailureClass::kSoft},
      {425, NetworkFault::kNone, FailureClass::kSoft},
      {429, NetworkFault::kNone, FailureClass::kSoft},
      {500, NetworkFault::kNone, FailureClass::kSoft},
      {503, NetworkFault::kNone, FailureClass::kSoft},
      {401, NetworkFault::kNone, FailureClass::kHard},
      {403, NetworkFault::kNone, FailureClass::kHard},
      {410, NetworkFault::kNone, FailureClass::kHard},
      {200, NetworkFault::kNone, FailureClass::kHard},
  };
  for (const Case& c : kCases) EXPECT_EQ(failure_class(c.status, c.fault), c.expected) << c.status;
  EXPECT_EQ(weight_of(FailureClass::kHard), 1);
  EXPECT_EQ(weight_of(FailureClass::kSoft), 0.5);
  EXPECT_EQ(weight_of(FailureClass::kTemporary), 0.25);
}

TEST(NextDelay, IsTheIntervalWhenNobodyObjects) {
  EXPECT_EQ(delay({}), (Delay{15min, "interval"}));
  EXPECT_EQ(delay({.own_interval = 10min}), (Delay{10min, "interval"}));
}

TEST(NextDelay, FloorsRaiseItAndNameTheReason) {
  EXPECT_EQ(delay({.server_asks = 1h}), (Delay{1h, "server"}));
  EXPECT_EQ(delay({.server_asks = 1min}), (Delay{15min, "interval"}));
  EXPECT_EQ(delay({.server_asks = 15min}), (Delay{15min, "interval"}));
  EXPECT_EQ(delay({.retry_after = 2h}), (Delay{2h, "retry-after"}));
  EXPECT_EQ(delay({.retry_after = 0s}), (Delay{15min, "interval"}));
  EXPECT_EQ(delay({.own_interval = 1s}), (Delay{5min, "min-interval"}));
}

TEST(NextDelay, NobodySilencesAFeedForLongerThanMaxInterval) {
  EXPECT_EQ(delay({.retry_after = 90h}), (Delay{24h, "max-interval"}));
  EXPECT_EQ(delay({.server_asks = seconds::max()}), (Delay{24h, "max-interval"}));
  EXPECT_EQ(delay({.failures = 1e9}), (Delay{24h, "max-interval"}));
  EXPECT_EQ(delay({}, {.min_interval = 48h}), (Delay{48h, "min-interval"}));  // The operator may.
}

TEST(NextDelay, BacksOffLinearlyWithTheWeightOfFailures) {
  EXPECT_EQ(delay({.failures = 0.25}), (Delay{15min, "backoff"}));
  EXPECT_EQ(delay({.failures = 2}), (Delay{30min, "backoff"}));
  EXPECT_EQ(delay({.failures = 2.5}), (Delay{37min + 30s, "backoff"}));
  EXPECT_EQ(delay({.failures = 10}), (Delay{150min, "backoff"}));
  EXPECT_EQ(delay({.failures = 2, .retry_after = 1h}), (Delay{1h, "retry-after"}));
}

TEST(NextDelay, AdaptsTheDefaultIntervalOnly) {
  EXPECT_EQ(delay({.seen_share = 1}), (Delay{30min, "adaptive"}));
  EXPECT_EQ(delay({.seen_share = 0}), (Delay{7min + 30s, "adaptive"}));
  EXPECT_EQ(delay({.own_interval = 15min, .seen_share = 1}), (Delay{15min, "interval"}));
  EXPECT_EQ(delay({.seen_share = 1}, {.adaptive = false}), (Delay{15min, "interval"}));
  EXPECT_EQ(delay({.seen_share = 0}, {.interval = 6min}), (Delay{5min, "min-interval"}));
}

TEST(Adapted, IsMonotonicAndFlatInTheMiddle) {
  seconds last{0};
  for (double share = -0.1; share <= 1.1; share += 0.01) {
    const seconds interval = adapted(600s, share);
    EXPECT_GE(interval, last);
    EXPECT_GE(interval, 300s);
    EXPECT_LE(interval, 1200s);
    last = interval;
  }
  EXPECT_EQ(adapted(600s, 0.34), 600s);
  EXPECT_EQ(adapted(600s, 0.66), 600s);
}

TEST(PhaseOf, IsStableSpreadAndDifferentByRound) {
  EXPECT_EQ(phase_of("https://a.example/feed"), phase_of("https://a.example/feed"));
  EXPECT_NE(phase_of("https://a.example/feed", 1), phase_of("https://a.example/feed", 2));
  std::array<int, 10> buckets{};
  for (int i = 0; i < 10'000; ++i) {
    const double phase = phase_of("https://example.org/" + std::to_string(i));
    ASSERT_GE(phase, 0);
    ASSERT_LT(phase, 1);
    ++buckets[static_cast<std::size_t>(phase * 10)];
  }
  for (const int count : buckets) EXPECT_NEAR(count, 1'000, 150);
}

const Time kSunday = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);

Time skip(Time time, const std::vector<int>& hours, const std::vector<int>& days) {
  return after_skips(time, skip_bits(hours, 24), skip_bits(days, 7));
}

TEST(AfterSkips, MovesToTheEndOfSkippedHoursAndDays) {
  EXPECT_EQ(skip(kSunday + 90min, {}, {}), kSunday + 90min);
  EXPECT_EQ(skip(kSunday + 90min, {1}, {}), kSunday + 2h);
  EXPECT_EQ(skip(kSunday + 90min, {1, 2, 3}, {}), kSunday + 4h);
  EXPECT_EQ(skip(kSunday + 23h, {23, 0}, {}), kSunday + 25h);
  EXPECT_EQ(skip(kSunday + 5h, {}, {0}), kSunday + 24h);
  EXPECT_EQ(skip(kSunday + 5h, {0}, {0, 1}), kSunday + 49h);
}

TEST(AfterSkips, IgnoresNonsenseAndListsThatSkipEverything) {
  std::vector<int> all(24);
  for (int i = 0; i < 24; ++i) all[static_cast<std::size_t>(i)] = i;
  EXPECT_EQ(skip(kSunday, all, {}), kSunday);
  EXPECT_EQ(skip(kSunday, {}, {0, 1, 2, 3, 4, 5, 6}), kSunday);
  EXPECT_EQ(skip(kSunday, {-1, 24, 99}, {7, -3}), kSunday);
}

TEST(AfterSkips, AlwaysLandsOutsideIfOneHourIsLeft) {
  std::vector<int> but_one;
  for (int hour = 0; hour < 23; ++hour) but_one.push_back(hour);
  const Time landed = skip(kSunday, but_one, {0, 1, 2, 3, 4, 5});
  EXPECT_EQ(landed, kSunday + 6 * 24h + 23h);
}

}  // namespace
}  // namespace nutgraf
