#include "daemon/pipeline/desk.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "daemon/base/heap.h"
#include "daemon/service/logging.h"

namespace nutgraf {
namespace {

constexpr std::chrono::milliseconds kLongestRetryPause{5000};
/// A store that refuses is complained of so often at first, then once a minute: it may do so for
/// days, and the log is often on the same disk.
constexpr int kComplaints = 3;
constexpr std::chrono::minutes kComplainEvery{1};
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
      options_(std::move(options)),
      dedup_(dedup),
      events_(events),
      joins_from_(events.join) {}

void Desk::configure(DeskOptions options) {
  const std::lock_guard lock(shared_mutex_);
  options_ = std::move(options);
}

DeskOptions Desk::options() const {
  const std::lock_guard lock(shared_mutex_);
  return options_;
}

std::optional<Error> Desk::damage() const {
  const std::lock_guard lock(shared_mutex_);
  return damage_;
}

Result<void> Desk::restore() {
  if (Result<void> furniture = restore_furniture(); !furniture) return furniture;
  return restore_indexes();
}

Result<void> Desk::restore_indexes() {
  const Monotonic begin = seams_.clock.monotonic();
  const Time since = seams_.clock.utc() - options().stories_age;
  if (Result<void> stories = restore_stories(since); !stories) return stories;
  if (stop_restoring_) return {};
  if (Result<void> events = restore_events(since); !events) return events;
  if (stop_restoring_) return {};
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(seams_.clock.monotonic() - begin);
  spdlog::info("restored stories={} events={} ms={}", dedup_.size(), live_events_.size(),
               took.count());
  return {};
}

void Desk::restore_and_run() {
  if (const Result<void> restored = restore_indexes(); !restored) {
    spdlog::error("restore error=\"{}\"", restored.error().message);
    const std::lock_guard lock(shared_mutex_);
    damage_ = restored.error();
    giving_up_ = true;
  } else if (stop_restoring_) {
    // On half the facts nothing is decided. If they just became whole, no harm is done.
    giving_up_ = true;
  }
  run();
}

void Desk::run() {
  next_housekeeping_ = seams_.clock.monotonic() + options().prune_every;
  clock_ahead_ = clock_ahead(seams_.clock);
  while (!seams_.outcomes.drained() && !giving_up_) {
    std::optional<Outcome> outcome = next_outcome();
    const BusyScope busy(seams_.pulse);
    seams_.metrics.outcome_queue.set(static_cast<std::int64_t>(seams_.outcomes.size()));
    const bool waited_in_vain = !outcome;
    // The first outcome was waited for, the others are there already: an idle desk commits at once.
    for (; outcome; outcome = seams_.outcomes.try_pop()) {
      decide(*std::move(outcome));
      if (giving_up_) return;  // What was decided on half the facts must not be committed.
      if (rows() >= kBatch) break;
    }
    if (waited_in_vain || in_a_hurry()) commit();
    if (seams_.clock.monotonic() >= next_housekeeping_) housekeeping();
  }
  if (giving_up_) return;
  commit();
  settle_notes();
}

/// What was noted of polls becomes rows, so that a store that was left in order is complete by
/// itself.
void Desk::settle_notes() {
  const std::vector<std::string> noted = seams_.book.noted();
  for (const std::string& id : noted) {
    if (auto state = seams_.book.remembered(id)) {
      seams_.book.put(*state);
      PollCommit row;
      row.state = *std::move(state);
      batch_.polls.push_back(std::move(row));
    }
    if (rows() >= kSettled) commit();
    if (giving_up_) return;
  }
  commit();
  if (!giving_up_ && !noted.empty()) seams_.ledger.forget_notes();
}

std::optional<Outcome> Desk::next_outcome() {
  if (quiet_ == 0) return seams_.outcomes.pop_for(std::chrono::seconds(1));
  const auto left = quiet_until_ - seams_.clock.monotonic();
  return seams_.outcomes.pop_for(std::clamp<Monotonic::duration>(left, {}, options().quiet_wait));
}

bool Desk::in_a_hurry() const {
  return rows() != quiet_ || rows() >= kBatch || seams_.clock.monotonic() >= quiet_until_;
}

std::size_t Desk::rows() const {
  return batch_.polls.size() + batch_.stories.size() + batch_.retracts.size() +
         batch_.retries.size() + batch_.rechecks.size() + batch_.events.size();
}

void Desk::decide(Outcome outcome) {
  if (outcome.job_id != 0) mail_.finished.push_back(outcome.job_id);
  std::visit([this]<typename T>(T&& result) { decide_on(std::forward<T>(result)); },
             std::move(outcome.result));
}

void Desk::commit() {
  conclude_lessons();
  const Time now = seams_.clock.utc();
  keep_untold(now);
  if (!batch_.empty()) {
    const Monotonic begin = seams_.clock.monotonic();
    const auto messages = insist<std::vector<Publication>>(
        "commit", [&] { return seams_.ledger.commit(batch_, now); });
    if (!messages) return;  // Giving up: nothing of the batch has happened.
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
  batch_ = {};
  batch_.polls.reserve(kBatch);
  quiet_ = 0;
  uncommitted_.clear();
  merged_.clear();
  feed_rows_.clear();
  if (!mail_.empty()) seams_.mailbox.put(std::exchange(mail_, {}));
  seams_.metrics.events_live.set(static_cast<std::int64_t>(live_events_.size() - closed_events_));
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
  for (const StoryTimes& times : story_times_) {
    if (times.published) seams_.metrics.since_published.observe(since(*times.published));
    seams_.metrics.since_first_seen.observe(since(times.first_seen));
    seams_.metrics.since_response.observe(since(times.response));
  }
  story_times_.clear();
}

void Desk::housekeeping() {
  const DeskOptions limits = options();
  next_housekeeping_ = seams_.clock.monotonic() + limits.prune_every;
  close_silent_events();
  const Time now = seams_.clock.utc();
  const Time::duration ahead = clock_ahead(seams_.clock);
  const bool leapt = ahead - std::exchange(clock_ahead_, ahead) > kLeap;
  if (leapt) {
    spdlog::warn("clock leapt: nothing is pruned for a day");
    next_housekeeping_ = seams_.clock.monotonic() + kNoPruneAfterLeap;
    return;
  }
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

bool Desk::pause_before_retry(std::string_view what, const Error& error, int attempt) {
  seams_.metrics.commits_failed.add();
  seams_.metrics.store_failing.set(1);
  if (error.code == ErrorCode::kStorage) {
    // Trying again would not mend it, and going on could make it worse.
    const std::lock_guard lock(shared_mutex_);
    damage_ = error;
    giving_up_ = true;
  }
  const Monotonic now = seams_.clock.monotonic();
  if (attempt <= kComplaints || now - complained_at_ >= kComplainEvery) {
    spdlog::error("store what=\"{}\" attempt={} error=\"{}\"", what, attempt, error.message);
    complained_at_ = now;
  }
  const auto pause =
      std::min(std::chrono::milliseconds(50) * (1 << std::min(attempt, 8)), kLongestRetryPause);
  for (auto slept = std::chrono::milliseconds(0); slept < pause && !giving_up_;
       slept += std::chrono::milliseconds(50)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  // It is the disk that hangs, not the desk: a restart would mend nothing, and what is there would
  // be served no longer.
  seams_.pulse.busy();
  return !giving_up_;
}

void Desk::say_mended(std::string_view what, int attempts) {
  seams_.metrics.store_failing.set(0);
  spdlog::warn("store what=\"{}\" attempts={} reason=\"the store can be written again\"", what,
               attempts);
}

}  // namespace nutgraf
