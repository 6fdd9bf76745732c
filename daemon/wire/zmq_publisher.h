#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/bounded_queue.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/model/publication.h"
#include "daemon/wire/clients.h"
#include "daemon/wire/heads.h"
#include "daemon/wire/options.h"
#include "daemon/wire/publisher.h"
#include "daemon/wire/sync.h"
#include "daemon/wire/zmq_sockets.h"

namespace nutgraf {

/// What the wire has done since it started, for the metrics.
struct WireFigures {
  std::int64_t messages = 0;  ///< Published, not counting heartbeats.
  std::int64_t bytes = 0;     ///< Of their bodies, once each.
  std::int64_t beats = 0;

  /// Requests of the sync socket by what was asked (an index of SyncCall; the last: nothing that
  /// could be read) and by SyncOutcome.
  std::array<std::array<std::int64_t, kSyncOutcomes>, SyncClient::kNoOp + 1> requests{};
  std::int64_t requests_of(SyncOutcome outcome) const;

  std::int64_t turned_away = 0;  ///< Clients whose key is not known.

  // Now, as far as ZeroMQ tells: by subscriptions, whose clients it does not name.
  std::int64_t subscriptions = 0;
  std::int64_t subscribers = 0;  ///< Subscriptions to heartbeats or to everything.
};

/// The wire: a thread that sends what has been committed, and a thread that answers requests, each
/// with a ZeroMQ socket of its own. [docs/protocol.md]
///
/// Two threads, so that a live message never waits behind a page of the log: the live one sleeps
/// nearly always, and so is woken at once also where clients that fetch keep all cores busy.
/// Neither waits for a client. A subscriber that does not read loses messages beyond
/// WireOptions::send_hwm; `prev` and the heartbeats tell it so, and it asks the sync socket for
/// them.
///
/// Public members are thread-safe, except stop() and the destructor, which the owner calls.
class ZmqWire final : public Publisher, public SyncPort {
 public:
  /// Binds and starts the threads. `start` is where the log stands: clients learn it at once.
  /// `clock` must outlive the wire. With a key in `security` everything is encrypted, and only the
  /// clients it names get in, each to its own topics. kTransient: an endpoint is in use;
  /// kBadConfig: it cannot be bound, or must not be.
  static Result<std::unique_ptr<ZmqWire>> start(const WireOptions& options, LogPosition start,
                                                const Clock& clock, std::string version,
                                                WireSecurity security = {});

  ~ZmqWire() override;
  ZmqWire(const ZmqWire&) = delete;
  ZmqWire& operator=(const ZmqWire&) = delete;

  void publish(std::vector<Publication> messages) override;

  /// After pruning: the oldest message that is still kept.
  void set_floor(Sequence floor);

  /// In force on return: for connections made and subscriptions and requests sent from then on.
  /// What a connected client has subscribed to before, it keeps until it connects again.
  void set_clients(const std::vector<WireClient>& clients);

  BoundedQueue<SyncRequest>& requests() override { return requests_; }
  void reply(SyncReply reply) override;

  /// As bound, the ports of wildcards filled in.
  const std::vector<std::string>& live_endpoints() const { return sockets_.live_endpoints(); }
  const std::vector<std::string>& sync_endpoints() const { return sockets_.sync_endpoints(); }

  WireFigures figures() const;

  /// How long a heartbeat is overdue: much says that the live thread hangs.
  std::chrono::milliseconds late_by() const;

  /// Sends what was handed over live, and a last heartbeat; answers are not. The thread
  /// that answers requests sees requests() closed. Idempotent.
  void stop();

 private:
  ZmqWire(const WireOptions& options, LogPosition start, const Clock& clock, std::string version,
          ZmqSockets sockets, const WireSecurity& security);

  // Live thread.
  void run_live();
  std::chrono::milliseconds until_beat() const;
  void publish_queued();
  void beat_if_due();
  void beat();
  void refresh_hello();
  void take_subscriptions();
  void count(const ZmqSockets::Subscription& subscription);
  void decide(const ZmqSockets::Subscription& subscription);
  void take_callers();

  // Sync thread.
  void run_sync(const std::stop_token& stop);
  void send_replies();
  bool send_next(SyncReply& reply, std::size_t& sent);
  void take_requests();
  void take(ZmqSockets::Received received);
  void count(const SyncClient& client, SyncOutcome outcome);
  void answer(const SyncReply& reply);

  // Both.
  std::vector<std::string> allowed_to(const std::string& user) const;

  const WireOptions options_;
  const Clock& clock_;
  const std::string version_;
  ZmqSockets sockets_;  // Each thread its part.

  BoundedQueue<std::vector<Publication>> live_;
  BoundedQueue<SyncRequest> requests_;
  BoundedQueue<SyncReply> replies_;
  std::atomic<Sequence> floor_;
  const bool encrypted_;
  mutable std::mutex clients_mutex_;
  ClientTable clients_;  // Guarded by clients_mutex_.

  // Live thread only.
  Heads heads_;
  Monotonic next_beat_{};

  // Sync thread only.
  struct Outgoing {
    SyncReply reply;
    std::size_t sent = 0;
  };
  std::deque<Outgoing> outgoing_;  // At most kOutgoing, served in turn.

  struct Counters {
    std::atomic<std::int64_t> messages{0}, bytes{0}, beats{0}, turned_away{0}, subscriptions{0},
        subscribers{0};
    std::array<std::array<std::atomic<std::int64_t>, kSyncOutcomes>, SyncClient::kNoOp + 1>
        requests{};
  };
  Counters counters_;
  std::atomic<Monotonic> last_beat_;
  std::jthread live_thread_;
  std::jthread sync_thread_;
};

}  // namespace nutgraf
