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

/// The two ZeroMQ sockets of the wire, each with a bell to wake the thread that waits on it, and,
/// where the wire is encrypted, the door at which libzmq asks who may connect [RFC 27/ZAP].
///
/// Two threads may use it: one what belongs to the live socket (the door too), one what belongs to
/// the sync socket; whose is said below. Each socket has an I/O thread of libzmq to itself. No call
/// blocks except the waits: a subscriber that does not read loses messages, it delays nobody.
class ZmqSockets {
 public:
  /// Makes the sockets and binds the sync one. `secret_key`: of the server, in Z85; empty: nothing
  /// is encrypted. kTransient: an address is in use; kBadConfig: it cannot be bound at all.
  static Result<ZmqSockets> open(const WireOptions& options, const std::string& secret_key = {});

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

  // The live thread's.

  /// What every new subscriber to "$hello" gets, in one frame: libzmq's welcome message cannot have
  /// two.
  void set_hello(std::string_view body);

  void publish(std::string_view topic, std::string_view body);

  /// A client of the live socket began or ended a subscription. Without encryption it has taken
  /// effect already; with it, grant() or withdraw() before the next is read.
  struct Subscription {
    bool begins = false;
    std::string topic;  ///< Bytes from outside.
    std::string user;   ///< Name that admit() gave the client; empty: it is gone, or nobody asked.
  };
  /// The next one; what else clients send on that socket is dropped.
  std::optional<Subscription> next_subscription();
  /// To the client whose subscription was read last.
  void grant(std::string_view prefix);
  void withdraw(std::string_view prefix);

  /// The public key, in Z85, of the next client that wants to connect. Each is to be answered by
  /// admit() or turn_away() before the next is asked for. "": it uses no key.
  std::optional<std::string> next_caller();
  void admit(std::string_view user);
  void turn_away();

  struct Ready {
    bool subscriptions = false;
    bool callers = false;
  };
  /// Until something can be received, wake_live() is called, or the time is over.
  Ready wait_live(std::chrono::milliseconds timeout);

  // The sync thread's.

  struct Received {
    std::string identity;
    std::string user;  ///< As of Subscription.
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

  /// Until a request has come, wake_sync() is called, or the time is over (negative: never).
  void wait_sync(std::chrono::milliseconds timeout);

  // Thread-safe. Each ends the present wait, or the next one.
  void wake_live();
  void wake_sync();

 private:
  struct State;
  explicit ZmqSockets(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace nutgraf
