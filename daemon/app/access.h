#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/config/config.h"
#include "daemon/fetcher/options.h"

namespace nutgraf {

/// Where a secret is that the configuration names: an absolute path as it is, any other in
/// $CREDENTIALS_DIRECTORY if systemd set it.
std::filesystem::path credential_path(const std::string& name);

/// How a feed is asked, with its secrets: reads its files, which are absolute paths or names in
/// $CREDENTIALS_DIRECTORY. kBadConfig names the place in the configuration, the feed, the key, the
/// file and what it should hold. `index`: of the feed in config.feeds. REQUIRES: it has an access.
Result<FeedAsking> read_access(const Config& config, std::size_t index);

/// What read_access() would refuse of all feeds, one line each: files of secrets and certificates
/// that cannot be read here and now. Of a service, other users and LoadCredential= may see others.
std::vector<std::string> access_warnings(const Config& config);

/// All that is said aloud of a configuration without a problem: config_warnings(), these, and what
/// wire_security() would refuse.
std::vector<std::string> warnings(const Config& config);

}  // namespace nutgraf
