#include "daemon/client/subscriber.h"

#include <algorithm>
#include <utility>

namespace nutgraf {
namespace {

using std::chrono::milliseconds;

constexpr int kProtocolKnown = 1;

/// Heartbeats that may be missing before we say so, and before we connect anew.
constexpr int kStaleBeats = 3;
constexpr int kReconnectBeats = 10;

/// Greetings and pages that disagree on the epoch, in a row: a restart between the two explains
/// one.
constexpr int kEpochRefusals = 3;

/// Another epoch is read from this much before what we know: clocks may have been set meanwhile.
constexpr std::chrono::seconds kEpochMargin{60};

/// Two losses within this time are no accident; and how often to say so.
constexpr std::chrono::seconds kSlowWindow{60};

Monotonic now() { return std::chrono::steady_clock::now(); }

milliseconds since(Monotonic then) {
  return std::chrono::duration_cast<milliseconds>(now() - then);
}

std::vector<std::string> subscriptions(const std::vector<std::string>& prefixes) {
  if (prefixes.empty()) return {""};
  std::vector<std::string> all = prefixes;
  all.insert(all.end(), {"$hello", "$hb"});
  return all;
}

/// "tcp://*:5557" as told by a server that does not know its own name: on the host we reached it
/// by.
std::string reachable(const std::string& told, const std::string& live) {
  constexpr std::string_view kTcp = "tcp://";
  if (!told.starts_with(kTcp) || !live.starts_with(kTcp)) return told;
  const std::size_t port = told.rfind(':');
  const std::string host = told.substr(kTcp.size(), port - kTcp.size());
  if (host != "*" && host != "0.0.0.0" && host != "[::]") return told;
  return live.substr(0, live.rfind(':')) + told.substr(port);
}

}  // namespace

std::string_view to_string(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::kWaiting:
      return "waiting";
    case Notice::Kind::kCaughtUp:
      return "caught_up";
    case Notice::Kind::kGapFound:
      return "gap_found";
    case Notice::Kind::kGapMended:
      return "gap_mended";
    case Notice::Kind::kGapLost:
      return "gap_lost";
    case Notice::Kind::kTooSlow:
      return "too_slow";
    case Notice::Kind::kStale:
      return "stale";
    case Notice::Kind::kReconnected:
      return "reconnected";
    case Notice::Kind::kEpochChanged:
      return "epoch_changed";
    case Notice::Kind::kMalformed:
      return "malformed";
  }
  return "unknown";
}

Result<std::unique_ptr<Subscriber>> Subscriber::connect(SubscriberOptions options) {
  std::unique_ptr<Subscriber> subscriber(new Subscriber(std::move(options)));
  const SubscriberOptions& given = subscriber->options_;
  if (auto live = subscriber->connection_.connect_live(given.live); !live) {
    return tl::unexpected(live.error());
  }
  if (!given.sync.empty()) {
    if (auto sync = subscriber->connection_.connect_sync(given.sync); !sync) {
      return tl::unexpected(sync.error());
    }
  }
  return subscriber;
}

Subscriber::Subscriber(SubscriberOptions options)
    : options_(std::move(options)),
      connection_(subscriptions(options_.prefixes), options_.receive_hwm, options_.curve),
      heard_(now()) {
  if (const auto* stored = std::get_if<Cursor>(&options_.start)) cursor_ = *stored;
}

Subscriber::~Subscriber() = default;

Result<std::optional<Delivery>> Subscriber::next(milliseconds timeout) {
  const Monotonic deadline = now() + timeout;
  for (;;) {
    while (!out_.empty()) {
      auto first = std::move(out_.front());
      out_.pop_front();
      if (auto* message = std::get_if<Message>(&first)) return Delivery(std::move(*message));
      if (auto* notice = std::get_if<Notice>(&first)) return Delivery(std::move(*notice));
      cursor_ = std::move(std::get<CursorMark>(first).cursor);
    }
    if (fatal_) return tl::unexpected(*fatal_);
    if (receive_one()) continue;
    run_timers();
    if (!out_.empty()) continue;
    const auto left = std::chrono::ceil<milliseconds>(deadline - now());
    if (left <= milliseconds(0)) return std::nullopt;
    const auto woken = connection_.wait(phase_ != Phase::kFetching, std::min(left, until_timer()));
    if (woken == Connection::Woken::kSignal) return std::nullopt;
  }
}

bool Subscriber::receive_one() {
  if (const auto answer = connection_.receive_sync()) {
    take_answer(*answer);
    return true;
  }
  if (phase_ == Phase::kFetching) return false;
  if (const auto frames = connection_.receive_live()) {
    take_live(*frames);
    return true;
  }
  return false;
}

