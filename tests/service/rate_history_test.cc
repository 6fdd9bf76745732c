#include "daemon/service/rate_history.h"

#include <gmock/gmock.h>

#include <numeric>

namespace nutgraf {
namespace {

using std::chrono::seconds;

constexpr Monotonic kStart = Monotonic() + std::chrono::hours(1);

std::int64_t sum(const RateHistory& history) {
  return std::accumulate(history.steps().begin(), history.steps().end(), std::int64_t{0},
                         [](std::int64_t all, const auto& step) { return all + step[0]; });
}

TEST(RateHistory, TellsTheGrowthOfEachStep) {
  RateHistory history;
  history.note({100}, kStart);
  EXPECT_TRUE(history.steps().empty());
  history.note({103}, kStart + seconds(1));
  history.note({110}, kStart + seconds(2));  // The first step is over; these 7 are of the second.
  history.note({110}, kStart + seconds(4));
  ASSERT_EQ(history.steps().size(), 2u);
  EXPECT_EQ(history.steps()[0][0], 3);
  EXPECT_EQ(history.steps()[1][0], 7);
}

TEST(RateHistory, GrowsCoarserAndLosesNothingUntilItIsFull) {
  RateHistory history;
  std::int64_t counter = 0;
  int second = 0;
  const auto run_to = [&](int end) {
    for (; second <= end; ++second) history.note({counter += 1}, kStart + seconds(second));
  };
  run_to(2000);
  EXPECT_EQ(history.step(), seconds(16));
  EXPECT_LT(history.steps().size(), RateHistory::kSteps);
  // All but the first call, and the step that is open.
  EXPECT_NEAR(static_cast<double>(sum(history)), 2000, 16);
  run_to(100'000);
  EXPECT_EQ(history.step(), RateHistory::kLastStep);
  EXPECT_LT(history.steps().size(), RateHistory::kSteps);
  EXPECT_EQ(history.steps().back()[0], 32);
}

TEST(RateHistory, SurvivesALongSleepAndACounterThatFellBack) {
  RateHistory history;
  history.note({5}, kStart);
  history.note({9}, kStart + std::chrono::hours(1000));
  history.note({2}, kStart + std::chrono::hours(1000) + seconds(1));
  history.note({2}, kStart + std::chrono::hours(1001));
  EXPECT_LT(history.steps().size(), RateHistory::kSteps);
  EXPECT_EQ(sum(history), 4);
}

}  // namespace
}  // namespace nutgraf
