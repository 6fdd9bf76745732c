#include "daemon/service/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <utility>
#include <vector>

namespace nutgraf {
namespace {

enum class Type { kCounter, kGauge };

struct Row {
  const char* name = nullptr;
  const char* help = nullptr;  ///< nullptr: another value of the family above.
  Type type = Type::kCounter;
  const char* label = nullptr;  ///< nullptr: the family has one value.
  const char* value = nullptr;
  Figure Metrics::*figure = nullptr;
  double unit = 1;
};

constexpr Type kCounter = Type::kCounter;
constexpr Type kGauge = Type::kGauge;
constexpr double kMicro = 1e-6;
constexpr double kMilli = 1e-3;

// clang-format off
constexpr std::array kRows = {
    Row{"nutgraf_polls_total", "Polls of feeds.", kCounter, "outcome", "changed", &Metrics::polls_changed},
    Row{"nutgraf_polls_total", nullptr, kCounter, "outcome", "not_modified", &Metrics::polls_not_modified},
    Row{"nutgraf_polls_total", nullptr, kCounter, "outcome", "failed", &Metrics::polls_failed},
    Row{"nutgraf_polls_total", nullptr, kCounter, "outcome", "rate_limited", &Metrics::polls_rate_limited},
    Row{"nutgraf_polls_failed_in_row", "Polls that failed one after another, of all feeds: many mean that we have no network.", kGauge, nullptr, nullptr, &Metrics::polls_failed_in_row},
    Row{"nutgraf_last_good_poll_timestamp_seconds", "When a poll last succeeded.", kGauge, nullptr, nullptr, &Metrics::last_good_poll_unix},
    Row{"nutgraf_feed_bytes_total", "Bytes of feeds, decompressed.", kCounter, nullptr, nullptr, &Metrics::feed_bytes},
    Row{"nutgraf_items_total", "Items that feeds brought.", kCounter, "what", "new", &Metrics::items_new},
    Row{"nutgraf_items_total", nullptr, kCounter, "what", "changed", &Metrics::items_changed},
    Row{"nutgraf_items_total", nullptr, kCounter, "what", "recorded", &Metrics::items_recorded},
    Row{"nutgraf_pages_total", "Article pages.", kCounter, "outcome", "fetched", &Metrics::pages_fetched},
    Row{"nutgraf_pages_total", nullptr, kCounter, "outcome", "failed", &Metrics::pages_failed},
    Row{"nutgraf_pages_total", nullptr, kCounter, "outcome", "blocked", &Metrics::pages_blocked},
    Row{"nutgraf_pages_total", nullptr, kCounter, "outcome", "unselected", &Metrics::pages_unselected},
    Row{"nutgraf_pages_total", nullptr, kCounter, "outcome", "rechecked", &Metrics::pages_rechecked},
    Row{"nutgraf_pages_total", nullptr, kCounter, "outcome", "robots", &Metrics::robots_refused},
    Row{"nutgraf_page_bytes_total", "Bytes of pages, decompressed.", kCounter, nullptr, nullptr, &Metrics::page_bytes},
    Row{"nutgraf_stories_total", "Verdicts on items.", kCounter, "verdict", "published", &Metrics::stories_published},
    Row{"nutgraf_stories_total", nullptr, kCounter, "verdict", "updated", &Metrics::stories_updated},
    Row{"nutgraf_stories_total", nullptr, kCounter, "verdict", "duplicate", &Metrics::stories_duplicate},
    Row{"nutgraf_stories_total", nullptr, kCounter, "verdict", "unchanged", &Metrics::stories_unchanged},
    Row{"nutgraf_stories_total", nullptr, kCounter, "verdict", "dropped", &Metrics::stories_dropped},
    Row{"nutgraf_stories_total", nullptr, kCounter, "verdict", "quarantined", &Metrics::stories_quarantined},
    Row{"nutgraf_retracts_total", "Stories withdrawn.", kCounter, nullptr, nullptr, &Metrics::stories_retracted},
    Row{"nutgraf_retries_total", "Items put back to be tried again.", kCounter, nullptr, nullptr, &Metrics::stories_retried},
    Row{"nutgraf_events_total", "Messages about events.", kCounter, "op", "open", &Metrics::events_opened},
    Row{"nutgraf_events_total", nullptr, kCounter, "op", "grow", &Metrics::events_grown},
    Row{"nutgraf_events_total", nullptr, kCounter, "op", "merge", &Metrics::events_merged},
    Row{"nutgraf_events_total", nullptr, kCounter, "op", "close", &Metrics::events_closed},
    Row{"nutgraf_commits_total", "Transactions of the desk.", kCounter, "outcome", "ok", &Metrics::commits},
    Row{"nutgraf_commits_total", nullptr, kCounter, "outcome", "failed", &Metrics::commits_failed},
    Row{"nutgraf_commit_seconds_total", "Time spent in commits.", kCounter, nullptr, nullptr, &Metrics::commit_microseconds, kMicro},
    Row{"nutgraf_work_seconds_total", "Time that workers spent on jobs.", kCounter, nullptr, nullptr, &Metrics::work_microseconds, kMicro},
    Row{"nutgraf_messages_total", "Messages committed to the log.", kCounter, nullptr, nullptr, &Metrics::messages},
    Row{"nutgraf_message_bytes_total", "Bytes of those messages.", kCounter, nullptr, nullptr, &Metrics::message_bytes},
    Row{"nutgraf_clients_refused_total", "Connections with an unknown key.", kCounter, nullptr, nullptr, &Metrics::clients_refused},
    Row{"nutgraf_reloads_total", "Readings of the configuration while running.", kCounter, "outcome", "ok", &Metrics::reloads},
    Row{"nutgraf_reloads_total", nullptr, kCounter, "outcome", "refused", &Metrics::reloads_refused},
    Row{"nutgraf_last_reload_successful", "0 while the configuration file is one that was refused.", kGauge, nullptr, nullptr, &Metrics::last_reload_ok},
    Row{"nutgraf_last_reload_success_timestamp_seconds", "When the configuration in force was read.", kGauge, nullptr, nullptr, &Metrics::last_reload_unix},
    Row{"nutgraf_subscriptions", "Subscriptions of clients to topics.", kGauge, nullptr, nullptr, &Metrics::subscriptions},
    Row{"nutgraf_subscribers", "Clients that listen to heartbeats or everything.", kGauge, nullptr, nullptr, &Metrics::subscribers},
    Row{"nutgraf_streams", "Clients that read the log over HTTP.", kGauge, nullptr, nullptr, &Metrics::streams},
    Row{"nutgraf_feeds_configured", "Feeds configured.", kGauge, nullptr, nullptr, &Metrics::feeds},
    Row{"nutgraf_feeds", "Feeds by their health.", kGauge, "state", "ok", &Metrics::feeds_ok},
    Row{"nutgraf_feeds", nullptr, kGauge, "state", "silent", &Metrics::feeds_silent},
    Row{"nutgraf_feeds", nullptr, kGauge, "state", "thin", &Metrics::feeds_thin},
    Row{"nutgraf_feeds", nullptr, kGauge, "state", "blocked", &Metrics::feeds_blocked},
    Row{"nutgraf_feeds", nullptr, kGauge, "state", "moved", &Metrics::feeds_moved},
    Row{"nutgraf_feeds", nullptr, kGauge, "state", "gone", &Metrics::feeds_gone},
    Row{"nutgraf_feeds", nullptr, kGauge, "state", "failing", &Metrics::feeds_failing},
    Row{"nutgraf_oldest_due_seconds", "How long the feed that is due longest waits for its turn; time that its host is to be left alone does not count.", kGauge, nullptr, nullptr, &Metrics::oldest_due_ms, kMilli},
    Row{"nutgraf_pending", "Items that wait to become stories.", kGauge, nullptr, nullptr, &Metrics::pending},
    Row{"nutgraf_pages_waiting", "Of these, pages that wait for their host's or their feed's turn.", kGauge, nullptr, nullptr, &Metrics::pages_waiting},
    Row{"nutgraf_transfers", "HTTP transfers in flight.", kGauge, nullptr, nullptr, &Metrics::in_flight},
    Row{"nutgraf_transfer_bytes", "Bytes reserved for bodies in flight.", kGauge, nullptr, nullptr, &Metrics::bytes_in_flight},
    Row{"nutgraf_queue", "Length of a queue between threads.", kGauge, "queue", "fetched", &Metrics::fetched_queue},
    Row{"nutgraf_queue", nullptr, kGauge, "queue", "jobs", &Metrics::jobs_queue},
    Row{"nutgraf_queue", nullptr, kGauge, "queue", "outcomes", &Metrics::outcome_queue},
    Row{"nutgraf_events_live", "Events that may still grow.", kGauge, nullptr, nullptr, &Metrics::events_live},
    Row{"nutgraf_log_head", "Newest sequence number.", kGauge, nullptr, nullptr, &Metrics::log_head},
    Row{"nutgraf_log_floor", "Oldest sequence number that is kept.", kGauge, nullptr, nullptr, &Metrics::log_floor},
    Row{"nutgraf_store_bytes", "Size of the store's files.", kGauge, nullptr, nullptr, &Metrics::store_bytes},
    Row{"nutgraf_disk_free_bytes", "What is free on the store's file system.", kGauge, nullptr, nullptr, &Metrics::disk_free},
    Row{"nutgraf_disk_size_bytes", "Size of the store's file system.", kGauge, nullptr, nullptr, &Metrics::disk_size},
    Row{"nutgraf_store_failing", "1 while the store refuses what the desk asks of it.", kGauge, nullptr, nullptr, &Metrics::store_failing},
    Row{"nutgraf_last_commit_timestamp_seconds", "When the desk last committed.", kGauge, nullptr, nullptr, &Metrics::last_commit_unix},
    Row{"process_start_time_seconds", "When the process began.", kGauge, nullptr, nullptr, &Metrics::started_unix},
};
// clang-format on

prometheus::ClientMetric metric(const Row& row, double value) {
  prometheus::ClientMetric out;
  if (row.label != nullptr) out.label.push_back({row.label, row.value});
  out.counter.value = value;
  out.gauge.value = value;
  return out;
}

prometheus::MetricFamily family(const Row& row) {
  return {row.name,
          row.help,
          row.type == kCounter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge,
          {}};
}

constexpr std::array<const char*, Metrics::kSyncOps> kSyncOps = {"fetch", "snapshot", "get",
                                                                 "unknown"};
constexpr std::array<const char*, Metrics::kSyncOutcomes> kSyncOutcomes = {
    "served", "refused", "forbidden", "busy", "malformed", "unread"};

prometheus::MetricFamily sync_requests(const Metrics& metrics) {
  prometheus::MetricFamily out{"nutgraf_sync_requests_total",
                               "Requests of clients that catch up.",
                               prometheus::MetricType::Counter,
                               {}};
  for (std::size_t op = 0; op < kSyncOps.size(); ++op) {
    for (std::size_t outcome = 0; outcome < kSyncOutcomes.size(); ++outcome) {
      prometheus::ClientMetric one;
      one.label = {{"op", kSyncOps[op]}, {"outcome", kSyncOutcomes[outcome]}};
      one.counter.value = static_cast<double>(metrics.sync_requests[op][outcome].get());
      out.metric.push_back(std::move(one));
    }
  }
  return out;
}

constexpr std::array<const char*, Metrics::kFetchOutcomes> kFetchStatus = {"2xx", "3xx", "4xx",
                                                                           "5xx", "none"};

prometheus::MetricFamily fetches(const Metrics& metrics) {
  prometheus::MetricFamily out{"nutgraf_fetches_total",
                               "HTTP transfers, by what was answered in the end.",
                               prometheus::MetricType::Counter,
                               {}};
  for (std::size_t i = 0; i < kFetchStatus.size(); ++i) {
    prometheus::ClientMetric one;
    one.label = {{"status", kFetchStatus[i]}};
    one.counter.value = static_cast<double>(metrics.fetches[i].get());
    out.metric.push_back(std::move(one));
  }
  return out;
}

prometheus::ClientMetric histogram(const Histogram& values, const char* from) {
  prometheus::ClientMetric out;
  out.label = {{"from", from}};
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < values.ranges.size(); ++i) {
    count += static_cast<std::uint64_t>(values.ranges[i].get());
    const double bound = i < Histogram::kBounds.size() ? Histogram::kBounds[i]
                                                       : std::numeric_limits<double>::infinity();
    out.histogram.bucket.push_back({count, bound});
  }
  out.histogram.sample_count = count;
  out.histogram.sample_sum = static_cast<double>(values.sum_ms.get()) * kMilli;
  return out;
}

prometheus::MetricFamily latencies(const Metrics& metrics) {
  return {"nutgraf_latency_seconds",
          "New stories: from `from` until they were committed and handed to the wire.",
          prometheus::MetricType::Histogram,
          {histogram(metrics.since_published, "published"),
           histogram(metrics.since_first_seen, "first_seen"),
           histogram(metrics.since_response, "response")}};
}

/// A family of one value that is not in the table.
prometheus::MetricFamily gauge(const char* name, const char* help, double value) {
  prometheus::MetricFamily out{name, help, prometheus::MetricType::Gauge, {}};
  out.metric.emplace_back().gauge.value = value;
  return out;
}

}  // namespace

