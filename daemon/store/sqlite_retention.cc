// What the store forgets, a bounded number of rows at a time, so that the desk is never away long.
#include "daemon/store/sqlite_ledger.h"
#include "daemon/store/sqlite_rows.h"

namespace nutgraf::sqlite {
namespace {

/// Rows of each table a call. At 4 KB a row a few milliseconds of work.
constexpr int kRowsACall = 1000;

struct Counter {
  Sequence head = 0;
  Sequence floor = 1;
  std::int64_t bytes = 0;
};

Counter read_counter(Connection& db) {
  Statement counter(db, "SELECT head, floor, bytes FROM counter");
  return counter
      .first([](const Row& row) {
        return Counter{row.integer(0), row.integer(1), row.integer(2)};
      })
      .value_or(Counter{});
}

/// The counter as it is once the oldest messages beyond the limits are gone.
Counter after_cut(Connection& db, Counter counter, const Ledger::Retention& keep) {
  Statement oldest(db, "SELECT decided_at, bytes FROM log WHERE seq >= ? ORDER BY seq LIMIT ?");
  oldest.each(
      [&](const Row& row) {
        const bool old = row.time(0) < keep.log_before;
        const bool many = keep.log_count > 0 && counter.head - counter.floor + 1 > keep.log_count;
        const bool large = keep.log_bytes > 0 && counter.bytes > keep.log_bytes;
        if (!old && !many && !large) return false;
        ++counter.floor;
        counter.bytes -= row.integer(1);
        return true;
      },
      counter.floor, kRowsACall);
  return counter;
}

/// Below the floor only the latest messages of live events stay; there are no more of them than
/// live events, so looking at all is cheap.
bool prune_log(Connection& db, const Ledger::Retention& keep) {
  const Counter before = read_counter(db);
  const Counter after = after_cut(db, before, keep);
  Statement advance(db, "UPDATE counter SET floor = ?, bytes = ?");
  if (after.floor != before.floor) advance.run(after.floor, after.bytes);
  Statement drop(db,
                 "DELETE FROM log WHERE seq < ? AND seq NOT IN "
                 "(SELECT last_seq FROM event WHERE closed = 0)");
  drop.run(after.floor);
  return after.floor - before.floor == kRowsACall;
}

/// `victims` selects the rowids to drop, its last parameter is the limit.
template <typename... Args>
bool drop_some(Connection& db, const std::string& table, const std::string& victims,
               const Args&... args) {
  Statement drop(db, "DELETE FROM " + table + " WHERE rowid IN (" + victims + " LIMIT ?)");
  return drop.run(args..., kRowsACall) == kRowsACall;
}

bool prune_stories(Connection& db, Time before) {
  const std::string live =
      "(SELECT story_id FROM member JOIN event USING (event_id) WHERE closed = 0)";
  bool more =
      drop_some(db, "story",
                "SELECT rowid FROM story WHERE decided_at < ? AND story_id NOT IN " + live, before);
  more |= drop_some(db, "recheck", "SELECT rowid FROM recheck WHERE due < ?", before);
  more |= drop_some(db, "fingerprint", "SELECT id FROM fingerprint WHERE decided_at < ?", before);
  more |= drop_some(db, "member",
                    "SELECT member.id FROM event JOIN member USING (event_id) "
                    "WHERE closed = 1 AND updated < ?",
                    before);
  // An event goes after its members.
  more |= drop_some(db, "event",
                    "SELECT id FROM event WHERE closed = 1 AND updated < ? AND NOT EXISTS "
                    "(SELECT 1 FROM member WHERE member.event_id = event.event_id)",
                    before);
  return more;
}

/// Items of a feed's last document were last seen no more than kTouchInterval before the newest.
constexpr std::string_view kOldItems =
    "SELECT feed_id, item_key, last_seen, "
    "last_seen >= ?1 AND NOT EXISTS (SELECT 1 FROM item AS later WHERE "
    "later.feed_id = item.feed_id AND later.last_seen > item.last_seen + ?2) "
    "OR EXISTS (SELECT 1 FROM pending WHERE pending.feed_id = item.feed_id "
    "AND pending.item_key = item.item_key) "
    "FROM item WHERE last_seen < ?3 AND (last_seen, feed_id, item_key) > (?4, ?5, ?6) "
    "ORDER BY last_seen, feed_id, item_key LIMIT ?7";

bool prune_items(Connection& db, const Ledger::Retention& keep, ItemPlace& place) {
  Statement oldest(db, kOldItems);
  std::vector<std::pair<std::string, std::string>> victims;
  int looked_at = 0;
  ItemPlace last;
  oldest.each(
      [&](const Row& row) {
        ++looked_at;
        last = {row.time(2), std::string(row.text(0)), std::string(row.text(1))};
        if (row.integer(3) == 0) victims.emplace_back(last.feed_id, last.item_key);
        return true;
      },
      keep.last_shown_before, std::chrono::milliseconds(kTouchInterval).count(), keep.items_before,
      place.last_seen, place.feed_id, place.item_key, kRowsACall);
  for (const char* table : {"trail", "quarantine", "item"}) {
    Statement drop(db, std::string("DELETE FROM ") + table + " WHERE feed_id = ? AND item_key = ?");
    for (const auto& [feed_id, item_key] : victims) drop.run(feed_id, item_key);
  }
  const bool more = looked_at == kRowsACall;
  place = more ? std::move(last) : ItemPlace{};
  return more;
}

/// There is no hurry: a page of the feeds a call, and with the last of them the round begins anew.
void prune_feeds(Connection& db, const Ledger::Retention& keep, const QuietFile* notes,
                 std::string& place) {
  if (!keep.is_configured) return;
  Statement page(db, "SELECT feed_id, state FROM feed WHERE feed_id > ? ORDER BY feed_id LIMIT ?");
  std::vector<std::string> victims;
  int looked_at = 0;
  std::string last;
  page.each(
      [&](const Row& row) {
        ++looked_at;
        last = row.string(0);
        if (keep.is_configured(last)) return true;
        FeedState state = own(feed_state_from_json(row.text(1)));
        if (notes != nullptr) notes->apply(state);
        if (state.last_poll.value_or(Time{}) < keep.feeds_before) victims.push_back(last);
        return true;
      },
      place, kRowsACall);
  for (const char* table : {"pending", "quarantine", "furniture", "line_count", "feed"}) {
    Statement drop(db, std::string("DELETE FROM ") + table + " WHERE feed_id = ?");
    for (const std::string& feed_id : victims) drop.run(feed_id);
  }
  place = looked_at == kRowsACall ? std::move(last) : std::string();
}

}  // namespace

bool prune(Connection& db, const Ledger::Retention& retention, const QuietFile* notes,
           PrunePlace& place) {
  Transaction transaction(db, Transaction::Kind::kWrite);
  bool more = prune_log(db, retention);
  more |= prune_stories(db, retention.stories_before);
  more |= prune_items(db, retention, place.item);
  prune_feeds(db, retention, notes, place.feed_id);
  transaction.commit();
  return more;
}

}  // namespace nutgraf::sqlite
