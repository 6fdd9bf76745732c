#include "daemon/store/sqlite_log.h"

#include <utility>

#include "daemon/store/sqlite_schema.h"

namespace nutgraf::sqlite {

LogPosition read_position(Connection& db) {
  LogPosition position;
  Statement counter(db, "SELECT epoch, head, floor FROM counter");
  counter.each([&](const Row& row) {
    position.epoch = row.text(0);
    position.head = row.integer(1);
    position.floor = row.integer(2);
    return true;
  });
  Statement topics(db, "SELECT name, head FROM topic");
  topics.each([&](const Row& row) {
    position.topics.emplace(row.text(0), row.integer(1));
    return true;
  });
  return position;
}

LogWriter::LogWriter(Connection& db, EnvelopeWriter envelope)
    : envelope_(envelope),
      counter_(db, "SELECT epoch, head FROM counter"),
      advance_(db, "UPDATE counter SET head = ?, bytes = bytes + ?"),
      topic_head_(db, "SELECT head FROM topic WHERE name = ?"),
      put_topic_(db,
                 "INSERT INTO topic(name, head) VALUES (?, ?) "
                 "ON CONFLICT(name) DO UPDATE SET head = excluded.head"),
      put_(db,
           "INSERT INTO log(seq, topic, decided_at, bytes, checksum, subject, body) "
           "VALUES (?, ?, ?, ?, ?, ?, ?)") {}

void LogWriter::begin(Time now) {
  now_ = now;
  bytes_ = 0;
  written_.clear();
  counter_.each([&](const Row& row) {
    epoch_ = row.text(0);
    head_ = row.integer(1);
    return true;
  });
}

Sequence LogWriter::append(const Draft& draft) {
  const auto read_head = [](const Row& row) { return row.integer(0); };
  const Sequence prev = topic_head_.first(read_head, draft.topic).value_or(0);
  const Sequence seq = ++head_;
  std::string body =
      envelope_(draft, {.epoch = epoch_, .seq = seq, .prev = prev, .decided_at = now_});
  const std::size_t size = draft.topic.size() + body.size();
  put_.run(seq, draft.topic, now_, size, checksum(draft.topic, body), draft.subject, body);
  put_topic_.run(draft.topic, seq);
  bytes_ += static_cast<std::int64_t>(size);
  written_.push_back({seq, draft.topic, std::move(body)});
  return seq;
}

std::vector<Publication> LogWriter::finish() {
  if (!written_.empty()) advance_.run(head_, bytes_);
  return std::move(written_);
}

}  // namespace nutgraf::sqlite
