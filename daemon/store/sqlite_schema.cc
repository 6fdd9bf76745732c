#include "daemon/store/sqlite_schema.h"

#include <algorithm>
#include <array>

#include "daemon/base/hash.h"
#include "daemon/store/sqlite_integrity.h"

namespace nutgraf::sqlite {
namespace {

/// "ngrf", so that file(1) and we can tell our stores.
constexpr std::int64_t kApplicationId = 0x6e677266;

/// Times are milliseconds since 1970, values of ours are JSON [daemon/model/json.h], hashes are the
/// 64 bits as a signed integer.
///
/// `sum` is the checksum of a row [sqlite_row_sum.h], so that verify finds a byte that changed.
/// That of log leaves out what `checksum` covers.
constexpr const char* kVersion6 = R"sql(
-- The one row that every commit advances. The sequence is counted here and not by MAX(seq), so that
-- no number returns after its message was pruned.
CREATE TABLE counter(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch TEXT NOT NULL,              -- 128 random bits in hex, made with the store
  head INTEGER NOT NULL DEFAULT 0,  -- newest seq
  floor INTEGER NOT NULL DEFAULT 1, -- oldest seq still served
  bytes INTEGER NOT NULL DEFAULT 0, -- of the messages from floor to head
  home TEXT NOT NULL DEFAULT '',    -- the file that this store lives in [sqlite_epoch.cc]
  sum INTEGER AS (row_sum(one, epoch, head, floor, bytes, home)) STORED
);
INSERT INTO counter(one, epoch) VALUES (1, lower(hex(randomblob(16))));

CREATE TABLE topic(
  name TEXT PRIMARY KEY,
  head INTEGER NOT NULL,
  sum INTEGER AS (row_sum(name, head)) STORED
) WITHOUT ROWID;

-- Every seq from floor to head is here; below the floor only the latest message of live events.
-- The body comes last: a scan over topics does not read it.
CREATE TABLE log(
  seq INTEGER PRIMARY KEY,
  topic TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  subject TEXT NOT NULL,
  sum INTEGER AS (row_sum(seq, decided_at, bytes, checksum, subject)) STORED,
  body TEXT NOT NULL
);
CREATE INDEX log_time ON log(decided_at);
CREATE INDEX log_subject ON log(subject, seq) WHERE subject <> '';

-- Validators are apart from the JSON, because they are bytes and need not be text.
CREATE TABLE feed(
  feed_id TEXT PRIMARY KEY,
  etag BLOB NOT NULL,
  last_modified BLOB NOT NULL,
  state TEXT NOT NULL,
  sum INTEGER AS (row_sum(feed_id, etag, last_modified, state)) STORED
) WITHOUT ROWID;

-- Tombstones: every item of a feed that was seen.
CREATE TABLE item(
  feed_id TEXT NOT NULL,
  item_key TEXT NOT NULL,
  content_hash INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  story_id TEXT NOT NULL DEFAULT '',
  guid TEXT NOT NULL DEFAULT '',
  url_key TEXT NOT NULL DEFAULT '',
  sum INTEGER AS (row_sum(feed_id, item_key, content_hash, revision, last_seen,
    story_id, guid, url_key)) STORED,
  PRIMARY KEY (feed_id, item_key)
) WITHOUT ROWID;
CREATE INDEX item_seen ON item(last_seen);
-- When a feed's last document was had: what was in it is not forgotten.
CREATE INDEX item_of_feed ON item(feed_id, last_seen);
CREATE INDEX item_story ON item(story_id) WHERE story_id <> '';
CREATE INDEX item_guid ON item(guid) WHERE guid <> '';
CREATE INDEX item_url ON item(url_key) WHERE url_key <> '';

-- AUTOINCREMENT: a verdict on a row that is gone must not hit another that got its number.
CREATE TABLE pending(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  feed_id TEXT NOT NULL,
  item_key TEXT NOT NULL,
  revision INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  state INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  backfill INTEGER NOT NULL,
  page_host TEXT NOT NULL,
  error TEXT NOT NULL DEFAULT '',
  item TEXT NOT NULL,
  told INTEGER NOT NULL DEFAULT 0, -- published from the feed's own text, while the page is wanted
  sum INTEGER AS (row_sum(id, feed_id, item_key, revision, attempts, crashes, state,
    not_before, first_seen, backfill, page_host, error, item, told)) STORED,
  UNIQUE (feed_id, item_key)
);
CREATE INDEX pending_host ON pending(state, page_host, first_seen);
CREATE INDEX pending_due ON pending(state, not_before);
CREATE INDEX pending_suspect ON pending(crashes) WHERE crashes > 0;
CREATE INDEX pending_untold ON pending(first_seen) WHERE told = 0 AND page_host <> '';
-- Turns of the feeds among what may be worked on at once.
CREATE INDEX pending_plain ON pending(feed_id, first_seen) WHERE state = 0 AND page_host = '';

CREATE TABLE quarantine(
  feed_id TEXT NOT NULL,
  item_key TEXT NOT NULL,
  title TEXT NOT NULL,
  link TEXT NOT NULL,
  error TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  sum INTEGER AS (row_sum(feed_id, item_key, title, link, error, attempts)) STORED,
  PRIMARY KEY (feed_id, item_key)
) WITHOUT ROWID;

CREATE TABLE trail(
  id INTEGER PRIMARY KEY,
  feed_id TEXT NOT NULL,
  item_key TEXT NOT NULL,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  reason TEXT NOT NULL,
  story_id TEXT NOT NULL,
  sum INTEGER AS (row_sum(id, feed_id, item_key, at, what, reason, story_id)) STORED
);
CREATE INDEX trail_item ON trail(feed_id, item_key, id);

CREATE TABLE story(
  story_id TEXT PRIMARY KEY,
  decided_at INTEGER NOT NULL,
  story TEXT NOT NULL,
  sum INTEGER AS (row_sum(story_id, decided_at, story)) STORED
);
CREATE INDEX story_time ON story(decided_at);

-- One row a text that was judged, also a duplicate's; never changed, so that the order of rows is
-- the order of the verdicts.
CREATE TABLE fingerprint(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  story_id TEXT NOT NULL,
  dedup_group TEXT NOT NULL,
  feed_id TEXT NOT NULL,
  publisher TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  url_key TEXT NOT NULL,
  text_hash INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  sum INTEGER AS (row_sum(id, story_id, dedup_group, feed_id, publisher, decided_at,
    url_key, text_hash, fingerprint)) STORED
);
CREATE INDEX fingerprint_time ON fingerprint(decided_at);
CREATE INDEX fingerprint_url ON fingerprint(url_key) WHERE url_key <> '';
CREATE INDEX fingerprint_text ON fingerprint(text_hash) WHERE text_hash <> 0;

CREATE TABLE event(
  id INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  first_seen INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  dirty_revision INTEGER NOT NULL DEFAULT 0,
  due INTEGER,                         -- NULL: clean
  closed INTEGER NOT NULL DEFAULT 0,
  last_seq INTEGER NOT NULL DEFAULT 0, -- of its latest message
  event TEXT,                          -- as last published; NULL: never
  sum INTEGER AS (row_sum(id, event_id, first_seen, updated, dirty_revision, due,
    closed, last_seq, event)) STORED
);
CREATE INDEX event_closed ON event(closed, updated);
CREATE INDEX event_live ON event(id) WHERE closed = 0;

CREATE TABLE member(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  story_id TEXT NOT NULL UNIQUE,
  event_id TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  published INTEGER NOT NULL,
  report INTEGER NOT NULL,
  vector BLOB NOT NULL,
  sum INTEGER AS (row_sum(id, story_id, event_id, decided_at, published, report, vector)) STORED
);
CREATE INDEX member_event ON member(event_id, id);
CREATE INDEX member_time ON member(decided_at);

-- What the fetcher remembers of sites: robots.txt, and how long they asked to be left alone.
CREATE TABLE note(
  name TEXT PRIMARY KEY,
  until INTEGER NOT NULL,
  text TEXT NOT NULL,
  sum INTEGER AS (row_sum(name, until, text)) STORED
) WITHOUT ROWID;
CREATE INDEX note_until ON note(until);
)sql";

constexpr const char* kVersion7 = R"sql(
-- What was learned of a feed's furniture: the snapshot that workers clean by, which all rows of a
-- feed are together, and apart from it what it is learned from [daemon/article/line_counts.h].
CREATE TABLE furniture(
  feed_id TEXT NOT NULL,
  line INTEGER NOT NULL,
  version INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,             -- NULL: in force
  text TEXT NOT NULL,
  sum INTEGER AS (row_sum(feed_id, line, version, since, until, text)) STORED,
  PRIMARY KEY (feed_id, line)
) WITHOUT ROWID;
CREATE TABLE line_count(
  feed_id TEXT PRIMARY KEY,
  counts BLOB NOT NULL,
  sum INTEGER AS (row_sum(feed_id, counts)) STORED
);
)sql";

