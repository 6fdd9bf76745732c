#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "daemon/poll/options.h"

namespace nutgraf {

/// How the desk decides.
struct DeskOptions {
  PollOptions poll;
  bool publish_text = false;
  bool learn_furniture = true;
  /// So long a poll that brought no document, and cannot only be noted, waits for others to be
  /// committed with, if nothing else is to be committed: a transaction with its fsync for each
  /// would cost more than all else about them. A crash meanwhile costs a conditional request again.
  std::chrono::milliseconds quiet_wait{500};
  std::chrono::milliseconds event_debounce{30'000};
  std::vector<std::chrono::seconds> recheck;  ///< Looks at a page again, after publication.
  std::chrono::seconds event_close_after{7 * 24 * 3600};  ///< Without a new report.
  std::chrono::seconds stories_age{14 * 24 * 3600};
  std::chrono::seconds items_age{60 * 24 * 3600};
  std::chrono::seconds prune_every{600};  ///< Silent events are closed then, too.
  std::chrono::seconds log_age{7 * 24 * 3600};
  std::int64_t log_count = 2'000'000;
  std::int64_t log_bytes = std::int64_t{4} << 30;
};

}  // namespace nutgraf
