-- A store of version 6: its schema as it was, and rows as the ledger and the work store of that
-- version wrote them. Never to be changed.
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

INSERT INTO counter(one, epoch, head, floor, bytes) VALUES
  (1, 'e1dd926b50654a19dc3392685644cdbe', 6, 2, 328);
INSERT INTO topic(name, head) VALUES
  ('event.en.world.', 5),
  ('feed.f', 6),
  ('story.en.world.', 4);
INSERT INTO log(seq, topic, decided_at, bytes, checksum, subject, body) VALUES
  (2, 'feed.f', 1795255200011, 58, -3365543410533599738, '', 'feed.f|e1dd926b50654a19dc3392685644cdbe|2|1|still ok'),
  (3, 'story.en.world.', 1795255200030, 73, -4981050599212191573, 's-plain', 'story.en.world.|e1dd926b50654a19dc3392685644cdbe|3|0|plain'),
  (4, 'story.en.world.', 1795255200030, 72, -7064213243518297767, 's-held', 'story.en.world.|e1dd926b50654a19dc3392685644cdbe|4|3|held'),
  (5, 'event.en.world.', 1795255200040, 70, 1137949315661805710, 'e1', 'event.en.world.|e1dd926b50654a19dc3392685644cdbe|5|0|e1'),
  (6, 'feed.f', 1795255200050, 55, -5773477420042772130, '', 'feed.f|e1dd926b50654a19dc3392685644cdbe|6|2|later');
INSERT INTO feed(feed_id, etag, last_modified, state) VALUES
  ('f', X'22763122', X'5361742C203231204E6F7620323032362031303A30303A303020474D54', '{"feed_id":"f","configured_url":"https://feed.example/rss","url":"https://feed.example/rss","etag":"\"v1\"","last_modified":"Sat, 21 Nov 2026 10:00:00 GMT","title":"Example","first_poll":"2026-11-21T10:00:00Z","last_poll":"2026-11-21T10:00:00Z","last_success":"2026-11-21T10:00:00Z","last_new_item":"2026-11-21T10:00:00Z","next_poll":"2026-11-21T10:15:00Z","next_reason":"interval","last_status":200,"failures":0,"seen_share":0.5,"habits":{"watched_days":1.5,"new_items":0,"usual_log_length":0,"short_share":0,"missing_share":0,"wall_share":0,"good_polls":3,"wall":"none"},"polls":3,"not_modified":1,"items":6,"paused":false,"health":"ok"}');
INSERT INTO item(feed_id, item_key, content_hash, revision, last_seen, story_id, guid, url_key) VALUES
  ('f', 'bad', -77129852519530769, 1, 1795255200010, '', 'guid-bad', 'feed.example/bad'),
  ('f', 'held', -77129852519530769, 1, 1795255200010, 's-held', 'guid-held', 'url-held'),
  ('f', 'page', -77129852519530769, 1, 1795255200010, '', 'guid-page', 'feed.example/page'),
  ('f', 'plain', -77129852519530769, 1, 1795255200010, 's-plain', 'guid-plain', 'url-plain'),
  ('f', 'twin', -77129852519530769, 1, 1795255200010, 's-plain', 'guid-twin', 'url-twin'),
  ('f', 'waits', -77129852519530769, 1, 1795255200010, '', 'guid-waits', 'feed.example/waits');
INSERT INTO pending(id, feed_id, item_key, revision, attempts, crashes, state, not_before, first_seen, backfill, page_host, error, item, told) VALUES
  (2, 'f', 'page', 1, 0, 0, 0, 0, 1795255200005, 0, 'site.example', '', '{"guid":"guid-page","link":"https://site.example/page","title":"title of page","authors":["Ann Author"],"published":"2026-11-21T09:59:00Z","summary":"<p>Teaser of page</p>"}', 0),
  (4, 'f', 'waits', 1, 1, 0, 2, 0, 1795255200009, 0, '', '', '{"guid":"guid-waits","link":"https://feed.example/waits","title":"title of waits","authors":["Ann Author"],"published":"2026-11-21T09:59:00Z","summary":"<p>Teaser of waits</p>"}', 0);
