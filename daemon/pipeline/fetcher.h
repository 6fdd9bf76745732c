#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "daemon/base/bounded_queue.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/fetch/http_client.h"
#include "daemon/pipeline/feed_book.h"
#include "daemon/pipeline/job.h"
#include "daemon/pipeline/mailbox.h"
#include "daemon/pipeline/options.h"
#include "daemon/pipeline/pulse.h"
#include "daemon/pipeline/robots_cache.h"
#include "daemon/poll/host_manners.h"
#include "daemon/poll/poller.h"
#include "daemon/poll/schedule.h"
#include "daemon/service/metrics.h"
#include "daemon/store/work_store.h"

namespace nutgraf {

/// Brings in what is due: feeds by the schedule, pending items from the work store (with their
/// pages where they need one), dirty events. Makes every Job there is.
///
/// Never blocks but on the network: before it starts anything it has room for the result. Room is a
/// slot in the queues of jobs and outcomes, and bytes of the budget; both are free again when the
/// desk reports the job as committed. So the circle fetcher → workers → desk → fetcher cannot jam,
/// and memory is bounded whatever the feeds send. Polls that brought no document have a slot like
/// all others, but go past the workers, in company.
///
/// run() on the fetcher thread only; the rest before it starts, but for configure().
class Fetcher {
 public:
  /// Jobs between socket and commit at most, beside the transfers.
  static constexpr std::size_t kSlots = 512;
  /// Bytes that a transfer is taken to need until its size is known.
  static constexpr std::size_t kTypicalBody = 256u << 10;
  /// Items claimed at once: one short write transaction.
  static constexpr std::size_t kClaim = 64;
  static constexpr std::size_t kEventMembers = 24;
  /// Polls without a document go to the desk when they are so many, or so old.
  static constexpr std::size_t kCompany = 64;
  static constexpr std::chrono::milliseconds kCompanyWait{100};
  /// What falls due within so long after feeds were begun is begun together: to wake for each, and
  /// for what each brings, costs more than to ask.
  static constexpr std::chrono::milliseconds kStartTogether{50};
  /// Of the transfers at once, what pages may have together: a feed that is due never waits for
  /// them.
  static constexpr double kPagesShare = 0.75;
  /// … and what the pages of one feed may have, wherever they are: a feed that links to a thousand
  /// silent hosts holds up its own items only.
  static constexpr double kPagesOfFeedShare = 0.125;

  struct Seams {
    HttpClient& http;
    WorkStore& store;
    Mailbox& mailbox;
    const Clock& clock;
    /// Both of capacity kSlots + FetchOptions::transfers + kClaim at least, so that a push always
    /// finds room.
    BoundedQueue<Job>& jobs;
    BoundedQueue<Outcome>& outcomes;
    Metrics& metrics;
    Pulse& pulse;
    FeedBook& book;
  };

  Fetcher(Seams seams, FetchOptions options, std::vector<FeedSource> feeds);

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
  struct FeedTransfer {
    std::string feed_id;
    std::string configured_url;
    bool conditional = false;  ///< It carried validators.
  };
  struct PageTransfer {
    PendingItem pending;
  };
  struct RecheckTransfer {
    Recheck look;
  };
  struct RobotsTransfer {
    std::string origin;
    std::string feed_id;  ///< That asked first.
    std::vector<PendingItem> waiting;
  };
  struct Transfer {
    std::string host;
    std::variant<FeedTransfer, PageTransfer, RecheckTransfer, RobotsTransfer> what;
  };
  struct Outstanding {
    std::size_t bytes = 0;
    std::string event_id;  // Of an EventJob.
    std::string feed_id;   // Of a FeedJob.
    bool item = false;     // A claimed item is in it.
  };

  // One round, in this order.
  void take_configuration();
  void take_mail();
  void take_requests();
  void start_due_feeds();
  void start_parked_pages();
  void claim_items();
  void start_parked_rechecks();
  void claim_rechecks();
  void start_due_events();
  std::chrono::milliseconds time_to_wait() const;
  void finish(HttpResponse response);

  void finish_feed(FeedTransfer transfer, HttpResponse response);
  void finish_quietly(FeedTransfer transfer, PollOutcome outcome, const HttpResponse& response);
  void hand_over_quiet_polls();
  void fail_page(PendingItem pending, const std::string& why, bool again);
  void finish_page(PageTransfer transfer, HttpResponse response);
  void finish_recheck(RecheckTransfer transfer, HttpResponse response);
  void finish_robots(RobotsTransfer transfer, const HttpResponse& response);
  bool out_of_patience(const PendingItem& pending) const;
  bool not_worth_waiting_for(const PendingItem& pending) const;
  void record_network(const std::string& host, const HttpResponse& response);
  void bring_back_unreached();
  void note_silence(const std::string& host, const HttpResponse& response);
  void note(std::string name, std::string text, std::chrono::seconds length);
  Result<void> restore_sites();
  void watch_clock();