milliseconds Subscriber::until_timer() const {
  milliseconds limit = options_.patience;
  if (phase_ == Phase::kFetching && retry_at_) {
    return std::max(milliseconds(1), std::chrono::ceil<milliseconds>(*retry_at_ - now()));
  }
  if (phase_ == Phase::kLive) limit = heartbeat_ * (told_stale_ ? kReconnectBeats : kStaleBeats);
  return std::max(milliseconds(1), limit - since(heard_) + milliseconds(1));
}

/// Called when there was nothing to receive: a caller that was away for long finds its heartbeats
/// queued, and no silence.
void Subscriber::run_timers() {
  const milliseconds silence = since(heard_);
  switch (phase_) {
    case Phase::kJoining:
      if (silence <= options_.patience) return;
      heard_ = now();
      if (std::exchange(told_waiting_, true)) return;
      return notice(Notice::Kind::kWaiting, "nobody answers at " + options_.live + "; waiting");
    case Phase::kFetching:
      if (retry_at_) {
        if (now() >= *retry_at_) send_request();
        return;
      }
      if (silence <= options_.patience) return;
      if (!std::exchange(told_stale_, true)) {
        notice(Notice::Kind::kStale, sync_endpoint_ + " does not answer; trying on");
      }
      return rejoin();
    case Phase::kLive:
      if (silence > heartbeat_ * kStaleBeats && !std::exchange(told_stale_, true)) {
        notice(Notice::Kind::kStale, "no heartbeat for " + std::to_string(silence.count()) + " ms");
      }
      if (silence > heartbeat_ * kReconnectBeats) rejoin();
  }
}

void Subscriber::rejoin() {
  phase_ = Phase::kJoining;
  heard_ = now();
  retry_at_.reset();
  // It was an endpoint when we first connected.
  [[maybe_unused]] const auto again = connection_.connect_live(options_.live);
}

void Subscriber::take_live(const Connection::Frames& frames) {
  constexpr std::string_view kHello = "$hello";
  const std::string& topic = frames.front();
  if (frames.size() == 1 && topic.starts_with(kHello)) {
    return take_hello(std::string_view(topic).substr(kHello.size()));
  }
  if (phase_ == Phase::kJoining) return;  // Of the time before the greeting: the page has it.
  heard_ = now();
  if (frames.size() != 2) {
    return notice(Notice::Kind::kMalformed,
                  "a message of " + std::to_string(frames.size()) + " frames was dropped");
  }
  if (topic == "$hb") return take_beat(frames[1]);
  if (!topic.starts_with('$')) take_message(frames);
}

void Subscriber::take_hello(std::string_view body) {
  const auto hello = read_hello(body);
  if (!hello) return notice(Notice::Kind::kMalformed, hello.error().message);
  if (hello->protocol != kProtocolKnown) {
    return stop(ErrorCode::kRefused, options_.live + " speaks protocol " +
                                         std::to_string(hello->protocol) + ", this client " +
                                         std::to_string(kProtocolKnown));
  }
  heartbeat_ = hello->heartbeat;
  touch(std::nullopt);
  sync_endpoint_ = options_.sync.empty() ? reachable(hello->sync, options_.live) : options_.sync;
  if (const auto connected = connection_.connect_sync(sync_endpoint_); !connected) {
    return stop(connected.error().code, connected.error().message);
  }
  if (!tracker_) return begin(*hello);
  if (hello->epoch != epoch_) return begin_epoch(hello->epoch, "the server has another store");
  notice(Notice::Kind::kReconnected, "connected again; fetching what was missed");
  mending_ = true;
  if (snapshot_) return ask_snapshot();
  fetch_from(since_);
}

/// The first greeting.
void Subscriber::begin(const ServerHello& hello) {
  epoch_ = hello.epoch;
  if (const auto* stored = std::get_if<Cursor>(&options_.start)) {
    server_time_ = stored->server_time;
    if (stored->epoch != epoch_) {
      return begin_epoch(epoch_, "the cursor is of another store, or of one since restored");
    }
    tracker_.emplace(options_.prefixes, stored->seq);
    return fetch_from(std::nullopt);
  }
  Sequence after = 0;
  if (std::holds_alternative<FromNow>(options_.start)) after = hello.head;
  if (const auto* from = std::get_if<FromSequence>(&options_.start)) after = from->after;
  tracker_.emplace(options_.prefixes, after);
  if (std::holds_alternative<FromSnapshot>(options_.start)) return ask_snapshot();
  const auto* from = std::get_if<FromTime>(&options_.start);
  fetch_from(from == nullptr ? std::nullopt : std::optional(from->since));
}

