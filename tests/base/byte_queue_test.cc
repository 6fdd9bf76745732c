#include "daemon/base/byte_queue.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <string>
#include <utility>

namespace nutgraf {
namespace {

/// The kept one and what it has to be.
using Kept = std::pair<std::string_view, std::string>;

TEST(ByteQueue, KeepsEachStringWhereItIsUntilItIsTheOldestAndLeaves) {
  std::mt19937 random(3);
  ByteQueue queue;
  std::deque<Kept> kept;
  for (int i = 0; i < 60'000; ++i) {
    const bool grows = i < 20'000;
    // Now and then one that no block holds.
    const std::size_t size = i % 9000 == 77 ? 5 << 20 : random() % 800;
    const std::string bytes(size, static_cast<char>(random()));
    kept.emplace_back(queue.push_back(bytes), bytes);
    while (!kept.empty() && (kept.size() > 10'000 || (!grows && random() % 3 == 0))) {
      ASSERT_EQ(kept.front().first, kept.front().second);
      kept.pop_front();
      queue.pop_front();
    }
  }
  for (const auto& [at, bytes] : kept) ASSERT_EQ(at, bytes);
}

TEST(ByteQueue, TakesLittleMoreThanWhatItHoldsHoweverLongItIsUsed) {
  const std::string bytes(1000, 'x');
  for (const std::size_t held : {300, 3000, 30'000}) {
    ByteQueue queue;
    for (std::size_t i = 0; i < 10 * held; ++i) {
      queue.push_back(bytes);
      if (i < held) continue;
      queue.pop_front();
      ASSERT_LE(queue.memory_bytes(), held * bytes.size() * 13 / 10) << held << " " << i;
    }
  }
}

TEST(ByteQueue, IsEmptyAndTakesNothingWhenAllHaveLeft) {
  ByteQueue queue;
  for (int round = 0; round < 3; ++round) {
    queue.push_back("");
    queue.push_back("abc");
    queue.pop_front();
    queue.pop_front();
    EXPECT_EQ(queue.memory_bytes(), 0u);
  }
}

}  // namespace
}  // namespace nutgraf
