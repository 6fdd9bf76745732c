#include "daemon/app/feeds_answer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/memory_store.h"

namespace nutgraf {
namespace {

using nlohmann::json;

std::string no_envelope(const Draft&, const Stamp&) { return {}; }

TEST(FeedsAnswer, TellsWhatWasLearnedOfAFeedAndIsStillBelieved) {
  const Time since(std::chrono::milliseconds(1'795'255'200'000));
  MemoryStore store(no_envelope);
  const FurnitureLine believed{.line = 1, .since = since, .text = "Read us on paper"};
  const FurnitureLine former{
      .line = 2, .since = since, .until = since + std::chrono::hours(1), .text = "Old"};
  Batch batch;
  batch.furniture = {{"a", "", Furniture{3, {believed, former}}}};
  ASSERT_TRUE(store.ledger().commit(batch, since).has_value());
  FeedBook book;
  FeedSource a;
  a.id = "a";
  FeedSource b;
  b.id = "b";
  book.configure({a, b});
  const json told = feeds_answer(book, {}, store.reader(), {"a", "b"}).value().at("feeds");
  EXPECT_EQ(told[0].at("furniture"),
            json::parse(R"({"version":3,"lines":[{"text":"Read us on paper",
                            "since":"2026-11-21T10:00:00Z"}]})"));
  EXPECT_FALSE(told[1].contains("furniture"));
}

TEST(FeedsAnswer, TellsWhatAFeedAsksFor) {
  MemoryStore store(no_envelope);
  FeedBook book;
  FeedSource a;
  a.id = "a";
  FeedSource b;
  b.id = "b";
  book.configure({a, b});
  FeedState state;
  state.feed_id = "a";
  state.wishes = {.ttl = 1800, .update_every = 900, .max_age = 60, .retry_after = 120};
  state.skip_hours = 1U << 2 | 1U << 23;
  state.skip_days = 1U;
  book.put(state);
  const json told = feeds_answer(book, {}, store.reader(), {"a", "b"}).value().at("feeds");
  EXPECT_EQ(told[0].at("asks"),
            json::parse(R"({"ttl":1800,"update_every":900,"max_age":60,"retry_after":120,
                            "skip_hours":[2,23],"skip_days":[0]})"));
  EXPECT_FALSE(told[1].contains("asks"));
}

TEST(FeedsAnswer, TellsWhatWasGivenUpOfTheFeedsThatAreAskedFor) {
  const Time now(std::chrono::milliseconds(1'795'255'200'000));
  MemoryStore store(no_envelope);
  FeedBook book;
  std::vector<FeedSource> sources;
  for (const char* const id : {"a", "b"}) {
    sources.emplace_back().id = id;
    PollCommit poll;
    poll.state.feed_id = id;
    ItemArrival& arrival = poll.arrivals.emplace_back();
    arrival.pending.item_key = "item";
    arrival.pending.item.title = "Of " + std::string(id);
    arrival.pending.first_seen = now;
    Batch batch;
    batch.polls = {poll};
    ASSERT_TRUE(store.ledger().commit(batch, now).has_value());
  }
  book.configure(sources);
  Batch batch;
  const std::vector<PendingItem> items =
      store.work().claim({.now = now, .per_host = 10}).value_or(std::vector<PendingItem>());
  for (const PendingItem& item : items) {
    batch.stories.push_back({.pending_id = item.id,
                             .pending_revision = item.revision,
                             .feed_id = item.feed_id,
                             .item_key = item.item_key,
                             .fate = Fate::kQuarantined,
                             .reason = "crashed thrice"});
  }
  ASSERT_EQ(batch.stories.size(), 2u);
  ASSERT_TRUE(store.ledger().commit(batch, now).has_value());
  const json of_b = feeds_answer(book, {}, store.reader(), {"b"}).value();
  EXPECT_EQ(of_b.at("feeds")[0].at("quarantined"), 1);
  ASSERT_EQ(of_b.at("quarantined").size(), 1u);
  EXPECT_EQ(of_b.at("quarantined")[0].at("title"), "Of b");
  EXPECT_EQ(of_b.at("quarantined")[0].at("error"), "crashed thrice");
  EXPECT_EQ(feeds_answer(book, {}, store.reader(), {}).value().at("quarantined").size(), 2u);
}

TEST(FeedsAnswer, SaysWhichFeedWasPerhapsMeant) {
  MemoryStore store(no_envelope);
  FeedBook book;
  FeedSource gazette;
  gazette.id = "gazette";
  book.configure({gazette});
  const auto told = [&](const char* id) {
    return feeds_answer(book, {}, store.reader(), {id}).error().message;
  };
  EXPECT_EQ(told("gazete"), "no feed gazete; did you mean \"gazette\"? `nutgraf feeds` lists them");
  EXPECT_EQ(told("pasue"), "no feed pasue; `nutgraf feeds` lists them");
}

TEST(UrgentFeeds, AreTheWorstLossesFirstAndElseAsListed) {
  FeedBook book;
  std::vector<FeedSource> sources;
  const auto add = [&](const char* id) { sources.emplace_back().id = id; };
  const auto put = [&](const char* id, FeedHealth health, bool paused) {
    FeedState state;
    state.feed_id = id;
    state.health = health;
    state.paused = paused;
    book.put(state);
  };
  for (const char* id : {"well", "thin", "other", "gone", "paused", "thin2"}) add(id);
  book.configure(sources);
  put("thin2", FeedHealth::kThin, false);
  put("thin", FeedHealth::kThin, false);
  put("gone", FeedHealth::kGone, false);
  put("paused", FeedHealth::kOk, true);
  const auto ids = [&](std::size_t most) {
    std::vector<std::string> out;
    for (const json& feed : urgent_feeds(book, most)) out.push_back(feed.at("id"));
    return out;
  };
  const std::vector<std::string> all{"gone", "thin", "thin2", "paused", "well", "other"};
  EXPECT_EQ(ids(10), all);
  EXPECT_EQ(ids(2), std::vector<std::string>(all.begin(), all.begin() + 2));
  EXPECT_EQ(ids(0), std::vector<std::string>{});
}

}  // namespace
}  // namespace nutgraf