/// Sequence numbers of one epoch mean nothing in another; the time does.
void Subscriber::begin_epoch(const std::string& epoch, std::string_view why) {
  notice(Notice::Kind::kEpochChanged, std::string(why) + "; messages may come twice");
  epoch_ = epoch;
  tracker_.emplace(options_.prefixes, 0);
  last_seq_ = 0;
  snapshot_.reset();
  fetch_from(server_time_ ? std::optional(*server_time_ - kEpochMargin) : std::nullopt);
}

void Subscriber::take_beat(std::string_view body) {
  const auto beat = read_beat(body);
  if (!beat) return notice(Notice::Kind::kMalformed, beat.error().message);
  if (beat->epoch != epoch_) return rejoin();  // The greeting tells.
  touch(std::nullopt);
  switch (tracker_->beat(beat->head, beat->after, beat->topics)) {
    case Tracker::Beat::kLoss:
      return found_loss("a heartbeat names messages up to " + std::to_string(beat->head) +
                        " that never came");
    case Tracker::Beat::kUnknown:
      return;
    case Tracker::Beat::kComplete:
      touch(beat->time);
      move_cursor();
  }
}

void Subscriber::take_message(const Connection::Frames& frames) {
  const std::string& topic = frames[0];
  const auto envelope = read_envelope(frames[1]);
  if (!envelope) return notice(Notice::Kind::kMalformed, topic + ": " + envelope.error().message);
  if (envelope->epoch != epoch_) return rejoin();
  switch (tracker_->live(topic, envelope->seq, envelope->prev)) {
    case Tracker::Arrival::kSeen:
      return;
    case Tracker::Arrival::kLoss:
      return found_loss(topic + " has lost messages after " +
                        std::to_string(tracker_->known(topic)) + " up to " +
                        std::to_string(envelope->prev));
    case Tracker::Arrival::kNew:
      last_seq_ = envelope->seq;
      last_time_ = envelope->decided_at;
      out_.emplace_back(Message{topic, frames[1], envelope->seq, true});
  }
}

void Subscriber::found_loss(std::string text) {
  notice(Notice::Kind::kGapFound, std::move(text) + "; fetching them");
  const Monotonic moment = now();
  const bool again = last_gap_ && moment - *last_gap_ < kSlowWindow;
  last_gap_ = moment;
  if (again && !(told_slow_ && moment - *told_slow_ < kSlowWindow)) {
    told_slow_ = moment;
    notice(Notice::Kind::kTooSlow, "losses keep coming: messages are read too slowly here");
  }
  mending_ = true;
  fetch_from(std::nullopt);
}

void Subscriber::ask_snapshot() {
  phase_ = Phase::kFetching;
  snapshot_ = Snapshot();
  send_request();
}

void Subscriber::fetch_from(std::optional<Time> since) {
  phase_ = Phase::kFetching;
  since_ = since;
  fetched_ = 0;
  send_request();
}

void Subscriber::send_request() {
  retry_at_.reset();
  heard_ = now();
  const std::string id = std::to_string(++request_);
  if (snapshot_) {
    connection_.request(to_json(SnapshotCall{options_.prefixes, snapshot_->page, id}));
    return;
  }
  FetchCall call{.epoch = epoch_, .prefixes = options_.prefixes, .limit = options_.page, .id = id};
  if (since_) {
    call.since = since_;
  } else {
    call.after = tracker_->complete();
    if (*call.after == last_seq_) call.after_time = last_time_;
    if (*call.after == cursor_.seq && epoch_ == cursor_.epoch) {
      call.after_time = cursor_.message_time;
    }
  }
  // If it cannot be sent, there is no answer in time, and we join again.
  connection_.request(to_json(call));
}

void Subscriber::take_answer(const Connection::Frames& frames) {
  if (phase_ != Phase::kFetching) return;
  heard_ = now();
  if (frames.size() == 3 && frames[0] == "MSG") return take_page_message(frames);
  const auto answer = frames.size() == 2 ? read_answer(frames[1])
                                         : fail(ErrorCode::kMalformed, "an answer was dropped");
  if (!answer) return notice(Notice::Kind::kMalformed, answer.error().message);
  if (answer->id != std::to_string(request_)) return;
  if (frames[0] == "END") return snapshot_ ? take_snapshot_end(*answer) : take_end(*answer);
  if (frames[0] == "ERR") take_error(*answer);
}

