#include "daemon/poll/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace nutgraf {
namespace {

using namespace std::chrono_literals;

const Monotonic kStart{1000h};
const Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);
const ClockReading kReading{kStart, kNow};

TEST(Schedule, GivesDueFeedsLongestOverdueFirst) {
  Schedule schedule;
  schedule.put("c", kStart + 3s);
  schedule.put("a", kStart + 1s);
  schedule.put("b", kStart + 2s);
  EXPECT_EQ(schedule.next(), kStart + 1s);
  EXPECT_TRUE(schedule.take_due(kStart, 10).empty());
  EXPECT_EQ(schedule.take_due(kStart + 2s, 10), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(schedule.next(), kStart + 3s);
  EXPECT_FALSE(schedule.contains("a"));
}

TEST(Schedule, PutMovesAFeed) {
  Schedule schedule;
  schedule.put("a", kStart + 1s);
  schedule.put("a", kStart + 9s);
  EXPECT_EQ(schedule.size(), 1u);
  EXPECT_EQ(schedule.next(), kStart + 9s);
  schedule.remove("a");
  schedule.remove("a");
  EXPECT_EQ(schedule.next(), std::nullopt);
}

TEST(Schedule, TakesNoMoreThanTheLimit) {
  Schedule schedule;
  for (int i = 0; i < 9; ++i) schedule.put(std::to_string(i), kStart);
  EXPECT_EQ(schedule.take_due(kStart, 4).size(), 4u);
  EXPECT_EQ(schedule.size(), 5u);
}

TEST(Schedule, AgreesWithAPlainMap) {
  std::mt19937 random(7);
  Schedule schedule;
  std::map<std::string, Monotonic> oracle;
  for (int step = 0; step < 5'000; ++step) {
    const std::string id = std::to_string(random() % 60);
    const Monotonic when = kStart + std::chrono::seconds(random() % 100);
    switch (random() % 4) {
      case 0:
        schedule.remove(id);
        oracle.erase(id);
        break;
      case 1: {
        for (const std::string& due : schedule.take_due(when, 3)) {
          ASSERT_LE(oracle.at(due), when);
          for (const auto& [other, time] : oracle) ASSERT_LE(oracle.at(due), time) << other;
          oracle.erase(due);
        }
        break;
      }
      default:
        schedule.put(id, when);
        oracle[id] = when;
    }
    ASSERT_EQ(schedule.size(), oracle.size());
  }
}

FeedSource source(int number) {
  return {.id = std::to_string(number), .url = "https://example.org/" + std::to_string(number)};
}

TEST(FirstDue, NeverPolledIsDueAtOnceSpreadOverSeconds) {
  const FeedState blank;
  Monotonic last = kStart;
  for (int i = 0; i < 200; ++i) {
    const Monotonic due = first_due(source(i), nullptr, {}, kReading);
    EXPECT_EQ(due, first_due(source(i), &blank, {}, kReading));
    EXPECT_GE(due, kStart);
    EXPECT_LT(due, kStart + 5s);
    last = std::max(last, due);
  }
  EXPECT_GT(last, kStart + 4s);
}

TEST(FirstDue, ARestartIsNoBurst) {
  std::map<std::int64_t, int> per_second;
  for (int i = 0; i < 600; ++i) {
    const FeedState state{.last_poll = kNow - 5h, .next_poll = kNow - 4h};
    const Monotonic due = first_due(source(i), &state, {}, kReading);
    ++per_second[std::chrono::floor<std::chrono::seconds>(due - kStart).count()];
  }
  EXPECT_GE(per_second.begin()->first, 0);
  EXPECT_LT(per_second.rbegin()->first, 60);
  for (const auto& [second, count] : per_second) EXPECT_LT(count, 30) << second;
}

TEST(FirstDue, OverdueFeedsWithAShortIntervalAreCaughtUpWithinIt) {
  FeedSource fast = source(1);
  fast.interval = 2s;
  const FeedState state{.last_poll = kNow - 1h, .next_poll = kNow - 1h};
  EXPECT_LT(first_due(fast, &state, {}, kReading), kStart + 2s);
}

TEST(FirstDue, AClockThatWasSetBackDelaysNothingAndHurriesNothing) {
  const FeedState state{.last_poll = kNow + 5h, .next_poll = kNow + 5h + 20min};
  EXPECT_EQ(first_due(source(1), &state, {}, kReading), kStart + 20min);
}

TEST(FirstDue, IsNotInTheHoursThatTheFeedAsksToSkip) {
  FeedState state{.last_poll = kNow - 5h, .next_poll = kNow - 4h};
  const auto hour = std::chrono::floor<std::chrono::hours>(kNow);
  const auto of_day = (hour - std::chrono::floor<std::chrono::days>(kNow)).count();
  state.skip_hours = std::uint32_t{1} << of_day;
  EXPECT_EQ(first_due(source(1), &state, {}, kReading), monotonic_of(hour + 1h, kReading));
}

TEST(FirstDue, KeepsTheStoredTimeButNotAnAbsurdOne) {
  FeedState state{.last_poll = kNow - 1min, .next_poll = kNow + 7min};
  EXPECT_EQ(first_due(source(1), &state, {}, kReading), kStart + 7min);
  state.next_poll = kNow + std::chrono::years(20);
  EXPECT_EQ(first_due(source(1), &state, {}, kReading), kStart + 24h);
  state.health = FeedHealth::kGone;
  EXPECT_EQ(first_due(source(1), &state, {}, kReading), kStart + 30 * 24h);
}

}  // namespace
}  // namespace nutgraf
