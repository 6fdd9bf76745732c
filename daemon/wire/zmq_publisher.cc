#include "daemon/wire/zmq_publisher.h"

#include <algorithm>
#include <utility>

#include "daemon/wire/endpoint.h"
#include "daemon/wire/envelope.h"

namespace nutgraf {
namespace {

/// Commits that may wait for the live thread. It is never far behind, so this is only a bound.
constexpr std::size_t kLiveBatches = 64;

constexpr std::size_t kWaitingRequests = 64;

/// Answers of up to kMaxPageBytes each: those being sent, and those that wait for their turn.
constexpr std::size_t kOutgoing = 4;
constexpr std::size_t kWaitingReplies = 4;

/// Subscriptions looked at between two looks at the live messages.
constexpr int kSubscriptionShare = 256;

/// Messages of answers between two looks at requests.
constexpr int kReplyShare = 256;

constexpr int kRequestShare = 32;

/// Likewise, clients that want to connect.
constexpr int kCallerShare = 64;

/// Whether a request asks for nothing but what the client may have. What `get` finds is looked at
/// when it has been found.
bool may_ask(const std::vector<std::string>& allowed, const SyncCall& call) {
  const auto may = [&](const std::vector<std::string>& prefixes) {
    if (prefixes.empty()) return covers(allowed, "");
    return std::all_of(prefixes.begin(), prefixes.end(),
                       [&](const std::string& prefix) { return covers(allowed, prefix); });
  };
  if (const auto* fetch = std::get_if<FetchRequest>(&call)) return may(fetch->prefixes);
  if (const auto* snapshot = std::get_if<SnapshotRequest>(&call)) return may(snapshot->prefixes);
  return !allowed.empty();
}

/// About what kWaitingRequests pages take the reader.
constexpr std::chrono::milliseconds kRetry{250};

}  // namespace

Result<std::unique_ptr<ZmqWire>> ZmqWire::start(const WireOptions& options, LogPosition start,
                                                const Clock& clock, std::string version,
                                                WireSecurity security) {
  auto sockets = ZmqSockets::open(options, security.secret_key);
  if (!sockets) return tl::unexpected(sockets.error());
  std::unique_ptr<ZmqWire> wire(new ZmqWire(options, std::move(start), clock, std::move(version),
                                            std::move(*sockets), security));
  wire->refresh_hello();
  if (auto bound = wire->sockets_.bind_live(); !bound) return tl::unexpected(bound.error());
  wire->live_thread_ = std::jthread([self = wire.get()] { self->run_live(); });
  wire->sync_thread_ =
      std::jthread([self = wire.get()](const std::stop_token& stop) { self->run_sync(stop); });
  return wire;
}

ZmqWire::ZmqWire(const WireOptions& options, LogPosition start, const Clock& clock,
                 std::string version, ZmqSockets sockets, const WireSecurity& security)
    : options_(options),
      clock_(clock),
      version_(std::move(version)),
      sockets_(std::move(sockets)),
      live_(kLiveBatches),
      requests_(kWaitingRequests),
      replies_(kWaitingReplies),
      floor_(start.floor),
      encrypted_(security.encrypted()),
      clients_(security.clients),
      heads_(std::move(start)),
      last_beat_(clock.monotonic()) {}

ZmqWire::~ZmqWire() { stop(); }

void ZmqWire::publish(std::vector<Publication> messages) {
  if (live_.push(std::move(messages))) sockets_.wake_live();
}

void ZmqWire::set_floor(Sequence floor) { floor_ = floor; }

void ZmqWire::reply(SyncReply reply) {
  if (replies_.push(std::move(reply))) sockets_.wake_sync();
}

WireFigures ZmqWire::figures() const {
  WireFigures figures{.messages = counters_.messages,
                      .bytes = counters_.bytes,
                      .beats = counters_.beats,
                      .turned_away = counters_.turned_away,
                      .subscriptions = counters_.subscriptions,
                      .subscribers = counters_.subscribers};
  for (std::size_t op = 0; op < figures.requests.size(); ++op) {
    for (std::size_t i = 0; i < kSyncOutcomes; ++i) {
      figures.requests[op][i] = counters_.requests[op][i];
    }
  }
  return figures;
}

std::chrono::milliseconds ZmqWire::late_by() const {
  const auto silent = clock_.monotonic() - last_beat_.load();
  return std::max(std::chrono::floor<std::chrono::milliseconds>(silent) - options_.heartbeat,
                  std::chrono::milliseconds(0));
}

std::int64_t WireFigures::requests_of(SyncOutcome outcome) const {
  std::int64_t sum = 0;
  for (const auto& of_op : requests) sum += of_op[static_cast<std::size_t>(outcome)];
  return sum;
}

void ZmqWire::set_clients(const std::vector<WireClient>& clients) {
  ClientTable table(clients);
  const std::lock_guard lock(clients_mutex_);
  clients_ = std::move(table);
}

void ZmqWire::stop() {
  live_.close();
  requests_.close();
  replies_.close();
  sync_thread_.request_stop();
  sockets_.wake_live();
  sockets_.wake_sync();
  if (live_thread_.joinable()) live_thread_.join();
  if (sync_thread_.joinable()) sync_thread_.join();
}

void ZmqWire::run_live() {
  next_beat_ = clock_.monotonic();
  while (!live_.drained()) {
    const ZmqSockets::Ready ready = sockets_.wait_live(until_beat());
    publish_queued();
    if (ready.callers) take_callers();
    if (ready.subscriptions) take_subscriptions();
    beat_if_due();
  }
  beat();
}

std::chrono::milliseconds ZmqWire::until_beat() const {
  // The bell may have rung for more than one turn's share.
  if (live_.size() > 0) return std::chrono::milliseconds(0);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_beat_ - clock_.monotonic());
  return std::clamp(left, std::chrono::milliseconds(0), options_.heartbeat);
}

