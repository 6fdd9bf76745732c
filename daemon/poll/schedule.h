#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/model/feed.h"
#include "daemon/poll/options.h"

namespace nutgraf {

/// Which feed is due when. Every operation is O(log n); next() is O(1). A heap of 16 bytes a feed,
/// so that with 100,000 of them a step costs one line of cache and not a walk through a tree.
///
/// Works on monotonic time, so that a step of the system's clock neither stalls nor floods; the
/// persistent times are in FeedState::next_poll and come in by first_due().
class Schedule {
 public:
  Schedule() = default;
  Schedule(const Schedule&) = delete;  // heap_ points into places_.
  Schedule& operator=(const Schedule&) = delete;

  /// Sets or moves the feed's time.
  void put(const std::string& feed_id, Monotonic due);
  void remove(const std::string& feed_id);

  /// When the earliest feed is due; nullopt if there is none.
  std::optional<Monotonic> next() const;

  /// Takes out up to `limit` feeds that are due at `now`, the longest overdue first. A feed that
  /// is taken has no time until it is put again, so it is never in flight twice.
  std::vector<std::string> take_due(Monotonic now, std::size_t limit);

  bool contains(const std::string& feed_id) const;
  std::size_t size() const { return heap_.size(); }

 private:
  static constexpr std::size_t kNowhere = ~std::size_t{0};
  /// A feed, and where it is in the heap. One that was taken is kept: it comes back.
  using Feed = std::pair<const std::string, std::size_t>;
  struct Entry {
    Monotonic due;
    Feed* feed = nullptr;

    bool before(const Entry& other) const {
      return due != other.due ? due < other.due : feed->first < other.feed->first;
    }
  };

  void settle(std::size_t at, Entry entry);
  void take_out(std::size_t at);

  std::unordered_map<std::string, std::size_t> places_;
  std::vector<Entry> heap_;  // Each no later than its children at 4i + 1 to 4i + 4.
};

/// Two readings of one instant: what monotonic time a stored UTC time corresponds to.
struct ClockReading {
  Monotonic monotonic{};
  Time utc{};
};

/// When a feed is due after the process starts or the configuration is reloaded. One never polled:
/// within start_spread. One overdue: within catch_up_spread, each at its phase. Otherwise at its
/// stored time, at most max_interval from now (gone_retry for a feed that is gone); if the clock
/// was set back since, after the wait that was planned. Never in the hours and days that the feed
/// asks to skip.
Monotonic first_due(const FeedSource& source, const FeedState* state, const PollOptions& options,
                    const ClockReading& now);

/// The monotonic time of a stored one.
Monotonic monotonic_of(Time time, const ClockReading& now);

}  // namespace nutgraf
