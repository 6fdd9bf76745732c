#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/wire/options.h"

namespace nutgraf {

/// The two ZeroMQ sockets of the wire, and a bell to wake the thread that waits on them.
///
/// One thread at a time, but for wake(). No call blocks except wait(): a subscriber that does not
/// read loses messages, it delays nobody.
class ZmqSockets {
 public:
  /// Makes both sockets and binds the sync one. kTransient: an address is in use; kBadConfig: it
  /// cannot be bound at all.
  static Result<ZmqSockets> open(const WireOptions& options);

  ZmqSockets(ZmqSockets&&) noexcept;
  ZmqSockets& operator=(ZmqSockets&&) noexcept;
  /// Gives what is queued kLinger to leave.
  ~ZmqSockets();

  /// Clients can connect from here on; before it, set_hello(), which every one of them receives
  /// first.
  Result<void> bind_live();

  /// As bound: a wildcard port is replaced by the one it got.
  const std::vector<std::string>& live_endpoints() const;
  const std::vector<std::string>& sync_endpoints() const;

  /// What every new subscriber to "$hello" gets, in one frame: libzmq's welcome message cannot have
  /// two.
  void set_hello(std::string_view body);

  void publish(std::string_view topic, std::string_view body);

  /// Drops what subscribers sent: subscriptions have taken effect by then, anything else is not
  /// ours. Returns once it is empty or after 256 messages.
  void ignore_subscriptions();

  struct Received {
    std::string identity;
    std::string body;
    bool one_frame = false;  ///< False: not what the protocol allows; `body` is its first frame.
  };
  /// The next request, if one has come.
  std::optional<Received> receive();

  /// One message of an answer. False: the client is gone or does not read, and the rest of the
  /// answer is better dropped.
  bool send(std::string_view identity, std::string_view verb, std::string_view body);
  bool send(std::string_view identity, std::string_view verb, std::string_view topic,
            std::string_view body);

  struct Ready {
    bool subscriptions = false;
    bool requests = false;
  };
  /// Until something can be received, wake() is called, or the time is over.
  Ready wait(std::chrono::milliseconds timeout);

  /// Thread-safe. Ends the present wait(), or the next one.
  void wake();

 private:
  struct State;
  explicit ZmqSockets(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace nutgraf
