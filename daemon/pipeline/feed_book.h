#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/model/feed.h"
#include "daemon/model/furniture.h"

namespace nutgraf {

/// Every feed as configured, and what is remembered of it: held once, for all threads, because
/// there may be 100,000 of them. About 600 bytes a feed.
///
/// Sources change on the fetcher thread only. States and furniture change on the desk thread only,
/// when it has decided, which is before the commit: nobody acts on such a state before the desk's
/// mail says that it is committed, because a feed is at work until then. Both come in through the
/// other functions before the threads start.
///
/// Thread-safe; each call costs about a microsecond, but for those that say otherwise.
class FeedBook {
 public:
  /// What another list of feeds means to a schedule.
  struct Changes {
    std::vector<std::string> gone;   ///< No longer configured.
    std::vector<std::string> fresh;  ///< New, or now at another URL.
  };

  /// Another list of feeds. States of feeds that are no longer configured sleep. O(feeds).
  Changes configure(const std::vector<FeedSource>& feeds);

  bool configured(const std::string& id) const;
  std::optional<FeedSource> source(const std::string& id) const;
  std::vector<FeedSource> sources() const;  ///< As listed. O(feeds).

  /// What is remembered of a configured feed. If it was remembered under another configured URL,
  /// its place and its validators are void: what the operator writes now counts, and validators of
  /// another document vouch for nothing.
  FeedState state(const FeedSource& source) const;
  /// Both at once: one look-up.
  struct Known {
    FeedSource source;
    FeedState state;
  };
  std::optional<Known> known(const std::string& id) const;
  /// The same as it was put; nullopt: nothing is remembered.
  std::optional<FeedState> remembered(const std::string& id) const;
  /// Whether the store has all of it, or some as a note only [Ledger::note_poll].
  enum class Kept { kCommitted, kNoted };
  void put(const FeedState& state, Kept kept = Kept::kCommitted);
  std::vector<std::string> noted()
      const;  ///< Ids whose last state was kept so, in order. O(feeds).

  /// What was learned of a feed's furniture, texts aside: a copy of a few dozen bytes a line.
  /// Decided and not yet committed furniture may be among it: what comes of an item that it
  /// concerns is committed after it [model/furniture.h].
  Furniture furniture(const std::string& feed_id) const;
  void put_furniture(const std::string& feed_id, Furniture furniture);

  /// What there is to say of a configured feed without unpacking it.
  struct Brief {
    std::string id;
    FeedHealth health = FeedHealth::kOk;
    bool paused = false;
  };
  std::vector<Brief> briefs() const;  ///< As listed. O(feeds), some 100 ns each.

  /// How many of the configured feeds are in which health, and paused.
  struct Census {
    std::array<std::int64_t, kFeedHealths.size()> by_health{};
    std::int64_t total = 0;
    std::int64_t paused = 0;

    std::int64_t in(FeedHealth health) const { return by_health[static_cast<std::size_t>(health)]; }
  };
  /// O(feeds) but cheap, some 10 ns each: nothing is unpacked.
  Census census() const;

 private:
  struct Entry {
    std::string source;       // Packed; empty: not configured.
    std::string state;        // Packed; empty: nothing is remembered.
    std::uint32_t place = 0;  // In the list of feeds.
    FeedHealth health = FeedHealth::kOk;
    bool paused = false;
    bool noted = false;
  };

  std::vector<const std::pair<const std::string, Entry>*> listed() const;  // REQUIRES: mutex_.

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> feeds_;          // Guarded by mutex_.
  std::unordered_map<std::string, Furniture> furniture_;  // Likewise; only of feeds that have some.
};

}  // namespace nutgraf
