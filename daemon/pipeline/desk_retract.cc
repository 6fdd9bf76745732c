// The desk on stories that are withdrawn.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "daemon/model/withdrawal.h"
#include "daemon/pipeline/desk.h"
#include "daemon/pipeline/drafts.h"
#include "daemon/service/logging.h"

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

}  // namespace

Result<Desk::Retracted> Desk::retract(Withdrawal what, std::chrono::milliseconds patience) {
  std::future<Result<Retracted>> answer;
  {
    const std::lock_guard lock(shared_mutex_);
    what.question = ++last_question_;
    answer = questions_[what.question].get_future();
  }
  const std::uint64_t question = what.question;
  Outcome outcome{0, std::move(what)};
  const bool taken = seams_.outcomes.try_push(outcome);
  if (taken && answer.wait_for(patience) == std::future_status::ready) return answer.get();
  const std::lock_guard lock(shared_mutex_);
  questions_.erase(question);
  return fail(ErrorCode::kTransient, taken ? "not done yet, and it may still come about; ask again"
                                           : "the daemon is busy; ask again");
}

/// In a transaction of its own: what is decided so far goes before it, so that the store knows all
/// about the story.
void Desk::decide_on(const Withdrawal& wish) {
  auto finished = std::exchange(mail_.finished, {});  // Not before this is done, too.
  commit();
  if (giving_up_) return;
  mail_.finished = std::move(finished);
  Result<Retracted> result = withdraw(wish);
  if (giving_up_) return;  // What was decided on half the facts must not be committed.
  commit();
  if (!giving_up_) answer(wish.question, std::move(result));
}

void Desk::answer(std::uint64_t question, Result<Retracted> result) {
  const std::lock_guard lock(shared_mutex_);
  const auto found = questions_.find(question);
  if (found == questions_.end()) return;
  found->second.set_value(std::move(result));
  questions_.erase(found);
}

Result<Desk::Retracted> Desk::withdraw(const Withdrawal& wish) {
  std::optional<Story> story = load_story(wish.story_id);
  if (!story) {
    return fail(ErrorCode::kMalformed,
                "no story " + wish.story_id + "; `nutgraf why URL` tells the id of one");
  }
  const bool before = !story->retracted.empty();
  if (before && !wish.purge_text) return Retracted::kBefore;
  RetractCommit commit;
  if (!before) {
    story->revision++;
    story->retracted = wish.reason;
    leave_event(*story, &commit);
    seams_.metrics.stories_retracted.add();
  }
  if (wish.purge_text) {
    *story = without_words(*std::move(story));
    commit.purge = retract_draft(*story);
  }
  if (!before) commit.message = retract_draft(*story);
  spdlog::warn("retract story={} purge={} before={} reason={}", story->id, wish.purge_text, before,
               log_value(story->retracted));
  commit.story = *std::move(story);
  batch_.retracts.push_back(std::move(commit));
  return before ? Retracted::kBefore : Retracted::kNow;
}

/// The event loses the report at once, as far as that can be told without writing it anew; that
/// follows in its own time. Without any report left it closes; one that was closed stays so.
void Desk::leave_event(const Story& story, RetractCommit* commit) {
  const auto member =
      insist<std::optional<StoredMember>>("member", [&] { return seams_.ledger.member(story.id); });
  if (!member || !*member) return;
  const std::string& id = (*member)->event_id;
  events_.remove(id, (*member)->published, (*member)->vector);
  const auto stored =
      insist<std::optional<StoredEvent>>("event", [&] { return seams_.ledger.event(id); });
  if (!stored || !*stored) return;
  commit->event_id = id;
  const auto found = live_events_.find(id);
  LiveEvent* const live =
      found == live_events_.end() || found->second.closed ? nullptr : &found->second;
  if (live != nullptr) {
    std::erase_if(live->joined, [&](const auto& each) { return each.second == story.id; });
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
    if (live != nullptr) row.event.added = take_named(live->joined, live->dirty_revision);
    row.message = event_draft(row.event, row.closed ? "close" : "grow");
    row.event.absorbed.clear();  // Named now.
    if (live != nullptr) live->absorbed.clear();
  }
  if (live != nullptr) commit->event_due = bereave(id, *live, row);
  batch_.events.push_back(std::move(row));
}

/// What is remembered of an event that has lost a story; when it is to be written anew.
std::optional<Time> Desk::bereave(const std::string& id, LiveEvent& live, const EventCommit& row) {
  live.size = std::max(0, live.size - 1);
  if (row.message) live.published = row.event;
  if (row.closed) {
    live.closed = true;
    live.due.reset();
    live.joined.clear();
    ++closed_events_;
    if (row.message) seams_.metrics.events_closed.add();
    return std::nullopt;
  }
  if (live.dirty_revision == 0) return std::nullopt;  // Nothing was, or is being, written.
  live.withdrawn = ++live.dirty_revision;
  if (!live.due) live.due = seams_.clock.utc() + options().event_debounce;
  mail_.events.push_back({id, live.dirty_revision, live.size, *live.due});
  return live.due;
}

}  // namespace nutgraf
