#include "daemon/wire/zmq_sockets.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <initializer_list>
#include <utility>
#include <zmq.hpp>

#include "daemon/wire/endpoint.h"
#include "daemon/wire/envelope.h"
#include "daemon/wire/sync.h"

namespace nutgraf {
namespace {

/// For what was sent last before we close. Long enough for everyone who reads, short enough that
/// one who does not hardly delays a restart.
constexpr int kLinger = 250;

/// Two whole answers: a client that asks for a page while it still reads the last is served, one
/// that asks and never reads is not.
constexpr int kSyncHighWaterMark = 2 * (kMaxPageMessages + 1);

constexpr int kSyncReceiveHighWaterMark = 64;
constexpr int kListenBacklog = 1024;  // A restart brings every subscriber back at once.
constexpr int kMaxIgnored = 256;

void set_common(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::linger, kLinger);
  socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(kMaxRequestBytes));
  socket.set(zmq::sockopt::heartbeat_ivl, 10'000);
  socket.set(zmq::sockopt::heartbeat_timeout, 30'000);
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::backlog, kListenBacklog);
}

Result<void> bind_error(const std::string& endpoint, const char* setting, int error) {
  if (error == EADDRINUSE) {
    return fail(ErrorCode::kTransient, endpoint +
                                           " is in use: stop the other program (ss -ltnp "
                                           "shows it) or change " +
                                           setting);
  }
  return fail(ErrorCode::kBadConfig,
              std::string(setting) + ": cannot listen on " + endpoint + ": " + zmq_strerror(error));
}

/// CURVE will be set up on the socket here, before anyone can connect.
Result<std::string> bind(zmq::socket_t& socket, const std::string& endpoint, const char* setting,
                         bool insecure) {
  if (auto allowed = check_bind(endpoint, insecure); !allowed) {
    return fail(allowed.error().code, std::string(setting) + ": " + allowed.error().message);
  }
  try {
    socket.set(zmq::sockopt::ipv6, endpoint_host(endpoint).starts_with('['));
    socket.bind(endpoint);
    return socket.get(zmq::sockopt::last_endpoint);
  } catch (const zmq::error_t& error) {
    return tl::unexpected(bind_error(endpoint, setting, error.num()).error());
  }
}

Result<std::vector<std::string>> bind_all(zmq::socket_t& socket,
                                          const std::vector<std::string>& endpoints,
                                          const char* setting, bool insecure) {
  std::vector<std::string> bound;
  for (const std::string& endpoint : endpoints) {
    auto address = bind(socket, endpoint, setting, insecure);
    if (!address) return tl::unexpected(address.error());
    bound.push_back(std::move(*address));
  }
  return bound;
}

bool send_frame(zmq::socket_t& socket, std::string_view bytes, int flags) {
  int sent = -1;
  do {
    sent = zmq_send(socket.handle(), bytes.data(), bytes.size(), flags | ZMQ_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

bool send_frames(zmq::socket_t& socket, std::initializer_list<std::string_view> frames) {
  for (auto frame = frames.begin(); frame != frames.end(); ++frame) {
    if (!send_frame(socket, *frame, frame + 1 == frames.end() ? 0 : ZMQ_SNDMORE)) return false;
  }
  return true;
}

bool receive_frame(zmq::socket_t& socket, zmq::message_t& frame) {
  int received = -1;
  do {
    received = zmq_msg_recv(frame.handle(), socket.handle(), ZMQ_DONTWAIT);
  } while (received < 0 && errno == EINTR);
  return received >= 0;
}

}  // namespace

struct ZmqSockets::State {
  explicit State(const WireOptions& wire) : options(wire) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (bell >= 0) ::close(bell);
  }

  const WireOptions options;
  int bell = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  zmq::context_t context{1};
  zmq::socket_t live{context, zmq::socket_type::xpub};
  zmq::socket_t sync{context, zmq::socket_type::router};
  std::vector<std::string> live_endpoints;
  std::vector<std::string> sync_endpoints;
};

ZmqSockets::ZmqSockets(std::unique_ptr<State> state) : state_(std::move(state)) {}
ZmqSockets::ZmqSockets(ZmqSockets&&) noexcept = default;
ZmqSockets& ZmqSockets::operator=(ZmqSockets&&) noexcept = default;
ZmqSockets::~ZmqSockets() = default;

Result<ZmqSockets> ZmqSockets::open(const WireOptions& options) {
  try {
    auto state = std::make_unique<State>(options);
    if (state->bell < 0)
      return fail(ErrorCode::kTransient, "wire: no eventfd: too many open files");
    set_common(state->live);
    state->live.set(zmq::sockopt::sndhwm, options.send_hwm);
    set_common(state->sync);
    state->sync.set(zmq::sockopt::sndhwm, kSyncHighWaterMark);
    state->sync.set(zmq::sockopt::rcvhwm, kSyncReceiveHighWaterMark);
    state->sync.set(zmq::sockopt::router_mandatory, true);
    auto bound = bind_all(state->sync, options.sync, "wire.sync", options.insecure);
    if (!bound) return tl::unexpected(bound.error());
    state->sync_endpoints = std::move(*bound);
    return ZmqSockets(std::move(state));
  } catch (const zmq::error_t& error) {
    return fail(ErrorCode::kTransient, std::string("wire: no ZeroMQ socket: ") + error.what());
  }
}

Result<void> ZmqSockets::bind_live() {
  auto bound = bind_all(state_->live, state_->options.live, "wire.live", state_->options.insecure);
  if (!bound) return tl::unexpected(bound.error());
  state_->live_endpoints = std::move(*bound);
  return {};
}

const std::vector<std::string>& ZmqSockets::live_endpoints() const {
  return state_->live_endpoints;
}
const std::vector<std::string>& ZmqSockets::sync_endpoints() const {
  return state_->sync_endpoints;
}

void ZmqSockets::set_hello(std::string_view body) {
  const std::string frame = std::string(kHelloTopic) + std::string(body);
  zmq_setsockopt(state_->live.handle(), ZMQ_XPUB_WELCOME_MSG, frame.data(), frame.size());
}

void ZmqSockets::publish(std::string_view topic, std::string_view body) {
  send_frames(state_->live, {topic, body});
}

void ZmqSockets::ignore_subscriptions() {
  zmq::message_t frame;
  for (int i = 0; i < kMaxIgnored && receive_frame(state_->live, frame); ++i) {
  }
}

std::optional<ZmqSockets::Received> ZmqSockets::receive() {
  zmq::message_t frame;
  if (!receive_frame(state_->sync, frame)) return std::nullopt;
  Received received{.identity = frame.to_string(), .body = {}, .one_frame = false};
  int frames = 0;
  while (frame.more() && receive_frame(state_->sync, frame)) {
    if (++frames == 1) received.body = frame.to_string();
  }
  received.one_frame = frames == 1;
  return received;
}

bool ZmqSockets::send(std::string_view identity, std::string_view verb, std::string_view body) {
  return send_frames(state_->sync, {identity, verb, body});
}

bool ZmqSockets::send(std::string_view identity, std::string_view verb, std::string_view topic,
                      std::string_view body) {
  return send_frames(state_->sync, {identity, verb, topic, body});
}

ZmqSockets::Ready ZmqSockets::wait(std::chrono::milliseconds timeout) {
  std::array<zmq_pollitem_t, 3> items{{{nullptr, state_->bell, ZMQ_POLLIN, 0},
                                       {state_->live.handle(), 0, ZMQ_POLLIN, 0},
                                       {state_->sync.handle(), 0, ZMQ_POLLIN, 0}}};
  if (zmq_poll(items.data(), static_cast<int>(items.size()), timeout.count()) < 0) return {};
  if ((items[0].revents & ZMQ_POLLIN) != 0) {
    std::uint64_t rings = 0;
    [[maybe_unused]] const auto size = ::read(state_->bell, &rings, sizeof rings);
  }
  return {.subscriptions = (items[1].revents & ZMQ_POLLIN) != 0,
          .requests = (items[2].revents & ZMQ_POLLIN) != 0};
}

void ZmqSockets::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto size = ::write(state_->bell, &one, sizeof one);
}

}  // namespace nutgraf
