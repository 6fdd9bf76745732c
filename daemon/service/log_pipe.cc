#include "daemon/service/log_pipe.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace nutgraf {
namespace {

constexpr int kFarewellMs = 1000;

bool takes_more(int descriptor, int patience_ms) {
  pollfd watched{descriptor, POLLOUT, 0};
  return poll(&watched, 1, patience_ms) > 0;
}

}  // namespace

LogPipe::~LogPipe() { drain(kFarewellMs); }

void LogPipe::put(std::string_view line) {
  if (waiting_.size() + line.size() > kRoom) drain(0);
  if (waiting_.size() + line.size() > kRoom) {
    ++lost_;
    return;
  }
  waiting_ += line;
  drain(0);
}

std::uint64_t LogPipe::take_lost() {
  if (lost_ == 0) return 0;
  drain(0);
  return waiting_.empty() ? std::exchange(lost_, 0) : 0;
}

void LogPipe::drain(int patience_ms) {
  std::size_t done = 0;
  while (done < waiting_.size() && takes_more(descriptor_, patience_ms)) {
    // A pipe that takes something takes so much without waiting. [pipe(7)]
    const std::size_t part = std::min<std::size_t>(waiting_.size() - done, PIPE_BUF);
    const ssize_t written = write(descriptor_, waiting_.data() + done, part);
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) break;
    // What cannot be written at all (a full disk, a reader that has gone) is not kept for ever.
    done = written < 0 ? waiting_.size() : done + static_cast<std::size_t>(written);
  }
  waiting_.erase(0, done);
}

}  // namespace nutgraf
