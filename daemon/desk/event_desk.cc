#include "daemon/desk/event_desk.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "daemon/desk/ahead.h"
#include "daemon/desk/drafts.h"
#include "daemon/model/withdrawal.h"

namespace nutgraf {
namespace {

/// What is left of an event's message when a story of it is gone. `size`: stories left. A publisher
/// counts no longer if no story that is shown is its; what is written next counts anew.
Event bereft(Event event, const Story& story, int size, Time now) {
  const std::vector<std::string> titles = {story.title};
  const std::string& publisher = story.source.publisher;
  event = without_story(std::move(event), story.id, titles);
  const bool another = std::ranges::any_of(
      event.stories, [&](const EventStory& each) { return each.publisher == publisher; });
  event.size = size;
  event.sources = size == 0 ? 0 : std::max(1, event.sources - (another ? 0 : 1));
  event.independent = std::min({event.independent, event.sources, size});
  event.revision++;
  event.updated_at = now;
  event.added.clear();
  event.changed_because = "a story was retracted";
  return event;
}

/// Whether a message of `next` would tell a reader of `last` nothing.
bool says_the_same(const Event& last, const Event& next) {
  return last.summary_text == next.summary_text && last.title == next.title &&
         last.size == next.size && last.independent == next.independent &&
         last.conflicts == next.conflicts;
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + (count == 1 ? one : many);
}

}  // namespace

EventDesk::EventDesk(const DeskSeams& seams, const EventOptions& options)
    : seams_(seams), index_(options), joins_from_(options.join) {}

/// Null: there is none, or it is over.
EventDesk::LiveEvent* EventDesk::open_event(const std::string& id) {
  const auto found = live_.find(id);
  return found == live_.end() ? nullptr : &found->second;
}

/// When an event that changes now is due.
Time EventDesk::debounced() const {
  return seams_.clock.utc() + seams_.settings.get().event_debounce;
}

/// Not moved by later arrivals: an event that grows without a pause must still be told about. Nor
/// put off by a clock that was set back since.
void EventDesk::hasten(LiveEvent& live) const {
  live.due = std::min(live.due.value_or(Time::max()), debounced());
}

/// Tells the fetcher, after the commit, that it is dirty.
void EventDesk::mail(const std::string& id, const LiveEvent& live) {
  seams_.docket.mail.events.push_back({id, live.dirty_revision, live.size, *live.due});
}

Result<void> EventDesk::restore(Time since, const std::stop_token& stop) {
  Result<std::vector<StoredEvent>> stored = seams_.ledger.live_events();
  if (!stored) return tl::unexpected(stored.error());
  // A clock that was wrong when a time was stored must not put it off for ever.
  const Time latest = debounced();
  for (const StoredEvent& row : *stored) {
    LiveEvent& event = live_[row.event.id] = remembered(row);
    if (event.due) event.due = std::min(*event.due, latest);
  }
  Result<void> members = restore_members(since, stop);
  if (!members || stop.stop_requested()) return members;
  Mail mail;
  for (auto& [id, event] : live_) {
    if (event.published) event.size = std::max(event.size, event.published->size);
    if (event.due) mail.events.push_back({id, event.dirty_revision, event.size, *event.due});
  }
  seams_.mailbox.put(std::move(mail));
  return {};
}

/// All but what its members tell.
EventDesk::LiveEvent EventDesk::remembered(const StoredEvent& row) {
  LiveEvent event;
  event.dirty_revision = row.dirty_revision;
  event.newest = row.event.first_seen_at;
  event.due = row.due;
  if (row.event.revision > 0) {
    event.published = row.event;
    event.published->absorbed.clear();
  }
  const bool untold = !row.event.absorbed.empty();
  if (event.published || untold) event.told_until = row.event.updated_at;
  if (!untold) return event;
  for (const std::string& id : row.event.absorbed) {
    if (id != row.event.id) event.absorbed.add(0, id);
  }
  for (const std::string& id : row.event.added) event.joined.add(0, id);
  return event;
}

/// An event that is over, as a restart would know it were it not; nullopt: nobody knows it.
std::optional<EventDesk::LiveEvent> EventDesk::recalled(const std::string& id) {
  const auto stored = seams_.patience.insist<std::optional<StoredEvent>>(
      "event", [&] { return seams_.ledger.event(id); });
  if (!stored || !*stored) return std::nullopt;
  const auto members = seams_.patience.insist<std::vector<StoredMember>>(
      "members", [&] { return seams_.ledger.members_of(id); });
  if (!members) return std::nullopt;
  LiveEvent event = remembered(**stored);
  for (const StoredMember& each : *members) note_restored(event, each.story_id, each.decided_at);
  if (event.published) event.size = std::max(event.size, event.published->size);
  return event;
}

/// The event that a story joins. One that was over is open again.
EventDesk::LiveEvent& EventDesk::event_to_join(const std::string& id) {
  const auto found = live_.find(id);
  if (found != live_.end()) return found->second;
  return live_[id] = recalled(id).value_or(LiveEvent{});
}

Result<void> EventDesk::restore_members(Time since, const std::stop_token& stop) {
  struct Known {
    IndexedReports members;
    std::vector<std::string_view> story_ids;  // Of each.
    std::vector<LiveEvent*> live;             // Of each; null: its event is closed.
  };
  // Several look into live_ at once, where no event comes or goes meanwhile.
  const auto prepare = [this](std::span<const StoredMember> rows) {
    Known known;
    for (const StoredMember& row : rows) {
      if (!known.members.add(row.event_id, row.decided_at, row.published, row.vector)) continue;
      known.story_ids.push_back(row.story_id);
      const auto found = live_.find(row.event_id);
      known.live.push_back(found == live_.end() ? nullptr : &found->second);
    }
    return known;
  };
  Ahead<StoredMember, Known> ahead(prepare, [this](Known known) {
    for (std::size_t i = 0; i < known.story_ids.size(); ++i) {
      if (known.live[i] == nullptr) continue;
      note_restored(*known.live[i], known.story_ids[i], known.members.reports[i].decided);
    }
    index_.restore(std::move(known.members));
  });
  Result<void> rows = ahead.run([&](const auto& put) {
    return seams_.ledger.members_since(since, [&](StoredMember& row) {
      put(row);
      return !stop.stop_requested();
    });
  });
  if (!rows || stop.stop_requested()) return rows;
  index_.settle();
  return {};
}

void EventDesk::note_restored(LiveEvent& event, std::string_view story_id, Time decided) {
  ++event.size;
  event.newest = decided;
  if (!event.told_until || decided > *event.told_until) event.joined.add(0, std::string(story_id));
}

void EventDesk::join(const AnalysedStory& told, Story* story, StoryCommit* commit) {
  EventCandidate candidate;
  candidate.story_id = story->id;
  candidate.decided = seams_.clock.utc();
  candidate.published = story->published_at.value_or(story->first_seen_at);
  candidate.vector = told.vector;
  const Assignment assignment = index_.assign(candidate);
  if (assignment.event_id.empty()) return;
  LiveEvent& live =
      assignment.opens ? live_[assignment.event_id] : event_to_join(assignment.event_id);
  for (const std::string& from : assignment.absorbed) merge(from, assignment.event_id, story->id);
  commit->event_step = step_of(assignment);
  commit->vector = assignment.stored;
  live.newest = candidate.decided;
  story->event_id = assignment.event_id;
  touch(assignment.event_id, 1, commit);
  live.joined.add(live.dirty_revision, story->id);
  story->event_size = live.size;
}

EventStep EventDesk::step_of(const Assignment& assignment) const {
  EventStep step;
  step.how = assignment.opens ? EventStep::How::kOpened : EventStep::How::kJoined;
  step.event_id = assignment.event_id;
  // Cut, not rounded: what fell short of the threshold must not look as if it had reached it.
  step.similarity = std::floor(assignment.similarity * 1e4) / 1e4;
  step.threshold = joins_from_;
  step.nearest = assignment.nearest;
  step.absorbed = assignment.absorbed;
  return step;
}

/// In the transaction of the story that showed them to be one. The survivor becomes dirty with that
/// story, and names what it absorbed in its next message.
void EventDesk::merge(const std::string& from, const std::string& into,
                      const std::string& shown_by) {
  EventCommit commit;
  commit.event.id = from;
  commit.closed = true;
  commit.merged_into = into;
  commit.event_step.emplace();
  commit.event_step->how = EventStep::How::kMoved;
  commit.event_step->event_id = into;
  commit.event_step->from = from;
  commit.event_step->because_of = shown_by;
  auto found = live_.extract(from);
  if (std::optional<LiveEvent> gone = found ? std::move(found.mapped()) : recalled(from)) {
    commit.dirty_revision = gone->dirty_revision;
    if (gone->published && found) tell_merge(*std::move(gone->published), commit);
    LiveEvent& live = live_[into];
    live.size += gone->size;
    const std::int64_t next = live.dirty_revision + 1;  // The story is about to make it.
    live.joined.add_all(next, gone->joined);
    live.absorbed.add_all(next, gone->absorbed);
    live.absorbed.add(next, from);
  }
  for (auto& [id, story] : seams_.docket.stories) {
    if (story.event_id == from) story.event_id = into;
  }
  seams_.docket.merged[from] = into;
  untold_.insert(into);
  seams_.docket.batch.events.push_back(std::move(commit));
}

void EventDesk::tell_merge(Event event, EventCommit& commit) {
  event.revision++;
  event.added.clear();
  event.absorbed.clear();
  event.fresh.clear();
  event.changed_because = "a report showed it to be part of another event";
  commit.event = std::move(event);
  commit.message = event_draft(commit.event, "merge");
  commit.message->into = commit.merged_into;
  seams_.metrics.events_merged.add();
}

/// Only as the batch is committed is it known what remains to be named. Of an event that was never
/// told the stories need not be kept: all are unnamed.
void EventDesk::keep_untold(Time now) {
  for (const std::string& id : std::exchange(untold_, {})) {
    const LiveEvent* const live = open_event(id);
    if (live == nullptr) continue;
    if (live->absorbed.empty() && (live->joined.empty() || !live->published)) continue;
    EventCommit commit;
    commit.untold = true;
    commit.dirty_revision = -1;  // Settles nothing.
    if (live->published) commit.event = *live->published;
    commit.event.id = id;
    commit.event.updated_at = now;
    commit.event.absorbed = live->absorbed.ids();
    if (commit.event.absorbed.empty()) commit.event.absorbed = {id};
    commit.event.added = live->joined.ids();
    seams_.docket.batch.events.push_back(std::move(commit));
  }
}

void EventDesk::touch(const std::string& event_id, int grown_by, StoryCommit* commit) {
  LiveEvent* const live = open_event(event_id);
  if (live == nullptr) return;
  live->size += grown_by;
  commit->event_id = event_id;
  if (live->size < 2) return;  // One report is a story, not yet an event.
  live->dirty_revision++;
  hasten(*live);
  commit->event_due = live->due;
  mail(event_id, *live);
}

void EventDesk::write_again(const std::string& id, LiveEvent& live) {
  live.due = debounced();
  mail(id, live);
}

void EventDesk::decide(WrittenEvent written) {
  LiveEvent* const live = open_event(written.event_id);
  if (live == nullptr) return;  // Closed meanwhile.
  if (written.dirty_revision < live->withdrawn) return write_again(written.event_id, *live);
  EventCommit commit;
  commit.dirty_revision = written.dirty_revision;
  const bool opened = !live->published;
  if (!opened) written.event.language = live->published->language;  // And so its topic.
  const bool same_words = !opened && says_the_same(*live->published, written.event);
  written.event.revision = (opened ? 0 : live->published->revision) + (same_words ? 0 : 1);
  written.event.updated_at = seams_.clock.utc();
  if (!same_words && (written.event.size >= 2 || !opened)) {
    name_joined(*live, written);
    commit.message = event_draft(written.event, opened ? "open" : "grow");
    (opened ? seams_.metrics.events_opened : seams_.metrics.events_grown).add();
    written.event.absorbed.clear();    // Named, and so not kept.
    untold_.insert(written.event_id);  // What is not named by this is to be named after a restart.
    live->published = written.event;
  }
  commit.event = same_words ? *live->published : written.event;
  if (live->dirty_revision == written.dirty_revision) {
    live->due.reset();
  } else {
    write_again(written.event_id, *live);
  }
  seams_.docket.batch.events.push_back(std::move(commit));
}

/// Says what joined since the last message: the summary's writer saw only some members.
void EventDesk::name_joined(LiveEvent& live, WrittenEvent& written) const {
  Event& event = written.event;
  event.added = live.joined.take(written.dirty_revision);
  event.absorbed = live.absorbed.take(written.dirty_revision);
  if (!live.published) return;
  std::string because;
  if (!event.added.empty()) {
    because = counted(event.added.size(), " story joined", " stories joined");
  }
  if (!event.absorbed.empty()) {
    because +=
        (because.empty() ? "" : ", ") +
        counted(event.absorbed.size(), " event became part of it", " events became part of it");
  }
  event.changed_because = because.empty() ? "a story changed" : because;
}

void EventDesk::leave(const Story& story, RetractCommit* commit) {
  const auto member = seams_.patience.insist<std::optional<StoredMember>>(
      "member", [&] { return seams_.ledger.member(story.id); });
  if (!member || !*member) return;
  const std::string& id = (*member)->event_id;
  index_.remove(id, (*member)->published, (*member)->vector);
  const auto stored = seams_.patience.insist<std::optional<StoredEvent>>(
      "event", [&] { return seams_.ledger.event(id); });
  if (!stored || !*stored) return;
  commit->event_id = id;
  LiveEvent* const live = open_event(id);  // One that was closed stays so.
  if (live != nullptr) {
    live->joined.remove(story.id);
    if (!live->absorbed.empty()) untold_.insert(id);  // And is kept without it.
  }
  const Event& last = (*stored)->event;
  const int left = std::max(0, (live != nullptr ? live->size : last.size) - 1);
  EventCommit row;
  row.event = last;
  row.dirty_revision = (*stored)->dirty_revision;
  row.closed = live == nullptr || left == 0;
  if (last.revision > 0) {
    row.event = bereft(last, story, left, seams_.clock.utc());
    if (live != nullptr) row.event.added = live->joined.take(live->dirty_revision);
    row.event.absorbed = live != nullptr ? live->absorbed.ids() : std::vector<std::string>();
    row.message = event_draft(row.event, row.closed ? "close" : "grow");
    row.event.absorbed.clear();  // Named now.
    if (live != nullptr) live->absorbed.clear();
  }
  if (live != nullptr) commit->event_due = bereave(id, *live, row);
  seams_.docket.batch.events.push_back(std::move(row));
}

/// What is remembered of an event that has lost a story; when it is to be written anew.
std::optional<Time> EventDesk::bereave(const std::string& id, LiveEvent& live,
                                       const EventCommit& row) {
  if (row.closed) {
    live_.erase(id);
    if (row.message) seams_.metrics.events_closed.add();
    return std::nullopt;
  }
  live.size = std::max(0, live.size - 1);
  if (row.message) live.published = row.event;
  if (live.dirty_revision == 0) return std::nullopt;  // Nothing was, or is being, written.
  live.withdrawn = ++live.dirty_revision;
  hasten(live);
  mail(id, live);
  return live.due;
}

void EventDesk::close_silent(const std::function<bool()>& commit) {
  const DeskOptions limits = seams_.settings.get();
  const Time silent_since = seams_.clock.utc() - limits.event_close_after;
  for (auto it = live_.begin(); it != live_.end();) {
    const LiveEvent& event = it->second;
    const bool held = index_.holds(it->first);
    if (event.due || (held && event.newest > silent_since)) {
      ++it;
      continue;
    }
    close(it->first, event, held ? "no new report" : "its reports are no longer remembered");
    it = live_.erase(it);
    if (seams_.docket.batch.events.size() >= Docket::kFull && !commit()) return;
  }
  commit();
}

void EventDesk::close(const std::string& id, const LiveEvent& live, std::string because) {
  EventCommit commit;
  commit.dirty_revision = live.dirty_revision;
  commit.closed = true;
  commit.event.id = id;
  if (live.published) {
    commit.event = *live.published;
    commit.event.revision++;
    commit.event.added.clear();
    commit.event.fresh.clear();
    commit.event.changed_because = std::move(because);
    commit.message = event_draft(commit.event, "close");
    seams_.metrics.events_closed.add();
  }
  seams_.docket.batch.events.push_back(std::move(commit));
}

}  // namespace nutgraf
