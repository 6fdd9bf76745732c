#include "daemon/main/output.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "daemon/main/exit_code.h"

namespace nutgraf::tool {

int finish_output(int code) {
  const bool failed_before = !std::cout.good();
  std::cout.clear();  // What waits in it is tried again, for the reason.
  errno = 0;
  std::cout.flush();
  const bool written =
      std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good() && !failed_before;
  const int error = errno;
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  const bool nobody_reads = poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
  if (written || nobody_reads) return code;
  std::fprintf(stderr, "%s: the output could not be written%s%s\n", program_invocation_short_name,
               error == 0 ? "" : ": ",
               error == 0 ? "" : std::generic_category().message(error).c_str());
  return code == kOk ? kSomeFailed : code;
}

}  // namespace nutgraf::tool
