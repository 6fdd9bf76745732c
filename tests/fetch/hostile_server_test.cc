#include <gmock/gmock.h>

#include <string>

#include "tests/fetch/fetching.h"

namespace nutgraf {
namespace {

using namespace std::chrono_literals;

using HostileServer = Fetching;

constexpr std::size_t kEndless = 1'000'000'000;

struct Misdeed {
  const char* name;
  Resource resource;
  ErrorCode code;
  NetworkFault fault;
};

std::vector<Misdeed> misdeeds() {
  const std::string text(50'000, 'x');
  const std::string gz = gzip("a feed of some length, long enough to be cut in the middle");
  const std::string br = brotli("a feed of some length, long enough to be cut in the middle");
  const auto cut = [](const std::string& bytes) { return bytes.substr(0, bytes.size() - 5); };
  const std::vector<std::pair<std::string, std::string>> gz_header{{"Content-Encoding", "gzip"}};
  const std::vector<std::pair<std::string, std::string>> br_header{{"Content-Encoding", "br"}};
  const std::string zeros(64 << 20, '\0');
  const std::string padding(50'000, '\0');
  const std::string skippable = std::string("\x50\x2a\x4d\x18\x50\xc3\0\0", 8) + padding;
  const std::vector<std::pair<std::string, std::string>> chunks{{"Transfer-Encoding", "chunked"}};
  using enum ErrorCode;
  return {
      {"short of its length", {.body = text, .cut_after = 100}, kTransient, NetworkFault::kBroken},
      {"chunks without the last",
       {.body = text, .framing = Framing::kChunked, .cut_after = 100},
       kTransient,
       NetworkFault::kBroken},
      {"gzip cut, framing intact",
       {.body = cut(gz), .headers = gz_header},
       kTransient,
       NetworkFault::kBroken},
      {"gzip cut by the close",
       {.body = gz, .headers = gz_header, .framing = Framing::kUntilClose, .cut_after = 20},
       kTransient,
       NetworkFault::kBroken},
      {"brotli cut, chunks intact",
       {.body = cut(br), .headers = br_header, .framing = Framing::kChunked},
       kTransient,
       NetworkFault::kBroken},
      {"no gzip at all", {.body = text, .headers = gz_header}, kMalformed, NetworkFault::kNone},
      {"zstd that is none",
       {.body = text, .headers = {{"Content-Encoding", "zstd"}}},
       kMalformed,
       NetworkFault::kNone},
      {"gzip in gzip",
       {.body = gzip(gz), .headers = {{"Content-Encoding", "gzip, gzip"}}},
       kMalformed,
       NetworkFault::kNone},
      {"gzip bomb", {.body = gzip(zeros), .headers = gz_header}, kTooLarge, NetworkFault::kNone},
      {"brotli bomb",
       {.body = brotli(zeros), .headers = br_header},
       kTooLarge,
       NetworkFault::kNone},
      {"endless chunks",
       {.body = text, .framing = Framing::kChunked, .repeat = kEndless},
       kTooLarge,
       NetworkFault::kNone},
      {"endless until close",
       {.body = text, .framing = Framing::kUntilClose, .repeat = kEndless},
       kTooLarge,
       NetworkFault::kNone},
      {"a chunk's extension without end",
       {.body = "5;" + text,
        .headers = chunks,
        .framing = Framing::kUntilClose,
        .repeat = kEndless},
       kTooLarge,
       NetworkFault::kNone},
      {"extensions longer than their chunks",
       {.body = "1;" + text + "\r\nx\r\n",
        .headers = chunks,
        .framing = Framing::kUntilClose,
        .repeat = kEndless},
       kTooLarge,
       NetworkFault::kNone},
      {"padding behind gzip without end",
       {.body = gz + padding,
        .headers = gz_header,
        .framing = Framing::kUntilClose,
        .repeat = kEndless},
       kTooLarge,
       NetworkFault::kNone},
      {"frames of zstd to be skipped, without end",
       {.body = skippable,
        .headers = {{"Content-Encoding", "zstd"}},
        .framing = Framing::kUntilClose,
        .repeat = kEndless},
       kTooLarge,
       NetworkFault::kNone},
      {"promises too much", {.body = text, .repeat = 1000}, kTooLarge, NetworkFault::kNone},
      {"promises more than there are numbers",
       {.raw = "HTTP/1.1 200 OK\r\nContent-Length: 1180591620717411303424\r\n\r\n" + text},
       kTooLarge,
       NetworkFault::kNone},
      {"gzip in gzip, a header line each",
       {.body = gzip(gz), .headers = {gz_header[0], gz_header[0]}},
       kMalformed,
       NetworkFault::kNone},
      {"endless headers", {.endless_headers = true}, kTooLarge, NetworkFault::kNone},
      {"one header without end",
       {.raw = "HTTP/1.1 200 OK\r\nX: " + std::string(1 << 20, 'x')},
       kTooLarge,
       NetworkFault::kNone},
      {"no HTTP", {.raw = "220 mail.example ESMTP\r\n"}, kMalformed, NetworkFault::kBroken},
      {"HTTP/0.9", {.raw = "<rss></rss>"}, kMalformed, NetworkFault::kBroken},
      {"nothing at all", {.raw = ""}, kTransient, NetworkFault::kBroken},
      {"half a header",
       {.raw = "HTTP/1.1 200 OK\r\nContent-Ty"},
       kTransient,
       NetworkFault::kBroken},
      {"negative length",
       {.raw = "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"},
       kMalformed,
       NetworkFault::kBroken},
      {"chunk of nonsense",
       {.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n"},
       kTransient,
       NetworkFault::kBroken},
  };
}

TEST_F(HostileServer, EveryMisdeedIsAnErrorAndOthersGoOn) {
  room->put("/good", {.body = "fine"});
  for (const Misdeed& misdeed : misdeeds()) {
    SCOPED_TRACE(misdeed.name);
    room->put("/bad", misdeed.resource);
    HttpRequest wanted = request("/bad");
    wanted.max_body = 1 << 20;
    const HttpResponse response = get(wanted);
    ASSERT_TRUE(response.error);
    EXPECT_EQ(response.error->code, misdeed.code) << response.error->message;
    EXPECT_EQ(response.fault, misdeed.fault) << response.error->message;
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(get("/good").body, "fine");
  }
}

TEST_F(HostileServer, SilenceAndDripsEndAtTheTimeout) {
  room->put("/silent", {.silent = true});
  room->put("/drip", {.body = std::string(10'000, 'x'), .bytes_per_second = 20});
  room->put("/slow-head",
            {.bytes_per_second = 20, .raw = "HTTP/1.1 200 OK\r\nX: " + std::string(10'000, 'x')});
  for (const char* path : {"/silent", "/drip", "/slow-head"}) {
    HttpRequest wanted = request(path);
    wanted.timeout = 150ms;
    const HttpResponse response = get(wanted);
    ASSERT_TRUE(response.error) << path;
    EXPECT_EQ(response.error->code, ErrorCode::kTransient) << path;
    EXPECT_EQ(response.fault, NetworkFault::kTimeout) << path;
  }
}

TEST_F(HostileServer, ASlowBodyWithinTheTimeoutArrives) {
  room->put("/slow", {.body = "0123456789", .bytes_per_second = 100});
  EXPECT_EQ(get("/slow").body, "0123456789");
}

TEST_F(HostileServer, WhatAKeptConnectionBroughtBeforeCountsForNothing) {
  room->put("/feed", {.body = std::string(60'000, 'x'), .bytes_per_second = 2'000'000});
  for (int i = 0; i < 30; ++i) {
    HttpRequest wanted = request("/feed");
    wanted.max_body = 64 << 10;
    const HttpResponse response = get(wanted);
    ASSERT_FALSE(response.error) << i << ": " << response.error->message;
    EXPECT_EQ(response.body.size(), 60'000u);
  }
  EXPECT_EQ(room->connections(), 1u);
}

TEST_F(HostileServer, AChunkForEachByteIsRead) {
  room->put("/feed", {.body = "x", .framing = Framing::kChunked, .repeat = 100'000});
  HttpRequest wanted = request("/feed");
  wanted.max_body = 128 << 10;
  EXPECT_EQ(get(wanted).body.size(), 100'000u);
}

TEST_F(HostileServer, RedirectLoopsEnd) {
  room->redirect("/loop", "/loop");
  HttpRequest wanted = request("/loop");
  wanted.max_redirects = 4;
  const HttpResponse response = get(wanted);
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.error->code, ErrorCode::kTooLarge);
  EXPECT_EQ(room->hits("/loop"), 5u);
}

TEST_F(HostileServer, TheEndOfARedirectsBodyIsNotWaitedFor) {
  room->put("/good", {.body = "fine"});
  room->put("/endless", {.body = std::string(50'000, 'x'),
                         .status = 302,
                         .headers = {{"Location", "/good"}},
                         .framing = Framing::kChunked,
                         .repeat = kEndless});
  room->put("/extended", {.body = "5;" + std::string(50'000, 'x'),
                          .status = 302,
                          .headers = {{"Location", "/good"}, {"Transfer-Encoding", "chunked"}},
                          .framing = Framing::kUntilClose,
                          .repeat = kEndless});
  for (const char* path : {"/endless", "/extended"}) {
    const HttpResponse response = get(path);
    EXPECT_FALSE(response.error) << path << ": " << response.error->message;
    EXPECT_EQ(response.body, "fine") << path;
  }
}

TEST_F(HostileServer, RedirectsToOtherSchemesAreRefused) {
  for (const char* target : {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"}) {
    room->redirect("/out", target);
    const HttpResponse response = get("/out");
    ASSERT_TRUE(response.error) << target;
    EXPECT_EQ(response.error->code, ErrorCode::kRefused) << target;
  }
}

TEST_F(HostileServer, OddUrlsAreErrorsNotCrashes) {
  for (const char* url : {"", "nonsense", "ftp://127.0.0.1/", "file:///etc/passwd", "http://",
                          "http://[::1", "http:// spaces /"}) {
    HttpRequest wanted = request("/");
    wanted.url = url;
    EXPECT_TRUE(get(wanted).error) << url;
  }
  EXPECT_EQ(room->total_hits(), 0u);
}

TEST_F(HostileServer, ARefusedConnectionIsAConnectFault) {
  HttpRequest wanted = request("/");
  {
    const auto closed = Newsroom::start();
    wanted.url = closed->url("/");
  }
  const HttpResponse response = get(wanted);
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.error->code, ErrorCode::kTransient);
  EXPECT_EQ(response.fault, NetworkFault::kConnect);
}

TEST_F(HostileServer, AnUnknownNameIsAResolveFault) {
  HttpRequest wanted = request("/");
  wanted.url = "http://no-such-host.invalid/";  // [RFC 6761, section 6.4]
  const HttpResponse response = get(wanted);
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.fault, NetworkFault::kResolve);
}

}  // namespace
}  // namespace nutgraf
