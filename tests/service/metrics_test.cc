#include "daemon/service/metrics.h"

#include <gmock/gmock.h>

#include <set>
#include <sstream>

namespace nutgraf {
namespace {

using ::testing::HasSubstr;

TEST(Metrics, AreInPrometheusFormat) {
  Metrics metrics;
  metrics.polls_changed.add(3);
  metrics.commit_microseconds.add(1'500'000);
  metrics.pending.set(7);
  metrics.sync_requests[2][1].set(5);
  metrics.fetches[1].add(4);
  metrics.since_response.observe(std::chrono::milliseconds(30));
  metrics.since_response.observe(std::chrono::milliseconds(31));
  metrics.since_response.observe(std::chrono::hours(100));
  const std::string text = render_metrics(metrics, "9.9");
  EXPECT_THAT(text, HasSubstr("# HELP nutgraf_polls_total Polls of feeds.\n"
                              "# TYPE nutgraf_polls_total counter\n"
                              "nutgraf_polls_total{outcome=\"changed\"} 3\n"
                              "nutgraf_polls_total{outcome=\"not_modified\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("\nnutgraf_commit_seconds_total 1.5\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE nutgraf_pending gauge\nnutgraf_pending 7\n"));
  EXPECT_THAT(text, HasSubstr("nutgraf_sync_requests_total{op=\"get\",outcome=\"refused\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("nutgraf_fetches_total{status=\"3xx\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("nutgraf_build_info{version=\"9.9\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("process_resident_memory_bytes "));
  // A bound belongs to its range; the ranges add up.
  const std::string latency = "nutgraf_latency_seconds";
  const std::string label = "{from=\"response\"";
  EXPECT_THAT(text, HasSubstr(latency + "_bucket" + label + ",le=\"0.01\"} 0\n"));
  EXPECT_THAT(text, HasSubstr(latency + "_bucket" + label + ",le=\"0.03\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(latency + "_bucket" + label + ",le=\"0.1\"} 2\n"));
  EXPECT_THAT(text, HasSubstr(latency + "_bucket" + label + ",le=\"86400\"} 2\n"));
  EXPECT_THAT(text, HasSubstr(latency + "_bucket" + label + ",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr(latency + "_count" + label + "} 3\n"));
  EXPECT_THAT(text, HasSubstr(latency + "_sum" + label + "} 360000.061"));
}

TEST(Metrics, EverySeriesStandsOnce) {
  std::istringstream lines(render_metrics({}, "1"));
  std::set<std::string> series;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << line;
  }
  // One series a figure, a count for each of the three histograms, the version and the memory.
  EXPECT_EQ(series.size(), sizeof(Metrics) / sizeof(Figure) + 3 + 2);
}

}  // namespace
}  // namespace nutgraf