void ZmqWire::run_sync(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const bool more_to_send = !outgoing_.empty() || replies_.size() > 0;
    sockets_.wait_sync(std::chrono::milliseconds(more_to_send ? 0 : -1));
    send_replies();
    take_requests();
  }
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
  last_beat_ = clock_.monotonic();
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

void ZmqWire::send_replies() {
  for (int share = kReplyShare; share > 0; --share) {
    while (outgoing_.size() < kOutgoing) {
      auto reply = replies_.try_pop();
      if (!reply) break;
      outgoing_.push_back({std::move(*reply), 0});
    }
    if (outgoing_.empty()) return;
    Outgoing turn = std::move(outgoing_.front());
    outgoing_.pop_front();
    if (send_next(turn.reply, turn.sent)) outgoing_.push_back(std::move(turn));
  }
}

/// False once the reply is done with.
bool ZmqWire::send_next(SyncReply& reply, std::size_t& sent) {
  if (sent == reply.messages.size()) {
    answer(reply);
    return false;
  }
  const Publication& message = reply.messages[sent++];
  if (sockets_.send(reply.client.identity, "MSG", message.topic, message.body)) return true;
  count(reply.client, SyncOutcome::kUnread);
  return false;
}

void ZmqWire::answer(const SyncReply& reply) {
  const bool sent = sockets_.send(reply.client.identity, reply.verb, reply.body);
  count(reply.client, sent ? reply.outcome : SyncOutcome::kUnread);
}

void ZmqWire::count(const SyncClient& client, SyncOutcome outcome) {
  ++counters_.requests[client.op][static_cast<std::size_t>(outcome)];
}

void ZmqWire::take_requests() {
  for (int i = 0; i < kRequestShare; ++i) {
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
  if (!call) return answer(bad_request(std::move(client), call.error().message));
  client.op = call->index();
  SyncRequest request{std::move(client), std::move(*call), std::nullopt};
  if (encrypted_) {
    request.allowed = allowed_to(received.user);
    if (!may_ask(*request.allowed, request.call)) {
      return answer(forbidden(std::move(request.client), *request.allowed));
    }
  }
  if (requests_.try_push(request)) return;
  answer(busy(std::move(request.client), kRetry));
}

std::vector<std::string> ZmqWire::allowed_to(const std::string& user) const {
  const std::lock_guard lock(clients_mutex_);
  const std::vector<std::string>* topics = clients_.topics_of(user);
  return topics == nullptr ? std::vector<std::string>{} : *topics;
}

void ZmqWire::take_callers() {
  for (int i = 0; i < kCallerShare; ++i) {
    const auto key = sockets_.next_caller();
    if (!key) return;
    const std::lock_guard lock(clients_mutex_);
    if (const std::string* name = clients_.name_of(*key)) {
      sockets_.admit(*name);
    } else {
      ++counters_.turned_away;
      sockets_.turn_away();
    }
  }
}

void ZmqWire::take_subscriptions() {
  for (int i = 0; i < kSubscriptionShare; ++i) {
    const auto subscription = sockets_.next_subscription();
    if (!subscription) return;
    count(*subscription);
    if (encrypted_) decide(*subscription);
  }
}

/// ZeroMQ tells which topic, and not of whom. Every client that follows the protocol listens to
/// heartbeats, and one that does not has often subscribed to everything.
void ZmqWire::count(const ZmqSockets::Subscription& subscription) {
  const bool whole = subscription.topic.empty() || subscription.topic == kBeatTopic;
  const auto add = [&](std::atomic<std::int64_t>& figure) {
    // A client may end what it never began.
    figure = std::max<std::int64_t>(figure + (subscription.begins ? 1 : -1), 0);
  };
  add(counters_.subscriptions);
  if (whole) add(counters_.subscribers);
}

/// The end of a subscription only counts where nothing else can have been granted by the same
/// prefix: a wider one is given the client's own prefixes, which overlap. What a client gets and no
/// longer wants, it drops itself; it is never more than it may have.
void ZmqWire::decide(const ZmqSockets::Subscription& subscription) {
  const std::vector<std::string> allowed = allowed_to(subscription.user);
  if (!subscription.begins) {
    const bool own = std::find(allowed.begin(), allowed.end(), subscription.topic) == allowed.end();
    if (own && covers(allowed, subscription.topic)) sockets_.withdraw(subscription.topic);
    return;
  }
  if (subscription.user.empty()) return;
  for (const std::string& prefix : granted(allowed, subscription.topic)) sockets_.grant(prefix);
}

}  // namespace nutgraf
