#pragma once

#include <stdexcept>
#include <vector>

#include "daemon/store/work_store.h"

namespace nutgraf {

/// All of them, by id.
inline std::vector<FeedState> feed_states(WorkStore& store) {
  std::vector<FeedState> states;
  const auto keep = [&](const FeedState& state, bool) { states.push_back(state); };
  const Result<void> all = store.each_feed_state(keep);
  if (!all) throw std::runtime_error(all.error().message);
  return states;
}

}  // namespace nutgraf
