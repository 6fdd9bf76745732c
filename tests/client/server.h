#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "daemon/client/subscriber.h"
#include "daemon/pipeline/reader.h"
#include "daemon/wire/zmq_publisher.h"
#include "tests/client/tiny_log.h"

namespace nutgraf {

/// The machine's own but for the date, which is that of a TinyLog's beginning.
class LogClock final : public Clock {
 public:
  Monotonic monotonic() const override { return std::chrono::steady_clock::now(); }
  Time utc() const override { return TinyLog::time_of(0); }
};

/// A server: log, reader and wire, as the daemon has them.
class Server {
 public:
  explicit Server(TinyLog& log, WireOptions options = loopback()) : log_(log) {
    auto wire = ZmqWire::start(options, log.position(), clock_, "0.1.0");
    if (!wire) throw std::runtime_error(wire.error().message);
    wire_ = std::move(*wire);
    reader_ = std::make_unique<Reader>(std::make_unique<TinyLogReader>(log), *wire_,
                                       [](std::string_view url) { return std::string(url); });
  }
  ~Server() { reader_.reset(); }

  static WireOptions loopback() {
    WireOptions options;
    options.live = {"tcp://127.0.0.1:*"};
    options.sync = {"tcp://127.0.0.1:*"};
    options.heartbeat = std::chrono::milliseconds(20);
    return options;
  }

  void publish(const std::string& topic, const std::string& payload = "{}") {
    wire_->publish({log_.append(topic, payload)});
  }

  /// Committed, and then lost on the way to everyone.
  void lose(const std::string& topic) { log_.append(topic); }

  SubscriberOptions client(std::vector<std::string> prefixes = {},
                           StartAt start = FromNow{}) const {
    return {.live = wire_->live_endpoints().front(),
            .prefixes = std::move(prefixes),
            .start = std::move(start)};
  }

  ZmqWire& wire() { return *wire_; }

 private:
  TinyLog& log_;
  LogClock clock_;
  std::unique_ptr<ZmqWire> wire_;
  std::unique_ptr<Reader> reader_;
};

}  // namespace nutgraf
