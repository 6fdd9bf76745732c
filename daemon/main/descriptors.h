#pragma once

#include "daemon/base/result.h"

namespace nutgraf::tool {

/// Checks that so many file descriptors may be open (RLIMIT_NOFILE), and lifts the soft limit to
/// the hard one where that helps: libzmq aborts the process where it gets none. kBadConfig if they
/// are too few. Call before anything is opened.
Result<void> need_descriptors(unsigned least);

}  // namespace nutgraf::tool
