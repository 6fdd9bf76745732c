#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "daemon/desk/docket.h"
#include "daemon/desk/unnamed.h"
#include "daemon/event/event_index.h"
#include "daemon/pipeline/job.h"

namespace nutgraf {

/// The desk on events: which one a story reports, when one is written anew, and when it is over.
///
/// An event with two reports or more is dirty from the moment something of it changes until a
/// summary written since is decided on; it is due event_debounce after the first change. The index
/// is a cache of the store.
///
/// Desk thread only.
class EventDesk {
 public:
  EventDesk(const DeskSeams& seams, const EventOptions& options);

  /// Rebuilds the index from the vectors of stories decided since then, and mails the fetcher the
  /// events that are due. Ends early, on half of it, if a stop is requested.
  Result<void> restore(Time since, const std::stop_token& stop);

  /// A new story joins the event that it reports, or opens one; events that it shows to be one are
  /// merged.
  void join(const AnalysedStory& told, Story* story, StoryCommit* commit);

  /// Something of a story has changed: its event is to be written anew. Nothing if that is over.
  void touch(const std::string& event_id, StoryCommit* commit) { touch(event_id, 0, commit); }

  /// A summary is written: it becomes a message if it says something new.
  void decide(WrittenEvent written);

  /// A story is withdrawn. Its event loses the report at once, as far as that can be told without
  /// writing it anew; that follows in its own time. Without any report left it closes.
  void leave(const Story& story, RetractCommit* commit);

  /// Before each commit: what was absorbed must be named also if we die before it is.
  void keep_untold(Time now);

  /// Closes what has had no report for long, or what none can join any more, and forgets it: the
  /// store remembers it for a late report. `commit` is called between full batches and at the end;
  /// false: give up.
  void close_silent(const std::function<bool()>& commit);

  /// Events that are not closed.
  std::size_t open() const { return live_.size(); }

 private:
  struct LiveEvent {
    std::int64_t dirty_revision = 0;
    std::int64_t withdrawn = 0;  // What was written of an earlier one shows a story that is gone.
    int size = 0;
    Time newest{};            // When its last report was decided.
    std::optional<Time> due;  // Set while dirty.
    std::optional<Event> published;
    std::optional<Time> told_until;  // At a restart: stories decided later are unnamed.
    Unnamed joined;
    Unnamed absorbed;
  };

  LiveEvent* open_event(const std::string& id);
  static LiveEvent remembered(const StoredEvent& row);
  std::optional<LiveEvent> recalled(const std::string& id);
  LiveEvent& event_to_join(const std::string& id);
  Result<void> restore_members(Time since, const std::stop_token& stop);
  static void note_restored(LiveEvent& event, std::string_view story_id, Time decided);
  EventStep step_of(const Assignment& assignment) const;
  void merge(const std::string& from, const std::string& into, const std::string& shown_by);
  void tell_merge(Event event, EventCommit& commit);
  void touch(const std::string& event_id, int grown_by, StoryCommit* commit);
  Time debounced() const;
  void hasten(LiveEvent& live) const;
  void mail(const std::string& id, const LiveEvent& live);
  void write_again(const std::string& id, LiveEvent& live);
  void name_joined(LiveEvent& live, WrittenEvent& written) const;
  std::optional<Time> bereave(const std::string& id, LiveEvent& live, const EventCommit& row);
  void close(const std::string& id, const LiveEvent& live, std::string because);

  const DeskSeams seams_;
  EventIndex index_;
  const double joins_from_;                          // EventOptions::join.
  std::unordered_map<std::string, LiveEvent> live_;  // All that are not closed.
  std::unordered_set<std::string> untold_;  // Events of which the batch told, or merged some.
};

}  // namespace nutgraf
