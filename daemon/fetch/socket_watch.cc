#include "daemon/fetch/socket_watch.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace nutgraf {

SocketWatch::SocketWatch()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), bell_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  want(bell_, true, false);
}

SocketWatch::~SocketWatch() {
  close(bell_);
  close(epoll_);
}

void SocketWatch::want(int socket, bool in, bool out) {
  const auto place = static_cast<std::size_t>(socket);
  if (place >= known_.size()) known_.resize(2 * place + 1);
  const bool known = known_[place];
  known_[place] = in || out;
  if (!in && !out) {
    if (known) epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
    return;
  }
  epoll_event event{};
  event.events = (in ? EPOLLIN : 0u) | (out ? EPOLLOUT : 0u);
  event.data.fd = socket;
  if (epoll_ctl(epoll_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event) == 0) return;
  epoll_ctl(epoll_, errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
}

std::vector<SocketWatch::Ready> SocketWatch::wait(std::chrono::milliseconds timeout) {
  std::array<epoll_event, kMost> events{};
  const int count = epoll_wait(epoll_, events.data(), kMost, static_cast<int>(timeout.count()));
  std::vector<Ready> ready;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == bell_) {
      std::uint64_t rings = 0;
      [[maybe_unused]] const ssize_t got = read(bell_, &rings, sizeof rings);
      continue;
    }
    const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    ready.push_back({.socket = event.data.fd,
                     .in = broken || (event.events & EPOLLIN) != 0,
                     .out = broken || (event.events & EPOLLOUT) != 0});
  }
  return ready;
}

void SocketWatch::ring() {
  const std::uint64_t once = 1;
  [[maybe_unused]] const ssize_t put = write(bell_, &once, sizeof once);
}

}  // namespace nutgraf
