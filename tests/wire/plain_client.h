#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>
#include <zmq_addon.hpp>

namespace nutgraf {

using Frames = std::vector<std::string>;

/// A client that is nothing but sockets: what a third party would write, and what it must not.
class PlainClient {
 public:
  /// Nothing that a test waits for takes this long; it only ends a test that would hang.
  static constexpr std::chrono::milliseconds kDeadline{20'000};

  zmq::socket_t subscribe(const std::string& endpoint, const std::vector<std::string>& prefixes,
                          int receive_high_water_mark = 0) {
    zmq::socket_t socket(context_, zmq::socket_type::sub);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvhwm, receive_high_water_mark);
    for (const std::string& prefix : prefixes) socket.set(zmq::sockopt::subscribe, prefix);
    socket.connect(endpoint);
    return socket;
  }

  zmq::socket_t dealer(const std::string& endpoint) {
    zmq::socket_t socket(context_, zmq::socket_type::dealer);
    socket.set(zmq::sockopt::linger, 0);
    socket.connect(endpoint);
    return socket;
  }

  zmq::context_t& context() { return context_; }

 private:
  zmq::context_t context_;
};

/// The frames of the next message; nullopt if none comes in time.
inline std::optional<Frames> receive(zmq::socket_t& socket,
                                     std::chrono::milliseconds timeout = PlainClient::kDeadline) {
  socket.set(zmq::sockopt::rcvtimeo, static_cast<int>(timeout.count()));
  std::vector<zmq::message_t> parts;
  if (!zmq::recv_multipart(socket, std::back_inserter(parts))) return std::nullopt;
  Frames frames;
  for (const zmq::message_t& part : parts) frames.push_back(part.to_string());
  return frames;
}

/// As receive(); the test fails if nothing comes, and what is returned ends every loop.
inline Frames must_receive(zmq::socket_t& socket) {
  if (auto frames = receive(socket)) return *std::move(frames);
  ADD_FAILURE() << "nothing came";
  return {"END", "{}", "{}"};
}

/// The next message whose first frame begins with `prefix`; the others are dropped.
inline Frames receive_topic(zmq::socket_t& socket, const std::string& prefix) {
  const auto deadline = std::chrono::steady_clock::now() + PlainClient::kDeadline;
  while (auto frames = receive(socket)) {
    if (frames->front().starts_with(prefix)) return *frames;
    if (std::chrono::steady_clock::now() > deadline) break;  // Heartbeats come for ever.
  }
  ADD_FAILURE() << "no " << prefix << " came";
  return {prefix, "{}"};
}

inline void send(zmq::socket_t& socket, const Frames& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    socket.send(zmq::buffer(frames[i]),
                i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }
}

}  // namespace nutgraf
