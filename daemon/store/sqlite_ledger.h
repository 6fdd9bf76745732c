#pragma once

#include <filesystem>

#include "daemon/store/disk_room.h"
#include "daemon/store/high_water.h"
#include "daemon/store/ledger.h"
#include "daemon/store/quiet_file.h"
#include "daemon/store/sqlite_ledger_statements.h"
#include "daemon/store/sqlite_log.h"

namespace nutgraf::sqlite {

/// A sighting moves the tombstone's clock at most once in this time: feeds repeat the same items
/// all day, and writing each of them at each poll would be most of what the disk does.
inline constexpr std::chrono::hours kTouchInterval{24};

/// Where a look at all tombstones, oldest first, stopped: some calls, that each look at a bounded
/// number, are one round.
struct ItemPlace {
  Time last_seen{};
  std::string feed_id;
  std::string item_key;
};

/// Where rounds of pruning go on.
struct PrunePlace {
  ItemPlace item;
  std::string feed_id;
};

/// The Ledger on SQLite. A commit of 100 stories costs a few milliseconds and one fsync.
class SqliteLedger final : public Ledger {
 public:
  /// Throws a Fault. The tables exist already.
  SqliteLedger(const std::filesystem::path& file, const ConnectionSettings& settings,
               EnvelopeWriter envelope);

  /// Each commit is marked there before its messages are given out. `mark` outlives the ledger.
  void mark_with(const HighWater* mark) { mark_ = mark; }
  /// Where polls are noted; without, they are not. It outlives the ledger.
  void note_in(QuietFile* notes) { notes_ = notes; }

  Result<LogPosition> position() override;
  Result<std::vector<KnownItem>> known_items(std::string_view feed_id,
                                             std::span<const std::string> keys) override;
  Result<std::optional<FeedState>> feed_state(std::string_view feed_id) override;
  Result<std::string> line_counts(std::string_view feed_id) override;
  Result<std::optional<Story>> story(std::string_view story_id) override;
  Result<std::optional<StoredMember>> member(std::string_view story_id) override;
  Result<std::vector<StoredMember>> members_of(std::string_view event_id) override;
  Result<std::optional<StoredEvent>> event(std::string_view event_id) override;
  Result<std::optional<std::string>> story_by_url_key(std::string_view url_key) override;
  Result<std::optional<std::string>> story_by_text_hash(std::uint64_t text_hash) override;
  Result<std::vector<Publication>> commit(const Batch& batch, Time now) override;
  bool note_poll(const FeedState& before, const FeedState& after) override;
  void forget_notes() override;
  Result<void> fingerprints_since(Time since,
                                  const std::function<bool(StoredFingerprint&)>& visit) override;
  Result<void> members_since(Time since, const std::function<bool(StoredMember&)>& visit) override;
  Result<std::vector<StoredEvent>> live_events() override;
  Result<void> each_furniture(
      const std::function<void(const std::string& feed_id, Furniture)>& visit) override;
  Result<bool> prune(const Retention& retention) override;

 private:
  /// kTransient if a commit would be lost, or leave too little room; the message says what to do.
  Result<void> writable() const;
  // The steps of a commit, inside its transaction.
  void apply(const PollCommit& poll, Time now);
  void apply(const std::string& feed_id, const ItemArrival& arrival, Time now);
  void apply(const StoryCommit& story, Time now);
  void apply(const RecheckCommit& recheck);
  void apply(const RetractCommit& retract, Time now);
  void apply(const RetryCommit& retry, Time now);
  void apply(const EventCommit& commit, Time now);
  void apply(const FurnitureCommit& commit);
  void drop_old_pages();
  void settle_pending(const StoryCommit& story);
  void quarantine(const StoryCommit& story);
  void store_membership(const StoryCommit& story, Time now);
  void tell_members(const std::string& event_id, const EventStep& step, Time now);
  void leave_trail(std::string_view feed_id, std::string_view item_key, Time now,
                   std::string_view what, std::string_view reason, std::string_view story_id);

  // For connections of a reader's own, beside the one that writes.
  const std::filesystem::path file_;
  const ConnectionSettings settings_;

  DiskRoom room_;
  Connection db_;
  const EnvelopeWriter envelope_;
  LogWriter log_;
  LedgerStatements sql_;
  const HighWater* mark_ = nullptr;
  QuietFile* notes_ = nullptr;
  PrunePlace pruned_to_;
};

/// RetractCommit::purge, within the transaction at hand. A look-up by subject for the story and
/// each of its events, and a write for each of their messages.
void purge_words(Connection& db, EnvelopeWriter envelope, const RetractCommit& retract);

/// Ledger::prune(), within a transaction of its own. `notes`: of polls that no row knows of, if
/// there are any. `place`: for the next call.
bool prune(Connection& db, const Ledger::Retention& retention, const QuietFile* notes,
           PrunePlace& place);

}  // namespace nutgraf::sqlite
