#pragma once

#include <chrono>
#include <vector>

#include "daemon/base/bell.h"
#include "daemon/base/descriptor.h"

namespace nutgraf {

/// The sockets that libcurl wants to hear of, in one epoll set: what a look at them costs depends
/// on how many are ready, not on how many there are. And a bell, which another thread can ring.
///
/// One thread, but for ring().
class SocketWatch {
 public:
  struct Ready {
    int socket = -1;
    bool in = false;
    bool out = false;

    friend bool operator==(const Ready&, const Ready&) = default;
  };

  SocketWatch();

  /// What is wanted of a socket from now on; neither: nothing, it may be closed already.
  void want(int socket, bool in, bool out);

  /// What is ready, at most kMost, waiting no longer than `timeout` and no longer than until the
  /// bell rings. What is broken is ready for whatever was wanted of it.
  std::vector<Ready> wait(std::chrono::milliseconds timeout);

  /// Ends a wait(), this one or the next. Thread-safe.
  void ring() { bell_.ring(); }

  static constexpr int kMost = 64;

 private:
  const Descriptor epoll_;
  const Bell bell_;
  std::vector<bool> known_;  // By socket: probably in the set. A closed one leaves by itself.
};

}  // namespace nutgraf
