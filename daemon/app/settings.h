#pragma once

#include "daemon/base/result.h"
#include "daemon/config/config.h"
#include "daemon/desk/options.h"
#include "daemon/fetcher/options.h"
#include "daemon/pipeline/options.h"

namespace nutgraf {

// From what the operator says to what each stage is given.

WorkOptions work_options(const Config& config);
DeskOptions desk_options(const Config& config);

/// Reads the files that feeds name; errors as of read_access().
Result<FetchOptions> fetch_options(const Config& config);

/// Worker threads: as configured, else one fewer than there are cores, at least one.
int worker_count(const Config& config);

}  // namespace nutgraf
