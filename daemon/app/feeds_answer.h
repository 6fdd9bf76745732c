#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/config/config.h"
#include "daemon/model/feed.h"
#include "daemon/store/log_reader.h"

namespace nutgraf {

/// What is remembered of each configured feed, in the configuration's order; what was removed
/// sleeps in the store. One never polled is blank but for id and URL. Linear.
Result<std::vector<FeedState>> states_in_force(const Config& config, LogReader& reader);

/// Feeds in one answer at most, the unwell first: more is no list that anybody reads.
inline constexpr std::size_t kListedFeeds = 10'000;

/// The answer to {"cmd":"feeds"} [service/control.h]. With "feeds":["id",…] only those, in every
/// detail; kMalformed for one that is not configured.
Result<nlohmann::json> feeds_answer(const Config& config, LogReader& reader,
                                    const std::vector<std::string>& wanted);

}  // namespace nutgraf
