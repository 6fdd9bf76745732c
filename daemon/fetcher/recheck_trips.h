#pragma once

#include <deque>
#include <optional>

#include "daemon/fetcher/fetch_seams.h"
#include "daemon/fetcher/page_trips.h"

namespace nutgraf {

/// Pages that are looked at again (`fetch.recheck`): a few at a time, when nothing new is to be
/// had.
///
/// Fetcher thread only.
class RecheckTrips {
 public:
  RecheckTrips(const FetchSeams& seams, PageTrips& pages) : seams_(seams), pages_(pages) {}

  void start_parked();
  void claim();
  void finish(RecheckTransfer transfer, HttpResponse response);

  /// When a host may be asked that a look waits for.
  std::optional<Monotonic> next(Monotonic now) const;

 private:
  void start(Recheck look);
  void settle(Recheck look, LookedAgain::Kind kind);

  const FetchSeams seams_;
  PageTrips& pages_;
  std::deque<Recheck> parked_;  // Claimed, but their host is not to be asked yet.
  Monotonic next_claim_{};
};

}  // namespace nutgraf
