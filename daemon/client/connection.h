#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace nutgraf {

/// Keys of CURVE, in Z85, where the server is encrypted. [docs/protocol.md, "Keys"]
struct CurveIdentity {
  std::string server_key;  ///< Public; empty: nothing is encrypted.
  std::string secret_key;  ///< Our own.

  friend bool operator==(const CurveIdentity&, const CurveIdentity&) = default;
};

/// The two ZeroMQ sockets of a subscriber. One thread at a time; only wait() blocks.
class Connection {
 public:
  /// Nothing is connected yet. `receive_hwm`: live messages queued here before the publisher's
  /// queue fills; 0: no bound.
  Connection(std::vector<std::string> subscriptions, int receive_hwm, CurveIdentity curve = {});
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Connects afresh; what was queued on the old connection is dropped. Whether anyone listens
  /// there shows only by what arrives. kRefused: not an endpoint, or not a key.
  Result<void> connect_live(const std::string& endpoint);
  Result<void> connect_sync(const std::string& endpoint);

  /// False: no connection, or its queue is full.
  bool request(const std::string& body);

  using Frames = std::vector<std::string>;
  std::optional<Frames> receive_live();
  std::optional<Frames> receive_sync();

  enum class Woken { kReadable, kTimeout, kSignal };
  /// Until something can be received. `live` false: only an answer ends the wait.
  Woken wait(bool live, std::chrono::milliseconds timeout);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nutgraf
