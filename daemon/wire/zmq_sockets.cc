#include "daemon/wire/zmq_sockets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <initializer_list>
#include <utility>
#include <zmq.hpp>

#include "daemon/base/bell.h"
#include "daemon/wire/curve.h"
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

/// Bits of I/O threads. A page of the log is megabytes at once; a live message must not wait behind
/// it.
constexpr std::uint64_t kLiveThread = 1;
constexpr std::uint64_t kSyncThread = 2;

/// Where libzmq asks about every client of this context. [RFC 27/ZAP]
constexpr const char* kZapEndpoint = "inproc://zeromq.zap.01";
constexpr const char* kZapDomain = "nutgraf";

/// A request of ZAP has seven frames with CURVE, six without.
constexpr std::size_t kMaxZapFrames = 8;

void set_common(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::linger, kLinger);
  socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(kMaxRequestBytes));
  socket.set(zmq::sockopt::heartbeat_ivl, 10'000);
  socket.set(zmq::sockopt::heartbeat_timeout, 30'000);
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::backlog, kListenBacklog);
}

void encrypt(zmq::socket_t& socket, const std::string& secret_key) {
  socket.set(zmq::sockopt::curve_server, true);
  socket.set(zmq::sockopt::curve_secretkey, secret_key);
  socket.set(zmq::sockopt::zap_domain, kZapDomain);
}

Result<void> bind_error(const std::string& endpoint, const char* setting, int error) {
  if (error == EADDRINUSE) {
    return fail(ErrorCode::kTransient, endpoint +
                                           " is in use: stop the other program (ss -ltnp "
                                           "shows it) or change " +
                                           setting);
  }
  // "No such device" would send the operator to look for one.
  const std::string why = error == ENODEV ? "it is no address or interface of this machine"
                                          : std::string(zmq_strerror(error));
  return fail(ErrorCode::kBadConfig,
              std::string(setting) + ": cannot listen on " + endpoint + ": " + why);
}

