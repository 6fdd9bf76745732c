// The words of a withdrawn story, out of what was said of it.
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/model/withdrawal.h"
#include "daemon/store/sqlite_ledger.h"
#include "daemon/store/sqlite_rows.h"
#include "daemon/store/sqlite_schema.h"

namespace nutgraf::sqlite {
namespace {

/// A message of the log, taken apart. Bodies are ours, and what is none is left alone.
struct Said {
  Draft draft;
  Stamp stamp;
  std::int64_t bytes = 0;
  std::string event_of_story;
  std::string title_of_story;
};

constexpr std::string_view kMessages =
    "SELECT seq, topic, decided_at, bytes, body ->> '$.epoch', body ->> '$.prev', "
    "body ->> '$.type', body ->> '$.op', body ->> '$.reason', body ->> '$.into', "
    "body -> '$.event', body ->> '$.story.event.id', body ->> '$.story.title' "
    "FROM log WHERE subject = ? AND subject <> '' AND json_valid(body) ORDER BY seq";

std::string text_or_empty(const Row& row, int column) {
  return row.is_null(column) ? std::string() : row.string(column);
}

std::vector<Said> messages_of(Connection& db, const std::string& subject) {
  std::vector<Said> messages;
  Statement rows(db, kMessages);
  rows.each(
      [&](const Row& row) {
        Said said;
        said.stamp = {row.string(4), row.integer(0), row.integer(5), row.time(2)};
        said.bytes = row.integer(3);
        said.draft.topic = row.string(1);
        said.draft.type = text_or_empty(row, 6);
        said.draft.op = text_or_empty(row, 7);
        said.draft.reason = text_or_empty(row, 8);
        said.draft.into = text_or_empty(row, 9);
        said.draft.payload = text_or_empty(row, 10);
        said.draft.subject = subject;
        said.event_of_story = text_or_empty(row, 11);
        said.title_of_story = text_or_empty(row, 12);
        messages.push_back(std::move(said));
        return true;
      },
      subject);
  return messages;
}

class Purge {
 public:
  Purge(Connection& db, EnvelopeWriter envelope, const RetractCommit& retract)
      : db_(db), envelope_(envelope), retract_(retract) {}

  void run() {
    std::vector<std::string> events = {retract_.event_id, retract_.story.event_id};
    for (Said& said : messages_of(db_, retract_.story.id)) {
      events.push_back(said.event_of_story);
      if (!said.title_of_story.empty()) titles_.push_back(said.title_of_story);
      said.draft.op = retract_.purge->op;
      said.draft.name = retract_.purge->name;
      said.draft.payload = retract_.purge->payload;
      said.draft.reason = retract_.purge->reason;
      put(said);
    }
    // An event may have become part of another, and that of a third.
    std::set<std::string> done = {""};
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (done.insert(events[i]).second) purge_event(std::string(events[i]), events);
    }
  }

 private:
  std::string without_story_in(std::string_view event) const {
    return to_json(without_story(own(event_from_json(event)), retract_.story.id, titles_));
  }

  /// Adds to `events` those that this one became part of.
  void purge_event(const std::string& id, std::vector<std::string>& events) {
    for (Said& said : messages_of(db_, id)) {
      events.push_back(said.draft.into);
      said.draft.name = "event";
      said.draft.payload = without_story_in(said.draft.payload);
      put(said);
    }
    const auto stored = stored_.first([](const Row& row) { return row.string(0); }, id);
    if (stored) put_stored_.run(without_story_in(*stored), id);
  }

  void put(const Said& said) {
    const std::string body = envelope_(said.draft, said.stamp);
    const auto size = static_cast<std::int64_t>(said.draft.topic.size() + body.size());
    put_.run(size, checksum(said.draft.topic, body), body, said.stamp.seq);
    count_.run(size - said.bytes, said.stamp.seq);
  }

  Connection& db_;
  const EnvelopeWriter envelope_;
  const RetractCommit& retract_;
  std::vector<std::string> titles_;  ///< Under which the story was told.
  Statement put_{db_, "UPDATE log SET bytes = ?, checksum = ?, body = ? WHERE seq = ?"};
  /// The counter knows the bytes from the floor on.
  Statement count_{db_, "UPDATE counter SET bytes = bytes + ? WHERE floor <= ?"};
  Statement stored_{db_, "SELECT event FROM event WHERE event_id = ? AND event IS NOT NULL"};
  Statement put_stored_{db_, "UPDATE event SET event = ? WHERE event_id = ?"};
};

}  // namespace

void purge_words(Connection& db, EnvelopeWriter envelope, const RetractCommit& retract) {
  Purge(db, envelope, retract).run();
}

}  // namespace nutgraf::sqlite
