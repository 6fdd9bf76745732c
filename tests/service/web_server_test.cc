#include "daemon/service/web_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <vector>

namespace nutgraf {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A client that is as rude as a test wants it.
class Client {
 public:
  explicit Client(int port, int buffer = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (buffer > 0) setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }

  Client& say(std::string_view text) {
    EXPECT_EQ(send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
    return *this;
  }
  Client& ask(const std::string& path, const std::string& more = "") {
    return say("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n");
  }
  /// Until the text has come, or the end of the connection.
  std::string read_until(std::string_view text) {
    while (said_.find(text) == std::string::npos && read_some()) {
    }
    const auto at = said_.find(text);
    const std::size_t length = at == std::string::npos ? said_.size() : at + text.size();
    std::string out = said_.substr(0, length);
    said_.erase(0, length);
    return out;
  }
  std::string read_all() {
    while (read_some()) {
    }
    return said_;
  }

 private:
  bool read_some() {
    std::array<char, 65536> buffer{};
    const ssize_t got = recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (got > 0) said_.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  Descriptor socket_;
  std::string said_;
};

/// Numbers without end, as many a time as there were rings, in pieces of 64 KiB.
class Numbers final : public WebStream {
 public:
  explicit Numbers(std::atomic<int>& pieces) : pieces_(pieces) {}
  Part next(bool news, Monotonic) override {
    if (!news) return {};
    ++pieces_;
    return {.bytes = std::string(64 << 10, 'x'), .more = true};
  }

 private:
  std::atomic<int>& pieces_;
};

/// A word for each ring.
class Words final : public WebStream {
 public:
  Part next(bool news, Monotonic) override { return {.bytes = news ? "word\n" : ""}; }
};

class WebServerTest : public ::testing::Test {
 protected:
  void open(WebLimits limits = {}) {
    auto opened = WebServer::open("127.0.0.1:0",
                                  {.answer =
                                       [this](const WebRequest& request) {
                                         ++asked_;
                                         WebAnswer answer{.body = request.path + "\n"};
                                         if (request.path == "/large")
                                           answer.body = std::string(8 << 20, 'y');
                                         if (request.path == "/numbers")
                                           answer.stream = std::make_unique<Numbers>(pieces_);
                                         if (request.path == "/words")
                                           answer.stream = std::make_unique<Words>();
                                         return answer;
                                       },
                                   .tick =
                                       [this](std::size_t streams) {
                                         streams_ = streams;
                                         ++ticks_;
                                         ticks_.notify_all();
                                       }},
                                  bell_, limits);
    ASSERT_TRUE(opened) << opened.error().message;
    server_ = *std::move(opened);
  }
  void wait_for_ticks(int count) const {
    const int until = ticks_ + count;
    for (int now = ticks_; now < until; now = ticks_) ticks_.wait(now);
  }
  Client client(int buffer = 0) const { return Client(server_->port(), buffer); }

  const Bell bell_;
  std::atomic<int> asked_ = 0;
  std::atomic<int> pieces_ = 0;
  std::atomic<int> ticks_ = 0;
  std::atomic<std::size_t> streams_ = 0;
  std::unique_ptr<WebServer> server_;
};

TEST_F(WebServerTest, AnswersOneAfterTheOtherOnOneConnection) {
  open();
  Client one = client();
  one.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\nGET /c HT");
  EXPECT_THAT(one.read_until("/a\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
  one.read_until("/b\n");
  one.say("TP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(one.read_all(), HasSubstr("/c\n"));
}

TEST_F(WebServerTest, ManyRequestsInOneGoAreAllAnswered) {
  open();
  Client hasty = client();
  std::string all;
  for (int i = 0; i < 100; ++i) all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  hasty.say(all);
  for (int i = 0; i < 100; ++i) hasty.read_until("\r\n\r\n/" + std::to_string(i) + "\n");
  EXPECT_EQ(asked_, 100);
  EXPECT_THAT(hasty.ask("/last", "Connection: close\r\n").read_all(), HasSubstr("/last\n"));
}

TEST_F(WebServerTest, WhatIsNoRequestIsAnsweredAndCloses) {
  open();
  Client rude = client();
  rude.say("HELLO\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string said = rude.read_all();
  EXPECT_THAT(said, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_THAT(said, HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(asked_, 0);
}

TEST_F(WebServerTest, OneByteAtATimeIsStillARequestAndHoldsUpNobody) {
  open();
  Client slow = client();
  for (const char c : std::string("GET /slow HTTP/1.1\r\nHost: h\r\n")) slow.say({&c, 1});
  EXPECT_THAT(client().ask("/fast", "Connection: close\r\n").read_all(), HasSubstr("/fast\n"));
  slow.say("\r\n");
  EXPECT_THAT(slow.read_until("/slow\n"), HasSubstr("/slow\n"));
}

TEST_F(WebServerTest, AReaderThatIsStuckIsGivenNoMoreThanItsBuffer) {
  open();
  Client stuck = client(4096);
  stuck.ask("/numbers");
  stuck.read_until("\r\n\r\n");
  // The others are served while it does not read; it got what fits, and the rest waits in the log.
  Client live = client();
  live.ask("/words");
  live.read_until("\r\n\r\n");
  for (int i = 0; i < 200; ++i) {
    bell_.ring();
    live.read_until("word\n");
    client().ask("/x", "Connection: close\r\n").read_all();
  }
  EXPECT_LT(pieces_, 40);  // Of 64 KiB: what the kernel's two buffers hold, and one in hand.
  EXPECT_EQ(server_->streams(), 2u);
}

TEST_F(WebServerTest, AReaderThatReadsAgainGetsAll) {
  open();
  Client slow = client(4096);
  slow.ask("/large", "Connection: close\r\n");
  client().ask("/x", "Connection: close\r\n").read_all();
  EXPECT_GT(slow.read_all().size(), 8u << 20);
}

TEST_F(WebServerTest, StreamsAndWhatWaitsAreBounded) {
  open({.streams = 2, .waiting_bytes = 1 << 20});
  Client first = client();
  Client second = client();
  first.ask("/words").read_until("\r\n\r\n");
  second.ask("/words").read_until("\r\n\r\n");
  EXPECT_THAT(client().ask("/words", "Connection: close\r\n").read_all(),
              StartsWith("HTTP/1.1 503 "));
  Client stuck = client(4096);
  stuck.ask("/large").read_until("yyyy");
  EXPECT_THAT(client().ask("/x", "Connection: close\r\n").read_all(), StartsWith("HTTP/1.1 503 "));
}

TEST_F(WebServerTest, AFullHouseMakesRoomForWhoeverAsks) {
  open({.connections = 4});
  std::vector<Client> idle;
  for (int i = 0; i < 12; ++i) {
    idle.push_back(client());
    idle.back().say("GET /idle");
  }
  EXPECT_THAT(client().ask("/x", "Connection: close\r\n").read_all(), HasSubstr("/x\n"));
}

TEST_F(WebServerTest, AConnectionIsKeptWhileItIsIdleButNotForEver) {
  open();
  Client one = client();
  Client two = client();
  one.ask("/a").read_until("/a\n");
  two.ask("/words").read_until("\r\n\r\n");
  wait_for_ticks(2);
  EXPECT_EQ(streams_, 1u);
  EXPECT_THAT(one.ask("/b").read_until("/b\n"), HasSubstr("/b\n"));
  open({.idle = std::chrono::milliseconds(400)});
  Client late = client();
  late.ask("/a").read_until("/a\n");
  EXPECT_EQ(late.read_all(), "") << "It is closed.";
}

TEST_F(WebServerTest, WhoDoesNotEndTheRequestIsTold) {
  open({.patience = std::chrono::milliseconds(1)});
  EXPECT_THAT(client().say("GET / HTTP/1.1\r\n").read_all(), StartsWith("HTTP/1.1 408 "));
}

TEST_F(WebServerTest, EndsWithStreamsOpen) {
  open();
  Client one = client();
  Client stuck = client(4096);
  one.ask("/words").read_until("\r\n\r\n");
  stuck.ask("/numbers").read_until("xxxx");
  server_.reset();
  one.read_all();
}

}  // namespace
}  // namespace nutgraf
