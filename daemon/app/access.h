#pragma once

#include <string>

#include "daemon/base/result.h"
#include "daemon/config/config.h"
#include "daemon/pipeline/options.h"

namespace nutgraf {

/// How a feed is asked, with its secrets: reads its files, which are absolute paths or names in
/// $CREDENTIALS_DIRECTORY. kBadConfig names the place in the configuration, the feed, the key, the
/// file and what it should hold. `index`: of the feed in config.feeds. REQUIRES: it has an access.
Result<FeedAsking> read_access(const Config& config, std::size_t index);

}  // namespace nutgraf
