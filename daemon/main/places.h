#pragma once

#include <string>

#include "daemon/base/result.h"
#include "daemon/config/config.h"

namespace nutgraf::tool {

/// The configuration that `--config` named, for the places in it: of the store and the control
/// socket. Single settings that are wrong do not matter here, for the running daemon may be older
/// than the file; one of which nothing could be read would send us to the default places. kGone:
/// there is no such file; kBadConfig: nothing could be read.
Result<Config> config_for_places(const std::string& path);

}  // namespace nutgraf::tool
