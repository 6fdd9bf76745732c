#pragma once

#include "daemon/store/sqlite_db.h"

namespace nutgraf::sqlite {

/// What a commit is made of, prepared once. The tables are in sqlite_schema.cc.
struct LedgerStatements {
  explicit LedgerStatements(Connection& connection) : db(connection) {}

  Connection& db;

  Statement known_item{db,
                       "SELECT content_hash, story_id, revision, EXISTS(SELECT 1 FROM pending p "
                       "WHERE p.feed_id = i.feed_id AND p.item_key = i.item_key), "
                       "EXISTS(SELECT 1 FROM quarantine q "
                       "WHERE q.feed_id = i.feed_id AND q.item_key = i.item_key) "
                       "FROM item i WHERE feed_id = ? AND item_key = ?"};
  Statement feed{db, "SELECT state, etag, last_modified FROM feed WHERE feed_id = ?"};
  Statement story{db,
                  "SELECT story, (SELECT event_id FROM member m WHERE m.story_id = s.story_id) "
                  "FROM story s WHERE story_id = ?"};
  Statement story_by_url{db,
                         "SELECT story_id FROM fingerprint WHERE url_key = ? AND url_key <> '' "
                         "ORDER BY id DESC LIMIT 1"};
  Statement story_by_text{db,
                          "SELECT story_id FROM fingerprint WHERE text_hash = ? AND text_hash <> 0 "
                          "ORDER BY id DESC LIMIT 1"};
  Statement put_feed{db,
                     "INSERT INTO feed(feed_id, etag, last_modified, state) VALUES (?, ?, ?, ?) "
                     "ON CONFLICT(feed_id) DO UPDATE SET etag = excluded.etag, "
                     "last_modified = excluded.last_modified, state = excluded.state"};
  Statement put_item{
      db,
      "INSERT INTO item(feed_id, item_key, content_hash, revision, last_seen, guid, "
      "url_key) VALUES (?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT(feed_id, item_key) DO UPDATE SET content_hash = excluded.content_hash, "
      "revision = revision + 1, last_seen = excluded.last_seen, guid = excluded.guid, "
      "url_key = iif(excluded.url_key = '', url_key, excluded.url_key) "
      "RETURNING revision"};
  Statement touch_item{db,
                       "UPDATE item SET last_seen = ? "
                       "WHERE feed_id = ? AND item_key = ? AND last_seen < ?"};
  Statement put_pending{
      db,
      "INSERT INTO pending(feed_id, item_key, revision, state, not_before, first_seen, "
      "backfill, page_host, item) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT(feed_id, item_key) DO UPDATE SET revision = excluded.revision, "
      "state = iif(state = 2, state, excluded.state), "
      "not_before = excluded.not_before, told = 0, page_host = excluded.page_host, "
      "item = excluded.item"};
  Statement settle_item{db,
                        "UPDATE item SET story_id = iif(?1 = '', story_id, ?1), "
                        "url_key = iif(?2 = '', url_key, ?2) WHERE feed_id = ?3 AND item_key = ?4"};
  Statement drop_pending{db, "DELETE FROM pending WHERE id = ? AND revision = ?"};
  Statement unclaim_pending{db,
                            "UPDATE pending SET state = 1, attempts = 0, crashes = 0 WHERE id = ?"};
  Statement keep_for_page{
      db,
      "UPDATE pending SET state = 1, told = 1, attempts = max(attempts - 1, 0), "
      "not_before = ? WHERE id = ? AND revision = ?"};
  Statement pending_for_quarantine{
      db, "SELECT item, attempts + crashes FROM pending WHERE id = ? AND revision = ?"};
  Statement put_quarantine{
      db,
      "INSERT OR REPLACE INTO quarantine(feed_id, item_key, title, link, error, "
      "attempts) VALUES (?, ?, ?, ?, ?, ?)"};
  Statement drop_quarantine{db, "DELETE FROM quarantine WHERE feed_id = ? AND item_key = ?"};
  Statement retry_pending{db,
                          "UPDATE pending SET state = 1, error = ?1, "
                          "not_before = iif(revision = ?2, ?3, not_before), "
                          "page_host = iif(revision = ?2 AND ?4, '', page_host) WHERE id = ?5"};
  Statement pending_key{db, "SELECT feed_id, item_key FROM pending WHERE id = ?"};
  Statement put_story{db,
                      "INSERT INTO story(story_id, decided_at, story) VALUES (?, ?, ?) "
                      "ON CONFLICT(story_id) DO UPDATE SET decided_at = excluded.decided_at, "
                      "story = excluded.story"};
  Statement put_fingerprint{db,
                            "INSERT INTO fingerprint(story_id, dedup_group, feed_id, publisher, "
                            "decided_at, url_key, text_hash, fingerprint) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement put_member{
      db,
      "INSERT INTO member(story_id, event_id, decided_at, published, report, vector) "
      "VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT(story_id) DO UPDATE SET event_id = excluded.event_id, "
      "decided_at = excluded.decided_at, published = excluded.published, "
      "report = excluded.report, vector = excluded.vector"};
  Statement member{db,
                   "SELECT event_id, story_id, decided_at, published, vector FROM member "
                   "WHERE story_id = ?"};
  Statement members_of{db,
                       "SELECT event_id, story_id, decided_at, published, '' FROM member "
                       "WHERE event_id = ? ORDER BY id"};
  Statement event{db,
                  "SELECT event_id, first_seen, updated, dirty_revision, due, event, closed "
                  "FROM event WHERE event_id = ?"};
  Statement drop_member{db, "DELETE FROM member WHERE story_id = ?"};
  Statement items_of_story{db,
                           "SELECT feed_id, item_key FROM item WHERE story_id = ?1 "
                           "AND story_id <> ''"};
  Statement items_of_event{db,
                           "SELECT feed_id, item_key, item.story_id FROM member "
                           "JOIN item ON item.story_id = member.story_id "
                           "WHERE event_id = ? AND item.story_id <> '' ORDER BY member.id"};
  Statement drop_pending_item{db, "DELETE FROM pending WHERE feed_id = ? AND item_key = ?"};
  Statement put_recheck{db,
                        "INSERT OR REPLACE INTO recheck(story_id, told_at, due, missing, feed_id, "
                        "item_key, first_seen, backfill, page_host, etag, last_modified, item) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement drop_recheck{db, "DELETE FROM recheck WHERE story_id = ?"};
  Statement open_event{db,
                       // The latest message of one that was closed is no live event's.
                       "INSERT INTO event(event_id, first_seen, updated) VALUES (?, ?, ?) "
                       "ON CONFLICT(event_id) DO UPDATE SET updated = excluded.updated, "
                       "last_seq = iif(closed, 0, last_seq), closed = 0"};
  Statement dirty_event{db,
                        "UPDATE event SET dirty_revision = dirty_revision + 1, due = ? "
                        "WHERE event_id = ?"};
  Statement put_event{db,
                      "INSERT INTO event(event_id, first_seen, updated, event, last_seq) "
                      "VALUES (?, ?, ?, ?, ?) "
                      "ON CONFLICT(event_id) DO UPDATE SET updated = excluded.updated, "
                      "event = excluded.event, last_seq = excluded.last_seq"};
  Statement keep_untold{db, "UPDATE event SET event = ? WHERE event_id = ?"};
  Statement settle_event{db,
                         "UPDATE event SET due = iif(dirty_revision = ?1 OR ?2, NULL, due), "
                         "closed = ?2, updated = ?3 WHERE event_id = ?4"};
  Statement line_counts{db, "SELECT counts FROM line_count WHERE feed_id = ?"};
  Statement put_line_counts{db,
                            "INSERT INTO line_count(feed_id, counts) VALUES (?, ?) "
                            "ON CONFLICT(feed_id) DO UPDATE SET counts = excluded.counts"};
  Statement drop_furniture{db, "DELETE FROM furniture WHERE feed_id = ?"};
  Statement put_furniture{db,
                          "INSERT INTO furniture(feed_id, line, version, since, until, text) "
                          "VALUES (?, ?, ?, ?, ?, ?)"};
  Statement move_members{db, "UPDATE member SET event_id = ? WHERE event_id = ?"};
  Statement put_trail{db,
                      "INSERT INTO trail(feed_id, item_key, at, what, reason, story_id) "
                      "VALUES (?, ?, ?, ?, ?, ?)"};
  Statement trim_trail{db,
                       "DELETE FROM trail WHERE feed_id = ?1 AND item_key = ?2 AND id <= "
                       "(SELECT id FROM trail WHERE feed_id = ?1 AND item_key = ?2 "
                       "ORDER BY id DESC LIMIT 1 OFFSET ?3)"};
};

}  // namespace nutgraf::sqlite
