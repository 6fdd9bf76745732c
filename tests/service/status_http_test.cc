#include "daemon/service/status_http.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>

namespace nutgraf {
namespace {

StatusPages pages(std::atomic<bool>& well) {
  return {.health =
              [&] {
                return StatusPages::Health{well, well ? "ok" : "desk stuck"};
              },
          .metrics = [] { return std::string("nutgraf_feeds 3\n"); },
          .status = [] { return std::string("all is well\n"); }};
}

TEST(StatusServer, ServesHealthMetricsAndStatus) {
  std::atomic<bool> well = true;
  const auto server = StatusServer::open("127.0.0.1:0", pages(well));
  ASSERT_TRUE(server) << server.error().message;
  httplib::Client client("127.0.0.1", (*server)->port());
  auto health = client.Get("/healthz");
  ASSERT_TRUE(health);
  EXPECT_EQ(health->status, 200);
  EXPECT_EQ(health->body, "ok\n");
  well = false;
  health = client.Get("/healthz");
  ASSERT_TRUE(health);
  EXPECT_EQ(health->status, 503);
  EXPECT_EQ(health->body, "desk stuck\n");
  const auto metrics = client.Get("/metrics");
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->get_header_value("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(metrics->body, "nutgraf_feeds 3\n");
  const auto missing = client.Get("/etc/passwd");
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->status, 404);
}

TEST(StatusServer, PortInUseIsTransient) {
  std::atomic<bool> well = true;
  const auto server = StatusServer::open("127.0.0.1:0", pages(well));
  ASSERT_TRUE(server);
  const auto second =
      StatusServer::open("127.0.0.1:" + std::to_string((*server)->port()), pages(well));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kTransient);
}

TEST(StatusServer, StopsAtOnceAfterStarting) {
  std::atomic<bool> well = true;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(StatusServer::open("127.0.0.1:0", pages(well)));
}

TEST(StatusServer, RefusesWhatIsNoAddress) {
  std::atomic<bool> well = true;
  EXPECT_EQ(StatusServer::open("nowhere", pages(well)).error().code, ErrorCode::kBadConfig);
}

}  // namespace
}  // namespace nutgraf
