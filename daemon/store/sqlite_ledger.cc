#include "daemon/store/sqlite_ledger.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "daemon/store/sqlite_rows.h"
#include "daemon/store/sqlite_schema.h"
#include "daemon/store/sqlite_work_store.h"

namespace nutgraf::sqlite {
namespace {

/// Entries of one item's trail. An item that fails for ever must not fill the disk.
constexpr int kTrailEntries = 20;

std::string_view name_of(Fate fate) {
  switch (fate) {
    case Fate::kPublished:
      return "published";
    case Fate::kUpdated:
      return "updated";
    case Fate::kDuplicate:
      return "duplicate";
    case Fate::kUnchanged:
      return "unchanged";
    case Fate::kDropped:
      return "dropped";
    case Fate::kQuarantined:
      return "quarantined";
  }
  return "unknown";
}

bool purges(const Batch& batch) {
  return std::ranges::any_of(batch.retracts,
                             [](const RetractCommit& each) { return each.purge.has_value(); });
}

std::int64_t as_signed(std::uint64_t hash) { return static_cast<std::int64_t>(hash); }

/// Columns: event_id, story_id, decided_at, published, vector.
void read(const Row& row, StoredMember& stored) {
  stored.event_id = row.text(0);
  stored.story_id = row.text(1);
  stored.decided_at = row.time(2);
  stored.published = row.time(3);
  stored.vector = row.text(4);
}

StoredMember read_member(const Row& row) {
  StoredMember stored;
  read(row, stored);
  return stored;
}

/// Columns: event_id, first_seen, updated, dirty_revision, due, event, closed.
StoredEvent read_event(const Row& row) {
  StoredEvent stored;
  if (row.is_null(5)) {
    stored.event.id = row.text(0);
    stored.event.updated_at = row.time(2);
  } else {
    stored.event = own(event_from_json(row.text(5)));
  }
  if (stored.event.revision == 0) stored.event.first_seen_at = row.time(1);
  stored.dirty_revision = row.integer(3);
  stored.due = row.optional_time(4);
  stored.closed = row.integer(6) != 0;
  return stored;
}

}  // namespace

SqliteLedger::SqliteLedger(const std::filesystem::path& file, const ConnectionSettings& settings,
                           EnvelopeWriter envelope)
    : file_(file),
      settings_(settings),
      room_{file, settings.min_free},
      db_(file, Access::kReadWrite, settings),
      envelope_(envelope),
      log_(db_, envelope),
      sql_(db_) {}

Result<LogPosition> SqliteLedger::position() {
  return attempt([&] { return read_position(db_); });
}

Result<std::vector<KnownItem>> SqliteLedger::known_items(std::string_view feed_id,
                                                         std::span<const std::string> keys) {
  return attempt([&] {
    std::vector<KnownItem> known;
    for (const std::string& key : keys) {
      sql_.known_item.each(
          [&](const Row& row) {
            known.push_back({.item_key = key,
                             .content_hash = static_cast<std::uint64_t>(row.integer(0)),
                             .story_id = row.string(1),
                             .revision = static_cast<int>(row.integer(2)),
                             .pending = row.integer(3) != 0,
                             .quarantined = row.integer(4) != 0});
            return true;
          },
          feed_id, key);
    }
    return known;
  });
}

Result<std::optional<FeedState>> SqliteLedger::feed_state(std::string_view feed_id) {
  return attempt([&] {
    std::optional<FeedState> state = sql_.feed.first(read_feed_state, feed_id);
    if (state && notes_ != nullptr) notes_->apply(*state);
    return state;
  });
}

Result<std::string> SqliteLedger::line_counts(std::string_view feed_id) {
  return attempt([&] {
    return sql_.line_counts.first([](const Row& row) { return row.string(0); }, feed_id)
        .value_or(std::string());
  });
}

Result<std::optional<Story>> SqliteLedger::story(std::string_view story_id) {
  return attempt([&] {
    return sql_.story.first(
        [](const Row& row) {
          Story story = own(story_from_json(row.text(0)));
          if (!row.is_null(1)) story.event_id = row.string(1);
          return story;
        },
        story_id);
  });
}

Result<std::optional<StoredMember>> SqliteLedger::member(std::string_view story_id) {
  return attempt([&] { return sql_.member.first(read_member, story_id); });
}

Result<std::vector<StoredMember>> SqliteLedger::members_of(std::string_view event_id) {
  return attempt([&] {
    std::vector<StoredMember> members;
    sql_.members_of.each(
        [&](const Row& row) {
          members.push_back(read_member(row));
          return true;
        },
        event_id);
    return members;
  });
}

Result<std::optional<StoredEvent>> SqliteLedger::event(std::string_view event_id) {
  return attempt([&] { return sql_.event.first(read_event, event_id); });
}

Result<std::optional<std::string>> SqliteLedger::story_by_url_key(std::string_view url_key) {
  return attempt([&] {
    return sql_.story_by_url.first([](const Row& row) { return row.string(0); }, url_key);
  });
}

Result<std::optional<std::string>> SqliteLedger::story_by_text_hash(std::uint64_t text_hash) {
  return attempt([&] {
    return sql_.story_by_text.first([](const Row& row) { return row.string(0); },
                                    as_signed(text_hash));
  });
}

Result<void> SqliteLedger::writable() const {
  if (db_.has_moved()) {
    return fail(ErrorCode::kTransient,
                "store " + room_.file.string() +
                    ": the file was moved or deleted, and what is committed to it would be lost; "
                    "put it back, and the commit is repeated, or restart to begin a new store");
  }
  if (db_.log_has_moved()) {
    return fail(ErrorCode::kTransient,
                "store " + room_.file.string() + ": " + room_.file.string() +
                    "-wal was moved or deleted, and what is committed to it would be lost if the "
                    "process were killed; put it back, and the commit is repeated, or stop "
                    "nutgrafd with SIGTERM, which copies it into the store, and start it");
  }
  return room_.check();
}

Result<std::vector<Publication>> SqliteLedger::commit(const Batch& batch, Time now) {
  if (auto can = writable(); !can) return tl::unexpected(can.error());
  return attempt([&] {
    Transaction transaction(db_, Transaction::Kind::kWrite);
    log_.begin(now);
    for (const PollCommit& poll : batch.polls) apply(poll, now);
    for (const StoryCommit& story : batch.stories) apply(story, now);
    for (const RecheckCommit& recheck : batch.rechecks) apply(recheck);
    for (const RetractCommit& retract : batch.retracts) apply(retract, now);
    for (const RetryCommit& retry : batch.retries) apply(retry, now);
    for (const EventCommit& event : batch.events) apply(event, now);
    for (const FurnitureCommit& furniture : batch.furniture) apply(furniture);
    std::vector<Publication> published = log_.finish();
    transaction.commit();
    if (mark_ != nullptr && !published.empty()) mark_->write(log_.epoch(), published.back().seq);
    if (purges(batch)) drop_old_pages();
    return published;
  });
}

bool SqliteLedger::note_poll(const FeedState& before, const FeedState& after) {
  return notes_ != nullptr && QuietFile::covers(before, after) && notes_->put(after);
}

void SqliteLedger::forget_notes() {
  if (notes_ != nullptr) notes_->clear();
}

void SqliteLedger::apply(const PollCommit& poll, Time now) {
  const FeedState& state = poll.state;
  sql_.put_feed.run(state.feed_id, Blob{state.etag}, Blob{state.last_modified}, to_json(state));
  for (const ItemArrival& arrival : poll.arrivals) apply(state.feed_id, arrival, now);
  for (const std::string& key : poll.still_there) {
    sql_.touch_item.run(now, state.feed_id, key, now - kTouchInterval);
  }
  if (poll.message) log_.append(*poll.message);
}

void SqliteLedger::apply(const std::string& feed_id, const ItemArrival& arrival, Time now) {
  const PendingItem& pending = arrival.pending;
  const auto read_revision = [](const Row& row) { return row.integer(0); };
  const std::int64_t revision =
      sql_.put_item
          .first(read_revision, feed_id, pending.item_key, as_signed(arrival.content_hash), 1, now,
                 pending.item.guid, arrival.url_key)
          .value_or(1);
  leave_trail(feed_id, pending.item_key, now, arrival.enqueue ? "pending" : "seen", arrival.reason,
              "");
  if (!arrival.enqueue) return;
  sql_.drop_quarantine.run(feed_id, pending.item_key);
  sql_.put_pending.run(feed_id, pending.item_key, revision,
                       static_cast<int>(PendingState::kWaiting), pending.not_before,
                       pending.first_seen, pending.backfill, pending.page_host,
                       to_json(pending.item));
}

void SqliteLedger::apply(const StoryCommit& story, Time now) {
  sql_.settle_item.run(story.story_id, story.url_key, story.feed_id, story.item_key);
  if (story.story) sql_.put_story.run(story.story->id, now, to_json(*story.story, WithText::kYes));
  if (!story.url_key.empty() || story.text_hash != 0 || !story.fingerprint.empty()) {
    const std::string& publisher =
        story.publisher.empty() && story.story ? story.story->source.publisher : story.publisher;
    sql_.put_fingerprint.run(story.story_id, story.dedup_group, story.feed_id, publisher, now,
                             story.url_key, as_signed(story.text_hash), Blob{story.fingerprint});
  }
  store_membership(story, now);
  if (story.message) log_.append(*story.message);
  leave_trail(story.feed_id, story.item_key, now, name_of(story.fate), story.reason,
              story.story_id);
  if (story.event_step) {
    leave_trail(story.feed_id, story.item_key, now, "event", to_json(*story.event_step),
                story.story_id);
  }
  settle_pending(story);
}

void SqliteLedger::settle_pending(const StoryCommit& story) {
  if (story.fate == Fate::kQuarantined) quarantine(story);
  const bool settled =
      story.page_later
          ? sql_.keep_for_page.run(*story.page_later, story.pending_id, story.pending_revision) > 0
          : sql_.drop_pending.run(story.pending_id, story.pending_revision) > 0;
  if (!settled) sql_.unclaim_pending.run(story.pending_id);
}

void SqliteLedger::quarantine(const StoryCommit& story) {
  sql_.pending_for_quarantine.each(
      [&](const Row& row) {
        const FeedItem item = own(item_from_json(row.text(0)));
        sql_.put_quarantine.run(story.feed_id, story.item_key, item.title, item.link, story.reason,
                                row.integer(1));
        return false;
      },
      story.pending_id, story.pending_revision);
}

void SqliteLedger::store_membership(const StoryCommit& story, Time now) {
  if (story.event_id.empty()) return;
  sql_.open_event.run(story.event_id, now, now);
  if (story.event_due) sql_.dirty_event.run(*story.event_due, story.event_id);
  // An edition or a copy of a member touches its event and leaves its vector as it was.
  if (!story.story || story.fate != Fate::kPublished) return;
  const Story& member = *story.story;
  sql_.put_member.run(member.id, story.event_id, now,
                      member.published_at.value_or(member.first_seen_at),
                      member.kind == StoryKind::kReport, Blob{story.vector});
}

void SqliteLedger::apply(const RecheckCommit& recheck) {
  const Recheck& look = recheck.look;
  if (!recheck.due) {
    sql_.drop_recheck.run(look.story_id);
    return;
  }
  const PendingItem& item = look.item;
  sql_.put_recheck.run(look.story_id, look.told_at, *recheck.due, look.missing, item.feed_id,
                       item.item_key, item.first_seen, item.backfill, item.page_host,
                       Blob{look.etag}, Blob{look.last_modified}, to_json(item.item));
}

void SqliteLedger::apply(const RetractCommit& retract, Time now) {
  const Story& story = retract.story;
  sql_.put_story.run(story.id, now, to_json(story, WithText::kYes));
  sql_.drop_member.run(story.id);
  sql_.drop_recheck.run(story.id);
  if (retract.event_due) sql_.dirty_event.run(*retract.event_due, retract.event_id);
  std::vector<std::pair<std::string, std::string>> items;
  sql_.items_of_story.each(
      [&](const Row& row) {
        items.emplace_back(row.string(0), row.string(1));
        return true;
      },
      story.id);
  const std::string_view what = retract.message ? "retracted" : "purged";
  for (const auto& [feed_id, item_key] : items) {
    sql_.drop_pending_item.run(feed_id, item_key);
    if (retract.purge) sql_.drop_quarantine.run(feed_id, item_key);
    leave_trail(feed_id, item_key, now, what, story.retracted, story.id);
  }
  if (retract.purge) purge_words(db_, envelope_, retract);
  if (retract.message) log_.append(*retract.message);
}

/// What a purge wrote over is still in the write-ahead log: into the file with it, and that is cut
/// to nothing. A reader that stands in the way lets it be done later; nothing depends on it.
void SqliteLedger::drop_old_pages() {
  attempt([&] { db_.execute("PRAGMA wal_checkpoint(TRUNCATE)"); });
}

void SqliteLedger::apply(const RetryCommit& retry, Time now) {
  sql_.retry_pending.run(retry.error, retry.pending_revision, retry.not_before, retry.without_page,
                         retry.pending_id);
  const auto read_key = [](const Row& row) { return std::pair(row.string(0), row.string(1)); };
  const auto key = sql_.pending_key.first(read_key, retry.pending_id);
  if (key) leave_trail(key->first, key->second, now, "retried", retry.error, "");
}

void SqliteLedger::apply(const EventCommit& commit, Time now) {
  const Event& event = commit.event;
  if (commit.message) {
    const Sequence seq = log_.append(*commit.message);
    sql_.put_event.run(event.id, event.first_seen_at, now, to_json(event), seq);
  }
  if (commit.untold) sql_.keep_untold.run(to_json(event), event.id);
  sql_.settle_event.run(commit.dirty_revision, commit.closed, now, event.id);
  if (commit.merged_into.empty()) return;
  if (commit.event_step) tell_members(event.id, *commit.event_step, now);
  sql_.move_members.run(commit.merged_into, event.id);
}

/// In the trails of all items that became stories of the event.
void SqliteLedger::tell_members(const std::string& event_id, const EventStep& step, Time now) {
  std::vector<std::array<std::string, 3>> items;
  sql_.items_of_event.each(
      [&](const Row& row) {
        items.push_back({row.string(0), row.string(1), row.string(2)});
        return true;
      },
      event_id);
  const std::string reason = to_json(step);
  for (const auto& [feed_id, item_key, story_id] : items) {
    leave_trail(feed_id, item_key, now, "event", reason, story_id);
  }
}

void SqliteLedger::apply(const FurnitureCommit& commit) {
  sql_.put_line_counts.run(commit.feed_id, Blob{commit.counts});
  if (!commit.snapshot) return;
  sql_.drop_furniture.run(commit.feed_id);
  for (const FurnitureLine& line : commit.snapshot->lines) {
    const auto until = line.until == Time::max() ? std::nullopt : std::optional(line.until);
    sql_.put_furniture.run(commit.feed_id, as_signed(line.line), commit.snapshot->version,
                           line.since, until, line.text);
  }
}

void SqliteLedger::leave_trail(std::string_view feed_id, std::string_view item_key, Time now,
                               std::string_view what, std::string_view reason,
                               std::string_view story_id) {
  sql_.put_trail.run(feed_id, item_key, now, what, reason, story_id);
  sql_.trim_trail.run(feed_id, item_key, kTrailEntries);
}

Result<void> SqliteLedger::fingerprints_since(
    Time since, const std::function<bool(StoredFingerprint&)>& visit) {
  return attempt([&] {
    Connection db(file_, Access::kReadOnly, settings_);
    Statement rows(db,
                   "SELECT story_id, dedup_group, feed_id, publisher, decided_at, url_key, "
                   "text_hash, fingerprint FROM fingerprint NOT INDEXED "
                   "WHERE decided_at >= ? ORDER BY id");
    StoredFingerprint stored;
    rows.each(
        [&](const Row& row) {
          stored.story_id = row.text(0);
          stored.dedup_group = row.text(1);
          stored.feed_id = row.text(2);
          stored.publisher = row.text(3);
          stored.decided_at = row.time(4);
          stored.url_key = row.text(5);
          stored.text_hash = static_cast<std::uint64_t>(row.integer(6));
          stored.fingerprint = row.text(7);
          return visit(stored);
        },
        since);
  });
}

Result<void> SqliteLedger::members_since(Time since,
                                         const std::function<bool(StoredMember&)>& visit) {
  return attempt([&] {
    Connection db(file_, Access::kReadOnly, settings_);
    Statement rows(
        db,
        "SELECT event_id, story_id, decided_at, published, vector FROM member NOT INDEXED "
        "WHERE decided_at >= ? ORDER BY id");
    StoredMember stored;
    rows.each(
        [&](const Row& row) {
          read(row, stored);
          return visit(stored);
        },
        since);
  });
}

Result<std::vector<StoredEvent>> SqliteLedger::live_events() {
  return attempt([&] {
    std::vector<StoredEvent> events;
    Statement rows(db_,
                   "SELECT event_id, first_seen, updated, dirty_revision, due, event, closed "
                   "FROM event WHERE closed = 0 ORDER BY id");
    rows.each([&](const Row& row) {
      events.push_back(read_event(row));
      return true;
    });
    return events;
  });
}

Result<void> SqliteLedger::each_furniture(
    const std::function<void(const std::string& feed_id, Furniture)>& visit) {
  return attempt([&] {
    Statement rows(db_,
                   "SELECT version, line, since, until, '', feed_id FROM furniture "
                   "ORDER BY feed_id, line");
    std::string feed_id;
    Furniture furniture;
    rows.each([&](const Row& row) {
      if (row.text(5) != feed_id) {
        if (!furniture.lines.empty()) visit(feed_id, std::exchange(furniture, {}));
        feed_id = row.text(5);
      }
      add_furniture_line(row, furniture);
      return true;
    });
    if (!furniture.lines.empty()) visit(feed_id, std::move(furniture));
  });
}

Result<bool> SqliteLedger::prune(const Retention& retention) {
  return attempt([&] { return sqlite::prune(db_, retention, notes_, pruned_to_); });
}

}  // namespace nutgraf::sqlite
