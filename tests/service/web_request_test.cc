#include "daemon/service/web_request.h"

#include <gmock/gmock.h>

#include "daemon/service/web_answer.h"

namespace nutgraf {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

WebParsed parsed(std::string_view bytes) {
  auto result = parse_web_request(bytes);
  EXPECT_TRUE(std::holds_alternative<WebParsed>(result)) << bytes;
  const auto* const one = std::get_if<WebParsed>(&result);
  return one == nullptr ? WebParsed{} : *one;
}

/// 0: a whole request; 1: the beginning of one; else the status that refuses it.
int status_of(std::string_view bytes) {
  const auto result = parse_web_request(bytes);
  if (const auto* const bad = std::get_if<WebBad>(&result)) return bad->status;
  return std::holds_alternative<WebMore>(result) ? 1 : 0;
}

TEST(WebRequest, IsReadAsSent) {
  const std::string first =
      "GET /feed.json?topic=story.en.&topic=event%2E&x=a+b&flag HTTP/1.1\r\n"
      "Host: localhost:9556\r\nLast-Event-ID:  5f0c:17 \r\n\r\n";
  const WebParsed one = parsed(first + "GET / HTTP/1.1\r\n");
  EXPECT_EQ(one.length, first.size());
  EXPECT_EQ(one.request.method, "GET");
  EXPECT_EQ(one.request.path, "/feed.json");
  EXPECT_THAT(one.request.query, ElementsAre(Pair("topic", "story.en."), Pair("topic", "event."),
                                             Pair("x", "a b"), Pair("flag", "")));
  EXPECT_THAT(one.request.parameters("topic"), ElementsAre("story.en.", "event."));
  EXPECT_EQ(*one.request.parameter("x"), "a b");
  EXPECT_EQ(one.request.parameter("y"), nullptr);
  EXPECT_EQ(one.request.host, "localhost:9556");
  EXPECT_EQ(one.request.header("last-event-id"), "5f0c:17");
  EXPECT_TRUE(one.request.keep_alive);
}

TEST(WebRequest, ConnectionsAreKeptAsTheVersionSays) {
  EXPECT_FALSE(parsed("GET / HTTP/1.0\n\n").request.keep_alive);
  EXPECT_TRUE(parsed("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").request.keep_alive);
  EXPECT_FALSE(parsed("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").request.keep_alive);
}

TEST(WebRequest, AnAbsoluteTargetNamesTheHost) {
  const WebRequest request =
      parsed("GET http://a.example:1?x=1 HTTP/1.1\r\nHost: b\r\n\r\n").request;
  EXPECT_EQ(request.host, "a.example:1");
  EXPECT_EQ(request.path, "/");
  EXPECT_THAT(request.query, ElementsAre(Pair("x", "1")));
}

TEST(WebRequest, WhatHasNotEndedIsNotJudged) {
  const std::string whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_EQ(status_of(whole.substr(0, n)), 1) << n;
  EXPECT_EQ(status_of(whole), 0);
}

TEST(WebRequest, WhatIsNoRequestIsRefused) {
  const std::string host = "Host: a\r\n";
  const struct {
    std::string bytes;
    int status;
  } kCases[] = {
      {"\r\n\r\nx", 400},
      {"GET /\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\n" + host + "\r\n", 505},
      {"GET / FTP/1.0\r\n" + host + "\r\n", 400},
      {"G{T / HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET  / HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET x HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET http:// HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /%4 HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /?a=%zz HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /\x01 HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},                            // No Host.
      {"GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},         // Two.
      {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},                // A blank before the colon.
      {"GET / HTTP/1.1\r\n" + host + " folded\r\n\r\n", 400},     // A folded line.
      {"GET / HTTP/1.1\r\n" + host + "X: a\x02\r\n\r\n", 400},    // A control character.
      {"GET / HTTP/1.1\r\n" + host + "X: a\rY: b\r\n\r\n", 400},  // A bare CR.
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", 413},
      {"GET / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n", 413},
      {"GET /" + std::string(3000, 'x'), 414},
      {"GET / HTTP/1.1\r\nX: " + std::string(9000, 'x'), 431},
  };
  for (const auto& one : kCases) EXPECT_EQ(status_of(one.bytes), one.status) << one.bytes;
  std::string many = "GET / HTTP/1.1\r\n" + host;
  for (int i = 0; i < 70; ++i) many += "X: y\r\n";
  EXPECT_EQ(status_of(many + "\r\n"), 431);
}

TEST(WebAnswer, SaysWhatItIs) {
  EXPECT_THAT(head_of({.status = 505, .body = "no\n"}, true),
              AllOf(StartsWith("HTTP/1.1 505 HTTP Version Not Supported\r\nDate: "),
                    HasSubstr("\r\nContent-Length: 3\r\n"), EndsWith("Connection: close\r\n\r\n")));
  for (const int status : {200, 304, 400, 403, 404, 405, 408, 413, 414, 421, 431, 503}) {
    const std::string head = head_of({.status = status}, false);
    EXPECT_GT(head.find('\r'), std::string("HTTP/1.1 200 OK").size() - 1) << head;
    EXPECT_EQ(head.find(" Error\r\n"), std::string::npos) << head;
  }
}

TEST(WebAnswer, ThatNothingChangedHasNoContent) {
  const std::string head = head_of({.status = 304, .headers = {{"ETag", "\"a\""}}}, false);
  EXPECT_THAT(head, AllOf(HasSubstr("\r\nETag: \"a\"\r\n"), Not(HasSubstr("\r\nContent-Type")),
                          Not(HasSubstr("\r\nContent-Length"))));
}

TEST(PercentCode, ReadsBackAsItself) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  std::string back;
  ASSERT_TRUE(percent_decode(percent_encode(all), &back));
  EXPECT_EQ(back, all);
  EXPECT_EQ(percent_encode("story.en_x-1."), "story.en_x-1.");
}

}  // namespace
}  // namespace nutgraf
