// What is prepared on another thread while its reader goes on.
#include "daemon/desk/ahead.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace nutgraf {
namespace {

TEST(Ahead, TakesWhatOthersPreparedInTheOrderItWasRead) {
  std::vector<std::string> taken;
  const auto here = std::this_thread::get_id();
  const auto prepare = [&](std::span<const std::string> rows) {
    EXPECT_NE(std::this_thread::get_id(), here);
    return rows;  // Which are still there when they are taken.
  };
  using Rows = std::span<const std::string>;
  Ahead<std::string, Rows> ahead(prepare, [&](Rows rows) {
    EXPECT_EQ(std::this_thread::get_id(), here);
    taken.insert(taken.end(), rows.begin(), rows.end());
  });
  const auto text = [](int row) { return std::string(static_cast<std::size_t>(row % 50), 'x'); };
  const bool result = ahead.run([&](const auto& put) {
    EXPECT_NE(std::this_thread::get_id(), here);
    std::string next;
    for (int row = 0; row < 5000; ++row) {
      next = text(row) + std::to_string(row);
      put(next);
    }
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
    for (int row = 0; row < 50'000; ++row, ++read) {
      int next = row;
      put(next);
    }
    return true;
  });
  EXPECT_EQ(taken, 50'000);
  EXPECT_LE(most, 6 * 256);
}

TEST(Ahead, ReturnsWhatTheReaderMetIfThereWasNothingToTake) {
  Ahead<int, int> ahead([](std::span<const int>) { return 0; }, [](int) { FAIL(); });
  EXPECT_FALSE(ahead.run([](const auto&) { return false; }));
}

}  // namespace
}  // namespace nutgraf
