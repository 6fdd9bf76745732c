#include "daemon/fetch/curl_client.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <set>
#include <thread>

#include "tests/fetch/fetching.h"

namespace nutgraf {
namespace {

using namespace std::chrono_literals;

using CurlClientTest = Fetching;

TEST_F(CurlClientTest, BringsBodyTypeAndValidators) {
  room->put("/feed", {.body = "<rss/>",
                      .content_type = "text/xml; charset=utf-8",
                      .headers = {{"Cache-Control", "max-age=90"}},
                      .etag = "W/\"x-1\"",
                      .last_modified = "Mon, 02 Mar 2026 10:00:00 GMT"});
  const HttpResponse response = get("/feed");
  EXPECT_FALSE(response.error);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "<rss/>");
  EXPECT_EQ(response.content_type, "text/xml; charset=utf-8");
  EXPECT_EQ(response.etag, "W/\"x-1\"");
  EXPECT_EQ(response.last_modified, "Mon, 02 Mar 2026 10:00:00 GMT");
  EXPECT_EQ(response.max_age, 90s);
  EXPECT_EQ(response.url, room->url("/feed"));
  EXPECT_EQ(response.permanent_url, room->url("/feed"));
  EXPECT_EQ(client.in_flight(), 0u);
}

TEST_F(CurlClientTest, SendsValidatorsByteExactAndNothingElse) {
  room->put("/feed", {.body = "x", .etag = "W/\"a,b\""});
  HttpRequest wanted = request("/feed");
  wanted.etag = "W/\"a,b\"";
  wanted.last_modified = "not even a date";
  wanted.accept = "application/rss+xml";
  wanted.own.headers = {{"X-Key", "1"}, {"X-Smuggle", "a\r\nEvil: 1"}};
  const HttpResponse response = get(wanted);
  EXPECT_EQ(response.status, 304);
  EXPECT_FALSE(response.error);
  EXPECT_EQ(response.body, "");

  const RecordedRequest seen = room->requests("/feed").at(0);
  EXPECT_EQ(seen.header("If-None-Match"), "W/\"a,b\"");
  EXPECT_EQ(seen.header("If-Modified-Since"), "not even a date");
  std::set<std::string> names;
  for (const auto& [name, value] : seen.headers) names.insert(name);
  EXPECT_THAT(names,
              ::testing::ElementsAre("Accept", "Accept-Encoding", "Host", "If-Modified-Since",
                                     "If-None-Match", "User-Agent", "X-Key"));
}

TEST_F(CurlClientTest, AsksUnconditionallyWithoutValidators) {
  room->put("/feed", {.body = "x"});
  EXPECT_EQ(get("/feed").status, 200);
  const RecordedRequest seen = room->requests("/feed").at(0);
  EXPECT_EQ(seen.header("If-None-Match"), std::nullopt);
  EXPECT_EQ(seen.header("If-Modified-Since"), std::nullopt);
}

TEST_F(CurlClientTest, KeepsNoCookies) {
  room->put("/feed", {.body = "x", .headers = {{"Set-Cookie", "id=1; Path=/"}}});
  get("/feed");
  get("/feed");
  EXPECT_EQ(room->requests("/feed").at(1).header("Cookie"), std::nullopt);
}

TEST_F(CurlClientTest, UndoesGzipBrotliAndZstandard) {
  const std::string text(100'000, 'n');
  room->put("/gz", {.body = gzip(text), .headers = {{"Content-Encoding", "gzip"}}});
  room->put("/br", {.body = brotli(text), .headers = {{"Content-Encoding", "br"}}});
  EXPECT_EQ(get("/gz").body, text);
  EXPECT_EQ(get("/br").body, text);
  room->put("/zstd", {.body = zstd(text), .headers = {{"Content-Encoding", "zstd"}}});
  EXPECT_EQ(get("/zstd").body, text);
  EXPECT_EQ(room->requests("/gz").at(0).header("Accept-Encoding"), "gzip, br, zstd");
}

TEST_F(CurlClientTest, A404IsAResponse) {
  const HttpResponse response = get("/nowhere");
  EXPECT_FALSE(response.error);
  EXPECT_EQ(response.status, 404);
}

TEST_F(CurlClientTest, ReadsRetryAfter) {
  room->put("/s", {.status = 503, .headers = {{"Retry-After", "77"}}});
  room->put("/d", {.status = 429, .headers = {{"Retry-After", "Thu, 01 Jan 2150 00:00:00 GMT"}}});
  EXPECT_EQ(get("/s").retry_after, 77s);
  EXPECT_GT(get("/d").retry_after, 365 * 24h);  // Whoever uses it clamps it.
}

TEST_F(CurlClientTest, FollowsRedirectsAndTellsThePermanentPart) {
  room->redirect("/a", "/b", 301);
  room->redirect("/b", room->url("/c"), 308);
  room->redirect("/c", "/d", 302);
  room->put("/d", {.body = "here"});
  const HttpResponse response = get("/a");
  EXPECT_EQ(response.body, "here");
  EXPECT_EQ(response.url, room->url("/d"));
  EXPECT_EQ(response.permanent_url, room->url("/c"));
}

TEST_F(CurlClientTest, CredentialsStayWithTheFirstOrigin) {
  const auto other = Newsroom::start();
  other->put("/there", {.body = "x"});
  room->redirect("/here", other->url("/there"));
  HttpRequest wanted = request("/here");
  wanted.own.userpwd = "user:secret";
  EXPECT_EQ(get(wanted).body, "x");
  EXPECT_EQ(room->requests("/here").at(0).header("Authorization"), "Basic dXNlcjpzZWNyZXQ=");
  EXPECT_EQ(other->requests("/there").at(0).header("Authorization"), std::nullopt);
}

TEST_F(CurlClientTest, IgnoresProxiesOfTheEnvironment) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  room->put("/feed", {.body = "direct"});
  EXPECT_EQ(get("/feed").body, "direct");
  unsetenv("http_proxy");
}

TEST_F(CurlClientTest, ManyTransfersComeBackOnceEach) {
  for (int i = 0; i < 50; ++i) room->put("/" + std::to_string(i), {.body = std::to_string(i)});
  for (std::uint64_t i = 0; i < 500; ++i) {
    HttpRequest wanted = request("/" + std::to_string(i % 50));
    wanted.id = i;
    client.start(wanted);
  }
  EXPECT_EQ(client.in_flight(), 500u);
  std::set<std::uint64_t> ids;
  for (const HttpResponse& response : finish(500)) {
    EXPECT_EQ(response.body, std::to_string(response.id % 50));
    ids.insert(response.id);
  }
  EXPECT_EQ(ids.size(), 500u);
  EXPECT_LE(room->connections(), 8u);  // CurlClientOptions::max_host_connections
}

TEST_F(CurlClientTest, ConnectionsAreReused) {
  room->put("/feed", {.body = "x"});
  for (int i = 0; i < 5; ++i) get("/feed");
  EXPECT_EQ(room->connections(), 1u);
  EXPECT_EQ(client.sockets_opened(), 1u);
}

TEST_F(CurlClientTest, WhatHasNoPlaceAmongTheKeptConnectionsIsClosed) {
  const auto second = Newsroom::start();
  CurlClient narrow(clock, {.max_idle_connections = 1});
  const auto ask = [&](const Newsroom& server) {
    HttpRequest wanted = request("/any");
    wanted.url = server.url("/any");
    narrow.start(std::move(wanted));
    while (narrow.wait(std::chrono::seconds(1)).empty()) {
    }
    return narrow.sockets_opened();
  };
  EXPECT_EQ(ask(*room), 1u);    // Kept.
  EXPECT_EQ(ask(*second), 2u);  // Not kept,
  EXPECT_EQ(ask(*second), 3u);  // as is seen here.
  EXPECT_EQ(ask(*room), 3u);    // Still there.
}

TEST_F(CurlClientTest, AHostThatHangsDoesNotHoldUpOthers) {
  room->put("/silent", {.silent = true});
  room->put("/feed", {.body = "x"});
  CurlClient narrow(clock, {.max_active = 4, .max_resolving = 3, .max_host_connections = 2});
  for (int i = 0; i < 20; ++i) narrow.start(request("/silent"));
  HttpRequest other = request("/feed");
  other.url = "http://localhost:" + std::to_string(room->port()) + "/feed";
  narrow.start(other);
  std::vector<HttpResponse> done;
  for (int i = 0; i < 1'000 && done.empty(); ++i) done = narrow.wait(10s);
  ASSERT_EQ(done.size(), 1u);
  EXPECT_EQ(done[0].body, "x");
  EXPECT_EQ(narrow.in_flight(), 20u);
  EXPECT_LE(room->hits("/silent"), 2u);
}

TEST_F(CurlClientTest, ARequestCanRaiseTheBoundOfItsHost) {
  room->put("/silent", {.silent = true});
  CurlClient narrow(clock, {.max_host_connections = 2});
  for (int i = 0; i < 20; ++i) {
    HttpRequest wanted = request("/silent");
    wanted.host_limit = i < 10 ? 0 : 12;
    narrow.start(wanted);
  }
  for (int i = 0; i < 1'000 && room->hits("/silent") < 12; ++i) narrow.wait(10ms);
  narrow.wait(50ms);
  EXPECT_EQ(room->hits("/silent"), 12u);
}

TEST_F(CurlClientTest, AbandonLeavesNothingBehind) {
  room->put("/silent", {.silent = true});
  room->put("/feed", {.body = "x"});
  for (int i = 0; i < 20; ++i) client.start(request("/silent"));
  EXPECT_TRUE(client.wait(0ms).empty());
  client.abandon();
  EXPECT_EQ(client.in_flight(), 0u);
  EXPECT_EQ(get("/feed").body, "x");
}

TEST_F(CurlClientTest, WakeEndsAWaitFromAnotherThread) {
  room->put("/silent", {.silent = true});
  client.start(request("/silent"));
  const std::jthread waker([this] { client.wake(); });
  EXPECT_TRUE(client.wait(std::chrono::hours(1)).empty());  // Returns, or the test times out.
}

TEST_F(CurlClientTest, AWakeBeforeTheWaitIsNotLost) {
  client.wake();
  EXPECT_TRUE(client.wait(std::chrono::hours(1)).empty());
}

TEST_F(CurlClientTest, ARefusedAddressSeesNoPacket) {
  room->put("/feed", {.body = "secret"});
  for (const std::string host : {"127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]",
                                 "[::ffff:127.0.0.1]", "0.0.0.0"}) {
    HttpRequest wanted = request("/feed");
    wanted.url = "http://" + host + ':' + std::to_string(room->port()) + "/feed";
    wanted.allow_private = false;
    const HttpResponse response = get(wanted);
    ASSERT_TRUE(response.error) << host;
    EXPECT_EQ(response.error->code, ErrorCode::kRefused) << host;
    EXPECT_EQ(response.body, "") << host;
  }
  EXPECT_EQ(client.sockets_opened(), 0u);
  EXPECT_EQ(room->connections(), 0u);
}

TEST_F(CurlClientTest, AKeptPrivateConnectionDoesNotServeAPublicRequest) {
  room->put("/feed", {.body = "secret"});
  EXPECT_EQ(get("/feed").body, "secret");
  HttpRequest wanted = request("/feed");
  wanted.allow_private = false;
  const HttpResponse response = get(wanted);
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.error->code, ErrorCode::kRefused);
  EXPECT_EQ(room->hits("/feed"), 1u);
}

}  // namespace
}  // namespace nutgraf
