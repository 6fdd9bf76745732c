#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "daemon/fetcher/fetch_seams.h"

namespace nutgraf {

/// The pending items: which to claim from the store, their pages where they need one, and what to
/// tell them from if the page cannot be had. Asks for the robots.txt of their sites.
///
/// Fetcher thread only.
class PageTrips {
 public:
  /// Items claimed at once: one short write transaction.
  static constexpr std::size_t kClaim = 64;

  explicit PageTrips(const FetchSeams& seams) : seams_(seams) {}

  /// The process has begun: what may have killed one before it is not taken up at once.
  void begin();

  /// Some may be claimed now that could not before.
  void look_again() { items_wait_ = true; }
  /// How many suspects wait in the store.
  void put_suspects(std::int64_t count) { suspects_ = count; }

  void start_parked();
  void claim();
  /// One write for all of a round, be they a thousand.
  void give_back_over_share();

  void finish(PageTransfer transfer, HttpResponse response);
  void finish(RobotsTransfer transfer, const HttpResponse& response);

  /// Asks for a page, new or not, of a host that may be asked; it is then left alone for the
  /// Crawl-delay of its robots.txt.
  void ask(Transfer transfer, HttpRequest request);
  /// The transfer that asks for a site's robots.txt, begun if there is none.
  RobotsTransfer& start_robots(const std::string& page_url, const std::string& feed_id,
                               const std::string& host);

  /// Whether nobody else should claim: new items come first, and a suspect has the house to itself.
  bool comes_first(Monotonic now) const { return items_wait_ || suspect_has_its_turn(now); }
  bool waits_for(const std::string& host) const;
  std::vector<std::string> hosts_waited_for() const;

  std::size_t parked() const { return parked_.size(); }
  std::vector<std::int64_t> parked_items() const;

  /// When there may be something to start, given room for it.
  std::optional<Monotonic> next(Monotonic now) const;

 private:
  enum class Page { kNever, kLater };

  Result<std::vector<PendingItem>> claim(bool suspect, std::size_t limit, Monotonic now);
  bool suspect_has_its_turn(Monotonic now) const;
  bool nothing_claimed() const;
  void take(PendingItem pending);
  bool out_of_patience(const PendingItem& pending) const;
  bool not_worth_waiting_for(const PendingItem& pending) const;
  void start(PendingItem pending);
  bool robots_permit(PendingItem& pending);
  void fail(PendingItem pending, const std::string& why, bool again);
  void tell_without_page(PendingItem pending, std::string why, Page page);
  std::optional<StoryJob> job_of(PendingItem pending);

  const FetchSeams seams_;
  std::deque<PendingItem> parked_;        // Claimed, but their host is not to be asked yet.
  std::vector<std::int64_t> over_share_;  // Given back at the end of the round.
  bool items_wait_ = true;
  std::int64_t suspects_ = 1;  // That wait; unknown at first, so one is looked for.
  Monotonic next_suspect_{};
  Monotonic next_claim_{};
};

/// What a worker tells a story from, page aside; nullopt: its feed is not configured (any more).
std::optional<StoryJob> story_job(PendingItem pending, const FeedBook& book);

}  // namespace nutgraf