void Histogram::observe(std::chrono::milliseconds value) {
  const double seconds = std::chrono::duration<double>(value).count();
  const auto range = std::ranges::lower_bound(kBounds, seconds) - kBounds.begin();
  ranges[static_cast<std::size_t>(range)].add();
  sum_ms.add(value.count());
}

std::int64_t resident_bytes() {
  long total = 0;
  long resident = 0;
  std::FILE* const file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  const int read = std::fscanf(file, "%ld %ld", &total, &resident);
  std::fclose(file);
  return read == 2 ? std::int64_t{resident} * sysconf(_SC_PAGESIZE) : 0;
}

std::string render_metrics(const Metrics& metrics, const std::string& version) {
  std::vector<prometheus::MetricFamily> families;
  for (const Row& row : kRows) {
    if (row.help != nullptr) families.push_back(family(row));
    const double value = static_cast<double>((metrics.*row.figure).get()) * row.unit;
    families.back().metric.push_back(metric(row, value));
  }
  families.push_back(sync_requests(metrics));
  families.push_back(fetches(metrics));
  families.push_back(latencies(metrics));
  families.push_back(gauge("nutgraf_build_info", "1; what runs.", 1));
  families.back().metric.back().label = {{"version", version}};
  families.push_back(gauge("process_resident_memory_bytes", "Memory in use.",
                           static_cast<double>(resident_bytes())));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace nutgraf
