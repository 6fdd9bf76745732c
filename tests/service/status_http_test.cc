#include "daemon/service/status_http.h"

#include <gmock/gmock.h>
#include <httplib.h>

#include <atomic>

namespace nutgraf {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kHello = "{\"type\":\"hello/1\"}";

class StatusServerTest : public ::testing::Test {
 protected:
  StatusPages pages() {
    StatusPages pages;
    pages.health = [this] { return StatusPages::Health{well_, well_ ? "ok" : "desk stuck"}; };
    pages.metrics = [] { return std::string("nutgraf_feeds 3\n"); };
    pages.status = [] { return std::string("{\"version\":\"1\"}"); };
    pages.story_list = [this](const StoryListQuery& query) -> Result<std::string> {
      if (!readable_) return fail(ErrorCode::kStorage, "disk on fire");
      std::string topics;
      for (const std::string& topic : query.topics) topics += topic + ",";
      return query.base_url + " " + topics + " " + std::to_string(query.before.value_or(-1)) + " " +
             std::to_string(query.limit);
    };
    pages.log = LogSource{
        "e1",
        [this](const LogCursor& cursor, const std::vector<std::string>&) -> Result<LogPiece> {
          if (cursor.epoch != "e1") return LogPiece{.refusal = "epoch_changed"};
          LogPiece piece{.next = head_, .refusal = {}};
          for (Sequence seq = cursor.seq + 1; seq <= head_; ++seq) {
            piece.messages.push_back({seq, "story.", "m" + std::to_string(seq)});
          }
          return piece;
        },
        [this]() -> Result<Sequence> {
          if (!readable_) return fail(ErrorCode::kStorage, "disk on fire");
          return head_;
        },
        [](Sequence) { return std::string(kHello); }};
    return pages;
  }

  void open(StatusOptions options = {}, bool mirrored = true) {
    options.listen = "127.0.0.1:0";
    StatusPages all = pages();
    if (!mirrored) {
      all.log.reset();
      all.story_list = nullptr;
    }
    auto opened = StatusServer::open(options, std::move(all), bell_);
    ASSERT_TRUE(opened) << opened.error().message;
    server_ = *std::move(opened);
  }

  httplib::Result get(const std::string& path, const httplib::Headers& headers = {}) {
    return httplib::Client("127.0.0.1", server_->port()).Get(path.c_str(), headers);
  }

  /// What a stream says until `text` has come.
  std::string read_until(const std::string& path, const std::string& text,
                         const httplib::Headers& headers = {}) {
    std::string said;
    httplib::Client client("127.0.0.1", server_->port());
    client.Get(path.c_str(), headers, [&](const char* bytes, std::size_t size) {
      said.append(bytes, size);
      return said.find(text) == std::string::npos;
    });
    return said;
  }

  const Bell bell_;
  std::atomic<bool> well_ = true;
  std::atomic<bool> readable_ = true;
  std::atomic<Sequence> head_ = 3;
  std::unique_ptr<StatusServer> server_;
};

TEST_F(StatusServerTest, ServesHealthMetricsAndStatus) {
  open();
  auto health = get("/healthz");
  ASSERT_TRUE(health);
  EXPECT_EQ(health->status, 200);
  EXPECT_EQ(health->body, "ok\n");
  well_ = false;
  health = get("/healthz");
  ASSERT_TRUE(health);
  EXPECT_EQ(health->status, 503);
  EXPECT_EQ(health->body, "desk stuck\n");
  const auto metrics = get("/metrics");
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->get_header_value("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(metrics->body, "nutgraf_feeds 3\n");
  const auto status = get("/status.json");
  ASSERT_TRUE(status);
  EXPECT_EQ(status->get_header_value("Content-Type"), "application/json; charset=utf-8");
  const auto missing = get("/etc/passwd");
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->status, 404);
}

TEST_F(StatusServerTest, ThePageRunsItsOwnScriptOnly) {
  open();
  const auto page = get("/");
  const auto again = get("/");
  ASSERT_TRUE(page && again);
  EXPECT_EQ(page->get_header_value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page->get_header_value("X-Content-Type-Options"), "nosniff");
  const std::string policy = page->get_header_value("Content-Security-Policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  EXPECT_THAT(page->body, Not(HasSubstr("@NONCE@")));
  // The nonce is of this answer alone.
  const auto at = policy.find("script-src 'nonce-") + 18;
  const std::string nonce = policy.substr(at, 32);
  EXPECT_THAT(page->body, HasSubstr("<script nonce=\"" + nonce + "\">"));
  EXPECT_THAT(again->body, Not(HasSubstr(nonce)));
  // Nothing comes from elsewhere, and text never becomes markup.
  for (const char* const outside : {"src=", "@import", "innerHTML", "outerHTML",
                                    "insertAdjacentHTML", "document.write", "eval("}) {
    EXPECT_THAT(page->body, Not(HasSubstr(outside))) << outside;
  }
}

TEST_F(StatusServerTest, NoOtherOriginMayRead) {
  open({.hosts = {"news.example.org"}});
  for (const char* const own : {"127.0.0.1:1", "localhost", "LocalHost:9556", "[::1]:9556",
                                "192.0.2.7", "news.example.org:443", "x.localhost"}) {
    const auto answer = get("/healthz", {{"Host", own}});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200) << own;
  }
  for (const char* const other : {"evil.example", "127.0.0.1.evil.example",
                                  "localhost.evil.example", "example.org", "localhost@evil"}) {
    for (const char* const path :
         {"/", "/healthz", "/metrics", "/status.json", "/stream", "/feed.json"}) {
      const auto answer = get(path, {{"Host", other}});
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->status, 421) << other << path;
    }
  }
  const auto across =
      get("/feed.json", {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "cors"}});
  ASSERT_TRUE(across);
  EXPECT_EQ(across->status, 403);
  const auto linked = get("/", {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}});
  ASSERT_TRUE(linked);
  EXPECT_EQ(linked->status, 200);
  const auto plain = get("/feed.json", {{"Origin", "http://evil.example"}});
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->has_header("Access-Control-Allow-Origin"));
  EXPECT_EQ(plain->get_header_value("Cross-Origin-Resource-Policy"), "same-origin");
}

