#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/store/quiet_file.h"
#include "daemon/store/sqlite_db.h"
#include "daemon/store/work_store.h"

namespace nutgraf::sqlite {

/// The WorkStore on SQLite. A claim costs a look-up a feed or host, whatever waits, and no fsync: a
/// claim need not survive a loss of power, for claims are cleared at start anyway.
class SqliteWorkStore final : public WorkStore {
 public:
  /// Throws a Fault. The tables exist already.
  SqliteWorkStore(const std::filesystem::path& file, const ConnectionSettings& settings);

  /// As for SqliteLedger.
  void note_in(const QuietFile* notes) { notes_ = notes; }

  Result<void> each_feed_state(
      const std::function<void(const FeedState&, bool noted)>& visit) override;
  Result<std::vector<PendingItem>> claim(const ClaimRequest& request) override;
  Result<void> release(std::span<const std::int64_t> ids, Time not_before) override;
  Result<std::vector<Recheck>> claim_rechecks(Time now, std::size_t limit,
                                              const std::vector<std::string>& busy_hosts) override;
  Result<void> clamp_times(Time now, Time latest) override;
  Result<void> put_note(const SiteNote& note, Time now) override;
  Result<void> each_note(Time now, std::size_t limit,
                         const std::function<void(const SiteNote&)>& visit) override;
  Result<Backlog> backlog(Time now) override;
  Result<std::vector<Story>> event_stories(std::string_view event_id, std::size_t limit) override;
  Result<std::optional<Event>> published_event(std::string_view event_id) override;

 private:
  std::optional<std::string> next_host(std::string_view after);
  std::vector<std::int64_t> choose_suspect(const ClaimRequest& request);
  std::vector<std::int64_t> choose(const ClaimRequest& request);
  void choose_by_feeds(const ClaimRequest& request, std::vector<std::int64_t>& ids);
  std::optional<std::string> next_feed(std::string_view after);
  PendingItem take(std::int64_t id);

  Connection db_;
  const QuietFile* notes_ = nullptr;

  /// Host that was served last: the next claim goes on behind it, so that with more hosts than
  /// `limit` all have their turn.
  std::string last_host_;
  std::string last_feed_;  ///< Likewise the feed, of items without a page.

  Statement wake_{db_, "UPDATE pending SET state = 0 WHERE state = 1 AND not_before <= ?"};
  Statement anything_{db_,
                      "SELECT EXISTS(SELECT 1 FROM pending WHERE state = 0) OR "
                      "EXISTS(SELECT 1 FROM pending WHERE state = 1 AND not_before <= ?)"};
  Statement next_host_{db_,
                       "SELECT page_host FROM pending WHERE state = 0 AND page_host > ? "
                       "ORDER BY page_host LIMIT 1"};
  Statement next_feed_{db_,
                       "SELECT feed_id FROM pending INDEXED BY pending_plain WHERE state = 0 "
                       "AND page_host = '' AND feed_id > ? AND crashes < ? "
                       "ORDER BY feed_id LIMIT 1"};
  Statement of_feed_{db_,
                     "SELECT id FROM pending INDEXED BY pending_plain WHERE state = 0 "
                     "AND page_host = '' AND feed_id = ? AND crashes < ? "
                     "ORDER BY first_seen, id LIMIT ?"};
  Statement without_page_{db_,
                          "SELECT id FROM pending WHERE state = 0 AND page_host = '' "
                          "AND crashes < ? ORDER BY first_seen, id LIMIT ?"};
  Statement overdue_{db_,
                     "SELECT id FROM pending INDEXED BY pending_untold WHERE state = 0 "
                     "AND told = 0 AND page_host <> '' AND first_seen <= ? AND crashes < ? "
                     "ORDER BY first_seen LIMIT ?"};
  Statement pages_of_{db_,
                      "SELECT id FROM pending WHERE state = 0 AND page_host = ? "
                      "AND crashes < ? ORDER BY first_seen DESC, id DESC LIMIT ?"};
  Statement suspects_{db_,
                      "SELECT id, page_host FROM pending WHERE state = 0 AND crashes > 0 "
                      "AND crashes >= ? ORDER BY crashes, id"};
  Statement claim_{db_,
                   "UPDATE pending SET state = 2, attempts = attempts + 1 WHERE id = ? "
                   "RETURNING id, feed_id, item_key, item, revision, attempts, not_before, "
                   "first_seen, backfill, page_host, crashes, told"};
  Statement release_{db_,
                     "UPDATE pending SET state = 1, attempts = max(attempts - 1, 0), "
                     "not_before = ? WHERE id = ? AND state = 2"};
  Statement due_rechecks_{
      db_,
      "SELECT story_id, page_host, tries, EXISTS(SELECT 1 FROM member JOIN event USING (event_id) "
      "WHERE member.story_id = recheck.story_id AND closed = 0) "
      "FROM recheck WHERE due <= ? ORDER BY due LIMIT ?"};
  Statement take_recheck_{
      db_,
      "UPDATE recheck SET due = ?, tries = tries + 1 WHERE story_id = ? "
      "RETURNING story_id, told_at, missing, feed_id, item_key, first_seen, backfill, page_host, "
      "etag, last_modified, item"};
  Statement drop_recheck_{db_, "DELETE FROM recheck WHERE story_id = ?"};
  Statement put_note_{db_, "INSERT OR REPLACE INTO note(name, until, text) VALUES (?, ?, ?)"};
  Statement drop_notes_{db_, "DELETE FROM note WHERE until <= ?"};
  Statement opening_{db_,
                     "SELECT story FROM member JOIN story USING (story_id) WHERE event_id = ? "
                     "ORDER BY member.id LIMIT 1"};
  Statement newest_{db_,
                    "SELECT story FROM member JOIN story USING (story_id) WHERE event_id = ?1 "
                    "AND member.id > (SELECT member.id FROM member JOIN story "
                    "USING (story_id) WHERE event_id = ?1 ORDER BY member.id LIMIT 1) ORDER BY "
                    "member.id DESC LIMIT ?2"};
  Statement event_{db_, "SELECT event FROM event WHERE event_id = ? AND event IS NOT NULL"};
};

/// From a row of state, etag, last_modified.
FeedState read_feed_state(const Row& row);

}  // namespace nutgraf::sqlite
