#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "daemon/article/line_counts.h"
#include "daemon/base/bounded_queue.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/dedup/deduplicator.h"
#include "daemon/event/event_index.h"
#include "daemon/pipeline/feed_book.h"
#include "daemon/pipeline/job.h"
#include "daemon/pipeline/mailbox.h"
#include "daemon/pipeline/options.h"
#include "daemon/pipeline/pulse.h"
#include "daemon/service/metrics.h"
#include "daemon/store/ledger.h"
#include "daemon/wire/publisher.h"

namespace nutgraf {

/// Decides what is new, and commits it: the one place where the order of the world is made.
///
/// Takes outcomes from the workers and the fetcher in the order they come, turns each into rows of
/// a Batch (decide_*), and commits when no more wait or kBatch are ready: group commit under load,
/// a commit a story when idle. Polls that brought no document are only noted, if nothing but times
/// and counters has changed (Ledger::note_poll), and committed when the desk stops; the others of
/// them wait a moment longer for company (DeskOptions::quiet_wait). After a commit, and only then,
/// the messages go to the wire and the fetcher is told. A commit that fails is tried again with the
/// identical batch; nothing is decided anew and nothing further is popped until it succeeds.
///
/// The indexes are caches of the store: restore() rebuilds them from stored fingerprints and
/// vectors, so that a restart gives the verdicts that the running process would have given.
///
/// run() on the desk thread only; the rest before it starts.
class Desk {
 public:
  /// Rows of one commit. A batch costs about 0.1 ms a row; more would only delay the first of them.
  static constexpr std::size_t kBatch = 100;
  /// … when the desk stops, and writes what was only noted: nobody waits.
  static constexpr std::size_t kSettled = 2000;

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

  /// What the workers clean stories by: before the first of them starts.
  Result<void> restore_furniture();

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
  void stop_restoring() { stop_restoring_ = true; }

  /// Makes run() end although the store refuses the batch: what is undecided then is decided again
  /// after the restart. Thread-safe.
  void give_up() { giving_up_ = true; }

  /// Set once the store turned out to be damaged: run() has ended, and only an operator can mend
  /// it. Thread-safe.
  std::optional<Error> damage() const;

  /// Whether a story was withdrawn now, or had been before.
  enum class Retracted { kNow, kBefore };
  /// Withdraws a story [RetractCommit], and returns when that is in the store. What was withdrawn
  /// before is not told again, but purged if that is asked for. kMalformed: there is no such story;
  /// kTransient: not done within `patience`, it may still come about. Thread-safe; for any thread
  /// but the desk's.
  Result<Retracted> retract(Withdrawal what, std::chrono::milliseconds patience);

  /// Another configuration, from the next outcome on. Thread-safe.
  void configure(DeskOptions options);

 private:
  using Unnamed = std::vector<std::pair<std::int64_t, std::string>>;
  struct LiveEvent {
    std::int64_t dirty_revision = 0;
    std::int64_t withdrawn = 0;  // What was written of an earlier one shows a story that is gone.
    int size = 0;
    bool closed = false;      // Its close is committed; a late report opens it again.
    Time newest{};            // When its last report was decided.
    std::optional<Time> due;  // Set while dirty.
    std::optional<Event> published;
    std::optional<Time> told_until;  // At a restart: stories decided later are unnamed.
    // Stories, and events that became part of it, that no message has named yet, by the dirty
    // revision that they made.
    Unnamed joined;
    Unnamed absorbed;
  };

  void decide(Outcome outcome);
  void decide_on(PolledFeed polled);
  void decide_on(QuietPolls quiet);
  bool decide_on(QuietPoll poll);
  void decide_on(AnalysedStory told);
  void decide_on(const FailedStory& failed);
  void decide_on(WrittenEvent written);
  void decide_on(StateJob change);
  void decide_on(const Withdrawal& wish);
  void decide_on(LookedAgain looked);
  void decide_again(AnalysedStory told);