constexpr const char* kVersion8 = R"sql(
-- Pages that are looked at again while their events are open. The validators are bytes.
CREATE TABLE recheck(
  story_id TEXT PRIMARY KEY,
  told_at INTEGER NOT NULL,
  due INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, -- since something was heard of it
  missing INTEGER NOT NULL,
  feed_id TEXT NOT NULL,
  item_key TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  backfill INTEGER NOT NULL,
  page_host TEXT NOT NULL,
  etag BLOB NOT NULL,
  last_modified BLOB NOT NULL,
  item TEXT NOT NULL,
  sum INTEGER AS (row_sum(story_id, told_at, due, tries, missing, feed_id, item_key, first_seen,
    backfill, page_host, etag, last_modified, item)) STORED
);
CREATE INDEX recheck_due ON recheck(due);
)sql";

/// Step n brings a store from version kFirst + n - 1 to the next. Never edit one that was released:
/// append. Versions below kFirst were never released.
constexpr std::array kMigrations = {kVersion6, kVersion7, kVersion8};
constexpr std::int64_t kFirst = 6;
constexpr std::int64_t kCurrent = kFirst + std::ssize(kMigrations) - 1;

[[noreturn]] void damaged(const std::string& what) {
  throw Fault{
      {ErrorCode::kStorage,
       "store: " + what +
           "; stop nutgrafd, see what `nutgraf verify` finds, and restore a backup or move the "
           "file away to begin a new one"}};
}

