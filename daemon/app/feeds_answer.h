#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/pipeline/feed_book.h"
#include "daemon/poll/options.h"
#include "daemon/store/log_reader.h"

namespace nutgraf {

/// Feeds in one answer at most, the unwell first: more is no list that anybody reads.
inline constexpr std::size_t kListedFeeds = 10'000;

/// The rows of feeds that need somebody most, at most so many, as in {"cmd":"feeds"}.
nlohmann::json urgent_feeds(const FeedBook& book, std::size_t most);

/// The answer to {"cmd":"feeds"} [service/control.h]. With "feeds":["id",…] only those, in every
/// detail, as decided on last; kMalformed for one that is not configured.
Result<nlohmann::json> feeds_answer(const FeedBook& book, const HealthOptions& options,
                                    LogReader& reader, const std::vector<std::string>& wanted);

/// kMalformed, with the feed that was perhaps meant.
Error no_such_feed(const FeedBook& book, const std::string& id);

}  // namespace nutgraf
