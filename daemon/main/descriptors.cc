#include "daemon/main/descriptors.h"

#include <sys/resource.h>

#include <string>

namespace nutgraf::tool {

Result<void> need_descriptors(unsigned least) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= least) return {};
  if (limit.rlim_max >= least) {
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return {};
  }
  return fail(ErrorCode::kBadConfig, "only " + std::to_string(limit.rlim_cur) +
                                         " files may be open, and " + std::to_string(least) +
                                         " are needed at least: raise LimitNOFILE= of the unit, "
                                         "or ulimit -n of the shell");
}

}  // namespace nutgraf::tool