/// Waiting mends none of these: systemd must not try again.
void refuse_version(Connection& db, std::int64_t version) {
  const bool ours = db.integer("PRAGMA application_id") == kApplicationId;
  if (!ours && (version != 0 || db.integer("SELECT count(*) FROM sqlite_schema") != 0)) {
    throw Fault{
        {ErrorCode::kBadConfig, db.name() + ": another program's database; name another file"}};
  }
  if (version != 0 && version < kFirst) {
    throw Fault{
        {ErrorCode::kBadConfig,
         db.name() + ": written before the first release; move the file away to begin a new one"}};
  }
  if (version > kCurrent) {
    throw Fault{{ErrorCode::kBadConfig, db.name() + ": written by a later nutgraf (version " +
                                            std::to_string(version) + "); run that one"}};
  }
}

}  // namespace

void refuse_foreign(Connection& db) { refuse_version(db, db.integer("PRAGMA user_version")); }

void migrate(Connection& db) {
  const std::int64_t version = db.integer("PRAGMA user_version");
  refuse_version(db, version);
  for (std::int64_t next = std::max(version + 1, kFirst); next <= kCurrent; ++next) {
    Transaction transaction(db, Transaction::Kind::kWrite);
    db.execute(kMigrations[static_cast<std::size_t>(next - kFirst)]);
    db.execute("PRAGMA application_id=" + std::to_string(kApplicationId) +
               "; PRAGMA user_version=" + std::to_string(next));
    transaction.commit();
  }
}

void require_current(Connection& db) {
  const std::int64_t version = db.integer("PRAGMA user_version");
  refuse_version(db, version);
  if (version < kCurrent) {
    throw Fault{
        {ErrorCode::kRefused, db.name() + ": not yet of this version; start nutgrafd on it first"}};
  }
}

namespace {

void verify_counter_and_log(Connection& db) {
  if (db.integer("SELECT count(*) FROM counter") != 1) damaged("the counter is missing");
  const std::int64_t head = db.integer("SELECT head FROM counter");
  const std::int64_t floor = db.integer("SELECT floor FROM counter");
  if (floor < 1 || floor > head + 1) damaged("the counter contradicts itself");
  if (db.integer("SELECT max(seq) FROM log") > head) damaged("the log is ahead of its counter");
  if (db.integer("SELECT max(head) FROM topic") > head) damaged("a topic is ahead of the counter");
  if (floor > head) return;
  Statement row(db, "SELECT topic, body, checksum FROM log WHERE seq = ?");
  const auto sound = [](const Row& r) { return checksum(r.text(0), r.text(1)) == r.integer(2); };
  for (const std::int64_t seq : {floor, head}) {
    const std::optional<bool> found = row.first(sound, seq);
    if (!found) damaged("message " + std::to_string(seq) + " is missing from the log");
    if (!*found) damaged("message " + std::to_string(seq) + " does not match its checksum");
  }
}

void check_bodies(Connection& db) {
  Statement all(db, "SELECT seq, topic, body, checksum FROM log");
  all.each([](const Row& row) {
    if (checksum(row.text(1), row.text(2)) != row.integer(3)) {
      damaged("message " + std::to_string(row.integer(0)) + " does not match its checksum");
    }
    return true;
  });
}

/// A store of this size is checked in well under a second.
constexpr std::int64_t kSmallStore = 64 << 20;

}  // namespace

void verify(Connection& db) {
  const auto refuse = [](const char*, const std::string& what) { damaged(what); };
  check_schema(db, refuse);
  verify_counter_and_log(db);
  const std::int64_t bytes = db.integer("PRAGMA page_count") * db.integer("PRAGMA page_size");
  if (bytes > kSmallStore) return;
  check_pages(db, refuse);
  check_rows(db, refuse);
  check_bodies(db);
}

std::int64_t checksum(std::string_view topic, std::string_view body) {
  return static_cast<std::int64_t>(hash64(topic) * 31 + hash64(body));
}

}  // namespace nutgraf::sqlite
