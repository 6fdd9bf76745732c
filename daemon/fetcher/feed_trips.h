#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "daemon/fetcher/fetch_seams.h"
#include "daemon/pipeline/mailbox.h"
#include "daemon/poll/poller.h"
#include "daemon/poll/schedule.h"

namespace nutgraf {

/// The polls: which feed is asked when, and what becomes of the answer. A document goes to the
/// workers; polls that brought none have a slot like all others, but go past them, in company.
///
/// Fetcher thread only.
class FeedTrips {
 public:
  /// Polls without a document go to the desk when they are so many, or so old.
  static constexpr std::size_t kCompany = 64;
  static constexpr std::chrono::milliseconds kCompanyWait{100};
  /// What falls due within so long after feeds were begun is begun together: to wake for each, and
  /// for what each brings, costs more than to ask.
  static constexpr std::chrono::milliseconds kStartTogether{50};

  explicit FeedTrips(const FetchSeams& seams) : seams_(seams) {}

  /// The first poll of a feed that is new, or whose state was read at the start.
  void plan_first(const FeedSource& source);
  /// When it is due by what was committed last; nothing if it is being polled.
  void schedule(const FeedTime& time);
  /// It was taken out of the configuration.
  void forget(const std::string& feed_id);
  /// An operator wants it polled now. In flight already, it has no time, and its answer comes
  /// anyway.
  void hurry(const std::string& feed_id);
  /// What came of its poll is committed.
  void end(const std::string& feed_id) { at_work_.erase(feed_id); }

  void start_due();
  void finish(FeedTransfer transfer, HttpResponse response);

  /// To the desk, if they are many or old.
  void hand_over_quiet_if_due();
  void hand_over_quiet();

  /// The network is back. Who could not be reached was not asked either, so its turn is now; spread
  /// like the feeds that a restart finds overdue.
  void bring_back_unreached();

  /// When there is something to start or to hand over; nullopt: not by itself.
  std::optional<Monotonic> next_start() const;
  std::optional<Monotonic> next_hand_over() const;
  /// How late the feed is that should have been asked first.
  Monotonic::duration late(Monotonic now) const;

 private:
  void start(const std::string& feed_id);
  bool skips_this_hour(const FeedState& state);
  void stop_waiting(const std::string& feed_id);
  void finish_quietly(FeedTransfer transfer, PollOutcome outcome, const HttpResponse& response);

  const FetchSeams seams_;
  Schedule schedule_;
  // Due, but their host is not to be asked yet: the host, by feed.
  std::unordered_map<std::string, std::string> waiting_;
  std::unordered_set<std::string> at_work_;    // From the request to the commit.
  std::unordered_set<std::string> asked_for_;  // By the operator: their hours do not matter.
  std::unordered_set<std::string> unreached_;  // At their last poll.
  QuietPolls quiet_;                           // Not yet handed over,
  Monotonic quiet_until_{};                    // but then.
  Monotonic next_start_{};                     // Of due feeds.
};

}  // namespace nutgraf