  std::vector<ItemArrival> arrivals(const PolledFeed& polled, std::vector<std::string>* still_there,
                                    std::size_t* new_items);
  void apply_first_poll(std::vector<ItemArrival>* arrivals) const;
  bool conclude(PolledFeed polled, PollCommit commit, std::size_t new_items);
  std::optional<FeedState> feed_state(const std::string& feed_id);
  void put_feed(PollCommit commit, FeedHealth before);
  void learn(const std::string& feed_id, const StoryFacts& facts);
  void learn_lines(const AnalysedStory& told, const Story& story);
  void conclude_lessons();
  void note_selection(const AnalysedStory& told);
  StoryCommit publish_new(AnalysedStory told, const Verdict& verdict);
  StoryCommit publish_update(AnalysedStory told, const Verdict& verdict, Story original,
                             bool known);
  StoryCommit link_duplicate(const AnalysedStory& told, const Verdict& verdict, Story original,
                             bool known);
  std::optional<Time> next_look(Time told_at) const;
  void plan_rechecks(const AnalysedStory& told, const Story& story);
  void plan_next(Recheck look);
  static Candidate candidate_of(const AnalysedStory& told, std::string known_as, Time now);
  StoryCommit leave_out(const AnalysedStory& told, const Verdict& verdict, const Story& original);
  Result<Retracted> withdraw(const Withdrawal& wish);
  void leave_event(const Story& story, RetractCommit* commit);
  std::optional<Time> bereave(const std::string& id, LiveEvent& live, const EventCommit& row);
  void answer(std::uint64_t question, Result<Retracted> result);
  void retry_without_page(const PendingItem& pending, const std::string& why);
  void remember(const Candidate& candidate, const std::string& group);
  void join_event(const AnalysedStory& told, Story* story, StoryCommit* commit);
  void merge_event(const std::string& from, const std::string& into, const std::string& shown_by);
  EventStep step_of(const Assignment& assignment) const;
  void tell_merge(Event event, EventCommit& commit);
  void keep_untold(Time now);
  void touch_event(const std::string& event_id, int grown_by, StoryCommit* commit);
  std::string free_story_id(const Story& story, std::uint64_t text_hash);
  std::optional<Story> load_story(const std::string& id);
  std::optional<KnownItem> known_item(const std::string& feed_id, const std::string& key);
  void count_poll(const PolledFeed& polled);
  void log_poll(const PolledFeed& polled, const FeedState& after, std::size_t new_items) const;

  Result<void> restore_stories(Time since);
  Result<void> restore_events(Time since);
  Result<void> restore_members(Time since);
  void note_restored(const StoredMember& row);
  Result<void> restore_indexes();
  void name_joined(LiveEvent& live, WrittenEvent& written) const;
  static std::vector<std::string> take_named(Unnamed& unnamed, std::int64_t dirty_revision);

  std::size_t rows() const;
  std::optional<Outcome> next_outcome();
  bool in_a_hurry() const;
  void commit();
  void deliver(std::vector<Publication> messages);
  void settle_notes();
  void count_latencies();
  void housekeeping();
  void close_silent_events();
  void close_event(const std::string& id, const LiveEvent& live, std::string because);
  DeskOptions options() const;

  /// Calls `read` until it succeeds, as a commit would be: a decision is not made on half the
  /// facts.
  template <typename T>
  std::optional<T> insist(std::string_view what, const std::function<Result<T>()>& read);
  bool pause_before_retry(std::string_view what, const Error& error, int attempt);
  void say_mended(std::string_view what, int attempts);

  const Seams seams_;
  std::atomic<bool> giving_up_{false};
  std::atomic<bool> stop_restoring_{false};
  mutable std::mutex shared_mutex_;
  DeskOptions options_;          // Guarded by shared_mutex_.
  std::optional<Error> damage_;  // Likewise.
  std::uint64_t last_question_ = 0;
  std::unordered_map<std::uint64_t, std::promise<Result<Retracted>>> questions_;  // Likewise.

  // Desk thread only.
  Deduplicator dedup_;
  EventIndex events_;
  const double joins_from_;  // EventOptions::join.
  std::unordered_map<std::string, LiveEvent> live_events_;
  Batch batch_;
  Mail mail_;                                           // To be sent after the commit.
  Mail noted_;                                          // Waits for none.
  std::size_t quiet_ = 0;                               // Rows of batch_ that may wait for company,
  Monotonic quiet_until_{};                             // until then.
  std::unordered_map<std::string, Story> uncommitted_;  // Stories of this batch, by id.
  std::unordered_map<std::string, std::string>
      merged_;                              // Events that this batch merges: into which.
  std::unordered_set<std::string> untold_;  // Events whose `absorbed` it has changed.
  // The newest row of a feed among batch_.polls: what its stories teach goes there too.
  std::unordered_map<std::string, std::size_t> feed_rows_;
  struct Lesson {
    LineCounts counts;
    bool changed = false;  // What is furniture.
  };
  std::unordered_map<std::string, Lesson> lessons_;  // Of feeds with new stories in this batch.
  std::unordered_set<std::string> unselected_;       // Feeds whose last page_select found nothing.
  struct StoryTimes {
    std::optional<Time> published;
    Time first_seen{};
    Time response{};
  };
  std::vector<StoryTimes> story_times_;  // Of the new stories in batch_.
  std::size_t closed_events_ = 0;        // Of live_events_.
  Monotonic next_housekeeping_{};
  Monotonic complained_at_{};     // Of the store, in the log.
  Time::duration clock_ahead_{};  // Of the monotonic one, at the last housekeeping.
};

template <typename T>
std::optional<T> Desk::insist(std::string_view what, const std::function<Result<T>()>& read) {
  for (int attempt = 1;; ++attempt) {
    Result<T> result = read();
    if (result) {
      if (attempt > 1) say_mended(what, attempt);
      return *std::move(result);
    }
    if (!pause_before_retry(what, result.error(), attempt)) return std::nullopt;
  }
}

}  // namespace nutgraf
