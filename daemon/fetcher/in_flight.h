#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "daemon/base/bounded_queue.h"
#include "daemon/base/clock.h"
#include "daemon/fetch/http_client.h"
#include "daemon/fetcher/options.h"
#include "daemon/model/item.h"
#include "daemon/model/recheck.h"
#include "daemon/pipeline/job.h"
#include "daemon/poll/host_manners.h"

namespace nutgraf {

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

/// What is under way: transfers, and jobs from the hand-over to the commit; and whether there is
/// room for more.
///
/// Room is a slot in the queues of jobs and outcomes, and bytes of FetchOptions::memory; both are
/// free again when the desk reports the job as committed.
///
/// Fetcher thread only.
class InFlight {
 public:
  /// Jobs between socket and commit at most, beside the transfers.
  static constexpr std::size_t kSlots = 512;
  /// Bytes that a transfer is taken to need until its size is known.
  static constexpr std::size_t kTypicalBody = 256u << 10;
  /// Of the transfers at once, what pages may have together: a feed that is due never waits for
  /// them.
  static constexpr double kPagesShare = 0.75;
  /// … and what the pages of one feed may have, wherever they are: a feed that links to a thousand
  /// silent hosts holds up its own items only.
  static constexpr double kPagesOfFeedShare = 0.125;

  /// What a job holds until it is committed.
  struct Needs {
    std::size_t bytes = 0;
    std::string event_id;  ///< Of an EventJob.
    std::string feed_id;   ///< Of a FeedJob.
    bool item = false;     ///< A claimed item is in it.
  };

  InFlight(HttpClient& http, BoundedQueue<Job>& jobs, HostManners& manners, const Clock& clock,
           const FetchOptions& options)
      : http_(http), jobs_(jobs), manners_(manners), clock_(clock), options_(options) {}

  bool has_room() const;
  bool has_room_for_page() const;
  /// Whether the pages of that feed, robots.txt included, have all the transfers that they may.
  bool has_its_share(const std::string& feed_id) const;
  std::size_t free_slots() const { return kSlots - std::min(kSlots, jobs_under_way_.size()); }

  /// Begins a transfer; whoever calls has asked the host's manners. Returns its id.
  std::uint64_t send(HttpRequest request, Transfer transfer);
  /// It has ended; nullopt: it is none of ours.
  std::optional<Transfer> end_transfer(std::uint64_t id);
  /// The transfer that asks for the robots.txt of an origin; null: none does.
  RobotsTransfer* robots_of(const std::string& origin);

  /// To the workers.
  void hand_over(decltype(Job::work) work, Needs needs);
  /// The id of a job that has its room from now on.
  std::uint64_t reserve(Needs needs);
  /// A job was committed; nullopt: it is none of ours.
  std::optional<Needs> end_job(std::uint64_t id);

  std::size_t transfers() const { return transfers_.size(); }
  std::size_t rechecks() const;  ///< Of the transfers.
  std::size_t jobs() const { return jobs_under_way_.size(); }
  std::size_t bytes() const { return bytes_; }
  /// Whether a claimed item, or a page, is in hand.
  bool holds_item() const;
  /// Of the claimed items those that are in transfers.
  std::vector<std::int64_t> items_in_transfers() const;

 private:
  std::size_t pages_of(const std::string* feed_id) const;

  HttpClient& http_;
  BoundedQueue<Job>& jobs_;
  HostManners& manners_;
  const Clock& clock_;
  const FetchOptions& options_;
  std::unordered_map<std::uint64_t, Transfer> transfers_;
  std::unordered_map<std::uint64_t, Needs> jobs_under_way_;
  std::size_t bytes_ = 0;  // Of them.
  std::uint64_t next_id_ = 1;
};

}  // namespace nutgraf