  void start_feed(const std::string& feed_id);
  bool skips_this_hour(const FeedState& state);
  void stop_waiting(const std::string& feed_id);
  void take_item(PendingItem pending);
  void start_page(PendingItem pending);
  HttpRequest page_request(const std::string& url, const FeedSource& source) const;
  std::size_t rechecks_at_work() const;
  void start_recheck(Recheck look);
  void settle(Recheck look, LookedAgain::Kind kind);
  RobotsTransfer& start_robots(const std::string& origin, const std::string& feed_id,
                               const std::string& host);
  enum class Page { kNever, kLater };
  /// nullopt: its feed is gone from the configuration, and the item is given back.
  std::optional<StoryJob> job_of(PendingItem pending);
  void tell_without_page(PendingItem pending, std::string why, Page page);
  bool suspect_has_its_turn(Monotonic now) const;
  bool nothing_claimed() const;
  Result<std::vector<PendingItem>> claim(bool suspect, std::size_t limit, Monotonic now);
  void give_back(std::vector<std::int64_t> ids, std::chrono::seconds wait);
  void give_back_over_share();
  void repeat_releases();
  void refresh_figures();
  HttpRequest dressed(HttpRequest request, const FeedSource& source) const;
  void send(HttpRequest request, Transfer transfer);
  void hand_over(decltype(Job::work) work, Outstanding needs);
  std::uint64_t reserve(Outstanding needs);
  void schedule(const FeedTime& time);
  void plan_first(const FeedSource& source);
  void forget_time_of(const std::string& feed_id);
  bool has_room() const;
  bool has_room_for_page() const;
  static const std::string* feed_of_page(const Transfer& transfer);
  std::size_t pages_of(const std::string* feed_id) const;
  bool has_its_share(const std::string& feed_id) const;
  void wind_down();

  const Seams seams_;
  mutable std::mutex next_mutex_;
  mutable std::condition_variable next_taken_;
  std::optional<std::pair<FetchOptions, std::vector<FeedSource>>> next_;  // Guarded by next_mutex_.

  // Fetcher thread only.
  FetchOptions options_;
  Schedule schedule_;
  HostManners manners_;
  NetworkWatch network_;
  RobotsCache robots_;
  // Due, but their host is not to be asked yet: the host, by feed.
  std::unordered_map<std::string, std::string> waiting_feeds_;
  std::unordered_set<std::string> feeds_at_work_;  // From the request to the commit.
  std::unordered_set<std::string> asked_for_;      // By the operator: their hours do not matter.
  std::unordered_set<std::string> unreached_;      // At their last poll.
  std::optional<Time::duration> clock_ahead_;      // Of the monotonic clock.
  std::deque<FeedRequest> requests_;               // Of the operator, not yet begun.
  std::unordered_map<std::uint64_t, Transfer> transfers_;
  std::unordered_map<std::uint64_t, Outstanding> outstanding_;
  QuietPolls quiet_;         // Of outstanding_, not yet handed over,
  Monotonic quiet_until_{};  // but then.
  std::size_t outstanding_bytes_ = 0;
  std::deque<PendingItem> parked_pages_;  // Claimed, but their host is not to be asked yet.
  std::deque<Recheck> parked_rechecks_;   // Likewise.
  std::map<std::string, DirtyEvent> dirty_events_;  // The newest of each.
  std::unordered_set<std::string> events_at_work_;
  std::vector<std::int64_t> over_share_;  // Given back at the end of the round.
  struct Release {
    std::vector<std::int64_t> ids;
    Time not_before{};
  };
  std::vector<Release> releases_;  // That the store refused: tried again each second.
  bool items_wait_ = true;
  std::int64_t suspects_ = 1;  // That wait; unknown at first, so one is looked for.
  Monotonic next_suspect_{};
  Monotonic next_release_{};
  Monotonic next_figures_{};
  Monotonic next_claim_{};
  Monotonic next_recheck_{};
  Monotonic next_start_{};  // Of due feeds.
  std::uint64_t next_id_ = 1;
};

}  // namespace nutgraf
