#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <barrier>
#include <string>
#include <string_view>
#include <thread>

#include "daemon/base/clock.h"
#include "daemon/fetch/curl_client.h"

namespace nutgraf {
namespace {

std::string response(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

/// Answers a request, keeps the connection, answers once more when nobody has asked; and then
/// answers the first request that comes on another connection.
class Chatterer {
 public:
  Chatterer() {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof any;
    auto* address = reinterpret_cast<sockaddr*>(&any);
    EXPECT_EQ(bind(listener_, address, size), 0);
    EXPECT_EQ(listen(listener_, 4), 0);
    EXPECT_EQ(getsockname(listener_, address, &size), 0);
    port_ = ntohs(any.sin_port);
    thread_ = std::jthread([this] { serve(); });
  }
  ~Chatterer() {
    thread_.join();
    close(listener_);
  }
  Chatterer(const Chatterer&) = delete;
  Chatterer& operator=(const Chatterer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

  /// To be called when the first answer has been read; returns when the second one has been sent.
  void go_on() {
    said_.arrive_and_wait();
    said_.arrive_and_wait();
  }

 private:
  int take_connection() const {
    const timeval patience{20, 0};
    setsockopt(listener_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const int taken = accept(listener_, nullptr, nullptr);
    setsockopt(taken, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return taken;
  }

  static void read_request(int connection) {
    std::string text;
    char buffer[1024];
    while (text.find("\r\n\r\n") == std::string::npos) {
      const ssize_t got = recv(connection, buffer, sizeof buffer, 0);
      if (got <= 0) return;
      text.append(buffer, static_cast<std::size_t>(got));
    }
  }

  static void say(int connection, const std::string& text) {
    send(connection, text.data(), text.size(), MSG_NOSIGNAL);
  }

  void serve() {
    const int first = take_connection();
    read_request(first);
    say(first, response("first"));
    said_.arrive_and_wait();
    say(first, response("unasked"));
    said_.arrive_and_wait();
    const int second = take_connection();
    read_request(second);
    say(second, response("second"));
    close(second);
    close(first);
  }

  const int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t port_ = 0;
  std::barrier<> said_{2};
  std::jthread thread_;
};

TEST(UnaskedResponse, IsNotTakenForTheNextOnes) {
  Chatterer server;
  SystemClock clock;
  CurlClient client(clock);
  const auto get = [&] {
    HttpRequest wanted;
    wanted.url = server.url();
    wanted.allow_private = true;
    wanted.timeout = std::chrono::seconds(20);
    client.start(std::move(wanted));
    for (;;) {
      std::vector<HttpResponse> done = client.wait(std::chrono::seconds(1));
      if (!done.empty()) return std::move(done.front());
    }
  };
  EXPECT_EQ(get().body, "first");
  server.go_on();
  const HttpResponse second = get();
  EXPECT_FALSE(second.error);
  EXPECT_EQ(second.body, "second");
  EXPECT_EQ(client.sockets_opened(), 2u);
}

}  // namespace
}  // namespace nutgraf
