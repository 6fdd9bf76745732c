#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/config/config.h"

namespace nutgraf {

/// What a reload did.
struct ReloadReport {
  std::size_t feeds = 0;
  std::size_t added = 0;
  std::size_t removed = 0;
  std::size_t changed = 0;
  std::vector<std::string> need_restart;  ///< What stays as it was until a restart.
};

/// How another list of feeds differs, by their ids. O(n log n).
ReloadReport compare(const std::vector<FeedSource>& feeds, const std::vector<FeedSource>& next);

/// Puts back into `next` what is of objects that live as long as the process, and names where it
/// differed.
std::vector<std::string> keep_fixed(const Config& now, Config& next);

}  // namespace nutgraf
