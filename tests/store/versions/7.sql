-- What makes a store of version 6 one of version 7, and rows of what came with it. Never to be
-- changed.
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

INSERT INTO furniture(feed_id, line, version, since, until, text) VALUES
  ('f', 7, 2, 1795255200003, NULL, 'Subscribe'),
  ('f', -1, 2, 1795255200001, 1795255200002, 'Old prompt');
INSERT INTO line_count(feed_id, counts) VALUES
  ('f', X'00FF636F756E7473');
