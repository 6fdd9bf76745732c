#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/app/announcer.h"
#include "daemon/app/reload.h"
#include "daemon/base/bell.h"
#include "daemon/base/bounded_queue.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/config/config.h"
#include "daemon/desk/desk.h"
#include "daemon/fetch/http_client.h"
#include "daemon/fetcher/fetcher.h"
#include "daemon/pipeline/feed_book.h"
#include "daemon/pipeline/job.h"
#include "daemon/pipeline/mailbox.h"
#include "daemon/pipeline/options.h"
#include "daemon/pipeline/pulse.h"
#include "daemon/pipeline/reader.h"
#include "daemon/service/metrics.h"
#include "daemon/store/sqlite_store.h"
#include "daemon/wire/zmq_publisher.h"

namespace nutgraf {

/// The composition root: owns every long-lived object of the daemon, in the order in which one
/// needs the other, and its threads. The program and the integration tests use it alike.
///
///   create()   opens the store, binds the sockets: nearly everything that can fail
///   start()    the threads
///   stop()     the flow of data ends: fetcher, workers, desk, wire; each drains before the next
///
/// Thread-safe: reload(), stuck(), settings(), book(), metrics(), count_figures(),
/// committed(), ask_feeds(), retract(), reader(). The rest on the owner's thread.
class App {
 public:
  /// What callers tell apart: kBadConfig; kRefused (another daemon has the store) and kTransient (a
  /// port is taken); kStorage.
  static Result<std::unique_ptr<App>> create(Config config, std::string config_path,
                                             std::string version);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  void start();

  /// Drains and ends all threads; the desk gives up after `patience` if the store keeps refusing.
  /// Idempotent.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(20));

  /// Reads the configuration file again. If it is bad, nothing changes and the error lists what is
  /// wrong. Either is logged.
  Result<ReloadReport> reload();

  /// Set once the store turned out to be damaged, or what it remembers could not be read: nothing
  /// is published any more; stop, and tell the operator.
  std::optional<Error> damage() const { return desk_->damage(); }

  /// The name of a thread that has been at one piece of work for longer than `limit`, if there is
  /// one.
  std::optional<std::string> stuck(std::chrono::milliseconds limit) const;

  /// In force, not what waits for a restart; but for its feeds, which are in the book, and for
  /// where each value was read.
  Config settings() const;
  /// Every feed as last configured, and what is remembered of it.
  const FeedBook& book() const;
  /// The same, without waiting for a new configuration to be in force.
  const FeedBook& book_as_it_is() const { return book_; }
  const Metrics& metrics() const { return metrics_; }
  /// Takes over what is counted elsewhere (wire, queues, disk); before the metrics are shown.
  void count_figures();
  void count_streams(std::size_t open) { metrics_.streams.set(static_cast<std::int64_t>(open)); }
  /// Rings after each commit that has messages, when they are with the wire.
  const Bell& committed() const { return committed_; }
  const std::string& version() const { return version_; }
  Time started_at() const { return started_at_; }
  /// Whatever the system's clock did meanwhile.
  std::chrono::seconds uptime() const;
  std::vector<std::string> live_endpoints() const { return wire_->live_endpoints(); }
  std::vector<std::string> sync_endpoints() const { return wire_->sync_endpoints(); }

  /// For `nutgraf feeds pause …`: takes effect within a second.
  void ask_feeds(FeedRequest::Kind kind, const std::vector<std::string>& feed_ids);

  /// For `nutgraf retract`: as Desk::retract(), waiting for it a while.
  Result<Retracted> retract(const std::string& story_id, const std::string& reason,
                            bool purge_text);

  /// A view of the store for the calling thread.
  Result<std::unique_ptr<LogReader>> reader() const { return store_->reader(); }

 private:
  App(Config config, std::string config_path, std::string version);
  Result<void> open();
  template <typename Done>
  void give_up_desk_unless(Monotonic deadline, Done&& done);
  void run_worker(Pulse& pulse);
  WorkOptions work_options_now() const;
  void keep_settings_only();
  Result<ReloadReport> try_reload();

  SystemClock clock_;
  const std::string config_path_;
  const std::string version_;
  const Time started_at_;
  const Monotonic started_;
  const std::string store_path_;
  std::mutex reload_mutex_;  // One at a time, so that what was read last counts.
  mutable std::mutex config_mutex_;
  Config config_;             // Without feeds and origins. Guarded by config_mutex_.
  WorkOptions work_options_;  // Likewise.
  Metrics metrics_;

  FeedBook book_;
  std::unique_ptr<SqliteStore> store_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<Mailbox> mailbox_;
  std::unique_ptr<BoundedQueue<Job>> jobs_;
  std::unique_ptr<BoundedQueue<Outcome>> outcomes_;
  std::unique_ptr<ZmqWire> wire_;
  const Bell committed_;
  std::unique_ptr<Announcer> announcer_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Fetcher> fetcher_;
  std::unique_ptr<Reader> reader_;

  Pulse fetcher_pulse_;
  Pulse desk_pulse_;
  std::deque<Pulse> worker_pulses_;
  std::atomic<bool> desk_done_{false};
  std::atomic<int> workers_left_{0};

  std::jthread fetcher_thread_;
  std::vector<std::jthread> workers_;
  std::jthread desk_thread_;
};

}  // namespace nutgraf
