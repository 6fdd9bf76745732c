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
  const std::string text = render_metrics(metrics);
  EXPECT_THAT(text, HasSubstr("# HELP nutgraf_polls_total Polls of feeds.\n"
                              "# TYPE nutgraf_polls_total counter\n"
                              "nutgraf_polls_total{outcome=\"changed\"} 3\n"
                              "nutgraf_polls_total{outcome=\"not_modified\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("\nnutgraf_commit_seconds_total 1.5\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE nutgraf_pending gauge\nnutgraf_pending 7\n"));
  EXPECT_THAT(text, HasSubstr("nutgraf_sync_requests_total{op=\"get\",outcome=\"refused\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("process_resident_memory_bytes "));
}

TEST(Metrics, EverySeriesStandsOnce) {
  std::istringstream lines(render_metrics({}));
  std::set<std::string> series;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << line;
  }
  // One series a figure, and the memory.
  EXPECT_EQ(series.size(), sizeof(Metrics) / sizeof(Figure) + 1);
}

}  // namespace
}  // namespace nutgraf
