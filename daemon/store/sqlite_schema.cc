#include "daemon/store/sqlite_schema.h"

#include <array>

#include "daemon/base/hash.h"

namespace nutgraf::sqlite {
namespace {

/// "ngrf", so that file(1) and we can tell our stores.
constexpr std::int64_t kApplicationId = 0x6e677266;

/// Times are milliseconds since 1970, values of ours are JSON [daemon/model/json.h], hashes are the
/// 64 bits as a signed integer.
constexpr const char* kVersion1 = R"sql(
-- The one row that every commit advances. The sequence is counted here and not by MAX(seq), so that
-- no number returns after its message was pruned.
CREATE TABLE counter(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch TEXT NOT NULL,              -- 128 random bits in hex, made with the store
  head INTEGER NOT NULL DEFAULT 0,  -- newest seq
  floor INTEGER NOT NULL DEFAULT 1, -- oldest seq still served
  bytes INTEGER NOT NULL DEFAULT 0  -- of the messages from floor to head
);
INSERT INTO counter(one, epoch) VALUES (1, lower(hex(randomblob(16))));

CREATE TABLE topic(name TEXT PRIMARY KEY, head INTEGER NOT NULL) WITHOUT ROWID;

-- Every seq from floor to head is here; below the floor only the latest message of live events.
-- The body comes last: a scan over topics does not read it.
CREATE TABLE log(
  seq INTEGER PRIMARY KEY,
  topic TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX log_time ON log(decided_at);
CREATE INDEX log_subject ON log(subject, seq) WHERE subject <> '';

-- Validators are apart from the JSON, because they are bytes and need not be text.
CREATE TABLE feed(
  feed_id TEXT PRIMARY KEY,
  etag BLOB NOT NULL,
  last_modified BLOB NOT NULL,
  state TEXT NOT NULL
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
  PRIMARY KEY (feed_id, item_key)
) WITHOUT ROWID;
CREATE INDEX item_seen ON item(last_seen);
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
  UNIQUE (feed_id, item_key)
);
CREATE INDEX pending_host ON pending(state, page_host, first_seen);
CREATE INDEX pending_due ON pending(state, not_before);
CREATE INDEX pending_suspect ON pending(crashes) WHERE crashes > 0;

CREATE TABLE quarantine(
  feed_id TEXT NOT NULL,
  item_key TEXT NOT NULL,
  title TEXT NOT NULL,
  link TEXT NOT NULL,
  error TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  PRIMARY KEY (feed_id, item_key)
) WITHOUT ROWID;

CREATE TABLE trail(
  id INTEGER PRIMARY KEY,
  feed_id TEXT NOT NULL,
  item_key TEXT NOT NULL,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  reason TEXT NOT NULL,
  story_id TEXT NOT NULL
);
CREATE INDEX trail_item ON trail(feed_id, item_key, id);

CREATE TABLE story(
  story_id TEXT PRIMARY KEY,
  decided_at INTEGER NOT NULL,
  story TEXT NOT NULL
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
  fingerprint BLOB NOT NULL
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
  event TEXT                           -- as last published; NULL: never
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
  vector BLOB NOT NULL
);
CREATE INDEX member_event ON member(event_id, id);
CREATE INDEX member_time ON member(decided_at);
)sql";

constexpr const char* kVersion2 = R"sql(
-- Told: published from the feed's own text, while the page is still wanted.
ALTER TABLE pending ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
CREATE INDEX pending_untold ON pending(first_seen) WHERE told = 0 AND page_host <> '';

-- What the fetcher remembers of sites: robots.txt, and how long they asked to be left alone.
CREATE TABLE note(
  name TEXT PRIMARY KEY,
  until INTEGER NOT NULL,
  text TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX note_until ON note(until);
)sql";

constexpr const char* kVersion3 = R"sql(
-- The file that this store lives in [sqlite_epoch.cc]; '' if it was made before that was kept.
ALTER TABLE counter ADD COLUMN home TEXT NOT NULL DEFAULT '';
)sql";

constexpr const char* kVersion4 = R"sql(
-- Turns of the feeds among what may be worked on at once.
CREATE INDEX pending_plain ON pending(feed_id, first_seen) WHERE state = 0 AND page_host = '';
)sql";

constexpr const char* kVersion5 = R"sql(
-- When a feed's last document was had: what was in it is not forgotten.
CREATE INDEX item_of_feed ON item(feed_id, last_seen);
)sql";

/// Step n brings a store from version n to n + 1. Never edit one that was released: append.
constexpr std::array kMigrations = {kVersion1, kVersion2, kVersion3, kVersion4, kVersion5};

[[noreturn]] void damaged(const std::string& what) {
  throw Fault{
      {ErrorCode::kStorage,
       "store: " + what +
           "; stop nutgrafd, see what `nutgraf verify` finds, and restore a backup or move the "
           "file away to begin a new one"}};
}

void refuse_foreign(Connection& db, std::int64_t version) {
  const bool ours = db.integer("PRAGMA application_id") == kApplicationId;
  if (!ours && (version != 0 || db.integer("SELECT count(*) FROM sqlite_schema") != 0)) {
    throw Fault{
        {ErrorCode::kRefused, "store: the file is another program's database; name another"}};
  }
  if (version > static_cast<std::int64_t>(kMigrations.size())) {
    throw Fault{{ErrorCode::kRefused, "store: written by a later nutgraf (version " +
                                          std::to_string(version) + "); run that one"}};
  }
}

}  // namespace

void migrate(Connection& db) {
  const std::int64_t version = db.integer("PRAGMA user_version");
  refuse_foreign(db, version);
  for (auto step = static_cast<std::size_t>(version); step < kMigrations.size(); ++step) {
    Transaction transaction(db, Transaction::Kind::kWrite);
    db.execute(kMigrations[step]);
    db.execute("PRAGMA application_id=" + std::to_string(kApplicationId) +
               "; PRAGMA user_version=" + std::to_string(step + 1));
    transaction.commit();
  }
}

void require_current(Connection& db) {
  const std::int64_t version = db.integer("PRAGMA user_version");
  refuse_foreign(db, version);
  if (version < static_cast<std::int64_t>(kMigrations.size())) {
    throw Fault{
        {ErrorCode::kRefused, "store: not yet of this version; start nutgrafd on it first"}};
  }
}

void verify(Connection& db) {
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

std::int64_t checksum(std::string_view topic, std::string_view body) {
  return static_cast<std::int64_t>(hash64(topic) * 31 + hash64(body));
}

}  // namespace nutgraf::sqlite
