#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>

#include "daemon/fetcher/fetch_seams.h"
#include "daemon/pipeline/mailbox.h"

namespace nutgraf {

/// The dirty events: each goes to a worker when it is due, with what its summary is written from;
/// one at a time of each.
///
/// Fetcher thread only.
class EventTrips {
 public:
  static constexpr std::size_t kMembers = 24;

  explicit EventTrips(const FetchSeams& seams) : seams_(seams) {}

  /// It replaces what was known of the event.
  void put(DirtyEvent event);
  /// Its summary is committed.
  void end(const std::string& event_id) { at_work_.erase(event_id); }

  void start_due();

  /// When the next is due; nullopt: none waits.
  std::optional<Time> next() const;

  /// The system's clock was set.
  void shift(Time::duration step);

 private:
  const FetchSeams seams_;
  std::map<std::string, DirtyEvent> dirty_;  // The newest of each.
  std::unordered_set<std::string> at_work_;
};

}  // namespace nutgraf
