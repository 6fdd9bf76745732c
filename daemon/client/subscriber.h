#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/client/connection.h"
#include "daemon/client/messages.h"
#include "daemon/client/tracker.h"
#include "daemon/model/publication.h"

namespace nutgraf {

/// Where a subscriber begins.
struct FromNow {};     ///< With the first message after the server's greeting.
struct FromOldest {};  ///< With the oldest message that the server still keeps.
struct FromSequence {
  Sequence after = 0;
};
struct FromTime {
  Time since{};
};
/// With the latest message of every live event, by the age of the event; then what has happened
/// since. The one start at which a message may come before an earlier one of its topic.
struct FromSnapshot {};
using StartAt = std::variant<FromNow, FromOldest, FromSequence, FromTime, FromSnapshot, Cursor>;

struct SubscriberOptions {
  std::string live = "tcp://127.0.0.1:5556";
  std::string sync;                   ///< Empty: where the server's greeting says.
  std::vector<std::string> prefixes;  ///< Of topics; empty: all.
  StartAt start = FromNow{};
  CurveIdentity curve = {};  ///< Where the server is encrypted.
  int receive_hwm = 10'000;  ///< Live messages queued in this process.
  int page = 500;            ///< Messages of a fetched page.
  /// How long the server may be silent to a greeting or a request that is due.
  std::chrono::milliseconds patience{5'000};
};

/// A message, once, after every earlier one of its topic.
struct Message {
  std::string topic;
  std::string body;  ///< JSON, byte for byte as published.
  Sequence seq = 0;
  bool live = false;  ///< False: it was fetched from the log.
};

/// What happened to the stream itself, for people and for logs.
struct Notice {
  enum class Kind {
    kWaiting,       ///< No greeting yet; trying on.
    kCaughtUp,      ///< All that was there when we joined has been delivered.
    kGapFound,      ///< Messages were lost on the way; they are being fetched.
    kGapMended,     ///< They have been delivered.
    kGapLost,       ///< The server no longer keeps them.
    kTooSlow,       ///< Losses keep coming: this client reads more slowly than the server sends.
    kStale,         ///< No sign of life.
    kReconnected,   ///< Back again; what was missed is being fetched.
    kEpochChanged,  ///< Another store, or one that went back in time; messages may come twice.
    kMalformed,     ///< Something that is not a message of this protocol; dropped.
  };
  Kind kind = Kind::kWaiting;
  std::string text;       ///< One line for people.
  std::size_t count = 0;  ///< Of messages delivered, for kGapMended and kCaughtUp.
};
std::string_view to_string(Notice::Kind kind);

using Delivery = std::variant<Message, Notice>;

/// A subscriber that knows what it has not got, and gets it. [docs/protocol.md, "To join"]
///
/// It subscribes, waits for the greeting, fetches everything after its cursor while live messages
/// queue, and then follows live, dropping what it has had. A message whose predecessor never came,
/// and a heartbeat that names a message that never came, mean a loss: then, as after a
/// reconnection, it fetches after its cursor again. That one road serves every misfortune; because
/// heartbeats move the cursor each second, it fetches little twice, and what it does is dropped.
///
/// While it fetches it does not read live messages: they queue, overflow if there are too many,
/// and the loss is found and mended like any other.
///
/// One thread at a time. Nothing happens between the calls of next().
class Subscriber {
 public:
  /// kRefused: not an endpoint. That nobody listens there is not an error: it waits.
  static Result<std::unique_ptr<Subscriber>> connect(SubscriberOptions options);

  /// The next message or notice; nullopt when none came within `timeout` or a signal arrived. To
  /// call it again says that what it returned before has taken effect. An Error is final: the
  /// server refused us, or speaks another protocol.
  Result<std::optional<Delivery>> next(std::chrono::milliseconds timeout);

  /// From where to start next time so that nothing is missed and little comes twice. It covers what
  /// next() had returned before its last call, and moves at the end of a page and at heartbeats,
  /// never with a message alone: an older loss of another topic may yet be found.
  const Cursor& cursor() const { return cursor_; }

  /// Begins again from the cursor on new connections. next() does so by itself after a silence.
  void rejoin();

  ~Subscriber();

 private:
  enum class Phase { kJoining, kFetching, kLive };
  struct CursorMark {
    Cursor cursor;
  };
  struct Snapshot {
    int page = 0;
    int step = 1;
    std::optional<Sequence> next;  // Of page 0: what is newer comes with the pages of the log.
    std::set<Sequence> taken;
  };

  explicit Subscriber(SubscriberOptions options);

  bool receive_one();
  std::chrono::milliseconds until_timer() const;
  void run_timers();

  void take_live(const Connection::Frames& frames);
  void take_hello(std::string_view body);
  void take_beat(std::string_view body);
  void take_message(const Connection::Frames& frames);
  void take_answer(const Connection::Frames& frames);
  void take_page_message(const Connection::Frames& frames);
  void take_snapshot_message(const Connection::Frames& frames, Sequence seq);
  void take_snapshot_end(const SyncAnswer& end);
  void take_end(const SyncAnswer& end);
  void take_error(const SyncAnswer& error);

  void begin(const ServerHello& hello);
  void begin_epoch(const std::string& epoch, std::string_view why);
  void found_loss(std::string text);
  void ask_snapshot();
  void fetch_from(std::optional<Time> since);
  void send_request();
  void finish_fetch();

  void notice(Notice::Kind kind, std::string text, std::size_t count = 0);
  void move_cursor();
  void touch(std::optional<Time> server_time);
  void stop(ErrorCode code, std::string message);

  const SubscriberOptions options_;
  Connection connection_;
  Phase phase_ = Phase::kJoining;
  std::string sync_endpoint_;
  std::optional<Error> fatal_;
  std::deque<std::variant<Message, Notice, CursorMark>> out_;

  // What has been received.
  std::optional<Tracker> tracker_;  // From the first greeting on.
  std::string epoch_;
  std::optional<Time> server_time_;  // Latest that the server told.
  Sequence last_seq_ = 0;            // Of the message with the highest seq, and its time.
  std::optional<Time> last_time_;
  Cursor cursor_;  // As the caller may save it; out_ holds its next positions.

  // The page that is being fetched.
  std::optional<Time> since_;
  std::optional<Snapshot> snapshot_;  // While one is read.
  std::int64_t request_ = 0;
  std::size_t fetched_ = 0;
  int epoch_refusals_ = 0;
  bool caught_up_ = false;
  bool mending_ = false;
  std::optional<Monotonic> retry_at_;

  // Signs of life.
  Monotonic heard_{};  // Anything live, progress of a page, or the begin of joining.
  std::chrono::milliseconds heartbeat_{1000};
  bool told_stale_ = false;
  bool told_waiting_ = false;
  std::optional<Monotonic> last_gap_;
  std::optional<Monotonic> told_slow_;
};

}  // namespace nutgraf
