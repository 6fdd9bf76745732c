#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "daemon/base/bounded_queue.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/dedup/deduplicator.h"
#include "daemon/desk/desk_settings.h"
#include "daemon/desk/docket.h"
#include "daemon/desk/event_desk.h"
#include "daemon/desk/lessons.h"
#include "daemon/desk/options.h"
#include "daemon/desk/patience.h"
#include "daemon/desk/poll_desk.h"
#include "daemon/desk/rechecks.h"
#include "daemon/desk/story_desk.h"
#include "daemon/desk/withdrawals.h"
#include "daemon/event/event_index.h"
#include "daemon/pipeline/feed_book.h"
#include "daemon/pipeline/job.h"
#include "daemon/pipeline/mailbox.h"
#include "daemon/pipeline/pulse.h"
#include "daemon/service/metrics.h"
#include "daemon/store/ledger.h"
#include "daemon/wire/publisher.h"

namespace nutgraf {

/// Decides what is new, and commits it: the one place where the order of the world is made.
///
/// Takes outcomes from the workers and the fetcher in the order they come, lets its parts turn each
/// into rows of a Batch (the poll, story and event desks, on a common Docket), and commits when no
/// more wait or Docket::kFull are ready: group commit under load, a commit a story when idle. After
/// a commit, and only then, the messages go to the wire and the fetcher is told. A commit that
/// fails is tried again with the identical batch; nothing is decided anew and nothing further is
/// popped until it succeeds.
///
/// The indexes are caches of the store: restore() rebuilds them from stored fingerprints and
/// vectors, so that a restart gives the verdicts that the running process would have given.
///
/// run() on the desk thread only; the rest before it starts.
class Desk {
 public:
  static constexpr std::size_t kBatch = Docket::kFull;  ///< Rows of one commit.

  struct Seams {
    Ledger& ledger;
    Publisher& publisher;
    Mailbox& mailbox;
    const Clock& clock;
    BoundedQueue<Outcome>& outcomes;
    Metrics& metrics;
    Pulse& pulse;
    std::function<void(Sequence floor)> floor_moved;  ///< After pruning the log.
    FeedBook& book;
  };

  Desk(Seams seams, DeskOptions options, const DedupOptions& dedup, const EventOptions& events);
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// What the workers clean stories by: before the first of them starts.
  Result<void> restore_furniture() { return lessons_.restore(); }

  /// All that is remembered: that, and the indexes; mails the fetcher the events that are due.
  Result<void> restore();

  /// Until the queue of outcomes is closed and drained, and the last batch is committed.
  void run();

  /// The indexes, and then run(): what comes in meanwhile waits. With 100,000 stories to remember
  /// it takes a second or two, and nothing else of the daemon needs the indexes. If they cannot be
  /// rebuilt, run() ends at once and damage() says why.
  void restore_and_run();

  /// Makes restore_and_run() end within milliseconds if it still rebuilds the indexes, and decide
  /// nothing: all of it happens after the next start. Nothing if that is done. Thread-safe.
  void stop_restoring() { stop_restoring_.request_stop(); }

  /// Makes run() end although the store refuses the batch: what is undecided then is decided again
  /// after the restart. Thread-safe.
  void give_up() { patience_.give_up(); }

  /// Set once the store turned out to be damaged: run() has ended, and only an operator can mend
  /// it. Thread-safe.
  std::optional<Error> damage() const { return patience_.damage(); }

  /// Withdraws a story [RetractCommit], and returns when that is in the store. What was withdrawn
  /// before is not told again, but purged if that is asked for. kMalformed: there is no such story;
  /// kTransient: not done within `patience`, it may still come about. Thread-safe; for any thread
  /// but the desk's.
  Result<Retracted> retract(Withdrawal what, std::chrono::milliseconds patience) {
    return withdrawals_.ask(std::move(what), seams_.outcomes, patience);
  }

  /// Another configuration, from the next outcome on. Thread-safe.
  void configure(DeskOptions options) { settings_.set(std::move(options)); }

 private:
  Result<void> restore_indexes();
  void decide(Outcome outcome);
  void withdraw(const Withdrawal& wish);
  std::optional<Outcome> next_outcome();
  bool in_a_hurry() const;
  bool commit();
  void deliver(std::vector<Publication> messages);
  void count_latencies();
  void housekeeping();
  void prune();

  const Seams seams_;
  DeskSettings settings_;
  Patience patience_;
  Withdrawals withdrawals_;
  std::stop_source stop_restoring_;

  // Desk thread only.
  Docket docket_;
  const DeskSeams shared_;
  EventDesk events_;
  PollDesk polls_;
  Lessons lessons_;
  Rechecks rechecks_;
  StoryDesk stories_;
  Monotonic next_housekeeping_{};
  Time::duration clock_ahead_{};  // Of the monotonic one, at the last housekeeping.
};

}  // namespace nutgraf
