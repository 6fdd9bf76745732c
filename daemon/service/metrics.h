#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace nutgraf {

/// A number that one thread counts and another reads. Relaxed: figures, not signals.
class Figure {
 public:
  void add(std::int64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::int64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// How many values fell into which of the ranges that end at kBounds, as Prometheus' histograms
/// are. Thread-safe.
class Histogram {
 public:
  /// Upper bounds in seconds: from a commit to a story that waited for days.
  static constexpr std::array<double, 14> kBounds{.01, .03, .1,  .3,  1,    3,     10,
                                                  30,  60,  300, 900, 3600, 14400, 86400};

  void observe(std::chrono::milliseconds value);

  /// Not cumulative; the last is what lies beyond all bounds.
  std::array<Figure, kBounds.size() + 1> ranges;
  Figure sum_ms;
};

/// What is counted, in the order of the pipeline. Counters only grow; those under "now" are levels.
/// Thread-safe. metrics.cc gives each its name, label and help in Prometheus.
struct Metrics {
  // Polls, by outcome.
  Figure polls_changed;
  Figure polls_not_modified;
  Figure polls_failed;
  Figure polls_rate_limited;
  Figure feed_bytes;           ///< After decompression.
  Figure polls_failed_in_row;  ///< Now: of all feeds, since the last that did not.
  Figure last_good_poll_unix;  ///< Seconds since 1970; 0: none yet.

  /// Transfers by what was answered: 2xx, 3xx, 4xx, 5xx, no complete response.
  static constexpr std::size_t kFetchOutcomes = 5;
  std::array<Figure, kFetchOutcomes> fetches;

  // Items of feeds.
  Figure items_new;
  Figure items_changed;
  Figure items_recorded;  ///< Known from now on, not published: too old, first poll, a rule.

  // Pages.
  Figure pages_fetched;
  Figure pages_failed;
  Figure pages_rechecked;
  Figure pages_blocked;     ///< A challenge or consent page stood for the article.
  Figure pages_unselected;  ///< A feed's page_select found nothing in them.
  Figure page_bytes;
  Figure robots_refused;

  // Verdicts of the desk.
  Figure stories_published;
  Figure stories_updated;
  Figure stories_duplicate;
  Figure stories_unchanged;
  Figure stories_dropped;
  Figure stories_quarantined;
  Figure stories_retracted;
  Figure stories_retried;

  // What of a new story's way took how long: to when it was handed to the wire, committed.
  Histogram since_published;   ///< From the time that its publisher gives; not of first polls.
  Histogram since_first_seen;  ///< From when we first saw it in its feed.
  Histogram since_response;    ///< From the last byte of its page, or as above if it needed none.

  Figure events_opened;
  Figure events_grown;
  Figure events_merged;
  Figure events_closed;

  // Store and wire.
  Figure commits;
  Figure commits_failed;
  Figure commit_microseconds;  ///< Sum.
  Figure messages;             ///< Committed to the log.
  Figure message_bytes;
  /// Requests of clients that catch up, by what they ask (fetch, snapshot, get, nothing legible)
  /// and by outcome (served, refused, forbidden, busy, malformed, unread).
  static constexpr std::size_t kSyncOps = 4;
  static constexpr std::size_t kSyncOutcomes = 6;
  std::array<std::array<Figure, kSyncOutcomes>, kSyncOps> sync_requests;
  Figure clients_refused;    ///< Connections with a key that is not known.
  Figure work_microseconds;  ///< Sum over all workers.
  Figure reloads;            ///< That came into force.
  Figure reloads_refused;    ///< Because the configuration was wrong.

  // Now.
  Figure subscriptions;
  Figure subscribers;  ///< As far as ZeroMQ tells [daemon/wire/zmq_publisher.h].
  Figure feeds;        ///< Configured; those below are these by their health.
  Figure feeds_ok;
  Figure feeds_silent;
  Figure feeds_thin;
  Figure feeds_blocked;
  Figure feeds_moved;
  Figure feeds_gone;
  Figure feeds_failing;
  Figure oldest_due_ms;  ///< How long the feed that is due longest waits for its turn.
  Figure pending;
  Figure in_flight;
  Figure bytes_in_flight;
  Figure fetched_queue;
  Figure outcome_queue;
  Figure events_live;
  Figure log_head;
  Figure log_floor;  ///< Oldest message that is kept.
  Figure streams;    ///< Of the log over HTTP.
  Figure jobs_queue;
  Figure pages_waiting;  ///< For their host's turn or their feed's.
  Figure store_bytes;    ///< The store's files.
  Figure disk_free;      ///< Bytes of the store's file system that we may use.
  Figure disk_size;
  Figure started_unix;      ///< Seconds since 1970.
  Figure last_reload_ok;    ///< 0 while the configuration's file is one that was refused.
  Figure last_reload_unix;  ///< When the one in force was read.
  Figure store_failing;     ///< 1 while the store refuses what the desk asks of it.
  Figure last_commit_unix;  ///< Seconds since 1970; 0: none yet.
};

/// Everything in Prometheus' text format 0.0.4, with the process's memory and our own `version`.
/// Bounded: no label comes from outside.
std::string render_metrics(const Metrics& metrics, const std::string& version);

/// Resident bytes of this process; 0 where /proc is hidden.
std::int64_t resident_bytes();

}  // namespace nutgraf
