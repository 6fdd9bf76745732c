#include "daemon/store/sqlite_work_store.h"

#include <algorithm>

#include "daemon/store/sqlite_rows.h"

namespace nutgraf::sqlite {
namespace {

PendingItem read_pending(const Row& row) {
  return {.id = row.integer(0),
          .feed_id = row.string(1),
          .item_key = row.string(2),
          .item = own(item_from_json(row.text(3))),
          .revision = static_cast<int>(row.integer(4)),
          .attempts = static_cast<int>(row.integer(5)),
          .crashes = static_cast<int>(row.integer(10)),
          .not_before = row.time(6),
          .first_seen = row.time(7),
          .told = row.integer(11) != 0,
          .backfill = row.integer(8) != 0,
          .page_host = row.string(9)};
}

/// Columns as take_recheck_ returns them.
Recheck read_recheck(const Row& row) {
  Recheck look;
  look.story_id = row.string(0);
  look.told_at = row.time(1);
  look.missing = static_cast<int>(row.integer(2));
  look.item.feed_id = row.string(3);
  look.item.item_key = row.string(4);
  look.item.first_seen = row.time(5);
  look.item.backfill = row.integer(6) != 0;
  look.item.page_host = row.string(7);
  look.etag = row.string(8);
  look.last_modified = row.string(9);
  look.item.item = own(item_from_json(row.text(10)));
  return look;
}

/// Rows looked at for those that may be taken: a host that is busy must not hide all others.
constexpr int kDueRows = 256;

}  // namespace

FeedState read_feed_state(const Row& row) {
  FeedState state = own(feed_state_from_json(row.text(0)));
  state.etag = row.text(1);
  state.last_modified = row.text(2);
  return state;
}

SqliteWorkStore::SqliteWorkStore(const std::filesystem::path& file,
                                 const ConnectionSettings& settings)
    : db_(file, Access::kReadWrite, settings) {}

Result<void> SqliteWorkStore::each_feed_state(
    const std::function<void(const FeedState&, bool noted)>& visit) {
  return attempt([&] {
    Statement rows(db_, "SELECT state, etag, last_modified FROM feed ORDER BY feed_id");
    rows.each([&](const Row& row) {
      FeedState state = read_feed_state(row);
      const bool noted = notes_ != nullptr && notes_->apply(state);
      visit(state, noted);
      return true;
    });
  });
}

Result<std::vector<PendingItem>> SqliteWorkStore::claim(const ClaimRequest& request) {
  return attempt([&] {
    std::vector<PendingItem> taken;
    // Looked at first without the write lock, which the desk wants: mostly there is nothing.
    const auto read_flag = [](const Row& row) { return row.integer(0) != 0; };
    if (!anything_.first(read_flag, request.now).value_or(false)) return taken;
    Transaction transaction(db_, Transaction::Kind::kWrite);
    wake_.run(request.now);
    const auto ids = request.suspect ? choose_suspect(request) : choose(request);
    for (const std::int64_t id : ids) taken.push_back(take(id));
    transaction.commit();
    return taken;
  });
}

std::vector<std::int64_t> SqliteWorkStore::choose_suspect(const ClaimRequest& request) {
  std::vector<std::int64_t> ids;
  const auto look = [&](const Row& row) {
    const bool busy =
        std::ranges::find(request.busy_hosts, row.text(1)) != request.busy_hosts.end();
    if (!busy) ids.push_back(row.integer(0));
    return busy;
  };
  if (request.limit > 0) suspects_.each(look, kSuspectFrom);
  return ids;
}

std::vector<std::int64_t> SqliteWorkStore::choose(const ClaimRequest& request) {
  std::vector<std::int64_t> ids;
  const auto add = [&](const Row& row) {
    ids.push_back(row.integer(0));
    return true;
  };
  choose_by_feeds(request, ids);
  if (request.overdue && ids.size() < request.limit) {
    overdue_.each(add, *request.overdue, kSuspectFrom, request.limit - ids.size());
  }

  // Round by the name: from behind the host served last to the end, then from the first to it.
  const std::string begin = last_host_;
  const auto add_new = [&](const Row& row) {
    if (std::ranges::find(ids, row.integer(0)) == ids.end()) ids.push_back(row.integer(0));
    return true;
  };
  const auto serve = [&](const std::string& host) {
    if (std::ranges::find(request.busy_hosts, host) != request.busy_hosts.end()) return;
    pages_of_.each(add_new, host, kSuspectFrom,
                   std::min(request.per_host, request.limit - ids.size()));
    last_host_ = host;
  };
  auto host = next_host(begin);
  for (; host && ids.size() < request.limit; host = next_host(*host)) serve(*host);
  host = next_host("");
  for (; host && *host <= begin && ids.size() < request.limit; host = next_host(*host)) {
    serve(*host);
  }
  return ids;
}

void SqliteWorkStore::choose_by_feeds(const ClaimRequest& request, std::vector<std::int64_t>& ids) {
  const auto serve = [&](const std::string& feed) {
    const auto add = [&](const Row& row) {
      ids.push_back(row.integer(0));
      return true;
    };
    of_feed_.each(add, feed, kSuspectFrom,
                  std::min(request.turn_of_feed(), request.limit - ids.size()));
    last_feed_ = feed;
  };
  const std::string begin = last_feed_;
  auto feed = next_feed(begin);
  for (; feed && ids.size() < request.limit; feed = next_feed(*feed)) serve(*feed);
  if (ids.size() < request.limit) feed = next_feed("");
  for (; feed && *feed <= begin && ids.size() < request.limit; feed = next_feed(*feed)) {
    serve(*feed);
  }
  if (ids.size() == request.limit) return;
  // All have had their turn, and there is room.
  std::vector<std::int64_t> known = ids;
  std::ranges::sort(known);
  const auto add_other = [&](const Row& row) {
    if (!std::ranges::binary_search(known, row.integer(0))) ids.push_back(row.integer(0));
    return ids.size() < request.limit;
  };
  without_page_.each(add_other, kSuspectFrom, request.limit);
}

std::optional<std::string> SqliteWorkStore::next_feed(std::string_view after) {
  return next_feed_.first([](const Row& row) { return row.string(0); }, after, kSuspectFrom);
}

std::optional<std::string> SqliteWorkStore::next_host(std::string_view after) {
  return next_host_.first([](const Row& row) { return row.string(0); }, after);
}

PendingItem SqliteWorkStore::take(std::int64_t id) {
  std::optional<PendingItem> item = claim_.first(read_pending, id);
  if (!item) throw Fault{{ErrorCode::kStorage, "store: a pending row vanished while claimed"}};
  return std::move(*item);
}

Result<void> SqliteWorkStore::release(std::span<const std::int64_t> ids, Time not_before) {
  return attempt([&] {
    Transaction transaction(db_, Transaction::Kind::kWrite);
    for (const std::int64_t id : ids) release_.run(not_before, id);
    transaction.commit();
  });
}

Result<std::vector<Recheck>> SqliteWorkStore::claim_rechecks(
    Time now, std::size_t limit, const std::vector<std::string>& busy_hosts) {
  return attempt([&] {
    std::vector<std::string> over;
    std::vector<std::string> wanted;
    std::vector<std::string> busy = busy_hosts;
    due_rechecks_.each(
        [&](const Row& row) {
          if (row.integer(3) == 0 || row.integer(2) >= kRecheckTries) {
            over.push_back(row.string(0));
          } else if (wanted.size() < limit && std::ranges::find(busy, row.text(1)) == busy.end()) {
            wanted.push_back(row.string(0));
            busy.push_back(row.string(1));
          }
          return true;
        },
        now, kDueRows);
    std::vector<Recheck> taken;
    if (over.empty() && wanted.empty()) return taken;
    Transaction transaction(db_, Transaction::Kind::kWrite);
    for (const std::string& id : over) drop_recheck_.run(id);
    for (const std::string& id : wanted) {
      // The desk may have dropped it meanwhile.
      if (auto look = take_recheck_.first(read_recheck, now + kRecheckLease, id)) {
        taken.push_back(*std::move(look));
      }
    }
    transaction.commit();
    return taken;
  });
}

Result<void> SqliteWorkStore::clamp_times(Time now, Time latest) {
  return attempt([&] {
    Transaction transaction(db_, Transaction::Kind::kWrite);
    Statement(db_, "UPDATE pending SET first_seen = ?1 WHERE first_seen > ?1").run(now);
    Statement(db_, "UPDATE pending SET not_before = ?1 WHERE not_before > ?1").run(latest);
    Statement(db_, "UPDATE recheck SET due = due - told_at + ?1, told_at = ?1 WHERE told_at > ?1")
        .run(now);
    transaction.commit();
  });
}

Result<void> SqliteWorkStore::put_note(const SiteNote& note, Time now) {
  return attempt([&] {
    Transaction transaction(db_, Transaction::Kind::kWrite);
    put_note_.run(note.name, note.until, note.text);
    drop_notes_.run(now);
    transaction.commit();
  });
}

Result<void> SqliteWorkStore::each_note(Time now, std::size_t limit,
                                        const std::function<void(const SiteNote&)>& visit) {
  return attempt([&] {
    Statement notes(db_,
                    "SELECT name, text, until FROM note WHERE until > ? ORDER BY until DESC "
                    "LIMIT ?");
    notes.each(
        [&](const Row& row) {
          visit({.name = row.string(0), .text = row.string(1), .until = row.time(2)});
          return true;
        },
        now, limit);
  });
}

Result<Backlog> SqliteWorkStore::backlog(Time now) {
  return attempt([&] {
    Backlog backlog;
    backlog.pending = db_.integer("SELECT count(*) FROM pending WHERE state <> 2");
    backlog.quarantined = db_.integer("SELECT count(*) FROM quarantine");
    Statement suspects(db_,
                       "SELECT count(*) FROM pending WHERE crashes > 0 AND crashes >= ? "
                       "AND state <> 2 AND not_before <= ?");
    backlog.suspects =
        suspects.first([](const Row& row) { return row.integer(0); }, kSuspectFrom, now)
            .value_or(0);
    Statement due(db_, "SELECT min(not_before) FROM pending WHERE state <> 2");
    due.each([&](const Row& row) {
      backlog.next_due = row.optional_time(0);
      return true;
    });
    return backlog;
  });
}

Result<std::vector<Story>> SqliteWorkStore::event_stories(std::string_view event_id,
                                                          std::size_t limit) {
  return attempt([&] {
    std::vector<Story> stories;
    const auto add = [&](const Row& row) {
      stories.push_back(own(story_from_json(row.text(0))));
      return true;
    };
    if (limit == 0) return stories;
    opening_.each(add, event_id);
    newest_.each(add, event_id, limit - 1);
    return stories;
  });
}

Result<std::optional<Event>> SqliteWorkStore::published_event(std::string_view event_id) {
  return attempt([&] {
    auto event =
        event_.first([](const Row& row) { return own(event_from_json(row.text(0))); }, event_id);
    // Of one that was never told only what it absorbed is kept.
    const bool told = event && (event->revision > 0 || event->absorbed.empty());
    return told ? event : std::nullopt;
  });
}

}  // namespace nutgraf::sqlite