Result<std::string> bind(zmq::socket_t& socket, const std::string& endpoint, const char* setting,
                         bool open_to_all) {
  if (auto allowed = check_bind(endpoint, open_to_all); !allowed) {
    return fail(allowed.error().code, std::string(setting) + ": " + allowed.error().message);
  }
  if (auto free = check_path(endpoint, setting); !free) return tl::unexpected(free.error());
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
                                          const char* setting, bool open_to_all) {
  std::vector<std::string> bound;
  for (const std::string& endpoint : endpoints) {
    auto address = bind(socket, endpoint, setting, open_to_all);
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

/// What admit() called the client that this came from.
std::string user_of(zmq::message_t& frame) {
  const char* const user = zmq_msg_gets(frame.handle(), "User-Id");
  return user == nullptr ? std::string() : std::string(user);
}

}  // namespace

struct ZmqSockets::State {
  State(const WireOptions& wire, bool curve) : options(wire), encrypted(curve) {}

  /// Nobody may be refused for want of encryption.
  bool open_to_all() const { return options.insecure || encrypted; }

  const WireOptions options;
  const bool encrypted;
  const Bell live_bell;
  const Bell sync_bell;
  zmq::context_t context{2};  ///< I/O threads: kLiveThread, kSyncThread.
  zmq::socket_t door{context, zmq::socket_type::rep};
  std::vector<std::string> zap_head;  ///< Version and id of the request being answered.
  zmq::socket_t live{context, zmq::socket_type::xpub};
  zmq::socket_t sync{context, zmq::socket_type::router};
  std::vector<std::string> live_endpoints;
  std::vector<std::string> sync_endpoints;
};

ZmqSockets::ZmqSockets(std::unique_ptr<State> state) : state_(std::move(state)) {}
ZmqSockets::ZmqSockets(ZmqSockets&&) noexcept = default;
ZmqSockets& ZmqSockets::operator=(ZmqSockets&&) noexcept = default;
ZmqSockets::~ZmqSockets() = default;

Result<ZmqSockets> ZmqSockets::open(const WireOptions& options, const std::string& secret_key) {
  try {
    auto state = std::make_unique<State>(options, !secret_key.empty());
    if (state->live_bell.fd() < 0 || state->sync_bell.fd() < 0) {
      return fail(ErrorCode::kTransient, "wire: no eventfd: too many open files");
    }
    set_common(state->live);
    state->live.set(zmq::sockopt::affinity, kLiveThread);
    state->live.set(zmq::sockopt::sndhwm, options.send_hwm);
    set_common(state->sync);
    state->sync.set(zmq::sockopt::affinity, kSyncThread);
    if (state->encrypted) {
      state->door.set(zmq::sockopt::linger, 0);
      state->door.bind(kZapEndpoint);
      encrypt(state->live, secret_key);
      encrypt(state->sync, secret_key);
      state->live.set(zmq::sockopt::xpub_manual, true);
    } else {
      state->live.set(zmq::sockopt::xpub_verboser, true);  // So that they can be counted.
    }
    state->sync.set(zmq::sockopt::sndhwm, kSyncHighWaterMark);
    state->sync.set(zmq::sockopt::rcvhwm, kSyncReceiveHighWaterMark);
    state->sync.set(zmq::sockopt::router_mandatory, true);
    auto bound = bind_all(state->sync, options.sync, "wire.sync", state->open_to_all());
    if (!bound) return tl::unexpected(bound.error());
    state->sync_endpoints = std::move(*bound);
    return ZmqSockets(std::move(state));
  } catch (const zmq::error_t& error) {
    return fail(ErrorCode::kTransient, std::string("wire: no ZeroMQ socket: ") + error.what());
  }
}

Result<void> ZmqSockets::bind_live() {
  auto bound = bind_all(state_->live, state_->options.live, "wire.live", state_->open_to_all());
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

std::optional<ZmqSockets::Subscription> ZmqSockets::next_subscription() {
  zmq::message_t frame;
  for (int i = 0; i < kMaxIgnored && receive_frame(state_->live, frame); ++i) {
    const std::string_view bytes = frame.to_string_view();
    if (bytes.empty() || static_cast<unsigned char>(bytes.front()) > 1) continue;
    return Subscription{.begins = bytes.front() == 1,
                        .topic = std::string(bytes.substr(1)),
                        .user = user_of(frame)};
  }
  return std::nullopt;
}

void ZmqSockets::grant(std::string_view prefix) {
  zmq_setsockopt(state_->live.handle(), ZMQ_SUBSCRIBE, prefix.data(), prefix.size());
}

void ZmqSockets::withdraw(std::string_view prefix) {
  zmq_setsockopt(state_->live.handle(), ZMQ_UNSUBSCRIBE, prefix.data(), prefix.size());
}

std::optional<std::string> ZmqSockets::next_caller() {
  zmq::message_t frame;
  std::vector<std::string> frames;
  if (!receive_frame(state_->door, frame)) return std::nullopt;
  frames.push_back(frame.to_string());
  while (frame.more() && receive_frame(state_->door, frame)) {
    if (frames.size() < kMaxZapFrames) frames.push_back(frame.to_string());
  }
  // version, id, domain, address, identity, mechanism, key
  frames.resize(std::max<std::size_t>(frames.size(), 7));
  state_->zap_head = {frames[0], frames[1]};
  return frames[5] == "CURVE" ? curve_key_text(frames[6]) : std::string();
}

void ZmqSockets::admit(std::string_view user) {
  send_frames(state_->door, {state_->zap_head[0], state_->zap_head[1], "200", "OK", user, ""});
}

void ZmqSockets::turn_away() {
  send_frames(state_->door,
              {state_->zap_head[0], state_->zap_head[1], "400", "no such key", "", ""});
}

std::optional<ZmqSockets::Received> ZmqSockets::receive() {
  zmq::message_t frame;
  if (!receive_frame(state_->sync, frame)) return std::nullopt;
  Received received{.identity = frame.to_string(), .user = {}, .body = {}, .one_frame = false};
  int frames = 0;
  while (frame.more() && receive_frame(state_->sync, frame)) {
    if (++frames > 1) continue;
    received.body = frame.to_string();
    received.user = user_of(frame);
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

ZmqSockets::Ready ZmqSockets::wait_live(std::chrono::milliseconds timeout) {
  std::array<zmq_pollitem_t, 3> items{{{nullptr, state_->live_bell.fd(), ZMQ_POLLIN, 0},
                                       {state_->live.handle(), 0, ZMQ_POLLIN, 0},
                                       {state_->door.handle(), 0, ZMQ_POLLIN, 0}}};
  if (zmq_poll(items.data(), static_cast<int>(items.size()), timeout.count()) < 0) return {};
  if ((items[0].revents & ZMQ_POLLIN) != 0) state_->live_bell.hush();
  return {.subscriptions = (items[1].revents & ZMQ_POLLIN) != 0,
          .callers = (items[2].revents & ZMQ_POLLIN) != 0};
}

void ZmqSockets::wait_sync(std::chrono::milliseconds timeout) {
  std::array<zmq_pollitem_t, 2> items{{{nullptr, state_->sync_bell.fd(), ZMQ_POLLIN, 0},
                                       {state_->sync.handle(), 0, ZMQ_POLLIN, 0}}};
  if (zmq_poll(items.data(), static_cast<int>(items.size()), timeout.count()) < 0) return;
  if ((items[0].revents & ZMQ_POLLIN) != 0) state_->sync_bell.hush();
}

void ZmqSockets::wake_live() { state_->live_bell.ring(); }
void ZmqSockets::wake_sync() { state_->sync_bell.ring(); }

}  // namespace nutgraf
