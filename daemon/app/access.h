#pragma once

#include <filesystem>
#include <string>

#include "daemon/base/result.h"
#include "daemon/config/config.h"
#include "daemon/pipeline/options.h"

namespace nutgraf {

/// Where a secret is that the configuration names: an absolute path as it is, any other in
/// $CREDENTIALS_DIRECTORY if systemd set it.
std::filesystem::path credential_path(const std::string& name);

/// How a feed is asked, with its secrets: reads its files, which are absolute paths or names in
/// $CREDENTIALS_DIRECTORY. kBadConfig names the place in the configuration, the feed, the key, the
/// file and what it should hold. `index`: of the feed in config.feeds. REQUIRES: it has an access.
Result<FeedAsking> read_access(const Config& config, std::size_t index);

}  // namespace nutgraf