void Subscriber::take_page_message(const Connection::Frames& frames) {
  const auto envelope = read_envelope(frames[2]);
  if (!envelope) return notice(Notice::Kind::kMalformed, envelope.error().message);
  if (snapshot_) return take_snapshot_message(frames, envelope->seq);
  // Its epoch is not looked at: a restored log holds messages of the one before, and the request
  // named the log.
  if (!tracker_->fetched(frames[1], envelope->seq)) return;
  ++fetched_;
  last_seq_ = envelope->seq;
  last_time_ = envelope->decided_at;
  out_.emplace_back(Message{frames[1], frames[2], envelope->seq, false});
}

void Subscriber::take_snapshot_message(const Connection::Frames& frames, Sequence seq) {
  if (snapshot_->next && seq > *snapshot_->next) return;
  if (!snapshot_->taken.insert(seq).second) return;
  out_.emplace_back(Message{frames[1], frames[2], seq, false});
}

/// Pages are counted from the oldest event, and one that closes meanwhile moves those after it
/// forward, past a reader who goes up. So if anything happened while we went up, we go down again
/// and drop what we had.
void Subscriber::take_snapshot_end(const SyncAnswer& end) {
  Snapshot& at = *snapshot_;
  if (!at.next) at.next = end.next.value_or(0);
  if (at.step > 0 && !end.more && end.head != at.next) at.step = -1;
  if (at.step > 0 ? !end.more : at.page == 0) {
    tracker_->complete_to(*at.next);
    snapshot_.reset();
    return fetch_from(std::nullopt);
  }
  at.page += at.step;
  send_request();
}

void Subscriber::take_end(const SyncAnswer& end) {
  const Sequence before = tracker_->complete();
  const bool moved = end.next && (*end.next > before || since_);
  if (!end.next || (end.more && !moved)) {
    return stop(ErrorCode::kMalformed, sync_endpoint_ + " sends pages that lead nowhere");
  }
  since_.reset();
  epoch_refusals_ = 0;
  tracker_->complete_to(*end.next);
  if (last_time_) touch(*last_time_);
  move_cursor();
  if (end.more) return send_request();
  finish_fetch();
}

void Subscriber::finish_fetch() {
  phase_ = Phase::kLive;
  touch(std::nullopt);
  if (!std::exchange(caught_up_, true)) {
    notice(Notice::Kind::kCaughtUp, "caught up", fetched_);
  } else if (mending_) {
    notice(Notice::Kind::kGapMended,
           "nothing is missing now; " + std::to_string(fetched_) + " messages were fetched",
           fetched_);
  }
  mending_ = false;
}

void Subscriber::take_error(const SyncAnswer& error) {
  if (error.code == "busy") {
    retry_at_ = now() + error.retry;
  } else if (error.code == "epoch_changed") {
    // The greeting tells; live messages of the old epoch that still queue are of no use.
    if (++epoch_refusals_ < kEpochRefusals) return rejoin();
    stop(ErrorCode::kRefused,
         options_.live + " and " + sync_endpoint_ + " are not of the same server");
  } else if (error.code == "future_cursor") {
    if (!caught_up_ && std::holds_alternative<FromSequence>(options_.start)) {
      return stop(ErrorCode::kRefused, "the server has no message with that sequence number yet");
    }
    begin_epoch(epoch_, "the server's store went back in time");
  } else if (error.code == "cursor_too_old") {
    notice(Notice::Kind::kGapLost, "the server keeps no messages before " +
                                       std::to_string(error.floor) + "; going on from there");
    tracker_->complete_to(error.floor - 1);
    send_request();
  } else {
    stop(ErrorCode::kRefused, sync_endpoint_ + " refuses: " + error.code + " " + error.message);
  }
}

void Subscriber::notice(Notice::Kind kind, std::string text, std::size_t count) {
  out_.emplace_back(Notice{kind, std::move(text), count});
}

void Subscriber::move_cursor() {
  Cursor next{.epoch = epoch_, .seq = tracker_->complete(), .server_time = server_time_};
  if (next.seq == last_seq_) next.message_time = last_time_;
  if (next.seq == cursor_.seq && next.epoch == cursor_.epoch && !next.message_time) {
    next.message_time = cursor_.message_time;
  }
  // All that next() has returned is applied, for it was called again.
  if (out_.empty()) {
    cursor_ = std::move(next);
  } else {
    out_.emplace_back(CursorMark{std::move(next)});
  }
}

void Subscriber::touch(std::optional<Time> server_time) {
  heard_ = now();
  if (phase_ == Phase::kLive || phase_ == Phase::kJoining) told_stale_ = false;
  told_waiting_ = false;
  if (server_time) server_time_ = std::max(server_time_.value_or(*server_time), *server_time);
}

void Subscriber::stop(ErrorCode code, std::string message) {
  fatal_ = Error{code, std::move(message)};
}

}  // namespace nutgraf
