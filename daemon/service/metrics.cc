#include "daemon/service/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <array>
#include <cstdio>
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
    Row{"nutgraf_feed_bytes_total", "Bytes of feeds, decompressed.", kCounter, nullptr, nullptr, &Metrics::feed_bytes},
    Row{"nutgraf_items_total", "Items that feeds brought.", kCounter, "what", "new", &Metrics::items_new},
    Row{"nutgraf_items_total", nullptr, kCounter, "what", "changed", &Metrics::items_changed},
    Row{"nutgraf_items_total", nullptr, kCounter, "what", "recorded", &Metrics::items_recorded},
    Row{"nutgraf_pages_total", "Article pages.", kCounter, "outcome", "fetched", &Metrics::pages_fetched},
    Row{"nutgraf_pages_total", nullptr, kCounter, "outcome", "failed", &Metrics::pages_failed},
    Row{"nutgraf_pages_total", nullptr, kCounter, "outcome", "blocked", &Metrics::pages_blocked},
    Row{"nutgraf_pages_total", nullptr, kCounter, "outcome", "unselected", &Metrics::pages_unselected},
    Row{"nutgraf_pages_total", nullptr, kCounter, "outcome", "robots", &Metrics::robots_refused},
    Row{"nutgraf_page_bytes_total", "Bytes of pages, decompressed.", kCounter, nullptr, nullptr, &Metrics::page_bytes},
    Row{"nutgraf_stories_total", "Verdicts on items.", kCounter, "verdict", "published", &Metrics::stories_published},
    Row{"nutgraf_stories_total", nullptr, kCounter, "verdict", "updated", &Metrics::stories_updated},
    Row{"nutgraf_stories_total", nullptr, kCounter, "verdict", "duplicate", &Metrics::stories_duplicate},
    Row{"nutgraf_stories_total", nullptr, kCounter, "verdict", "unchanged", &Metrics::stories_unchanged},
    Row{"nutgraf_stories_total", nullptr, kCounter, "verdict", "dropped", &Metrics::stories_dropped},
    Row{"nutgraf_stories_total", nullptr, kCounter, "verdict", "quarantined", &Metrics::stories_quarantined},
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
    Row{"nutgraf_subscriptions", "Subscriptions of clients to topics.", kGauge, nullptr, nullptr, &Metrics::subscriptions},
    Row{"nutgraf_subscribers", "Clients that listen to heartbeats or everything.", kGauge, nullptr, nullptr, &Metrics::subscribers},
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
    Row{"nutgraf_transfers", "HTTP transfers in flight.", kGauge, nullptr, nullptr, &Metrics::in_flight},
    Row{"nutgraf_transfer_bytes", "Bytes reserved for bodies in flight.", kGauge, nullptr, nullptr, &Metrics::bytes_in_flight},
    Row{"nutgraf_queue", "Length of a queue between threads.", kGauge, "queue", "fetched", &Metrics::fetched_queue},
    Row{"nutgraf_queue", nullptr, kGauge, "queue", "outcomes", &Metrics::outcome_queue},
    Row{"nutgraf_events_live", "Events that may still grow.", kGauge, nullptr, nullptr, &Metrics::events_live},
    Row{"nutgraf_log_head", "Newest sequence number.", kGauge, nullptr, nullptr, &Metrics::log_head},
    Row{"nutgraf_store_failing", "1 while the store refuses what the desk asks of it.", kGauge, nullptr, nullptr, &Metrics::store_failing},
    Row{"nutgraf_last_commit_timestamp_seconds", "When the desk last committed.", kGauge, nullptr, nullptr, &Metrics::last_commit_unix},
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

/// Resident bytes; 0 where /proc is hidden.
double resident_bytes() {
  long total = 0;
  long resident = 0;
  std::FILE* const file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  const int read = std::fscanf(file, "%ld %ld", &total, &resident);
  std::fclose(file);
  return read == 2 ? static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace

std::string render_metrics(const Metrics& metrics) {
  std::vector<prometheus::MetricFamily> families;
  for (const Row& row : kRows) {
    if (row.help != nullptr) families.push_back(family(row));
    const double value = static_cast<double>((metrics.*row.figure).get()) * row.unit;
    families.back().metric.push_back(metric(row, value));
  }
  families.push_back(sync_requests(metrics));
  Row memory{"process_resident_memory_bytes", "Memory in use.", kGauge, nullptr, nullptr, nullptr};
  families.push_back(family(memory));
  families.back().metric.push_back(metric(memory, resident_bytes()));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace nutgraf