INSERT INTO quarantine(feed_id, item_key, title, link, error, attempts) VALUES
  ('f', 'bad', 'title of bad', 'https://feed.example/bad', 'malformed: no text', 1);
INSERT INTO trail(id, feed_id, item_key, at, what, reason, story_id) VALUES
  (1, 'f', 'plain', 1795255200010, 'pending', 'new', ''),
  (2, 'f', 'page', 1795255200010, 'pending', 'new', ''),
  (3, 'f', 'bad', 1795255200010, 'pending', 'new', ''),
  (4, 'f', 'waits', 1795255200010, 'pending', 'new', ''),
  (5, 'f', 'twin', 1795255200010, 'pending', 'new', ''),
  (6, 'f', 'held', 1795255200010, 'pending', 'new', ''),
  (7, 'f', 'plain', 1795255200030, 'published', '', 's-plain'),
  (8, 'f', 'bad', 1795255200030, 'quarantined', 'malformed: no text', ''),
  (9, 'f', 'twin', 1795255200030, 'duplicate', 'near 0.93 of s-plain', 's-plain'),
  (10, 'f', 'held', 1795255200030, 'published', '', 's-held');
INSERT INTO story(story_id, decided_at, story) VALUES
  ('s-plain', 1795255200030, '{"id":"s-plain","revision":1,"kind":"report","language":"und","category":"other","title":"title of plain","published_at":"2026-11-21T09:59:00Z","first_seen_at":"2026-11-21T10:00:00Z","backfill":false,"source":{"publisher":"Example"},"paywall":false,"word_count":0,"text_from":"page","summary":{"text":"Text of plain","sentences":[{"text":"Text of plain","position":0}]},"event":{"id":"e1"},"text":"Text of plain"}'),
  ('s-held', 1795255200030, '{"id":"s-held","revision":1,"kind":"report","language":"und","category":"other","title":"title of held","published_at":"2026-11-21T09:59:00Z","first_seen_at":"2026-11-21T10:00:00Z","backfill":false,"source":{"publisher":"Example"},"paywall":false,"word_count":0,"text_from":"page","summary":{"text":"Text of held","sentences":[{"text":"Text of held","position":0}]},"event":{"id":"e1"},"text":"Text of held"}');
INSERT INTO fingerprint(id, story_id, dedup_group, feed_id, publisher, decided_at, url_key, text_hash, fingerprint) VALUES
  (1, 's-plain', 's-plain', 'f', 'Example', 1795255200030, 'url-plain', -77129852519530768, X'0001FE207072696E74206F6620706C61696E'),
  (2, 's-plain', 's-plain', 'f', 'Example', 1795255200030, 'url-twin', -77129852519530764, X'0001FE207072696E74206F66207477696E'),
  (3, 's-held', 's-plain', 'f', 'Example', 1795255200030, 'url-held', -77129852519530763, X'0001FE207072696E74206F662068656C64');
INSERT INTO event(id, event_id, first_seen, updated, dirty_revision, due, closed, last_seq, event) VALUES
  (1, 'e1', 1795255200030, 1795255200040, 2, 1795255230000, 0, 5, '{"id":"e1","revision":0,"language":"und","category":"other","title":"event e1","size":1,"sources":1,"independent":1,"first_seen_at":"2026-11-21T10:00:00Z","updated_at":"2026-11-21T10:00:00.030Z","stories":[{"id":"s-plain","title":"title of plain","url":"https://feed.example/plain","publisher":"Example","published_at":"2026-11-21T09:59:00Z"}],"summary":{"sentences":[{"text":"Text of plain","story":"s-plain","publisher":"Example","url":"https://feed.example/plain","support":1}]}}');
INSERT INTO member(id, story_id, event_id, decided_at, published, report, vector) VALUES
  (1, 's-plain', 'e1', 1795255200030, 1795255140000, 1, X'0200766563746F72206F6620706C61696E'),
  (2, 's-held', 'e1', 1795255200030, 1795255140000, 1, X'0200766563746F72206F662068656C64');
INSERT INTO note(name, until, text) VALUES
  ('robots https://site.example', 1795341600000, 'User-agent: *
Disallow: /private');
-- Rows that are gone had higher numbers.
UPDATE sqlite_sequence SET seq = 6 WHERE name = 'pending';
