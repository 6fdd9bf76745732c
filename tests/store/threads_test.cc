// The roles on their own threads, as in the daemon.
#include <gtest/gtest.h>

#include <thread>

#include "daemon/base/bounded_queue.h"
#include "daemon/store/sqlite_store.h"
#include "tests/store/drafts.h"

namespace nutgraf {
namespace {

constexpr int kItems = 400;

/// Claims until all items were handed out.
void fetch(WorkStore& work, BoundedQueue<PendingItem>& fetched) {
  for (int claimed = 0; claimed < kItems;) {
    const auto items = work.claim({.now = at(1), .limit = 7, .per_host = 2});
    ASSERT_TRUE(items.has_value()) << items.error().message;
    for (const PendingItem& item : *items) fetched.push(item);
    claimed += static_cast<int>(items->size());
    if (items->empty()) std::this_thread::yield();
  }
  fetched.close();
}

/// Polls and publishes by turns.
void decide(Ledger& ledger, BoundedQueue<PendingItem>& fetched) {
  for (int i = 0; i < kItems; i += 10) {
    std::vector<ItemArrival> arrivals;
    for (int k = i; k < i + 10; ++k) {
      arrivals.push_back(arrival(std::to_string(k), "host" + std::to_string(k % 3)));
    }
    ASSERT_TRUE(ledger.commit(poll_of(arrivals), at(i)).has_value());
    Batch batch;
    while (auto item = fetched.try_pop()) batch.stories.push_back(published(*item));
    ASSERT_TRUE(ledger.commit(batch, at(i)).has_value());
  }
  while (auto item = fetched.pop()) {
    Batch batch;
    batch.stories = {published(*item)};
    ASSERT_TRUE(ledger.commit(batch, at(kItems)).has_value());
  }
}

/// Follows the log while it grows: at any moment what it sees has no hole.
void follow(LogReader& reader) {
  Sequence cursor = 0;
  while (cursor < kItems) {
    const auto answer = reader.page({.after = cursor, .limit = 50});
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    const LogPage& page = std::get<LogPage>(*answer);
    for (const Publication& message : page.messages) ASSERT_EQ(message.seq, ++cursor);
    ASSERT_EQ(page.next, cursor);
    std::this_thread::yield();
  }
}

TEST(Threads, EachRoleWorksWhileTheOthersDo) {
  const TempFolder folder;
  const auto store = SqliteStore::open(folder.file("n.db"), test_envelope).value();
  const auto reader = store->reader().value();
  BoundedQueue<PendingItem> fetched(1'000);
  {
    const std::jthread fetcher([&] { fetch(store->work(), fetched); });
    const std::jthread desk([&] { decide(store->ledger(), fetched); });
    const std::jthread follower([&] { follow(*reader); });
  }
  EXPECT_EQ(reader->position()->head, kItems);
  EXPECT_EQ(store->work().backlog(at(0))->pending, 0);
}

}  // namespace
}  // namespace nutgraf
