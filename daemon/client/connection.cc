#include "daemon/client/connection.h"

#include <array>
#include <cerrno>
#include <utility>
#include <zmq.hpp>

namespace nutgraf {
namespace {

void set_common(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::heartbeat_ivl, 10'000);
  socket.set(zmq::sockopt::heartbeat_timeout, 30'000);
  socket.set(zmq::sockopt::reconnect_ivl, 100);
  // Many clients come back after a restart; libzmq spreads them at random up to this.
  socket.set(zmq::sockopt::reconnect_ivl_max, 2'000);
}

/// False: not two keys.
bool encrypt(zmq::socket_t& socket, const CurveIdentity& curve) {
  if (curve.server_key.empty()) return true;
  std::array<char, 41> own{};  // Z85 and its end.
  if (curve.server_key.size() != 40 || curve.secret_key.size() != 40 ||
      zmq_curve_public(own.data(), curve.secret_key.c_str()) != 0) {
    return false;
  }
  socket.set(zmq::sockopt::curve_serverkey, curve.server_key);
  socket.set(zmq::sockopt::curve_publickey, own.data());
  socket.set(zmq::sockopt::curve_secretkey, curve.secret_key);
  return true;
}

Result<void> connect(zmq::socket_t& socket, const std::string& endpoint,
                     const CurveIdentity& curve) {
  try {
    if (!encrypt(socket, curve)) {
      return fail(ErrorCode::kRefused, "a key has 40 characters; `nutgraf keygen` makes one");
    }
    socket.set(zmq::sockopt::ipv6, true);
    socket.connect(endpoint);
    return {};
  } catch (const zmq::error_t& error) {
    return fail(ErrorCode::kRefused, endpoint + ": cannot connect: " + error.what());
  }
}

std::optional<Connection::Frames> receive(zmq::socket_t& socket) {
  Connection::Frames frames;
  zmq::message_t frame;
  do {
    int size = -1;
    do {
      size = zmq_msg_recv(frame.handle(), socket.handle(), ZMQ_DONTWAIT);
    } while (size < 0 && errno == EINTR);
    if (size < 0) return std::nullopt;
    frames.emplace_back(static_cast<const char*>(frame.data()), frame.size());
  } while (frame.more());
  return frames;
}

}  // namespace

struct Connection::State {
  const std::vector<std::string> subscriptions;
  const int receive_hwm;
  const CurveIdentity curve;
  zmq::context_t context{1};
  zmq::socket_t live{};
  zmq::socket_t sync{};
};

Connection::Connection(std::vector<std::string> subscriptions, int receive_hwm, CurveIdentity curve)
    : state_(new State{std::move(subscriptions), receive_hwm, std::move(curve)}) {}
Connection::~Connection() = default;

Result<void> Connection::connect_live(const std::string& endpoint) {
  zmq::socket_t socket(state_->context, zmq::socket_type::sub);
  set_common(socket);
  socket.set(zmq::sockopt::rcvhwm, state_->receive_hwm);
  for (const std::string& prefix : state_->subscriptions) {
    socket.set(zmq::sockopt::subscribe, prefix);
  }
  state_->live = std::move(socket);
  return connect(state_->live, endpoint, state_->curve);
}

Result<void> Connection::connect_sync(const std::string& endpoint) {
  state_->sync = zmq::socket_t(state_->context, zmq::socket_type::dealer);
  set_common(state_->sync);
  state_->sync.set(zmq::sockopt::rcvhwm, 0);  // One page at a time was asked for.
  return connect(state_->sync, endpoint, state_->curve);
}

bool Connection::request(const std::string& body) {
  return state_->sync &&
         zmq_send(state_->sync.handle(), body.data(), body.size(), ZMQ_DONTWAIT) >= 0;
}

std::optional<Connection::Frames> Connection::receive_live() {
  return state_->live ? receive(state_->live) : std::nullopt;
}

std::optional<Connection::Frames> Connection::receive_sync() {
  return state_->sync ? receive(state_->sync) : std::nullopt;
}

Connection::Woken Connection::wait(bool live, std::chrono::milliseconds timeout) {
  std::array<zmq_pollitem_t, 2> items{};
  int used = 0;
  for (zmq::socket_t* socket : {&state_->live, &state_->sync}) {
    if (!*socket || (socket == &state_->live && !live)) continue;
    items[static_cast<std::size_t>(used++)] = {socket->handle(), 0, ZMQ_POLLIN, 0};
  }
  const int ready = zmq_poll(items.data(), used, timeout.count());
  if (ready < 0) return Woken::kSignal;
  return ready > 0 ? Woken::kReadable : Woken::kTimeout;
}

}  // namespace nutgraf
