#include "daemon/desk/desk.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <utility>
#include <variant>

#include "daemon/base/heap.h"
#include "daemon/base/visitor.h"

namespace nutgraf {
namespace {

/// After a leap of the clock forward everything looks old. Feeds have so long to show what of it is
/// still there; and the operator, to set the clock right.
constexpr std::chrono::hours kLeap{24};
constexpr std::chrono::hours kNoPruneAfterLeap{24};
/// A feed that fails or is paused for less finds what it last showed still known.
constexpr std::chrono::days kLongestSilence{730};
/// What is known of a feed that was taken out of the configuration, should it come back.
constexpr std::chrono::days kFeedsSleep{30};

/// Of the monotonic one, which no step moves.
Time::duration clock_ahead(const Clock& clock) {
  return clock.utc().time_since_epoch() -
         std::chrono::duration_cast<Time::duration>(clock.monotonic().time_since_epoch());
}

}  // namespace

Desk::Desk(Seams seams, DeskOptions options, const DedupOptions& dedup, const EventOptions& events)
    : seams_(std::move(seams)),
      settings_(std::move(options)),
      patience_(seams_.clock, seams_.metrics, seams_.pulse),
      shared_{seams_.ledger, seams_.mailbox, seams_.clock, seams_.metrics,
              seams_.book,   settings_,      patience_,    docket_},
      events_(shared_, events),
      polls_(shared_),
      lessons_(shared_),
      rechecks_(shared_),
      stories_(shared_, dedup, {events_, polls_, lessons_, rechecks_}) {}

Result<void> Desk::restore() {
  if (Result<void> furniture = restore_furniture(); !furniture) return furniture;
  return restore_indexes();
}

Result<void> Desk::restore_indexes() {
  const std::stop_token stop = stop_restoring_.get_token();
  const Monotonic begin = seams_.clock.monotonic();
  const Time since = seams_.clock.utc() - settings_.get().stories_age;
  auto stories = std::async(std::launch::async, [&] { return stories_.restore(since, stop); });
  Result<void> events = events_.restore(since, stop);
  if (Result<void> restored = stories.get(); !restored) return restored;
  if (!events || stop.stop_requested()) return events;
  release_free_memory();  // What passed through the threads that read and prepared.
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(seams_.clock.monotonic() - begin);
  spdlog::info("restored stories={} events={} ms={}", stories_.known(), events_.open(),
               took.count());
  return {};
}

void Desk::restore_and_run() {
  if (const Result<void> restored = restore_indexes(); !restored) {
    spdlog::error("restore error=\"{}\"", restored.error().message);
    patience_.give_up_for(restored.error());
  } else if (stop_restoring_.stop_requested()) {
    // On half the facts nothing is decided. If they just became whole, no harm is done.
    patience_.give_up();
  }
  run();
}

void Desk::run() {
  next_housekeeping_ = seams_.clock.monotonic() + settings_.get().prune_every;
  clock_ahead_ = clock_ahead(seams_.clock);
  while (!seams_.outcomes.drained() && !patience_.given_up()) {
    std::optional<Outcome> outcome = next_outcome();
    const BusyScope busy(seams_.pulse);
    seams_.metrics.outcome_queue.set(static_cast<std::int64_t>(seams_.outcomes.size()));
    const bool waited_in_vain = !outcome;
    // The first outcome was waited for, the others are there already: an idle desk commits at once.
    for (; outcome; outcome = seams_.outcomes.try_pop()) {
      decide(*std::move(outcome));
      if (patience_.given_up())
        return;  // What was decided on half the facts must not be committed.
      if (docket_.rows() >= kBatch) break;
    }
    if (waited_in_vain || in_a_hurry()) commit();
    if (seams_.clock.monotonic() >= next_housekeeping_) housekeeping();
  }
  if (patience_.given_up()) return;
  commit();
  polls_.settle_notes([this] { return commit(); });
}

std::optional<Outcome> Desk::next_outcome() {
  if (docket_.quiet == 0) return seams_.outcomes.pop_for(std::chrono::seconds(1));
  const auto left = docket_.quiet_until - seams_.clock.monotonic();
  return seams_.outcomes.pop_for(
      std::clamp<Monotonic::duration>(left, {}, settings_.get().quiet_wait));
}

bool Desk::in_a_hurry() const {
  return docket_.rows() != docket_.quiet || docket_.rows() >= kBatch ||
         seams_.clock.monotonic() >= docket_.quiet_until;
}

void Desk::decide(Outcome outcome) {
  if (outcome.job_id != 0) docket_.mail.finished.push_back(outcome.job_id);
  std::visit(Visitor{
                 [this](PolledFeed&& polled) { polls_.decide(std::move(polled)); },
                 [this](QuietPolls&& quiet) { polls_.decide(std::move(quiet)); },
                 [this](StateJob&& change) { polls_.decide(change); },
                 [this](AnalysedStory&& told) { stories_.decide(std::move(told)); },
                 [this](FailedStory&& failed) { stories_.decide(failed); },
                 [this](WrittenEvent&& written) { events_.decide(std::move(written)); },
                 [this](Withdrawal&& wish) { withdraw(wish); },
                 [this](LookedAgain&& looked) {
                   if (const auto gone = rechecks_.decide(std::move(looked))) withdraw(*gone);
                 },
             },
             std::move(outcome.result));
}

/// In a transaction of its own: what is decided so far goes before it, so that the store knows all
/// about the story.
void Desk::withdraw(const Withdrawal& wish) {
  auto finished = std::exchange(docket_.mail.finished, {});  // Not before this is done, too.
  if (!commit()) return;
  docket_.mail.finished = std::move(finished);
  Result<Retracted> result = stories_.withdraw(wish);
  if (patience_.given_up()) return;  // What was decided on half the facts must not be committed.
  if (commit()) withdrawals_.answer(wish.question, std::move(result));
}

/// False: given up; what was decided before the store answered has not happened.
bool Desk::commit() {
  lessons_.conclude();
  const Time now = seams_.clock.utc();
  events_.keep_untold(now);
  if (!docket_.batch.empty()) {
    const Monotonic begin = seams_.clock.monotonic();
    const auto messages = patience_.insist<std::vector<Publication>>(
        "commit", [&] { return seams_.ledger.commit(docket_.batch, now); });
    if (!messages) return false;
    seams_.metrics.commits.add();
    seams_.metrics.commit_microseconds.add(
        std::chrono::duration_cast<std::chrono::microseconds>(seams_.clock.monotonic() - begin)
            .count());
    seams_.metrics.last_commit_unix.set(
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    if (!messages->empty()) seams_.metrics.log_head.set(messages->back().seq);
    deliver(*messages);
    count_latencies();
  }
  Docket done = std::exchange(docket_, {});
  docket_.batch.polls.reserve(kBatch);
  if (!done.mail.empty()) seams_.mailbox.put(std::move(done.mail));
  seams_.metrics.events_live.set(static_cast<std::int64_t>(events_.open()));
  return !patience_.given_up();
}

void Desk::deliver(std::vector<Publication> messages) {
  seams_.metrics.messages.add(static_cast<std::int64_t>(messages.size()));
  for (const Publication& message : messages) {
    seams_.metrics.message_bytes.add(static_cast<std::int64_t>(message.body.size()));
  }
  if (!messages.empty()) seams_.publisher.publish(std::move(messages));
}

/// A clock that was set back, or a publisher's that is ahead, makes nothing negative.
void Desk::count_latencies() {
  const Time now = seams_.clock.utc();
  const auto since = [now](Time begin) { return std::max(now - begin, Time::duration(0)); };
  for (const Docket::StoryTimes& times : docket_.story_times) {
    if (times.published) seams_.metrics.since_published.observe(since(*times.published));
    seams_.metrics.since_first_seen.observe(since(times.first_seen));
    seams_.metrics.since_response.observe(since(times.response));
  }
  docket_.story_times.clear();
}

void Desk::housekeeping() {
  next_housekeeping_ = seams_.clock.monotonic() + settings_.get().prune_every;
  const Time::duration ahead = clock_ahead(seams_.clock);
  const bool leapt = ahead - std::exchange(clock_ahead_, ahead) > kLeap;
  if (leapt) {
    spdlog::warn("clock leapt: nothing is pruned, and no event closed, for a day");
    next_housekeeping_ = seams_.clock.monotonic() + kNoPruneAfterLeap;
    return;
  }
  events_.close_silent([this] { return commit(); });
  prune();
}

void Desk::prune() {
  const DeskOptions limits = settings_.get();
  const Time now = seams_.clock.utc();
  Ledger::Retention retention;
  retention.log_before = now - limits.log_age;
  retention.log_count = limits.log_count;
  retention.log_bytes = limits.log_bytes;
  retention.stories_before = now - limits.stories_age;
  retention.items_before = now - limits.items_age;
  retention.last_shown_before =
      now - std::max<std::chrono::seconds>(limits.items_age, kLongestSilence);
  retention.is_configured = [this](const std::string& id) { return seams_.book.configured(id); };
  retention.feeds_before = now - kFeedsSleep;
  const Result<bool> more = seams_.ledger.prune(retention);
  if (!more) {
    spdlog::error("prune error=\"{}\"", more.error().message);
    return;
  }
  if (const Result<LogPosition> position = seams_.ledger.position()) {
    seams_.metrics.log_floor.set(position->floor);
    seams_.floor_moved(position->floor);
  }
  // In small bites, so that stories do not wait for it.
  if (*more) {
    next_housekeeping_ = seams_.clock.monotonic() + std::chrono::seconds(1);
  } else {
    release_free_memory();
  }
}

}  // namespace nutgraf
