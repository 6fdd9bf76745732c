#include "daemon/wire/zmq_publisher.h"

#include <algorithm>
#include <utility>

#include "daemon/wire/endpoint.h"
#include "daemon/wire/envelope.h"

namespace nutgraf {
namespace {

/// Commits that may wait for the wire thread. It is never far behind, so this is only a bound.
constexpr std::size_t kLiveBatches = 64;

constexpr std::size_t kWaitingRequests = 64;

/// Answers of up to kMaxPageBytes each: those being sent, and those that wait for their turn.
constexpr std::size_t kOutgoing = 4;
constexpr std::size_t kWaitingReplies = 4;

/// About what kWaitingRequests pages take the reader.
constexpr std::chrono::milliseconds kRetry{250};

}  // namespace

Result<std::unique_ptr<ZmqWire>> ZmqWire::start(const WireOptions& options, LogPosition start,
                                                const Clock& clock, std::string version) {
  auto sockets = ZmqSockets::open(options);
  if (!sockets) return tl::unexpected(sockets.error());
  std::unique_ptr<ZmqWire> wire(
      new ZmqWire(options, std::move(start), clock, std::move(version), std::move(*sockets)));
  wire->refresh_hello();
  if (auto bound = wire->sockets_.bind_live(); !bound) return tl::unexpected(bound.error());
  wire->thread_ = std::jthread([self = wire.get()] { self->run(); });
  return wire;
}

ZmqWire::ZmqWire(const WireOptions& options, LogPosition start, const Clock& clock,
                 std::string version, ZmqSockets sockets)
    : options_(options),
      clock_(clock),
      version_(std::move(version)),
      sockets_(std::move(sockets)),
      live_(kLiveBatches),
      requests_(kWaitingRequests),
      replies_(kWaitingReplies),
      floor_(start.floor),
      heads_(std::move(start)) {}

ZmqWire::~ZmqWire() { stop(); }

void ZmqWire::publish(std::vector<Publication> messages) {
  if (live_.push(std::move(messages))) sockets_.wake();
}

void ZmqWire::set_floor(Sequence floor) { floor_ = floor; }

void ZmqWire::reply(SyncReply reply) {
  if (replies_.push(std::move(reply))) sockets_.wake();
}

WireFigures ZmqWire::figures() const {
  return {.messages = counters_.messages,
          .bytes = counters_.bytes,
          .beats = counters_.beats,
          .requests = counters_.requests,
          .malformed = counters_.malformed,
          .busy = counters_.busy,
          .unread = counters_.unread};
}

void ZmqWire::stop() {
  live_.close();
  requests_.close();
  replies_.close();
  sockets_.wake();
  if (thread_.joinable()) thread_.join();
}

void ZmqWire::run() {
  next_beat_ = clock_.monotonic();
  while (!live_.drained()) {
    const ZmqSockets::Ready ready = sockets_.wait(time_to_wait());
    publish_queued();
    if (ready.subscriptions) sockets_.ignore_subscriptions();
    const int left = send_replies(kSyncShare);
    if (ready.requests) take_requests(left);
    beat_if_due();
  }
  beat();
}

std::chrono::milliseconds ZmqWire::time_to_wait() const {
  // The bell may have rung for more than one turn's share.
  const bool more_to_do = !outgoing_.empty() || replies_.size() > 0 || live_.size() > 0;
  if (more_to_do) return std::chrono::milliseconds(0);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_beat_ - clock_.monotonic());
  return std::clamp(left, std::chrono::milliseconds(0), options_.heartbeat);
}

void ZmqWire::publish_queued() {
  for (std::size_t i = 0; i < kLiveBatches; ++i) {
    const auto batch = live_.try_pop();
    if (!batch) return;
    for (const Publication& message : *batch) {
      sockets_.publish(message.topic, message.body);
      heads_.sent(message);
      ++counters_.messages;
      counters_.bytes += static_cast<std::int64_t>(message.body.size());
    }
  }
}

void ZmqWire::beat_if_due() {
  const Monotonic now = clock_.monotonic();
  if (now < next_beat_) return;
  beat();
  // After a pause of the machine one beat is enough.
  next_beat_ = std::max(next_beat_ + options_.heartbeat, now);
}

void ZmqWire::beat() {
  heads_.set_floor(floor_);
  const Heads::Listing listing = heads_.next_beat();
  const LogPosition& position = heads_.position();
  sockets_.publish(kBeatTopic, beat_body({.epoch = position.epoch,
                                          .number = listing.beat,
                                          .head = position.head,
                                          .floor = position.floor,
                                          .after = listing.after,
                                          .time = clock_.utc(),
                                          .topics = listing.topics}));
  refresh_hello();
  ++counters_.beats;
}

void ZmqWire::refresh_hello() {
  const LogPosition& position = heads_.position();
  const std::vector<std::string>& bound = sockets_.sync_endpoints();
  const std::string own = bound.empty() ? std::string() : bound.front();
  sockets_.set_hello(hello_body({.epoch = position.epoch,
                                 .head = position.head,
                                 .floor = position.floor,
                                 .version = version_,
                                 .sync = options_.advertise.empty() ? own : options_.advertise,
                                 .heartbeat = options_.heartbeat}));
}

int ZmqWire::send_replies(int share) {
  while (share > 0) {
    while (outgoing_.size() < kOutgoing) {
      auto reply = replies_.try_pop();
      if (!reply) break;
      outgoing_.push_back({std::move(*reply), 0});
    }
    if (outgoing_.empty()) break;
    Outgoing turn = std::move(outgoing_.front());
    outgoing_.pop_front();
    if (send_next(turn.reply, turn.sent)) outgoing_.push_back(std::move(turn));
    --share;
  }
  return share;
}

/// False once the reply is done with.
bool ZmqWire::send_next(SyncReply& reply, std::size_t& sent) {
  if (sent == reply.messages.size()) {
    answer(reply);
    return false;
  }
  const Publication& message = reply.messages[sent++];
  if (sockets_.send(reply.client.identity, "MSG", message.topic, message.body)) return true;
  ++counters_.unread;
  return false;
}

void ZmqWire::answer(const SyncReply& reply) {
  if (!sockets_.send(reply.client.identity, reply.verb, reply.body)) ++counters_.unread;
}

void ZmqWire::take_requests(int share) {
  for (; share > 0; --share) {
    auto received = sockets_.receive();
    if (!received) return;
    take(std::move(*received));
  }
}

void ZmqWire::take(ZmqSockets::Received received) {
  SyncClient client{.identity = std::move(received.identity), .id = {}};
  auto call = received.one_frame
                  ? parse_sync_call(received.body, &client.id)
                  : fail(ErrorCode::kMalformed, "a request is one frame of JSON, from a DEALER");
  if (!call) {
    ++counters_.malformed;
    return answer(bad_request(std::move(client), call.error().message));
  }
  ++counters_.requests;
  SyncRequest request{std::move(client), std::move(*call)};
  if (requests_.try_push(request)) return;
  ++counters_.busy;
  answer(busy(std::move(request.client), kRetry));
}

}  // namespace nutgraf
