#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/feed.h"

namespace nutgraf {

/// Feeds from elsewhere, as they may stand in a configuration.
struct AdoptedFeeds {
  std::vector<FeedSource> feeds;     ///< Each with an id of its own.
  std::size_t present = 0;           ///< Left out: their URL is configured already.
  std::vector<std::string> changed;  ///< Values that no [[feed]] may have and were dropped.
};

/// Makes `wanted` fit beside the feeds `present`: those with the same URL are left out, values that
/// the configuration would refuse are dropped, and ids that are missing or taken are derived from
/// the URL, with a number where that is taken too. Pure; n log n.
AdoptedFeeds adopt_feeds(std::vector<FeedSource> wanted, const std::vector<FeedSource>& present);

/// [[feed]] sections with what is not the default of each: load_config() reads them back.
std::string print_feeds(const std::vector<FeedSource>& feeds);

/// Letters, digits and single dashes of a host and path: the id of a feed that was given none.
std::string derived_feed_id(std::string_view url);

}  // namespace nutgraf
