#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/fetch/fetching.h"

namespace nutgraf {
namespace {

using namespace std::chrono_literals;

/// What one piece can decompress to here: 16 KiB of hexadecimal digits, which shrink by half.
constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kBody = 200'000;

/// Bytes a second of each body: half a second for the whole, so that they come side by side.
constexpr std::size_t kPace = 2 * kBody;

/// `count` hexadecimal digits, which no compression makes much smaller than half.
std::string digits(std::size_t count, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string text(count, '0');
  for (char& c : text) c = "0123456789abcdef"[random() % 16];
  return text;
}

class PausedTransfers : public Fetching {
 protected:
  /// Starts one without waiting for it.
  void begin(CurlClient& at, const std::string& path, std::uint64_t id,
             std::chrono::milliseconds timeout = 20s) {
    HttpRequest wanted = request(path);
    wanted.id = id;
    wanted.timeout = timeout;
    at.start(std::move(wanted));
  }

  /// Drives the transfers until `reached`; none may end before.
  void drive(CurlClient& at, const std::function<bool()>& reached) {
    for (int rounds = 0; !reached() && rounds < 100'000; ++rounds) {
      ASSERT_TRUE(at.wait(1ms).empty());
    }
    ASSERT_TRUE(reached());
  }

  /// Starts one, and drives the transfers until it is paused.
  void begin_paused(CurlClient& at, const std::string& path, std::uint64_t id,
                    std::chrono::milliseconds timeout = 20s) {
    const std::size_t before = at.paused();
    begin(at, path, id, timeout);
    drive(at, [&] { return at.paused() == before + 1; });
  }

  /// A body that comes slowly, for two seconds, and keeps all others waiting where max_buffered is
  /// 1 byte.
  void begin_slow(CurlClient& at, std::uint64_t id) {
    room->put("/slow", {.body = std::string(400, 's'), .bytes_per_second = 200});
    begin(at, "/slow", id);
    drive(at, [&] { return at.buffered() > 0; });
  }

  std::vector<HttpResponse> finish(CurlClient& at, std::size_t count) {
    std::vector<HttpResponse> all;
    for (int rounds = 0; all.size() < count && rounds < 100'000; ++rounds) {
      std::ranges::move(at.wait(1s), std::back_inserter(all));
    }
    EXPECT_EQ(all.size(), count);
    return all;
  }

  /// All arrive, and in the meantime the bodies in memory stay within the bound.
  void all_arrive_within(std::size_t limit, const std::vector<std::string>& bodies) {
    CurlClient small(clock, {.max_host_connections = 64, .max_buffered = limit});
    for (std::size_t i = 0; i < bodies.size(); ++i) begin(small, "/" + std::to_string(i), i);
    std::size_t most_paused = 0;
    std::size_t arrived = 0;
    for (int rounds = 0; arrived < bodies.size() && rounds < 1'000'000; ++rounds) {
      for (const HttpResponse& response : small.wait(1ms)) {
        EXPECT_FALSE(response.error) << response.error->message;
        EXPECT_TRUE(response.body == bodies.at(response.id)) << response.id;
        ++arrived;
      }
      EXPECT_LE(small.buffered(), limit + kPiece + kBody);
      EXPECT_EQ(small.in_flight(), bodies.size() - arrived);
      most_paused = std::max(most_paused, small.paused());
    }
    EXPECT_EQ(arrived, bodies.size());
    EXPECT_EQ(small.buffered(), 0u);
    EXPECT_EQ(small.paused(), 0u);
    EXPECT_GT(most_paused, 0u);  // Or the limit was not put to the test.
  }

  std::vector<std::string> bodies(std::size_t count) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < count; ++i) {
      all.push_back(digits(kBody - i, static_cast<std::uint32_t>(i)));
    }
    return all;
  }
};

TEST_F(PausedTransfers, LargeBodiesArriveWithALimitForOne) {
  const std::vector<std::string> all = bodies(40);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Framing framing = i % 2 == 0 ? Framing::kLength : Framing::kChunked;
    room->put("/" + std::to_string(i),
              {.body = all[i], .framing = framing, .bytes_per_second = kPace});
  }
  all_arrive_within(300'000, all);
  all_arrive_within(1, all);
  all_arrive_within(0, all);
}

TEST_F(PausedTransfers, CompressedBodiesToo) {
  const std::vector<std::string> all = bodies(40);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool gz = i % 2 == 0;
    room->put("/" + std::to_string(i), {.body = gz ? gzip(all[i]) : brotli(all[i]),
                                        .headers = {{"Content-Encoding", gz ? "gzip" : "br"}},
                                        .bytes_per_second = kPace / 2});
  }
  all_arrive_within(300'000, all);
  all_arrive_within(1, all);
}

