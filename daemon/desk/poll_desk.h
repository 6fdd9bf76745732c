#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/desk/docket.h"
#include "daemon/pipeline/job.h"
#include "daemon/poll/feed_health.h"

namespace nutgraf {

/// The desk on what feeds answered: which items are new, and what is remembered of the feed.
///
/// Polls that brought no document are only noted, if nothing but times and counters has changed
/// (Ledger::note_poll), and committed when the desk stops; the others of them may wait a moment for
/// company (DeskOptions::quiet_wait).
///
/// Desk thread only.
class PollDesk {
 public:
  explicit PollDesk(const DeskSeams& seams) : seams_(seams) {}

  void decide(PolledFeed polled);
  /// The fetcher is told at once of those that are only noted.
  void decide(QuietPolls quiet);
  /// What an operator wants changed.
  void decide(const StateJob& change);

  /// What a story teaches of its feed's health. A feed's state is written once a batch, however
  /// many of its stories are in it.
  void learn(const std::string& feed_id, const StoryFacts& facts);

  /// What was noted of polls becomes rows, so that a store that was left in order is complete by
  /// itself. `commit` is called between large batches and at the end; false: give up.
  void settle_notes(const std::function<bool()>& commit);

 private:
  bool decide(QuietPoll poll);
  std::vector<ItemArrival> arrivals(const PolledFeed& polled, std::vector<std::string>* still_there,
                                    std::size_t* new_items);
  void apply_first_poll(std::vector<ItemArrival>* arrivals) const;
  bool conclude(PolledFeed polled, PollCommit commit, std::size_t new_items);
  std::optional<FeedState> feed_state(const std::string& feed_id);
  void put(PollCommit commit, FeedHealth before);
  void count(const PolledFeed& polled);
  void log(const PolledFeed& polled, const FeedState& after, std::size_t new_items) const;

  const DeskSeams seams_;
  Mail noted_;  // Waits for no commit.
};

}  // namespace nutgraf
