#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/store/work_store.h"

namespace nutgraf {

/// Claimed items that are given back to the store. What it refuses is kept and tried again each
/// second: a claim that nobody gives back is an item that waits for the next start.
///
/// Fetcher thread only.
class Releases {
 public:
  Releases(WorkStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// Nobody is to claim them before that long.
  void give_back(std::vector<std::int64_t> ids, std::chrono::seconds wait);

  /// What was refused, once a second; `now_too`: whenever that was.
  void repeat(bool now_too = false);

  /// The system's clock was set.
  void shift(Time::duration step);

  bool empty() const { return kept_.empty(); }

 private:
  struct Release {
    std::vector<std::int64_t> ids;
    Time not_before{};
  };

  WorkStore& store_;
  const Clock& clock_;
  std::vector<Release> kept_;
  Monotonic next_{};
};

}  // namespace nutgraf
