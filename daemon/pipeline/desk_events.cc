// The desk on events: who joins, when one is written anew, when it is over.
#include <algorithm>
#include <cmath>
#include <utility>

#include "daemon/pipeline/ahead.h"
#include "daemon/pipeline/desk.h"
#include "daemon/pipeline/drafts.h"

namespace nutgraf {

Result<void> Desk::restore_events(Time since) {
  Result<std::vector<StoredEvent>> stored = seams_.ledger.live_events();
  if (!stored) return tl::unexpected(stored.error());
  for (const StoredEvent& row : *stored) {
    LiveEvent& event = live_events_[row.event.id];
    event.dirty_revision = row.dirty_revision;
    event.newest = row.event.first_seen_at;
    // A clock that was wrong when it was stored must not put it off for ever.
    const Time latest = seams_.clock.utc() + options_.event_debounce;
    if (row.due) event.due = std::min(*row.due, latest);
    if (row.event.revision > 0) {
      event.published = row.event;
      event.published->absorbed.clear();
    }
    if (event.published || !row.event.absorbed.empty()) event.told_until = row.event.updated_at;
    if (row.event.absorbed.empty()) continue;
    for (const std::string& id : row.event.absorbed) event.absorbed.emplace_back(0, id);
    for (const std::string& id : row.event.added) event.joined.emplace_back(0, id);
  }
  Result<void> members = restore_members(since);
  if (!members || stop_restoring_) return members;
  Mail mail;
  for (auto& [id, event] : live_events_) {
    if (event.published) event.size = std::max(event.size, event.published->size);
    if (event.due) mail.events.push_back({id, event.dirty_revision, event.size, *event.due});
  }
  seams_.mailbox.put(std::move(mail));
  return {};
}

Result<void> Desk::restore_members(Time since) {
  struct Known {
    StoredMember row;  // Without its vector.
    std::optional<IndexedReport> report;
  };
  const auto prepare = [](StoredMember row) {
    std::optional<IndexedReport> report = indexed_report(std::move(row.vector));
    return Known{std::move(row), std::move(report)};
  };
  Ahead<StoredMember, Known> ahead(prepare, [this](Known known) {
    const StoredMember& row = known.row;
    if (!known.report) return;
    events_.restore(row.event_id, row.decided_at, row.published, *std::move(known.report));
    note_restored(row);
  });
  Result<void> rows = ahead.run([&](const auto& put) {
    return seams_.ledger.members_since(since, [&](StoredMember row) {
      put(std::move(row));
      return !stop_restoring_;
    });
  });
  if (!rows || stop_restoring_) return rows;
  events_.settle();
  return {};
}

void Desk::note_restored(const StoredMember& row) {
  const auto found = live_events_.find(row.event_id);
  if (found == live_events_.end()) return;  // Closed.
  LiveEvent& event = found->second;
  ++event.size;
  event.newest = row.decided_at;
  if (!event.told_until || row.decided_at > *event.told_until) {
    event.joined.emplace_back(0, row.story_id);
  }
}

void Desk::join_event(const AnalysedStory& told, Story* story, StoryCommit* commit) {
  EventCandidate candidate;
  candidate.story_id = story->id;
  candidate.decided = seams_.clock.utc();
  candidate.published = story->published_at.value_or(story->first_seen_at);
  candidate.vector = told.vector;
  const Assignment assignment = events_.assign(candidate);
  if (assignment.event_id.empty()) return;
  for (const std::string& from : assignment.absorbed) {
    merge_event(from, assignment.event_id, story->id);
  }
  commit->event_step = step_of(assignment);
  commit->vector = assignment.stored;
  LiveEvent& event = live_events_[assignment.event_id];
  event.newest = candidate.decided;
  closed_events_ -= std::exchange(event.closed, false) ? 1 : 0;
  story->event_id = assignment.event_id;
  touch_event(assignment.event_id, 1, commit);
  event.joined.emplace_back(event.dirty_revision, story->id);
  story->event_size = event.size;
}

EventStep Desk::step_of(const Assignment& assignment) const {
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
void Desk::merge_event(const std::string& from, const std::string& into,
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
  if (auto found = live_events_.extract(from)) {
    LiveEvent& gone = found.mapped();
    closed_events_ -= gone.closed ? 1 : 0;
    commit.dirty_revision = gone.dirty_revision;
    if (gone.published && !gone.closed) tell_merge(*std::move(gone.published), commit);
    LiveEvent& live = live_events_[into];
    live.size += gone.size;
    // Of the revision that the story is about to make.
    for (auto& [revision, id] : gone.joined) live.joined.emplace_back(live.dirty_revision + 1, id);
    for (auto& [revision, id] : gone.absorbed) {
      live.absorbed.emplace_back(live.dirty_revision + 1, id);
    }
    live.absorbed.emplace_back(live.dirty_revision + 1, from);
  }
  for (auto& [id, story] : uncommitted_) {
    if (story.event_id == from) story.event_id = into;
  }
  merged_[from] = into;
  untold_.insert(into);
  batch_.events.push_back(std::move(commit));
}

void Desk::tell_merge(Event event, EventCommit& commit) {
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

/// What was absorbed must be named also if we die before it is. Only as the batch is committed is
/// it known what remains to be named.
void Desk::keep_untold(Time now) {
  for (const std::string& id : std::exchange(untold_, {})) {
    const auto found = live_events_.find(id);
    if (found == live_events_.end() || found->second.absorbed.empty()) continue;
    EventCommit commit;
    commit.untold = true;
    commit.dirty_revision = -1;  // Settles nothing.
    if (found->second.published) commit.event = *found->second.published;
    commit.event.id = id;
    commit.event.updated_at = now;
    const auto ids_of = [](const Unnamed& unnamed) {
      std::vector<std::string> ids;
      for (const auto& [revision, each] : unnamed) ids.push_back(each);
      return ids;
    };
    commit.event.absorbed = ids_of(found->second.absorbed);
    commit.event.added = ids_of(found->second.joined);
    batch_.events.push_back(std::move(commit));
  }
}

void Desk::touch_event(const std::string& event_id, int grown_by, StoryCommit* commit) {
  const auto found = live_events_.find(event_id);
  if (found == live_events_.end() || found->second.closed) return;
  LiveEvent& event = found->second;
  event.size += grown_by;
  commit->event_id = event_id;
  if (event.size < 2) return;  // One report is a story, not yet an event.
  event.dirty_revision++;
  // Not moved by later arrivals: an event that grows without a pause must still be told about.
  if (!event.due) event.due = seams_.clock.utc() + options().event_debounce;
  commit->event_due = event.due;
  mail_.events.push_back({event_id, event.dirty_revision, event.size, *event.due});
}

void Desk::decide_on(WrittenEvent written) {
  const auto found = live_events_.find(written.event_id);
  if (found == live_events_.end() || found->second.closed) return;  // Closed meanwhile.
  LiveEvent& live = found->second;
  if (written.dirty_revision < live.withdrawn) {
    live.due = seams_.clock.utc() + options().event_debounce;
    mail_.events.push_back({written.event_id, live.dirty_revision, live.size, *live.due});
    return;
  }
  EventCommit commit;
  commit.dirty_revision = written.dirty_revision;
  const bool opened = !live.published;
  if (!opened) written.event.language = live.published->language;  // And so its topic.
  const bool same_words = !opened && live.published->summary_text == written.event.summary_text &&
                          live.published->title == written.event.title &&
                          live.published->size == written.event.size &&
                          live.published->independent == written.event.independent &&
                          live.published->conflicts == written.event.conflicts;
  written.event.revision = (opened ? 0 : live.published->revision) + (same_words ? 0 : 1);
  written.event.updated_at = seams_.clock.utc();
  if (!same_words && (written.event.size >= 2 || !opened)) {
    name_joined(live, written);
    commit.message = event_draft(written.event, opened ? "open" : "grow");
    (opened ? seams_.metrics.events_opened : seams_.metrics.events_grown).add();
    written.event.absorbed.clear();  // Named, and so not kept.
    if (!live.absorbed.empty()) untold_.insert(written.event_id);
    live.published = written.event;
  }
  commit.event = same_words ? *live.published : written.event;
  if (live.dirty_revision == written.dirty_revision) {
    live.due.reset();
  } else {
    live.due = seams_.clock.utc() + options().event_debounce;
    mail_.events.push_back({written.event_id, live.dirty_revision, live.size, *live.due});
  }
  batch_.events.push_back(std::move(commit));
}

/// Those that a message of that dirty revision names: they are named then.
std::vector<std::string> Desk::take_named(Unnamed& unnamed, std::int64_t dirty_revision) {
  const auto later = std::stable_partition(unnamed.begin(), unnamed.end(), [&](const auto& each) {
    return each.first <= dirty_revision;
  });
  std::vector<std::string> named;
  for (auto it = unnamed.begin(); it != later; ++it) named.push_back(std::move(it->second));
  unnamed.erase(unnamed.begin(), later);
  return named;
}

/// Says what joined since the last message: the summary's writer saw only some members.
void Desk::name_joined(LiveEvent& live, WrittenEvent& written) const {
  Event& event = written.event;
  event.added = take_named(live.joined, written.dirty_revision);
  event.absorbed = take_named(live.absorbed, written.dirty_revision);
  if (!live.published) return;
  const auto counted = [](std::size_t count, const char* one, const char* many) {
    return std::to_string(count) + (count == 1 ? one : many);
  };
  std::string because;
  if (!event.added.empty())
    because = counted(event.added.size(), " story joined", " stories joined");
  if (!event.absorbed.empty()) {
    because +=
        (because.empty() ? "" : ", ") +
        counted(event.absorbed.size(), " event became part of it", " events became part of it");
  }
  event.changed_because = because.empty() ? "a story changed" : because;
}

void Desk::close_silent_events() {
  const DeskOptions limits = options();
  const Time silent_since = seams_.clock.utc() - limits.event_close_after;
  const Time forgotten_since = seams_.clock.utc() - limits.stories_age;
  for (auto it = live_events_.begin(); it != live_events_.end();) {
    LiveEvent& event = it->second;
    // Neither would a late report open it again: the memory for events is as bounded as the index.
    const bool held = events_.holds(it->first);
    if (event.closed && (!held || event.newest <= forgotten_since)) {
      it = live_events_.erase(it);
      --closed_events_;
      continue;
    }
    if (!event.closed && !event.due && (!held || event.newest <= silent_since)) {
      close_event(it->first, event,
                  held ? "no new report" : "its reports are no longer remembered");
      event.closed = true;
      ++closed_events_;
    }
    ++it;
    if (batch_.events.size() >= kBatch) commit();
    if (giving_up_) return;
  }
  commit();
}

void Desk::close_event(const std::string& id, const LiveEvent& live, std::string because) {
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
  batch_.events.push_back(std::move(commit));
}

}  // namespace nutgraf
