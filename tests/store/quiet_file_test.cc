// Polls that brought nothing are noted beside the store, and say no more than they may.
#include "daemon/store/quiet_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <random>

#include "daemon/store/sqlite_store.h"
#include "tests/store/drafts.h"
#include "tests/support/feed_states.h"

namespace nutgraf {
namespace {

FeedState polled(const std::string& id, int polls) {
  FeedState state;
  state.feed_id = id;
  state.configured_url = state.url = "https://example.org/" + id;
  state.etag = "\"e\"";
  state.first_poll = at(0);
  state.last_poll = state.last_success = at(polls);
  state.next_poll = at(polls + 900);
  state.next_reason = polls == 1 ? "interval" : "adaptive";
  state.last_status = polls == 1 ? 200 : 304;
  state.polls = polls;
  state.not_modified = polls - 1;
  state.seen_share = 1.0 / polls;
  state.habits.good_polls = static_cast<std::uint8_t>(polls % 200);
  state.wishes.max_age = polls;
  return state;
}

Batch row_of(const FeedState& state) {
  Batch batch;
  batch.polls.emplace_back().state = state;
  return batch;
}

TEST(QuietFile, CoversTimesAndCountersAndNothingElse) {
  const FeedState before = polled("a", 1);
  EXPECT_TRUE(QuietFile::covers(before, polled("a", 2)));
  EXPECT_FALSE(QuietFile::covers(before, before)) << "it would not count";
  const std::map<std::string, void (*)(FeedState&)> changes = {
      {"etag", [](FeedState& s) { s.etag = "\"f\""; }},
      {"error", [](FeedState& s) { s.last_error = "HTTP 500"; }},
      {"failures", [](FeedState& s) { s.failures = 1; }},
      {"health", [](FeedState& s) { s.health = FeedHealth::kSilent; }},
      {"pause", [](FeedState& s) { s.paused = true; }},
      {"move", [](FeedState& s) { s.moved_seen = 1; }},
      {"no success", [](FeedState& s) { s.last_success.reset(); }},
      {"long reason", [](FeedState& s) { s.next_reason.assign(24, 'x'); }},
  };
  for (const auto& [name, change] : changes) {
    FeedState after = polled("a", 2);
    change(after);
    EXPECT_FALSE(QuietFile::covers(before, after)) << name;
  }
}

TEST(QuietFile, KeepsTheLastNoteOfEachOfManyFeedsOverTheProcess) {
  const TempFolder folder;
  std::mt19937 random(3);
  std::map<std::string, int> polls;
  for (int life = 0; life < 4; ++life) {
    auto file = QuietFile::open(folder.file("q"), "epoch").value();
    for (int i = 0; i < 1'000; ++i) {
      const std::string id = std::to_string(random() % 700);
      ASSERT_TRUE(file.put(polled(id, polls[id] = 2 + life * 1'000 + i)));
    }
    for (const auto& [id, count] : polls) {
      FeedState state = polled(id, 1);
      ASSERT_TRUE(file.apply(state)) << id;
      EXPECT_EQ(state, polled(id, count));
    }
  }
}

TEST(QuietFile, IsOfOneEpochAndSoundOrEmpty) {
  const TempFolder folder;
  const auto note = [&] {
    auto file = QuietFile::open(folder.file("q"), "one").value();
    file.clear();
    EXPECT_TRUE(file.put(polled("a", 5)));
  };
  const auto knows = [&](const std::string& epoch) {
    FeedState state = polled("a", 1);
    return QuietFile::open(folder.file("q"), epoch).value().apply(state);
  };
  note();
  EXPECT_TRUE(knows("one"));
  EXPECT_FALSE(knows("two"));
  note();
  std::filesystem::resize_file(folder.file("q"), std::filesystem::file_size(folder.file("q")) - 1);
  EXPECT_FALSE(knows("one"));
  note();
  std::string bytes;
  {
    std::ifstream in(folder.file("q"), std::ios::binary);
    bytes.resize(std::filesystem::file_size(folder.file("q")));
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  for (std::size_t at = 24; at < bytes.size(); ++at) {
    if (bytes[at] != 0) bytes[at] = static_cast<char>(bytes[at] ^ 1);
  }
  std::ofstream(folder.file("q"), std::ios::binary) << bytes;
  EXPECT_FALSE(knows("one"));
}

TEST(QuietFile, IsClearedToNothingAndStaysOfItsEpoch) {
  const TempFolder folder;
  const auto size = [&] { return std::filesystem::file_size(folder.file("q")); };
  std::uintmax_t two_notes = 0;
  for (const char* id : {"a", "b", "c"}) {
    auto file = QuietFile::open(folder.file("q"), "epoch").value();
    for (const char* each : {"a", "b", "c"}) {
      FeedState state = polled(each, 1);
      EXPECT_EQ(file.apply(state), two_notes > 0 && each[0] + 1 == id[0])
          << each << " before " << id;
    }
    EXPECT_TRUE(file.put(polled("gone", 2)));
    file.clear();
    FeedState gone = polled("gone", 1);
    EXPECT_FALSE(file.apply(gone));
    EXPECT_TRUE(file.put(polled("gone", 3)));
    EXPECT_TRUE(file.put(polled(id, 2)));
    EXPECT_TRUE(file.apply(gone));  // Neither took the other's place.
    FeedState noted = polled(id, 1);
    EXPECT_TRUE(file.apply(noted));
    if (two_notes == 0) two_notes = size();
    EXPECT_EQ(size(), two_notes);
  }
}

TEST(NotedPoll, CountsUntilTheRowKnowsMore) {
  const TempFolder folder;
  const auto open = [&] { return SqliteStore::open(folder.file("n.db"), test_envelope).value(); };
  const auto known = [](SqliteStore& store) { return feed_states(store.work()).at(0); };
  {
    const auto store = open();
    ASSERT_TRUE(store->ledger().commit(row_of(polled("a", 1)), at(1)).has_value());
    EXPECT_TRUE(store->ledger().note_poll(polled("a", 1), polled("a", 2)));
    FeedState changed = polled("a", 3);
    changed.etag = "\"f\"";
    EXPECT_FALSE(store->ledger().note_poll(polled("a", 2), changed));
  }
  const auto store = open();  // Nothing was committed since the first poll.
  EXPECT_EQ(known(*store), polled("a", 2));
  EXPECT_EQ(store->ledger().feed_state("a").value(), polled("a", 2));
  int noted = 0;
  ASSERT_TRUE(store->work().each_feed_state([&](const FeedState&, bool n) { noted += n; }));
  EXPECT_EQ(noted, 1);
  ASSERT_TRUE(store->ledger().commit(row_of(polled("a", 3)), at(3)).has_value());
  EXPECT_EQ(known(*store), polled("a", 3));
  EXPECT_TRUE(store->ledger().note_poll(polled("a", 3), polled("a", 4)));
  store->ledger().forget_notes();
  EXPECT_EQ(known(*store), polled("a", 3));
}

}  // namespace
}  // namespace nutgraf
