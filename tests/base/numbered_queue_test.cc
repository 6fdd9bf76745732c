#include "daemon/base/numbered_queue.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace nutgraf {
namespace {

TEST(NumberedQueue, FindsItemsByTheirNumbers) {
  NumberedQueue<std::string> queue(1);
  std::deque<std::string> oracle;
  for (std::uint32_t n = 1; n < 30'000; ++n) {
    ASSERT_EQ(queue.end_number(), n);
    queue.push_back(std::to_string(n));
    oracle.push_back(std::to_string(n));
    // Empty at times, at blocks' ends too.
    const std::size_t most = n % 4096 < 3 ? 0 : 5000;
    while (oracle.size() > most) {
      ASSERT_EQ(queue.front(), oracle.front());
      queue.pop_front();
      oracle.pop_front();
    }
    ASSERT_EQ(queue.size(), oracle.size());
    ASSERT_EQ(queue.empty(), oracle.empty());
    if (oracle.empty()) continue;
    ASSERT_EQ(queue[n], oracle.back());
    ASSERT_EQ(queue[queue.begin_number()], oracle.front());
  }
  EXPECT_LE(queue.memory_bytes(), 3 * 4096 * sizeof(std::string));
}

}  // namespace
}  // namespace nutgraf