TEST_F(StatusServerTest, OnlyGivesAndSaysSo) {
  open();
  httplib::Client client("127.0.0.1", server_->port());
  const auto posted = client.Post("/");
  ASSERT_TRUE(posted);
  EXPECT_EQ(posted->status, 405);
  EXPECT_EQ(posted->get_header_value("Allow"), "GET, HEAD");
  const auto whole = client.Get("/metrics");
  const auto head = client.Head("/metrics");
  ASSERT_TRUE(whole && head);
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(head->get_header_value("Content-Length"), whole->get_header_value("Content-Length"));
  EXPECT_EQ(client.Head("/stream")->get_header_value("Content-Type"),
            "text/event-stream; charset=utf-8");
  EXPECT_EQ(client.Head("/nothing")->status, 404);
}

TEST_F(StatusServerTest, StreamsFromTheCursorAndGoesOnWhenItRings) {
  open();
  EXPECT_THAT(read_until("/stream?after=1", "m3\n\n"),
              HasSubstr("id: e1:2\ndata: m2\n\nid: e1:3\ndata: m3\n\n"));
  // The cursor of a client that comes back wins over the address that it first had.
  EXPECT_THAT(read_until("/stream?after=0", "m3\n\n", {{"Last-Event-ID", "e1:2"}}),
              Not(HasSubstr("m2")));
  EXPECT_THAT(read_until("/stream", "gap", {{"Last-Event-ID", "e0:2"}}),
              HasSubstr("epoch_changed"));
  std::string said;
  httplib::Client client("127.0.0.1", server_->port());
  client.Get("/stream", [&](const char* bytes, std::size_t size) {
    if (said.empty()) {
      head_ = 4;
      bell_.ring();
    }
    said.append(bytes, size);
    return said.find("m4\n\n") == std::string::npos;
  });
  EXPECT_THAT(said, Not(HasSubstr("m3")));
  EXPECT_THAT(said, HasSubstr("id: e1:4\ndata: m4\n\n"));
}

TEST_F(StatusServerTest, WhatIsAskedWronglyIsToldSo) {
  open();
  for (const char* const path : {"/stream?after=x", "/stream?after=", "/stream?after=-1",
                                 "/stream?topic=a%20b", "/feed.json?limit=0", "/feed.json?limit=x",
                                 "/feed.json?before=-3", "/feed.json?topic=%22"}) {
    const auto answer = get(path);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400) << path;
  }
  readable_ = false;
  EXPECT_EQ(get("/stream")->status, 503);
  EXPECT_EQ(get("/feed.json")->status, 503);
}

TEST_F(StatusServerTest, TheListIsGivenOnceUntilItChanges) {
  open();
  const auto list =
      get("/feed.json?topic=story.en.&topic=event.&limit=999&before=7", {{"Host", "localhost:77"}});
  ASSERT_TRUE(list);
  EXPECT_EQ(list->body, "http://localhost:77 story.en.,event., 7 200");
  EXPECT_EQ(list->get_header_value("Content-Type"), "application/feed+json; charset=utf-8");
  const std::string tag = list->get_header_value("ETag");
  const auto again = get("/feed.json?topic=story.en.&topic=event.&limit=999&before=7",
                         {{"Host", "localhost:77"}, {"If-None-Match", tag}});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(again->body, "");
}

TEST_F(StatusServerTest, WithoutTheMirrorThereAreNoStories) {
  open({}, false);
  EXPECT_EQ(get("/stream")->status, 403);
  EXPECT_EQ(get("/feed.json")->status, 403);
  EXPECT_EQ(get("/status.json")->status, 200);
}

TEST_F(StatusServerTest, PortInUseIsTransient) {
  open();
  const auto second = StatusServer::open({.listen = "127.0.0.1:" + std::to_string(server_->port())},
                                         pages(), bell_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kTransient);
}

TEST_F(StatusServerTest, StopsAtOnceAfterStarting) {
  for (int i = 0; i < 20; ++i) open();
}

TEST_F(StatusServerTest, RefusesWhatIsNoAddress) {
  for (const char* const wrong :
       {"nowhere", "127.0.0.1:", "127.0.0.1:70000", "no.such.host.invalid:80", "192.0.2.1:80"}) {
    EXPECT_EQ(StatusServer::open({.listen = wrong}, pages(), bell_).error().code,
              ErrorCode::kBadConfig)
        << wrong;
  }
}

}  // namespace
}  // namespace nutgraf