TEST_F(PausedTransfers, AbandonWhilePaused) {
  room->put("/feed", {.body = digits(kBody, 1)});
  CurlClient small(clock, {.max_buffered = 1});
  begin_slow(small, 0);
  for (std::uint64_t id = 1; id < 6; ++id) begin_paused(small, "/feed", id);
  EXPECT_EQ(small.in_flight(), 6u);
  small.abandon();
  EXPECT_EQ(small.in_flight(), 0u);
  EXPECT_EQ(small.buffered(), 0u);
  EXPECT_EQ(small.paused(), 0u);
  begin(small, "/feed", 9);
  EXPECT_EQ(finish(small, 1).at(0).body, digits(kBody, 1));
}

TEST_F(PausedTransfers, DestroyedWhilePaused) {
  room->put("/feed", {.body = digits(kBody, 1)});
  CurlClient small(clock, {.max_buffered = 1});
  begin_slow(small, 0);
  begin_paused(small, "/feed", 1);  // The sanitizer tells.
}

TEST_F(PausedTransfers, GoOnInTheOrderOfPausing) {
  for (const char* path : {"/1", "/2", "/3"}) room->put(path, {.body = digits(kBody, 1)});
  CurlClient small(clock, {.max_buffered = 1});
  begin_slow(small, 0);
  for (const std::uint64_t id : {2u, 3u, 1u}) begin_paused(small, "/" + std::to_string(id), id);
  std::vector<std::uint64_t> order;
  for (const HttpResponse& response : finish(small, 4)) order.push_back(response.id);
  EXPECT_THAT(order, ::testing::ElementsAre(0, 2, 3, 1));
}

TEST_F(PausedTransfers, TheirOwnTimeoutEndsThem) {
  room->put("/feed", {.body = digits(kBody, 1)});
  CurlClient small(clock, {.max_buffered = 1});
  begin_slow(small, 0);
  begin_paused(small, "/feed", 1, 500ms);
  const std::vector<HttpResponse> done = finish(small, 2);
  ASSERT_EQ(done.at(0).id, 1u);
  ASSERT_TRUE(done[0].error);
  EXPECT_EQ(done[0].error->code, ErrorCode::kTransient);
  EXPECT_EQ(done[0].fault, NetworkFault::kTimeout);
  EXPECT_EQ(done[0].body, "");
  EXPECT_EQ(done[1].body, std::string(400, 's'));
  EXPECT_EQ(small.paused(), 0u);
  begin(small, "/feed", 2);  // On the handle of one that ended paused.
  EXPECT_EQ(finish(small, 1).at(0).body, digits(kBody, 1));
}

TEST_F(PausedTransfers, TheLowSpeedLimitDoesNotEndThem) {
  const CurlClientOptions options{.low_speed_bytes_per_second = 150, .low_speed_time = 1s};
  room->put("/feed", {.body = "short"});
  room->put("/crawl", {.body = std::string(400, 'c'), .bytes_per_second = 5});
  CurlClient roomy(clock, options);
  begin(roomy, "/crawl", 0);
  EXPECT_EQ(finish(roomy, 1).at(0).fault, NetworkFault::kTimeout);  // It does end others.

  CurlClientOptions tight = options;
  tight.max_buffered = 1;
  CurlClient small(clock, tight);
  room->put("/slow", {.body = std::string(4'000, 's'), .bytes_per_second = 1'000});
  begin(small, "/slow", 0);
  drive(small, [&] { return small.buffered() > 0; });
  begin_paused(small, "/feed", 1);
  const std::vector<HttpResponse> done = finish(small, 2);
  EXPECT_FALSE(done.at(0).error);
  EXPECT_EQ(done.at(0).id, 0u);
  EXPECT_EQ(done.at(1).body, "short");
  EXPECT_GT(done.at(1).took, 1500ms);  // Or the limit was not put to the test.
}

TEST_F(PausedTransfers, WhatWasHeldBackIsJudgedLikeAllElse) {
  room->put("/no-gzip", {.body = "no gzip", .headers = {{"Content-Encoding", "gzip"}}});
  room->put("/large", {.body = digits(kBody, 1), .framing = Framing::kChunked});
  room->put("/cut", {.body = digits(kBody, 1), .cut_after = 100});
  CurlClient small(clock, {.max_buffered = 1});
  begin_slow(small, 0);
  begin_paused(small, "/no-gzip", 1);
  HttpRequest large = request("/large");
  large.id = 2;
  large.max_body = 10;
  small.start(large);
  drive(small, [&] { return small.paused() == 2; });
  begin_paused(small, "/cut", 3);
  const std::vector<HttpResponse> done = finish(small, 4);
  const auto code = [&](std::uint64_t id) {
    const auto found = std::ranges::find(done, id, &HttpResponse::id);
    return found == done.end() || !found->error ? std::nullopt : std::optional(found->error->code);
  };
  EXPECT_EQ(code(0), std::nullopt);
  EXPECT_EQ(code(1), ErrorCode::kMalformed);
  EXPECT_EQ(code(2), ErrorCode::kTooLarge);
  EXPECT_EQ(code(3), ErrorCode::kTransient);
  EXPECT_EQ(small.in_flight(), 0u);
  EXPECT_EQ(small.buffered(), 0u);
}

}  // namespace
}  // namespace nutgraf
