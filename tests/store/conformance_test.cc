// The facts that every store holds to, asked of the real one and of the one in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "daemon/model/json.h"
#include "daemon/store/sqlite_store.h"
#include "tests/store/drafts.h"
#include "tests/support/feed_states.h"
#include "tests/support/memory_store.h"

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class OnSqlite {
 public:
  OnSqlite() { open(); }
  void die() {
    reader_.reset();
    store_.reset();
    open();
  }
  Ledger& ledger() { return store_->ledger(); }
  WorkStore& work() { return store_->work(); }
  LogReader& reader() { return *reader_; }

 private:
  void open() {
    store_ = SqliteStore::open(folder_.file("n.db"), test_envelope).value();
    reader_ = store_->reader().value();
  }

  TempFolder folder_;
  std::unique_ptr<SqliteStore> store_;
  std::unique_ptr<LogReader> reader_;
};

class OnMemory {
 public:
  void die() { store_.clear_claims(); }
  Ledger& ledger() { return store_.ledger(); }
  WorkStore& work() { return store_.work(); }
  LogReader& reader() { return store_.reader(); }

 private:
  MemoryStore store_{test_envelope};
};

template <typename Kind>
class Store : public testing::Test {
 protected:
  std::vector<Publication> commit(const Batch& batch, Time now = at(0)) {
    const auto done = kind_.ledger().commit(batch, now);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return done.value();
  }
  std::vector<PendingItem> claim(ClaimRequest request = {.now = at(1'000)}) {
    return kind_.work().claim(request).value();
  }
  std::vector<std::string> claimed_keys(ClaimRequest request = {.now = at(1'000)}) {
    std::vector<std::string> keys;
    for (const PendingItem& item : claim(request)) keys.push_back(item.item_key);
    return keys;
  }
  /// Brings one item in, claims it and publishes it as a story of event `event`.
  StoryCommit tell(const std::string& key, const std::string& event, Time now = at(0)) {
    commit(poll_of({arrival(key)}), now);
    StoryCommit story = published(claim({.now = now + std::chrono::hours(1)}).at(0));
    story.event_id = event;
    story.event_due = event.empty() ? std::nullopt : std::optional(now);
    Batch batch;
    batch.stories = {story};
    commit(batch, now);
    return story;
  }
  void commit_event(const EventCommit& event, Time now = at(0)) {
    Batch batch;
    batch.events = {event};
    commit(batch, now);
  }
  /// `n` messages of topic "t.", a second apart.
  void log(int n) {
    for (int i = 0; i < n; ++i) commit(message_only("t.", std::to_string(i)), at(i * 1'000));
  }
  LogPage page(const LogQuery& query) {
    return std::get<LogPage>(kind_.reader().page(query).value());
  }
  LogRefusal::Code refusal(const LogQuery& query) {
    return std::get<LogRefusal>(kind_.reader().page(query).value()).code;
  }
  static std::vector<Sequence> numbers(const std::vector<Publication>& messages) {
    std::vector<Sequence> numbers;
    for (const Publication& message : messages) numbers.push_back(message.seq);
    return numbers;
  }

  Kind kind_;
};

using Kinds = testing::Types<OnSqlite, OnMemory>;
TYPED_TEST_SUITE(Store, Kinds);

/// The story, withdrawn for `reason`.
RetractCommit retract_of(const StoryCommit& told, const std::string& reason) {
  RetractCommit commit;
  commit.story = *told.story;
  commit.story.retracted = reason;
  commit.event_id = told.event_id;
  commit.message = draft("story.en.world.", "gone", told.story_id);
  return commit;
}

TYPED_TEST(Store, ARetractMarksTheStoryLeavesTheEventAndKeepsWhatIsKnown) {
  const StoryCommit told = this->tell("a", "e");
  this->tell("b", "e");
  ASSERT_TRUE(this->kind_.ledger().member("s-a").value().has_value());
  const std::int64_t dirty = this->kind_.ledger().event("e").value()->dirty_revision;
  this->commit(poll_of({arrival("a", "host.example")}));  // An edition waits.
  Batch batch;
  batch.retracts = {retract_of(told, "wrong")};
  batch.retracts[0].event_due = at(9);
  EventCommit event = event_message("e", dirty);
  batch.events = {event};
  const std::vector<Publication> sent = this->commit(batch, at(5));
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].topic, "story.en.world.");  // The story's message comes first.

  EXPECT_EQ(this->kind_.ledger().story("s-a").value()->retracted, "wrong");
  EXPECT_FALSE(this->kind_.ledger().member("s-a").value().has_value());
  EXPECT_TRUE(this->kind_.ledger().member("s-b").value().has_value());
  EXPECT_EQ(this->kind_.work().event_stories("e", 9).value().size(), 1u);
  const StoredEvent stored = this->kind_.ledger().event("e").value().value();
  EXPECT_EQ(stored.dirty_revision, dirty + 1);
  EXPECT_EQ(stored.due, at(9));
  EXPECT_FALSE(stored.closed);
  EXPECT_THAT(this->claim(), IsEmpty());
  EXPECT_EQ(this->kind_.ledger().story_by_url_key("url-a").value(), "s-a");
  EXPECT_EQ(this->kind_.reader().latest_of("s-a").value()->seq, sent[0].seq);
  const TrailEntry last = this->kind_.reader().trail("", "", "s-a").value().back();
  EXPECT_EQ(last.what, "retracted");
  EXPECT_EQ(last.reason, "wrong");
}

TYPED_TEST(Store, AStoryOrEventThatIsNotThereIsNone) {
  EXPECT_FALSE(this->kind_.ledger().member("none").value().has_value());
  EXPECT_FALSE(this->kind_.ledger().event("none").value().has_value());
}

RecheckCommit look_at(const std::string& key, const std::string& host, Time due) {
  RecheckCommit commit;
  commit.look.story_id = "s-" + key;
  commit.look.told_at = at(0);
  commit.look.item = arrival(key, host, at(3)).pending;
  commit.look.etag = "\"\xFFv1\"";
  commit.look.last_modified = "yesterday";
  commit.look.missing = 1;
  commit.due = due;
  return commit;
}

template <typename T>
std::vector<std::string> ids_of(const std::vector<T>& looks) {
  std::vector<std::string> ids;
  for (const Recheck& look : looks) ids.push_back(look.story_id);
  return ids;
}

TYPED_TEST(Store, PagesAreLookedAtAgainWhenTheirTimeComesOneOfAHost) {
  for (const char* key : {"a", "b", "c"}) this->tell(key, "e");
  Batch batch;
  batch.rechecks = {look_at("a", "p", at(20)), look_at("b", "p", at(10)),
                    look_at("c", "q", at(15))};
  this->commit(batch);
  const auto take = [&](Time now, std::vector<std::string> busy = {}, std::size_t limit = 9) {
    return this->kind_.work().claim_rechecks(now, limit, busy).value();
  };
  EXPECT_THAT(take(at(9)), IsEmpty());
  EXPECT_THAT(take(at(30), {"p", "q"}), IsEmpty());
  EXPECT_THAT(take(at(30), {}, 0), IsEmpty());
  const std::vector<Recheck> looks = take(at(30));
  ASSERT_THAT(ids_of(looks), ElementsAre("s-b", "s-c"));
  EXPECT_EQ(looks[0].told_at, at(0));
  EXPECT_EQ(looks[0].etag, "\"\xFFv1\"");
  EXPECT_EQ(looks[0].last_modified, "yesterday");
  EXPECT_EQ(looks[0].missing, 1);
  EXPECT_EQ(looks[0].item.id, 0);
  EXPECT_EQ(looks[0].item.feed_id, "f");
  EXPECT_EQ(looks[0].item.item_key, "b");
  EXPECT_EQ(looks[0].item.first_seen, at(3));
  EXPECT_EQ(looks[0].item.page_host, "p");
  EXPECT_EQ(looks[0].item.item.title, "title of b");
  EXPECT_THAT(ids_of(take(at(31))), ElementsAre("s-a"));
  // The process dies: what was in hand comes again, but not at once.
  this->kind_.die();
  EXPECT_THAT(take(at(32)), IsEmpty());
  EXPECT_THAT(ids_of(take(at(31) + kRecheckLease)), ElementsAre("s-b", "s-c"));
}

TYPED_TEST(Store, APageThatIsNeverHeardOfIsGivenUpAndOneThatIsStaysWanted) {
  this->tell("a", "e");
  Batch batch;
  batch.rechecks = {look_at("a", "p", at(0))};
  this->commit(batch);
  Time now = at(1);
  const auto taken = [&] {
    now += kRecheckLease;
    return this->kind_.work().claim_rechecks(now, 9, {}).value().size();
  };
  for (int i = 1; i < kRecheckTries; ++i) EXPECT_EQ(taken(), 1u);
  this->commit(batch);  // It is heard of.
  for (int i = 0; i < kRecheckTries; ++i) EXPECT_EQ(taken(), 1u);
  EXPECT_EQ(taken(), 0u);
  this->commit(batch);
  EXPECT_EQ(taken(), 1u);
  batch.rechecks[0].due.reset();
  this->commit(batch);
  EXPECT_EQ(taken(), 0u);
}

TYPED_TEST(Store, NoPageIsLookedAtWhoseEventIsOverOrStoryWithdrawn) {
  const StoryCommit told = this->tell("a", "e");
  this->tell("b", "closed");
  EventCommit closing = event_message("closed");
  closing.closed = true;
  this->commit_event(closing);
  this->tell("c", "");
  Batch batch;
  batch.rechecks = {look_at("a", "p", at(0)), look_at("b", "q", at(0)), look_at("c", "r", at(0))};
  this->commit(batch);
  batch = {};
  batch.retracts = {retract_of(told, "wrong")};
  this->commit(batch);
  EXPECT_THAT(this->kind_.work().claim_rechecks(at(9), 9, {}).value(), IsEmpty());
}

TYPED_TEST(Store, BeginsEmpty) {
  const LogPosition position = this->kind_.ledger().position().value();
  EXPECT_FALSE(position.epoch.empty());
  EXPECT_EQ(position.head, 0);
  EXPECT_EQ(position.floor, 1);
  EXPECT_TRUE(position.topics.empty());
  EXPECT_THAT(this->claim(), IsEmpty());
  const LogPage page = this->page({.after = 0});
  EXPECT_EQ(page.next, 0);
  EXPECT_FALSE(page.more);
  EXPECT_THAT(this->page({.since = at(0)}).messages, IsEmpty());
}

TYPED_TEST(Store, NumbersMessagesDenselyInTheOrderPollsStoriesEvents) {
  this->commit(poll_of({arrival("a"), arrival("b")}));
  const auto items = this->claim();
  Batch batch = message_only("feed.f.", "health");
  batch.events = {event_message("e")};
  batch.stories = {published(items.at(0)), published(items.at(1))};
  const std::string epoch = this->kind_.ledger().position()->epoch;
  std::vector<std::string> bodies;
  for (const Publication& message : this->commit(batch)) bodies.push_back(message.body);
  EXPECT_THAT(
      bodies,
      ElementsAre("feed.f.|" + epoch + "|1|0|health", "story.en.world.|" + epoch + "|2|0|a",
                  "story.en.world.|" + epoch + "|3|2|b", "event.en.world.|" + epoch + "|4|0|e"));
  const LogPosition position = this->kind_.reader().position().value();
  EXPECT_EQ(position.head, 4);
  EXPECT_EQ(position.topics, (std::map<std::string, Sequence>{
                                 {"feed.f.", 1}, {"story.en.world.", 3}, {"event.en.world.", 4}}));
  EXPECT_EQ(this->page({.after = 0}).messages.at(1).body, bodies.at(1));
}

TYPED_TEST(Store, KeepsFeedStateByteForByte) {
  Batch batch = poll_of({});
  batch.polls[0].state.etag = "\"caf\xe9\"";  // Not UTF-8, and to be sent back as it is.
  batch.polls[0].state.failures = 0.75;
  this->commit(batch);
  EXPECT_THAT(feed_states(this->kind_.work()), ElementsAre(batch.polls[0].state));
}

TYPED_TEST(Store, HandsAnItemOutOnceAndWhole) {
  ItemArrival item = arrival("a", "example.org", at(7));
  item.pending.item.text = "<p>whole</p>";
  item.pending.backfill = true;
  this->commit(poll_of({item}));
  const auto claimed = this->claim();
  ASSERT_EQ(claimed.size(), 1u);
  EXPECT_EQ(claimed[0].item, item.pending.item);
  EXPECT_EQ(claimed[0].feed_id, "f");
  EXPECT_EQ(claimed[0].item_key, "a");
  EXPECT_EQ(claimed[0].attempts, 1);
  EXPECT_EQ(claimed[0].revision, 1);
  EXPECT_EQ(claimed[0].first_seen, at(7));
  EXPECT_EQ(claimed[0].page_host, "example.org");
  EXPECT_TRUE(claimed[0].backfill);
  EXPECT_THAT(this->claim(), IsEmpty());
}

TYPED_TEST(Store, ClaimsItemsWithoutPageFirstThenNewestOfEachHost) {
  this->commit(poll_of({arrival("a-old", "a.org", at(1)), arrival("a-new", "a.org", at(3)),
                        arrival("b", "b.org", at(2)), arrival("busy", "c.org", at(9)),
                        arrival("feed-new", "", at(5)), arrival("feed-old", "", at(4))}));
  const ClaimRequest request{.now = at(1'000), .busy_hosts = {"c.org"}};
  EXPECT_THAT(this->claimed_keys(request), ElementsAre("feed-old", "feed-new", "a-new", "b"));
  EXPECT_THAT(this->claimed_keys(request), ElementsAre("a-old"));
  EXPECT_THAT(this->claimed_keys(), ElementsAre("busy"));
}

TYPED_TEST(Store, AFeedWithManyNewItemsHoldsUpNobodyElses) {
  std::vector<ItemArrival> flood;
  for (int i = 0; i < 100; ++i) flood.push_back(arrival("many" + std::to_string(i), "", at(i)));
  this->commit(poll_of(flood));
  for (const char* feed : {"e", "g"}) {
    Batch batch = poll_of({arrival("few", "", at(500)), arrival("more", "", at(600))});
    batch.polls[0].state.feed_id = batch.polls[0].state.configured_url = feed;
    for (ItemArrival& item : batch.polls[0].arrivals) item.pending.feed_id = feed;
    this->commit(batch);
  }
  std::map<std::string, int> of_feed;
  std::vector<std::string> keys;  // Of the flood.
  for (const PendingItem& item : this->claim({.now = at(1'000), .limit = 16})) {
    ++of_feed[item.feed_id];
    if (item.feed_id == "f") keys.push_back(item.item_key);
  }
  EXPECT_EQ(of_feed, (std::map<std::string, int>{{"e", 2}, {"f", 12}, {"g", 2}}));
  ASSERT_EQ(keys.size(), 12u);  // There was room; and oldest first.
  for (int i = 0; i < 12; ++i) EXPECT_EQ(keys[i], "many" + std::to_string(i));
}

TYPED_TEST(Store, ClaimsNoMoreThanAskedFor) {
  std::vector<ItemArrival> arrivals;
  for (int i = 0; i < 10; ++i) arrivals.push_back(arrival(std::to_string(i), "a.org", at(i)));
  this->commit(poll_of(arrivals));
  EXPECT_THAT(this->claimed_keys({.now = at(99), .limit = 32, .per_host = 3}),
              ElementsAre("9", "8", "7"));
  EXPECT_THAT(this->claimed_keys({.now = at(99), .limit = 2, .per_host = 3}),
              ElementsAre("6", "5"));
  EXPECT_THAT(this->claimed_keys({.now = at(99), .limit = 0, .per_host = 3}), IsEmpty());
}

TYPED_TEST(Store, HandsOutSuspectsOneAtATimeAndOnlyWhenAskedForThem) {
  this->commit(poll_of({arrival("bystander", "", at(1)), arrival("busy", "busy.org", at(2)),
                        arrival("poison", "a.org", at(3))}));
  for (int death = 0; death < kSuspectFrom; ++death) {
    EXPECT_EQ(this->claim().size(), 3u);
    EXPECT_THAT(this->claim({.now = at(1'000), .suspect = true}), IsEmpty());
    this->kind_.die();
  }
  this->commit(poll_of({arrival("innocent", "a.org", at(4))}));
  EXPECT_EQ(this->kind_.work().backlog(at(1'000))->suspects, 3);
  EXPECT_THAT(this->claimed_keys(), ElementsAre("innocent"));
  const ClaimRequest alone{.now = at(1'000), .busy_hosts = {"busy.org"}, .suspect = true};
  const auto first = this->claim(alone);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].item_key, "bystander");
  EXPECT_EQ(first[0].attempts, 1);
  EXPECT_EQ(first[0].crashes, kSuspectFrom);
  EXPECT_THAT(this->claimed_keys(alone), ElementsAre("poison"));
  EXPECT_THAT(this->claimed_keys(alone), IsEmpty());
  EXPECT_THAT(this->claimed_keys({.now = at(1'000), .suspect = true}), ElementsAre("busy"));
  EXPECT_EQ(this->kind_.work().backlog(at(1'000))->suspects, 0);
}

TYPED_TEST(Store, ARetryWithoutPageNeedsNoHost) {
  this->commit(poll_of({arrival("a", "a.org"), arrival("changed", "a.org")}));
  const auto items = this->claim({.now = at(0), .per_host = 2});
  ASSERT_EQ(items.size(), 2u);
  ItemArrival changed = arrival("changed", "a.org");
  changed.content_hash = 99;
  this->commit(poll_of({changed}));
  Batch batch;
  for (const PendingItem& item : items) {
    batch.retries.push_back({item.id, item.revision, at(5), "blocked", true});
  }
  this->commit(batch);
  // The changed one may have another page by now.
  std::map<std::string, std::string> hosts;
  for (const PendingItem& item : this->claim({.now = at(9)})) hosts[item.item_key] = item.page_host;
  EXPECT_EQ(hosts, (std::map<std::string, std::string>{{"a", ""}, {"changed", "a.org"}}));
}

TYPED_TEST(Store, KnowsWhatIsQuarantined) {
  this->commit(poll_of({arrival("a")}));
  StoryCommit given_up = published(this->claim().at(0));
  given_up.fate = Fate::kQuarantined;
  given_up.story.reset();
  given_up.story_id.clear();
  Batch batch;
  batch.stories = {given_up};
  this->commit(batch);
  const std::vector<std::string> keys{"a"};
  EXPECT_TRUE(this->kind_.ledger().known_items("f", keys)->at(0).quarantined);
  this->commit(poll_of({arrival("a")}));
  EXPECT_FALSE(this->kind_.ledger().known_items("f", keys)->at(0).quarantined);
}

TYPED_TEST(Store, WaitsForNotBefore) {
  ItemArrival item = arrival("a");
  item.pending.not_before = at(500);
  this->commit(poll_of({item}));
  EXPECT_EQ(this->kind_.work().backlog(at(0))->next_due, at(500));
  EXPECT_THAT(this->claimed_keys({.now = at(499)}), IsEmpty());
  EXPECT_THAT(this->claimed_keys({.now = at(500)}), ElementsAre("a"));
  EXPECT_EQ(this->kind_.work().backlog(at(0))->next_due, std::nullopt);
}

TYPED_TEST(Store, ReleaseDoesNotChargeTheAttempt) {
  this->commit(poll_of({arrival("a")}));
  const std::vector<std::int64_t> ids = {this->claim().at(0).id};
  ASSERT_TRUE(this->kind_.work().release(ids, at(2'000)).has_value());
  ASSERT_TRUE(this->kind_.work().release(ids, at(9'000)).has_value());  // Not claimed: no effect.
  EXPECT_THAT(this->claim({.now = at(1'999)}), IsEmpty());
  EXPECT_EQ(this->claim({.now = at(2'000)}).at(0).attempts, 1);
}

TYPED_TEST(Store, RetryChargesTheAttempt) {
  this->commit(poll_of({arrival("a")}));
  const PendingItem item = this->claim().at(0);
  Batch batch;
  batch.retries = {{item.id, item.revision, at(5'000), "timeout"}};
  this->commit(batch);
  EXPECT_THAT(this->claim({.now = at(4'999)}), IsEmpty());
  EXPECT_EQ(this->claim({.now = at(5'000)}).at(0).attempts, 2);
}

TYPED_TEST(Store, HandsOutOverduePagesWhateverTheirHostDoes) {
  this->commit(poll_of({arrival("old", "busy.org", at(1)), arrival("older", "busy.org", at(0)),
                        arrival("young", "busy.org", at(9)), arrival("free", "a.org", at(2)),
                        arrival("freer", "a.org", at(1)), arrival("feed", "", at(8))}));
  const ClaimRequest request{
      .now = at(1'000), .per_host = 1, .busy_hosts = {"busy.org"}, .overdue = at(1)};
  EXPECT_THAT(this->claimed_keys(request),
              testing::UnorderedElementsAre("feed", "older", "old", "freer", "free"));
  EXPECT_THAT(this->claimed_keys(request), IsEmpty());
}

TYPED_TEST(Store, AToldItemStaysForItsPageAndIsNoLongerOverdue) {
  this->commit(poll_of({arrival("a", "a.org", at(0))}));
  StoryCommit story = published(this->claim().at(0));
  story.page_later = at(5'000);
  Batch batch;
  batch.stories = {story};
  this->commit(batch);
  EXPECT_EQ(this->kind_.ledger().story("s-a").value(), story.story);
  EXPECT_THAT(this->claim({.now = at(4'999)}), IsEmpty());
  EXPECT_THAT(this->claim({.now = at(5'000), .busy_hosts = {"a.org"}, .overdue = at(9'000)}),
              IsEmpty());
  const auto again = this->claim({.now = at(5'000)});
  ASSERT_EQ(again.size(), 1u);
  EXPECT_TRUE(again[0].told);
  EXPECT_EQ(again[0].attempts, 1);
  // The feed changed it meanwhile: that is to be told as well.
  this->commit(poll_of({arrival("a", "a.org", at(0))}));
  this->commit(batch);
  const auto changed = this->claim({.now = at(5'000)});
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_FALSE(changed[0].told);
}

TYPED_TEST(Store, ToTellAnItemBeforeItsPageChargesNoAttempt) {
  this->commit(poll_of({arrival("a", "a.org")}));
  for (int attempt = 1; attempt <= 2; ++attempt) {
    const PendingItem item = this->claim({.now = at(attempt)}).at(0);
    ASSERT_EQ(item.attempts, attempt);
    Batch retry;
    retry.retries = {{item.id, item.revision, at(attempt + 1), "timeout"}};
    this->commit(retry);
  }
  StoryCommit story = published(this->claim({.now = at(3)}).at(0));
  story.page_later = at(4);
  Batch batch;
  batch.stories = {story};
  this->commit(batch);
  EXPECT_EQ(this->claim({.now = at(4)}).at(0).attempts, 3);
}

TYPED_TEST(Store, NoItemWaitsForAClockThatWasSetBack) {
  ItemArrival far = arrival("far", "", at(90'000'000));
  far.pending.not_before = at(90'000'000);
  ItemArrival near = arrival("near", "", at(3));
  near.pending.not_before = at(4'000);
  this->commit(poll_of({far, near}));
  ASSERT_TRUE(this->kind_.work().clamp_times(at(1'000), at(5'000)).has_value());
  EXPECT_THAT(this->claimed_keys({.now = at(4'000)}), ElementsAre("near"));
  const auto claimed = this->claim({.now = at(5'000)});
  ASSERT_EQ(claimed.size(), 1u);
  EXPECT_EQ(claimed[0].first_seen, at(1'000));
}

TYPED_TEST(Store, RemembersNotesUntilTheirTimeIsOver) {
  WorkStore& work = this->kind_.work();
  const SiteNote short_one{"short", "1", at(10)};
  const SiteNote replaced{"long", "old", at(15)};
  const SiteNote long_one{"long", "new", at(20)};
  for (const SiteNote& note : {short_one, replaced, long_one}) {
    ASSERT_TRUE(work.put_note(note, at(0)).has_value());
  }
  this->kind_.die();
  const auto notes = [&](Time now, std::size_t limit) {
    std::vector<SiteNote> all;
    EXPECT_TRUE(this->kind_.work()
                    .each_note(now, limit, [&](const SiteNote& note) { all.push_back(note); })
                    .has_value());
    return all;
  };
  EXPECT_THAT(notes(at(5), 9), ElementsAre(long_one, short_one));
  EXPECT_THAT(notes(at(5), 1), ElementsAre(long_one));
  EXPECT_THAT(notes(at(10), 9), ElementsAre(long_one));
  ASSERT_TRUE(this->kind_.work().put_note(short_one, at(20)).has_value());
  EXPECT_THAT(notes(at(0), 9), IsEmpty());
}

TYPED_TEST(Store, KeepsWhatWasLearnedOfAFeed) {
  const auto all = [&] {
    std::map<std::string, Furniture> found;
    const auto keep = [&](const std::string& feed_id, Furniture furniture) {
      found.emplace(feed_id, std::move(furniture));
    };
    EXPECT_TRUE(this->kind_.ledger().each_furniture(keep).has_value());
    return found;
  };
  EXPECT_EQ(this->kind_.ledger().line_counts("f").value(), "");
  EXPECT_EQ(this->kind_.reader().furniture("f").value(), Furniture{});
  const FurnitureLine old{.line = ~std::uint64_t{0}, .since = at(1), .until = at(2), .text = "Old"};
  const FurnitureLine prompt{.line = 1, .since = at(1), .text = "Subscribe"};
  Batch batch;
  batch.furniture = {{"f", std::string("\0\xFF", 2), Furniture{1, {old, prompt}}},
                     {"g", "g", Furniture{1, {old}}},
                     {"h", "h", {}}};
  this->commit(batch);
  batch.furniture = {{"f", "more", {}}, {"g", "more", Furniture{2, {prompt}}}};
  this->commit(batch);
  this->kind_.die();
  EXPECT_EQ(this->kind_.ledger().line_counts("f").value(), "more");
  EXPECT_EQ(this->kind_.ledger().line_counts("h").value(), "h");
  EXPECT_EQ(this->kind_.reader().furniture("f").value(), (Furniture{1, {old, prompt}}));
  EXPECT_EQ(this->kind_.reader().furniture("g").value(), (Furniture{2, {prompt}}));
  FurnitureLine bare_old = old;
  FurnitureLine bare_prompt = prompt;
  bare_old.text.clear();
  bare_prompt.text.clear();
  EXPECT_EQ(all(), (std::map<std::string, Furniture>{{"f", {1, {bare_old, bare_prompt}}},
                                                     {"g", {2, {bare_prompt}}}}));
}

TYPED_TEST(Store, CountsTheBacklog) {
  this->commit(
      poll_of({arrival("1", "a.org"), arrival("2", "b.org"), arrival("3", "b.org"), arrival("4")}));
  const Backlog backlog = this->kind_.work().backlog(at(0)).value();
  EXPECT_EQ(backlog.pending, 4);
  const auto hosts = this->kind_.reader().waiting_pages().value();
  ASSERT_EQ(hosts.size(), 2u);
  EXPECT_EQ(hosts[0].host, "b.org");
  EXPECT_EQ(hosts[0].pages, 2);
  this->claim();
  EXPECT_EQ(this->kind_.work().backlog(at(0))->pending, 1);  // The second page of b.org.
}

TYPED_TEST(Store, PendingRowLeavesWithItsStory) {
  const StoryCommit story = this->tell("a", "");
  EXPECT_THAT(this->claim({.now = at(1'000'000)}), IsEmpty());
  EXPECT_EQ(this->kind_.work().backlog(at(0))->pending, 0);
  EXPECT_EQ(this->kind_.ledger().story("s-a").value(), story.story);
  EXPECT_EQ(this->kind_.ledger().story("s-b").value(), std::nullopt);
}

TYPED_TEST(Store, AnItemThatChangedInFlightStays) {
  this->commit(poll_of({arrival("a")}));
  const PendingItem first = this->claim().at(0);
  ItemArrival changed = arrival("a");
  changed.pending.item.title = "changed";
  this->commit(poll_of({changed}));
  EXPECT_THAT(this->claim(), IsEmpty());  // Never in flight twice.

  Batch batch;
  batch.stories = {published(first)};
  this->commit(batch);
  const PendingItem second = this->claim().at(0);
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.item.title, "changed");
  EXPECT_EQ(second.revision, 2);
  EXPECT_EQ(second.attempts, 1);
  batch.stories = {published(second)};
  this->commit(batch);
  EXPECT_EQ(this->kind_.work().backlog(at(0))->pending, 0);
}

TYPED_TEST(Store, KnowsItemsByFeedAndKey) {
  this->tell("a", "");
  ItemArrival old = arrival("old");
  old.enqueue = false;
  old.content_hash = 7;
  this->commit(poll_of({old}));
  EXPECT_THAT(this->claim(), IsEmpty());

  const std::vector<std::string> keys = {"old", "never", "a"};
  const auto known = this->kind_.ledger().known_items("f", keys).value();
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known[0].item_key, "old");
  EXPECT_EQ(known[0].content_hash, 7u);
  EXPECT_EQ(known[0].story_id, "");
  EXPECT_EQ(known[1].content_hash, 0xfeedfacecafebeefULL);
  EXPECT_EQ(known[1].story_id, "s-a");
  EXPECT_EQ(known[1].revision, 1);
  EXPECT_THAT(this->kind_.ledger().known_items("other", keys).value(), IsEmpty());

  this->commit(poll_of({arrival("a")}));  // It changed after it was published.
  EXPECT_EQ(this->claim().at(0).revision, 2);
  EXPECT_EQ(this->kind_.ledger().known_items("f", keys)->at(1).story_id, "s-a");
}

TYPED_TEST(Store, QuarantineShowsWhatWasGivenUpAndAChangeTakesItOut) {
  this->commit(poll_of({arrival("a")}));
  StoryCommit lost = published(this->claim().at(0));
  lost.fate = Fate::kQuarantined;
  lost.reason = "crashed thrice";
  lost.story = std::nullopt;
  lost.message = std::nullopt;
  Batch batch;
  batch.stories = {lost};
  EXPECT_THAT(this->commit(batch), IsEmpty());
  const auto items = this->kind_.reader().quarantined().value();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].feed_id, "f");
  EXPECT_EQ(items[0].title, "title of a");
  EXPECT_EQ(items[0].link, "https://feed.example/a");
  EXPECT_EQ(items[0].error, "crashed thrice");
  EXPECT_EQ(items[0].attempts, 1);
  EXPECT_EQ(this->kind_.work().backlog(at(0))->quarantined, 1);
  EXPECT_EQ(this->kind_.work().backlog(at(0))->pending, 0);
  this->commit(poll_of({arrival("a")}));
  EXPECT_EQ(this->kind_.work().backlog(at(0))->quarantined, 0);
  EXPECT_EQ(this->claim().at(0).attempts, 1);
}

TYPED_TEST(Store, FindsStoriesByUrlAndTextNewestFirst) {
  StoryCommit story = this->tell("a", "");
  this->commit(poll_of({arrival("b")}));
  StoryCommit copy = published(this->claim().at(0));
  copy.fate = Fate::kDuplicate;
  copy.story_id = "s-a";
  copy.story = story.story;
  copy.story->duplicate_count = 1;
  copy.text_hash = 0xffffffffffffffffULL;
  copy.fingerprint = std::string("\0\xff", 2);
  copy.dedup_group = "s-a";
  copy.publisher = "Other";
  copy.message = std::nullopt;
  Batch batch;
  batch.stories = {copy};
  this->commit(batch, at(50));

  Ledger& ledger = this->kind_.ledger();
  EXPECT_EQ(ledger.story_by_url_key("url-b").value(), "s-a");
  EXPECT_EQ(ledger.story_by_url_key("url-c").value(), std::nullopt);
  EXPECT_EQ(ledger.story_by_url_key("").value(), std::nullopt);
  EXPECT_EQ(ledger.story_by_text_hash(0xffffffffffffffffULL).value(), "s-a");
  EXPECT_EQ(ledger.story_by_text_hash(0).value(), std::nullopt);
  EXPECT_EQ(ledger.story("s-a").value()->duplicate_count, 1);
  // The copy's address leads to the message of the story it is a copy of.
  EXPECT_EQ(this->kind_.reader().latest_at("url-b").value()->seq, 1);

  std::vector<StoredFingerprint> rows;
  const auto note = [&](StoredFingerprint row) {
    rows.push_back(std::move(row));
    return true;
  };
  ASSERT_TRUE(ledger.fingerprints_since(at(0), note).has_value());
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].publisher, "Example");
  EXPECT_EQ(rows[1].publisher, "Other");
  EXPECT_EQ(rows[1].feed_id, "f");
  EXPECT_EQ(rows[1].dedup_group, "s-a");
  EXPECT_EQ(rows[1].story_id, copy.story_id);
  EXPECT_EQ(rows[1].url_key, "url-b");
  EXPECT_EQ(rows[1].fingerprint, copy.fingerprint);
  EXPECT_EQ(rows[1].text_hash, copy.text_hash);
  EXPECT_EQ(rows[1].decided_at, at(50));
  rows.clear();
  ASSERT_TRUE(ledger.fingerprints_since(at(50), note).has_value());
  EXPECT_EQ(rows.size(), 1u);
  rows.clear();
  const auto first_only = [&](StoredFingerprint row) {
    rows.push_back(std::move(row));
    return false;
  };
  ASSERT_TRUE(ledger.fingerprints_since(at(0), first_only).has_value());
  EXPECT_EQ(rows.size(), 1u);
}

TYPED_TEST(Store, AnEventIsDirtyUntilItsLatestRevisionIsSummarized) {
  this->tell("a", "e", at(100));
  StoredEvent event = this->kind_.ledger().live_events()->at(0);
  EXPECT_EQ(event.event.id, "e");
  EXPECT_EQ(event.event.first_seen_at, at(100));
  EXPECT_EQ(event.dirty_revision, 1);
  EXPECT_EQ(event.due, at(100));
  EXPECT_EQ(this->kind_.work().published_event("e").value(), std::nullopt);

  this->tell("b", "e", at(200));
  this->commit_event(event_message("e", 1));  // Written before b joined.
  event = this->kind_.ledger().live_events()->at(0);
  EXPECT_EQ(event.dirty_revision, 2);
  EXPECT_EQ(event.due, at(200));
  EXPECT_EQ(event.event.title, "event e");
  EXPECT_EQ(this->kind_.work().published_event("e").value()->title, "event e");

  EventCommit quiet = event_message("e", 2);
  quiet.event.title = "not published";
  quiet.message = std::nullopt;
  this->commit_event(quiet);
  event = this->kind_.ledger().live_events()->at(0);
  EXPECT_EQ(event.due, std::nullopt);
  EXPECT_EQ(event.event.title, "event e");

  EventCommit close = event_message("e", 2);
  close.closed = true;
  this->commit_event(close);
  EXPECT_THAT(this->kind_.ledger().live_events().value(), IsEmpty());
}

TYPED_TEST(Store, GivesTheOpeningStoryThenTheNewest) {
  for (const char* key : {"a", "b", "c", "d"}) this->tell(key, "e");
  this->tell("x", "other");
  const auto titles = [&](std::size_t limit) {
    std::vector<std::string> ids;
    const auto stories = this->kind_.work().event_stories("e", limit).value();
    for (const Story& story : stories) {
      EXPECT_FALSE(story.text.empty());
      ids.push_back(story.id);
    }
    return ids;
  };
  EXPECT_THAT(titles(3), ElementsAre("s-a", "s-d", "s-c"));
  EXPECT_THAT(titles(9), ElementsAre("s-a", "s-d", "s-c", "s-b"));
  EXPECT_THAT(titles(1), ElementsAre("s-a"));
  EXPECT_THAT(titles(0), IsEmpty());
}

TYPED_TEST(Store, MembersComeBackInTheirOrderAndFollowAMerge) {
  this->tell("a", "e1", at(10));
  this->tell("b", "e2", at(20));
  EventCommit merge = event_message("e2", 1);
  merge.closed = true;
  merge.merged_into = "e1";
  this->commit_event(merge);
  std::vector<std::string> members;
  const auto note = [&](const StoredMember& m) {
    members.push_back(m.story_id + m.event_id);
    return true;
  };
  ASSERT_TRUE(this->kind_.ledger().members_since(at(0), note).has_value());
  EXPECT_THAT(members, ElementsAre("s-ae1", "s-be1"));
  members.clear();
  ASSERT_TRUE(this->kind_.ledger().members_since(at(20), note).has_value());
  EXPECT_THAT(members, ElementsAre("s-be1"));
  members.clear();
  const auto first_only = [&](const StoredMember& m) { return !note(m); };
  ASSERT_TRUE(this->kind_.ledger().members_since(at(0), first_only).has_value());
  EXPECT_THAT(members, ElementsAre("s-ae1"));
  EXPECT_EQ(this->kind_.ledger().story("s-b").value()->event_id, "e1");
  EXPECT_TRUE(this->kind_.ledger().event("e2").value()->closed);
}

TYPED_TEST(Store, TheMembersOfAnEventComeBackInTheirOrder) {
  this->tell("a", "e1", at(10));
  this->tell("b", "e2", at(20));
  this->tell("c", "e1", at(30));
  const auto members = this->kind_.ledger().members_of("e1").value();
  ASSERT_THAT(members, SizeIs(2));
  EXPECT_EQ(members[0].story_id, "s-a");
  EXPECT_EQ(members[0].event_id, "e1");
  EXPECT_EQ(members[0].decided_at, at(10));
  EXPECT_EQ(members[1].story_id, "s-c");
  EXPECT_THAT(this->kind_.ledger().members_of("e3").value(), IsEmpty());
}

TYPED_TEST(Store, AnEventThatWasClosedIsOpenFromTheNextStoryOn) {
  this->tell("a", "e", at(10));
  EventCommit close = event_message("e", 1);
  close.closed = true;
  this->commit_event(close);
  this->tell("b", "e", at(30));
  ASSERT_THAT(this->kind_.ledger().live_events().value(), SizeIs(1));
  // What was said of it last is that it is over.
  EXPECT_THAT(this->kind_.reader().snapshot({""}, 0)->messages, IsEmpty());
  this->commit_event(event_message("e", 9));
  EXPECT_THAT(this->kind_.reader().snapshot({""}, 0)->messages, SizeIs(1));
}

TYPED_TEST(Store, AMemberAndItsEventComeBackAsTheyWereCommitted) {
  this->commit(poll_of({arrival("a")}), at(5));
  StoryCommit story = published(this->claim().at(0));
  story.event_id = "e";
  story.vector = std::string("\0 vector", 8);
  story.story->published_at = at(3);
  Batch batch;
  batch.stories = {story};
  this->commit(batch, at(10));
  const auto same = [&](const StoredMember& member) {
    EXPECT_EQ(member.event_id, "e");
    EXPECT_EQ(member.story_id, "s-a");
    EXPECT_EQ(member.decided_at, at(10));
    EXPECT_EQ(member.published, at(3));
    EXPECT_EQ(member.vector, story.vector);
    return true;
  };
  same(this->kind_.ledger().member("s-a").value().value());
  ASSERT_TRUE(this->kind_.ledger().members_since(at(0), same).has_value());
  const StoredEvent event = this->kind_.ledger().event("e").value().value();
  EXPECT_EQ(event.event.id, "e");
  EXPECT_EQ(event.event.first_seen_at, at(10));
  EXPECT_EQ(event.event.updated_at, at(10));
  EXPECT_FALSE(event.due.has_value());
}

TYPED_TEST(Store, WhatAnEventAbsorbedIsKeptUntilAMessageNamesIt) {
  this->tell("a", "e1", at(10));
  EventCommit untold = event_message("e1", -1);
  untold.message.reset();
  untold.untold = true;
  untold.event.absorbed = {"e2"};
  untold.event.added = {"s-b"};
  this->commit_event(untold, at(20));
  StoredEvent event = this->kind_.ledger().live_events()->at(0);
  EXPECT_THAT(event.event.absorbed, ElementsAre("e2"));
  EXPECT_THAT(event.event.added, ElementsAre("s-b"));
  EXPECT_EQ(event.event.first_seen_at, at(10));
  EXPECT_TRUE(event.due.has_value());
  EXPECT_EQ(this->kind_.work().published_event("e1").value(), std::nullopt);
  this->commit_event(event_message("e1", 1), at(30));
  event = this->kind_.ledger().live_events()->at(0);
  EXPECT_THAT(event.event.absorbed, IsEmpty());
  EXPECT_FALSE(event.due.has_value());
}

TYPED_TEST(Store, PagesThroughTheLog) {
  this->log(5);
  LogPage page = this->page({.after = 0, .limit = 2});
  EXPECT_THAT(this->numbers(page.messages), ElementsAre(1, 2));
  EXPECT_EQ(page.next, 2);
  EXPECT_EQ(page.head, 5);
  EXPECT_EQ(page.floor, 1);
  EXPECT_TRUE(page.more);
  page = this->page({.after = page.next, .limit = 3});
  EXPECT_THAT(this->numbers(page.messages), ElementsAre(3, 4, 5));
  EXPECT_FALSE(page.more);
  page = this->page({.after = 5});
  EXPECT_THAT(page.messages, IsEmpty());
  EXPECT_EQ(page.next, 5);
}

TYPED_TEST(Store, NextGoesOnAlsoWhenNothingMatched) {
  this->log(3);
  this->commit(message_only("story.en.", "wanted"));
  this->commit(message_only("storyteller.", "not wanted"));
  LogPage page = this->page({.after = 0, .prefixes = {"story.", "none."}});
  EXPECT_THAT(this->numbers(page.messages), ElementsAre(4));
  EXPECT_EQ(page.next, 5);
  EXPECT_FALSE(page.more);
  page = this->page({.after = 0, .prefixes = {"event."}});
  EXPECT_THAT(page.messages, IsEmpty());
  EXPECT_EQ(page.next, 5);
}

TYPED_TEST(Store, PagesByTime) {
  this->log(5);  // Decided at 0, 1, … 4 s.
  EXPECT_THAT(this->numbers(this->page({.since = at(2'000)}).messages), ElementsAre(3, 4, 5));
  EXPECT_THAT(this->numbers(this->page({.since = at(1'500)}).messages), ElementsAre(3, 4, 5));
  EXPECT_THAT(this->numbers(this->page({.since = at(-9)}).messages), ElementsAre(1, 2, 3, 4, 5));
  const LogPage page = this->page({.since = at(1'000), .until = at(3'000)});
  EXPECT_THAT(this->numbers(page.messages), ElementsAre(2, 3));
  EXPECT_FALSE(page.more);
  EXPECT_THAT(this->page({.since = at(9'000)}).messages, IsEmpty());
  EXPECT_EQ(this->page({.since = at(9'000)}).next, 5);
}

TYPED_TEST(Store, RefusesWhatItCannotServe) {
  this->log(5);
  const std::string epoch = this->kind_.ledger().position()->epoch;
  using Code = LogRefusal::Code;
  EXPECT_EQ(this->refusal({.epoch = "other", .after = 0}), Code::kEpochChanged);
  EXPECT_EQ(this->refusal({.epoch = epoch, .after = 6}), Code::kFutureCursor);
  EXPECT_EQ(this->refusal({.after = 3, .after_time = at(1)}), Code::kEpochChanged);
  EXPECT_EQ(this->page({.epoch = epoch, .after = 3, .after_time = at(2'000)}).next, 5);

  ASSERT_TRUE(this->kind_.ledger().prune({.log_count = 2}).has_value());
  EXPECT_EQ(this->refusal({.after = 2}), Code::kCursorTooOld);
  EXPECT_THAT(this->numbers(this->page({.after = 3}).messages), ElementsAre(4, 5));
  EXPECT_THAT(this->numbers(this->page({.after = 0}).messages), ElementsAre(4, 5));
}

TYPED_TEST(Store, PrunesTheLogByAgeCountAndBytesAndNeverReusesANumber) {
  this->log(6);
  Ledger& ledger = this->kind_.ledger();
  const auto floor_after = [&](const Ledger::Retention& keep) {
    EXPECT_FALSE(ledger.prune(keep).value());
    return ledger.position()->floor;
  };
  EXPECT_EQ(floor_after({}), 1);
  EXPECT_EQ(floor_after({.log_before = at(1'000)}), 2);
  EXPECT_EQ(floor_after({.log_count = 4}), 3);
  const auto newest = this->page({.after = 4}).messages;
  std::int64_t bytes = 0;
  for (const Publication& m : newest) bytes += std::ssize(m.topic) + std::ssize(m.body);
  EXPECT_EQ(floor_after({.log_bytes = bytes}), 5);
  EXPECT_EQ(floor_after({.log_before = at(99'000)}), 7);
  EXPECT_THAT(this->page({.after = 0}).messages, IsEmpty());
  EXPECT_EQ(this->page({.after = 0}).next, 6);
  EXPECT_EQ(this->commit(message_only("t.", "next")).at(0).seq, 7);
}

TYPED_TEST(Store, LiveEventsKeepTheirLatestMessageBelowTheFloor) {
  this->commit_event(event_message("live"));
  EventCommit second = event_message("live");
  second.message->payload = "second";
  this->commit_event(second);
  this->commit_event(event_message("done"));
  Ledger& ledger = this->kind_.ledger();
  LogReader& reader = this->kind_.reader();
  ASSERT_TRUE(ledger.prune({.log_before = at(1)}).has_value());
  EXPECT_EQ(ledger.position()->floor, 4);
  EXPECT_EQ(reader.latest_of("live").value()->seq, 2);
  EXPECT_THAT(this->numbers(reader.snapshot({}, 0)->messages), ElementsAre(2, 3));
  EXPECT_THAT(this->page({.after = 0}).messages, IsEmpty());

  EventCommit close = event_message("done");
  close.closed = true;
  close.message = std::nullopt;
  this->commit_event(close);
  ASSERT_TRUE(ledger.prune({.log_before = at(1)}).has_value());
  EXPECT_EQ(reader.latest_of("done").value(), std::nullopt);
  EXPECT_THAT(this->numbers(reader.snapshot({}, 0)->messages), ElementsAre(2));
}

TYPED_TEST(Store, SnapshotComesInPagesOfAHundred) {
  for (int i = 0; i < 205; ++i) this->commit_event(event_message("e" + std::to_string(i)));
  LogReader& reader = this->kind_.reader();
  LogPage page = reader.snapshot({"event."}, 1).value();
  EXPECT_EQ(page.messages.size(), 100u);
  EXPECT_EQ(page.messages.at(0).seq, 101);
  EXPECT_EQ(page.head, 205);
  EXPECT_TRUE(page.more);
  page = reader.snapshot({}, 2).value();
  EXPECT_EQ(page.messages.size(), 5u);
  EXPECT_FALSE(page.more);
  EXPECT_THAT(reader.snapshot({"story."}, 0)->messages, IsEmpty());
}

TYPED_TEST(Store, TheNewestOfEachComeBackwardsAndInPages) {
  for (const char* const event : {"e1", "e2", "e1", "e3", "e2"}) {
    this->commit_event(event_message(event));  // 1 to 5
  }
  this->commit(message_only("feed.a.", "ill"));
  this->commit(message_only("feed.a.", "well"));
  LogReader& reader = this->kind_.reader();
  LogPage page = reader.newest({}, std::nullopt, 3).value();
  EXPECT_THAT(this->numbers(page.messages), ElementsAre(7, 5, 4));
  EXPECT_EQ(page.head, 7);
  EXPECT_TRUE(page.more);
  page = reader.newest({}, page.next, 3).value();
  EXPECT_THAT(this->numbers(page.messages), ElementsAre(3));
  EXPECT_FALSE(page.more);
  EXPECT_THAT(this->numbers(reader.newest({"event."}, std::nullopt, 1)->messages), ElementsAre(5));
  EXPECT_THAT(this->numbers(reader.newest({"feed."}, std::nullopt, 9)->messages), ElementsAre(7));
  EXPECT_THAT(reader.newest({"none."}, std::nullopt, 9)->messages, IsEmpty());
  EXPECT_THAT(reader.newest({}, 0, 9)->messages, IsEmpty());
  EXPECT_EQ(reader.newest({}, 0, 9)->head, 7);
  EXPECT_THAT(this->numbers(reader.newest({}, 99, 1)->messages), ElementsAre(7));
  ASSERT_TRUE(this->kind_.ledger().prune({.log_count = 3}).has_value());
  EXPECT_THAT(this->numbers(reader.newest({}, std::nullopt, 9)->messages), ElementsAre(7, 5));
}

TYPED_TEST(Store, APageEndsAtTheBytesThatItMayHave) {
  this->log(4);
  const auto all = this->page({.after = 0}).messages;
  const auto size = [](const Publication& m) { return std::ssize(m.topic) + std::ssize(m.body); };
  const LogPage two = this->page({.after = 0, .bytes = size(all[0]) + size(all[1])});
  EXPECT_THAT(this->numbers(two.messages), ElementsAre(1, 2));
  EXPECT_TRUE(two.more);
  EXPECT_EQ(two.next, 2);
  EXPECT_THAT(this->numbers(this->page({.after = 2, .bytes = 1}).messages), ElementsAre(3));
}

TYPED_TEST(Store, ForgetsOldStoriesButNotThoseOfLiveEvents) {
  this->tell("old", "", at(0));
  this->tell("live", "e1", at(0));
  this->tell("done", "e2", at(0));
  EventCommit close = event_message("e2");
  close.closed = true;
  this->commit_event(close, at(0));
  this->tell("new", "", at(100));
  Ledger& ledger = this->kind_.ledger();
  while (ledger.prune({.stories_before = at(50)}).value()) {
  }
  EXPECT_EQ(ledger.story("s-old").value(), std::nullopt);
  EXPECT_TRUE(ledger.story("s-live").value().has_value());
  EXPECT_TRUE(ledger.story("s-new").value().has_value());
  EXPECT_EQ(ledger.story_by_url_key("url-old").value(), std::nullopt);
  EXPECT_EQ(ledger.story_by_url_key("url-new").value(), "s-new");
  EXPECT_THAT(this->kind_.work().event_stories("e2", 9).value(), IsEmpty());
}

TYPED_TEST(Store, ForgetsTombstonesThatNoFeedShowsAnyMore) {
  const Time later = at(0) + std::chrono::hours(48);
  this->tell("gone", "", at(0));
  this->tell("shown", "", at(0));
  this->commit(poll_of({arrival("waits")}), at(0));
  Batch poll = poll_of({});
  poll.polls[0].still_there = {"shown", "never seen"};
  this->commit(poll, later);
  ASSERT_TRUE(this->kind_.ledger().prune({.items_before = later}).has_value());
  const std::vector<std::string> keys = {"gone", "shown", "waits", "never seen"};
  const auto known = this->kind_.ledger().known_items("f", keys).value();
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known[0].item_key, "shown");
  EXPECT_EQ(known[1].item_key, "waits");
  EXPECT_THAT(this->kind_.reader().trail("", "guid-gone", "").value(), IsEmpty());
}

TYPED_TEST(Store, ForgetsNoTombstoneOfAFeedsLastDocument) {
  const Time later = at(0) + std::chrono::hours(48);
  const Time much_later = later + std::chrono::days(100);
  this->tell("gone", "", at(0));
  this->tell("shown", "", at(0));
  Batch poll = poll_of({});
  poll.polls[0].still_there = {"shown"};
  this->commit(poll, later);
  // The last one, soon after: sightings are noted once a day.
  poll.polls[0].still_there.clear();
  poll.polls[0].arrivals = {arrival("new")};
  poll.polls[0].arrivals[0].enqueue = false;
  this->commit(poll, later + std::chrono::hours(20));
  const std::vector<std::string> keys = {"gone", "new", "shown"};
  const auto left_by = [&](const Ledger::Retention& keep) {
    while (this->kind_.ledger().prune(keep).value()) {
    }
    std::vector<std::string> left;
    const auto known = this->kind_.ledger().known_items("f", keys);
    for (const KnownItem& item : *known) {
      left.push_back(item.item_key);
    }
    return left;
  };
  EXPECT_THAT(left_by({.items_before = much_later}), ElementsAre("new", "shown"));
  EXPECT_THAT(
      left_by({.items_before = much_later, .last_shown_before = later + std::chrono::seconds(1)}),
      ElementsAre("new"));
}

TYPED_TEST(Store, WhatIsKeptDoesNotHideWhatMayGo) {
  std::vector<ItemArrival> kept;
  for (int i = 0; i < 2500; ++i) {
    kept.push_back(arrival("kept" + std::to_string(i)));
    kept.back().enqueue = false;
  }
  Batch dead = poll_of(kept);
  dead.polls[0].state.feed_id = "dead";
  for (ItemArrival& item : dead.polls[0].arrivals) item.pending.feed_id = "dead";
  this->commit(dead, at(0));
  this->tell("gone", "", at(1));
  ItemArrival fresh = arrival("fresh");
  fresh.enqueue = false;
  this->commit(poll_of({fresh}), at(0) + std::chrono::days(30));
  for (int again = 0; again < 2; ++again) {
    while (this->kind_.ledger().prune({.items_before = at(0) + std::chrono::days(60)}).value()) {
    }
    const std::vector<std::string> keys = {"gone", "kept0", "fresh", "kept2499"};
    EXPECT_EQ(this->kind_.ledger().known_items("dead", keys)->size(), 2u);
    EXPECT_EQ(this->kind_.ledger().known_items("f", keys)->size(), 1u);
  }
}

TYPED_TEST(Store, ForgetsFeedsThatNobodyWantsAnyMore) {
  for (const auto& [id, polled] :
       {std::pair{"wanted", at(0)}, {"asleep", at(2000)}, {"gone", at(0)}, {"gone too", at(0)}}) {
    Batch batch = poll_of({arrival(std::string("of ") + id, "host")});
    batch.polls[0].state.feed_id = id;
    batch.polls[0].state.last_poll = polled;
    batch.polls[0].arrivals[0].pending.feed_id = id;
    this->commit(batch, at(0));
  }
  Ledger::Retention keep;
  keep.feeds_before = at(1000);
  ASSERT_TRUE(this->kind_.ledger().prune(keep).has_value());
  EXPECT_TRUE(this->kind_.ledger().feed_state("gone")->has_value()) << "Nobody said what is wanted";
  keep.is_configured = [](const std::string& id) { return id == "wanted"; };
  ASSERT_TRUE(this->kind_.ledger().prune(keep).has_value());
  for (const auto& [id, kept] :
       {std::pair{"wanted", true}, {"asleep", true}, {"gone", false}, {"gone too", false}}) {
    EXPECT_EQ(this->kind_.ledger().feed_state(id)->has_value(), kept) << id;
    const auto known = this->kind_.ledger().known_items(id, std::vector{std::string("of ") + id});
    ASSERT_EQ(known->size(), 1u) << id;  // As long as any tombstone.
    EXPECT_EQ(known->at(0).pending, kept) << id;
  }
}

TYPED_TEST(Store, TheTrailTellsAnItemsLife) {
  ItemArrival item = arrival("a");
  item.url_key = "url-a";
  this->commit(poll_of({item}), at(1));
  const PendingItem pending = this->claim().at(0);
  Batch retry;
  retry.retries = {{pending.id, pending.revision, at(3), "timeout"}};
  this->commit(retry, at(2));
  StoryCommit story = published(this->claim().at(0));
  story.reason = "nothing like it";
  Batch batch;
  batch.stories = {story};
  this->commit(batch, at(4));
  for (const auto& [url, guid, id] :
       {std::tuple("url-a", "", ""), std::tuple("", "guid-a", ""), std::tuple("", "", "s-a"),
        std::tuple("url-a", "guid-a", "s-a")}) {
    std::vector<std::string> told;
    const auto entries = this->kind_.reader().trail(url, guid, id).value();
    for (const TrailEntry& entry : entries) {
      EXPECT_EQ(entry.item_key, "a");
      told.push_back(entry.what + ": " + entry.reason + entry.story_id);
    }
    EXPECT_THAT(told,
                ElementsAre("pending: new", "retried: timeout", "published: nothing like its-a"));
  }
  EXPECT_THAT(this->kind_.reader().trail("", "", "").value(), IsEmpty());
}

TYPED_TEST(Store, TheTrailTellsOfTheEventAndOfItsMerge) {
  EventStep joined;
  joined.how = EventStep::How::kJoined;
  joined.event_id = "e2";
  joined.similarity = 0.2;
  EventStep moved;
  moved.how = EventStep::How::kMoved;
  moved.event_id = "e1";
  moved.from = "e2";
  this->tell("a", "e1", at(1));
  this->commit(poll_of({arrival("b"), arrival("copy")}), at(2));
  for (const PendingItem& item : this->claim()) {
    const bool copy = item.item_key == "copy";
    StoryCommit commit = published(item);
    commit.event_id = "e2";
    commit.event_step = joined;
    if (copy) {
      commit.fate = Fate::kDuplicate;
      commit.story.reset();
      commit.story_id = "s-b";
      commit.event_step.reset();
    }
    Batch batch;
    batch.stories = {commit};
    this->commit(batch, at(3));
  }
  EventCommit merge = event_message("e2", 1);
  merge.closed = true;
  merge.merged_into = "e1";
  merge.event_step = moved;
  this->commit_event(merge, at(4));
  const auto events = [&](const char* guid) {
    std::vector<std::string> told;
    const auto entries = this->kind_.reader().trail("", guid, "").value();
    for (const TrailEntry& entry : entries) {
      if (entry.what == "event") told.push_back(entry.story_id + entry.reason);
    }
    return told;
  };
  EXPECT_THAT(events("guid-a"), IsEmpty());
  EXPECT_THAT(events("guid-b"), ElementsAre("s-b" + to_json(joined), "s-b" + to_json(moved)));
  EXPECT_THAT(events("guid-copy"), ElementsAre("s-b" + to_json(moved)));
  // What stands before is the verdict.
  EXPECT_EQ(this->kind_.reader().trail("", "guid-b", "")->at(1).what, "published");
}

TYPED_TEST(Store, TheTrailOfOneItemIsBounded) {
  for (int i = 0; i < 50; ++i) this->commit(poll_of({arrival("a")}), at(i));
  const auto entries = this->kind_.reader().trail("", "guid-a", "").value();
  ASSERT_EQ(entries.size(), 20u);
  EXPECT_EQ(entries.back().at, at(49));
}

}  // namespace
}  // namespace nutgraf
