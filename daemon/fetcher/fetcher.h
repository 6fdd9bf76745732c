#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "daemon/base/bounded_queue.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/fetch/http_client.h"
#include "daemon/fetcher/event_trips.h"
#include "daemon/fetcher/feed_trips.h"
#include "daemon/fetcher/fetch_seams.h"
#include "daemon/fetcher/in_flight.h"
#include "daemon/fetcher/options.h"
#include "daemon/fetcher/page_trips.h"
#include "daemon/fetcher/recheck_trips.h"
#include "daemon/fetcher/releases.h"
#include "daemon/fetcher/sites.h"
#include "daemon/pipeline/feed_book.h"
#include "daemon/pipeline/job.h"
#include "daemon/pipeline/mailbox.h"
#include "daemon/pipeline/pulse.h"
#include "daemon/service/metrics.h"
#include "daemon/store/work_store.h"

namespace nutgraf {

/// Brings in what is due: feeds by the schedule, pending items from the work store (with their
/// pages where they need one), dirty events. Its parts, one for each kind of trip, make every Job
/// there is.
///
/// Never blocks but on the network: before it starts anything it has room for the result
/// [InFlight]. So the circle fetcher → workers → desk → fetcher cannot jam, and memory is bounded
/// whatever the feeds send.
///
/// run() on the fetcher thread only; the rest before it starts, but for configure().
class Fetcher {
 public:
  struct Seams {
    HttpClient& http;
    WorkStore& store;
    Mailbox& mailbox;
    const Clock& clock;
    /// Both of capacity most_jobs() at least, so that a push always finds room.
    BoundedQueue<Job>& jobs;
    BoundedQueue<Outcome>& outcomes;
    Metrics& metrics;
    Pulse& pulse;
    FeedBook& book;
  };

  static std::size_t most_jobs(const FetchOptions& options) {
    return InFlight::kSlots + options.transfers + PageTrips::kClaim;
  }

  Fetcher(Seams seams, FetchOptions options, const std::vector<FeedSource>& feeds);
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  /// Reads the states of the feeds and plans their first polls.
  Result<void> restore();

  /// Until stop is requested; then gives back what it has claimed, and closes the queue of jobs.
  void run(const std::stop_token& stop);

  /// Another configuration, from the next round on. Thread-safe.
  void configure(FetchOptions options, std::vector<FeedSource> feeds);

  /// As last configured. Thread-safe; O(feeds).
  std::vector<FeedSource> feeds() const;

  /// Returns when what was last configured is in the book: at once, or after the round at hand; and
  /// after `patience` in any case. Thread-safe.
  void await_configuration(std::chrono::milliseconds patience) const;

 private:
  // One round begins so.
  void watch_clock();
  void take_configuration();
  void take_mail();
  void take_requests();
  void refresh_figures();

  void finish(HttpResponse response);
  void show_figures() const;
  std::chrono::milliseconds time_to_wait() const;
  void wind_down();

  const Seams seams_;
  mutable std::mutex next_mutex_;
  mutable std::condition_variable next_taken_;
  std::optional<std::pair<FetchOptions, std::vector<FeedSource>>> next_;  // Guarded by next_mutex_.

  // Fetcher thread only.
  FetchOptions options_;
  Sites sites_;
  InFlight in_flight_;
  Releases releases_;
  const FetchSeams shared_;
  FeedTrips feeds_;
  PageTrips pages_;
  RecheckTrips rechecks_;
  EventTrips events_;
  std::deque<FeedRequest> requests_;           // Of the operator, not yet begun.
  std::optional<Time::duration> clock_ahead_;  // Of the monotonic clock.
  Monotonic next_figures_{};
};

}  // namespace nutgraf
