// What the desk tells the fetcher.
#include "daemon/pipeline/mailbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <thread>

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Mailbox, KeepsTheOrderAndWakesAfterEachPut) {
  int wakes = 0;
  Mailbox box([&] { ++wakes; });
  box.put(Mail{.finished = {1, 2}, .feeds = {{.feed_id = "a"}}, .events = {}, .items_wait = true});
  box.put(Mail{.finished = {3}, .feeds = {{.feed_id = "b"}}, .events = {{.event_id = "e"}}});
  box.put(FeedRequest{FeedRequest::Kind::kPause, "a"});
  EXPECT_EQ(wakes, 3);
  const Mail mail = box.take();
  EXPECT_THAT(mail.finished, ElementsAre(1, 2, 3));
  ASSERT_THAT(mail.feeds, SizeIs(2));
  EXPECT_EQ(mail.feeds[1].feed_id, "b");
  EXPECT_THAT(mail.events, SizeIs(1));
  EXPECT_TRUE(mail.items_wait);
  EXPECT_THAT(box.take().finished, IsEmpty());
  EXPECT_THAT(box.take_requests(), SizeIs(1));
  EXPECT_THAT(box.take_requests(), IsEmpty());
}

TEST(Mailbox, LosesNothingBetweenThreads) {
  Mailbox box([] {});
  std::size_t got = 0;
  std::jthread desk([&] {
    for (std::uint64_t i = 0; i < 10'000; ++i) {
      box.put(Mail{.finished = {i}, .feeds = {}, .events = {}});
    }
  });
  while (got < 10'000) got += box.take().finished.size();
  EXPECT_EQ(got, 10'000u);
}

}  // namespace
}  // namespace nutgraf
