#include "daemon/pipeline/feed_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <thread>

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

FeedSource source_of(const std::string& id, const std::string& path = "feed") {
  FeedSource source;
  source.id = id;
  source.url = "http://" + id + ".example/" + path;
  return source;
}

FeedState state_of(const FeedSource& source) {
  FeedState state;
  state.feed_id = source.id;
  state.configured_url = state.url = source.url;
  state.etag = "\"v1\"";
  state.last_modified = "Sat, 21 Nov 2026 10:00:00 GMT";
  state.title = "Title of " + source.id;
  state.last_poll = Time(std::chrono::hours(1));
  state.polls = 7;
  return state;
}

TEST(FeedBook, GivesBackWhatItWasGiven) {
  FeedBook book;
  const FeedSource a = source_of("a");
  const FeedSource b = source_of("b");
  book.configure({b, a});
  EXPECT_THAT(book.sources(), ElementsAre(b, a));  // In their order.
  EXPECT_EQ(book.source("a"), a);
  EXPECT_EQ(book.source("c"), std::nullopt);
  EXPECT_TRUE(book.configured("b"));
  EXPECT_FALSE(book.configured("c"));
  EXPECT_EQ(book.remembered("a"), std::nullopt);
  book.put(state_of(a));
  EXPECT_EQ(book.remembered("a"), state_of(a));
  EXPECT_EQ(book.state(a), state_of(a));
  FeedState moved = state_of(b);
  moved.url = "http://elsewhere.example/";
  book.put(moved);
  EXPECT_EQ(book.remembered("b"), moved);
}

TEST(FeedBook, AnotherListTellsWhatIsGoneAndWhatIsToBeAskedAnew) {
  FeedBook book;
  EXPECT_THAT(book.configure({source_of("a"), source_of("b")}).fresh,
              UnorderedElementsAre("a", "b"));
  FeedSource renamed = source_of("a");
  renamed.name = "Another name";
  const FeedBook::Changes changes =
      book.configure({source_of("c"), renamed, source_of("b", "other")});
  EXPECT_THAT(changes.gone, IsEmpty());
  EXPECT_THAT(changes.fresh, UnorderedElementsAre("b", "c"));
  EXPECT_EQ(book.source("a")->name, "Another name");
  EXPECT_THAT(book.configure({source_of("c")}).gone, UnorderedElementsAre("a", "b"));
  EXPECT_FALSE(book.configured("a"));
}

TEST(FeedBook, AStateSleepsWhileItsFeedIsNotConfigured) {
  FeedBook book;
  const FeedSource a = source_of("a");
  book.configure({a});
  book.put(state_of(a));
  book.configure({});
  EXPECT_EQ(book.source("a"), std::nullopt);
  EXPECT_EQ(book.census().total, 0);
  book.configure({a});
  EXPECT_EQ(book.state(a), state_of(a));
}

TEST(FeedBook, AtAnotherUrlThePlaceAndTheValidatorsAreVoid) {
  FeedBook book;
  const FeedSource before = source_of("a");
  const FeedSource now = source_of("a", "other");
  book.configure({before});
  FeedState state = state_of(before);
  state.moved_to = "http://elsewhere.example/";
  state.moved_seen = 3;
  state.moved_since = Time(std::chrono::hours(2));
  state.wishes.ttl = 60;
  state.habits.stories = 9;
  book.put(state);
  book.configure({now});
  FeedState expected = state_of(before);
  expected.configured_url = expected.url = now.url;
  expected.etag.clear();
  expected.last_modified.clear();
  EXPECT_EQ(book.state(now), expected);
  EXPECT_EQ(book.remembered("a"), state);  // Until it is put anew.
}

TEST(FeedBook, CountsConfiguredFeedsByHealth) {
  FeedBook book;
  book.configure({source_of("a"), source_of("b"), source_of("c")});
  FeedState state = state_of(source_of("a"));
  state.health = FeedHealth::kFailing;
  state.paused = true;
  book.put(state);
  state.feed_id = "not-configured";
  book.put(state);
  const FeedBook::Census census = book.census();
  EXPECT_EQ(census.in(FeedHealth::kOk), 2);
  EXPECT_EQ(census.in(FeedHealth::kFailing), 1);
  EXPECT_EQ(census.total, 3);
  EXPECT_EQ(census.paused, 1);
}

/// Nobody ever sees half a state: title and counter are put together.
TEST(FeedBook, ThreadsSeeWholeStatesWhileTheListChanges) {
  FeedBook book;
  std::vector<FeedSource> feeds;
  for (int i = 0; i < 20; ++i) feeds.push_back(source_of("f" + std::to_string(i)));
  book.configure(feeds);
  std::atomic<int> torn{0};
  {
    const std::jthread desk([&] {
      for (int round = 0; round < 200; ++round) {
        for (const FeedSource& feed : feeds) {
          FeedState state = state_of(feed);
          state.polls = round;
          state.title = std::to_string(round);
          book.put(state);
        }
      }
    });
    const std::jthread fetcher([&] {
      for (int round = 0; round < 100; ++round) {
        book.configure(round % 2 == 0 ? std::vector(feeds.begin(), feeds.begin() + 10) : feeds);
      }
    });
    std::vector<std::jthread> readers;
    for (int i = 0; i < 2; ++i) {
      readers.emplace_back([&] {
        for (int round = 0; round < 500; ++round) {
          const FeedSource& feed = feeds[static_cast<std::size_t>(round) % feeds.size()];
          const FeedState state = book.state(feed);
          torn += state.polls != 0 && state.title != std::to_string(state.polls);
          const auto source = book.source(feed.id);
          torn += source && !(*source == feed);
          torn += book.sources().size() % 10 != 0;
          (void)book.census();
        }
      });
    }
  }
  EXPECT_EQ(torn, 0);
  for (const FeedSource& feed : feeds) EXPECT_EQ(book.remembered(feed.id)->polls, 199);
}

/// However often a state is put, and as it grows.
TEST(FeedBook, AStateThatIsPutAgainIsTheNewestWhateverItsLength) {
  FeedBook book;
  const FeedSource a = source_of("a");
  book.configure({a});
  FeedState state = state_of(a);
  for (const std::size_t length : {10, 11, 12, 500, 499, 260, 100, 0, 3}) {
    state.title = std::string(length, 't');
    book.put(state);
    EXPECT_EQ(book.remembered("a"), state) << length;
  }
}

/// What 100,000 feeds may cost rests on it. Sanitizers have allocators of their own.
TEST(FeedBook, AFeedCostsFewBytes) {
  constexpr int kFeeds = 10'000;
  std::vector<FeedSource> feeds;
  for (int i = 0; i < kFeeds; ++i) {
    feeds.push_back(source_of("feed-number-" + std::to_string(i)));
    feeds.back().name = feeds.back().publisher = "host" + std::to_string(i) + ".example";
  }
  const std::size_t before = mallinfo2().uordblks;
  if (before == 0) GTEST_SKIP() << "this allocator does not count";
  FeedBook book;
  book.configure(feeds);
  for (const FeedSource& feed : feeds) book.put(state_of(feed));
  const std::size_t bytes = (mallinfo2().uordblks - before) / kFeeds;
  RecordProperty("bytes_a_feed", static_cast<int>(bytes));
  EXPECT_LT(bytes, 700U);
}

}  // namespace
}  // namespace nutgraf
