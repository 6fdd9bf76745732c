#include "daemon/fetch/socket_watch.h"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace nutgraf {

SocketWatch::SocketWatch() : epoll_(epoll_create1(EPOLL_CLOEXEC)) { want(bell_.fd(), true, false); }

void SocketWatch::want(int socket, bool in, bool out) {
  const auto place = static_cast<std::size_t>(socket);
  if (place >= known_.size()) known_.resize(2 * place + 1);
  const bool known = known_[place];
  known_[place] = in || out;
  if (!in && !out) {
    if (known) epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket, nullptr);
    return;
  }
  epoll_event event{};
  event.events = (in ? EPOLLIN : 0u) | (out ? EPOLLOUT : 0u);
  event.data.fd = socket;
  if (epoll_ctl(epoll_.get(), known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event) == 0) return;
  epoll_ctl(epoll_.get(), errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
}

std::vector<SocketWatch::Ready> SocketWatch::wait(std::chrono::milliseconds timeout) {
  std::array<epoll_event, kMost> events{};
  const int count =
      epoll_wait(epoll_.get(), events.data(), kMost, static_cast<int>(timeout.count()));
  std::vector<Ready> ready;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == bell_.fd()) {
      bell_.hush();
      continue;
    }
    const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    ready.push_back({.socket = event.data.fd,
                     .in = broken || (event.events & EPOLLIN) != 0,
                     .out = broken || (event.events & EPOLLOUT) != 0});
  }
  return ready;
}

}  // namespace nutgraf
