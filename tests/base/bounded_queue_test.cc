#include "daemon/base/bounded_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <thread>
#include <vector>

namespace nutgraf {
namespace {

TEST(BoundedQueue, KeepsOrder) {
  BoundedQueue<int> queue(3);
  EXPECT_TRUE(queue.push(1));
  EXPECT_TRUE(queue.push(2));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_TRUE(queue.push(3));
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), 3);
}

TEST(BoundedQueue, TryPushLeavesTheItemWhenFull) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  auto first = std::make_unique<int>(1);
  auto second = std::make_unique<int>(2);
  EXPECT_TRUE(queue.try_push(first));
  EXPECT_FALSE(queue.try_push(second));
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(*second, 2);
}

TEST(BoundedQueue, CloseRefusesProducersAndDrainsForConsumers) {
  BoundedQueue<int> queue(4);
  queue.push(1);
  queue.push(2);
  queue.close();
  EXPECT_FALSE(queue.push(3));
  EXPECT_FALSE(queue.drained());
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_TRUE(queue.drained());
}

TEST(BoundedQueue, CloseWakesABlockedProducerAndABlockedConsumer) {
  BoundedQueue<int> full(1);
  full.push(1);
  bool accepted = true;
  std::thread producer([&] { accepted = full.push(2); });
  BoundedQueue<int> empty(1);
  std::optional<int> taken = 0;
  std::thread consumer([&] { taken = empty.pop(); });
  full.close();
  empty.close();
  producer.join();
  consumer.join();
  EXPECT_FALSE(accepted);
  EXPECT_EQ(taken, std::nullopt);
}

TEST(BoundedQueue, NothingIsLostOrDoubledBetweenManyThreads) {
  constexpr int kEach = 2000;
  constexpr int kThreads = 4;
  BoundedQueue<int> queue(7);
  std::vector<std::thread> producers;
  for (int t = 0; t < kThreads; ++t) {
    producers.emplace_back([&queue, t] {
      for (int i = 0; i < kEach; ++i) queue.push(t * kEach + i);
    });
  }
  std::vector<std::vector<int>> seen(kThreads);
  std::vector<std::thread> consumers;
  for (int t = 0; t < kThreads; ++t) {
    consumers.emplace_back([&queue, &mine = seen[static_cast<std::size_t>(t)]] {
      while (const std::optional<int> item = queue.pop()) mine.push_back(*item);
    });
  }
  for (std::thread& producer : producers) producer.join();
  queue.close();
  for (std::thread& consumer : consumers) consumer.join();
  std::vector<int> counts(kThreads * kEach, 0);
  for (const std::vector<int>& mine : seen) {
    for (const int item : mine) ++counts[static_cast<std::size_t>(item)];
  }
  EXPECT_EQ(counts, std::vector<int>(kThreads * kEach, 1));
}

TEST(BoundedQueue, PopForGivesUp) {
  BoundedQueue<int> queue(1);
  EXPECT_EQ(queue.pop_for(std::chrono::milliseconds(1)), std::nullopt);
  EXPECT_FALSE(queue.drained());
}

}  // namespace
}  // namespace nutgraf
