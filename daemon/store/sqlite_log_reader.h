#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/store/log_reader.h"
#include "daemon/store/sqlite_db.h"

namespace nutgraf::sqlite {

/// The LogReader on SQLite: a read-only connection, every answer from one snapshot of the store.
/// A page costs at most a scan of 5,000 topics and the bytes that it may have.
class SqliteLogReader final : public LogReader {
 public:
  /// Throws a Fault. The tables exist already.
  SqliteLogReader(const std::filesystem::path& file, const ConnectionSettings& settings);

  Result<LogPosition> position() override;
  Result<std::variant<LogPage, LogRefusal>> page(const LogQuery& query) override;
  Result<LogPage> snapshot(const std::vector<std::string>& prefixes, int page) override;
  Result<LogPage> newest(const std::vector<std::string>& prefixes, std::optional<Sequence> before,
                         std::size_t limit) override;
  Result<std::optional<Publication>> latest_of(std::string_view subject) override;
  Result<std::optional<Publication>> latest_at(std::string_view url_key) override;
  Result<std::vector<QuarantinedItem>> quarantined() override;
  Result<Furniture> furniture(std::string_view feed_id) override;
  Result<std::vector<WaitingHost>> waiting_pages() override;
  Result<std::vector<TrailEntry>> trail(std::string_view url_key, std::string_view guid,
                                        std::string_view story_id) override;

 private:
  struct Ends {
    std::string epoch;
    Sequence head = 0;
    Sequence floor = 1;
  };
  /// Both exclusive below, inclusive above.
  struct Range {
    Sequence after = 0;
    Sequence last = 0;
  };

  Ends ends();
  std::optional<LogRefusal::Code> refusal(const LogQuery& query, const Ends& log);
  Range range(const LogQuery& query, const Ends& log);
  LogPage read(const LogQuery& query, const Ends& log, Range range);
  bool superseded(Sequence seq, std::string_view topic, std::string_view subject);

  Connection db_;
  Statement ends_{db_, "SELECT epoch, head, floor FROM counter"};
  Statement decided_{db_, "SELECT decided_at FROM log WHERE seq = ?"};
  Statement since_{db_,
                   "SELECT seq FROM log WHERE decided_at >= ? AND seq >= ? "
                   "ORDER BY decided_at, seq LIMIT 1"};
  Statement until_{db_,
                   "SELECT seq FROM log WHERE decided_at < ? AND seq >= ? "
                   "ORDER BY decided_at DESC, seq DESC LIMIT 1"};
  Statement scan_{db_,
                  "SELECT seq, topic, decided_at, bytes, checksum, body FROM log "
                  "WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"};
  Statement live_{db_,
                  "SELECT seq, topic, decided_at, bytes, checksum, body FROM event "
                  "INDEXED BY event_live JOIN log ON log.seq = event.last_seq WHERE closed = 0 "
                  "ORDER BY event.id"};
  Statement back_{db_,
                  "SELECT seq, topic, decided_at, bytes, checksum, body, subject FROM log "
                  "WHERE seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?"};
  Statement last_of_subject_{db_, "SELECT MAX(seq) FROM log WHERE subject = ? AND subject <> ''"};
  Statement last_of_topic_{db_, "SELECT head FROM topic WHERE name = ?"};
  Statement latest_{db_,
                    "SELECT seq, topic, decided_at, bytes, checksum, body FROM log "
                    "WHERE subject = ? AND subject <> '' ORDER BY seq DESC LIMIT 1"};
  Statement story_at_{db_,
                      "SELECT story_id FROM fingerprint WHERE url_key = ? AND url_key <> '' "
                      "ORDER BY id DESC LIMIT 1"};
  Statement furniture_{db_,
                       "SELECT version, line, since, until, text FROM furniture "
                       "WHERE feed_id = ? ORDER BY line"};
  Statement waiting_{db_,
                     "SELECT page_host, count(*) AS pages FROM pending "
                     "WHERE page_host <> '' GROUP BY page_host "
                     "ORDER BY pages DESC, page_host LIMIT ?"};
  Statement quarantined_{db_, "SELECT feed_id, title, link, error, attempts FROM quarantine"};
  Statement trail_{db_,
                   "SELECT at, trail.feed_id, trail.item_key, what, reason, trail.story_id FROM ("
                   "SELECT feed_id, item_key FROM item WHERE url_key = ?1 AND url_key <> '' UNION "
                   "SELECT feed_id, item_key FROM item WHERE guid = ?2 AND guid <> '' UNION "
                   "SELECT feed_id, item_key FROM item WHERE story_id = ?3 AND story_id <> '') "
                   "JOIN trail USING (feed_id, item_key) ORDER BY trail.id LIMIT ?4"};
};

}  // namespace nutgraf::sqlite
