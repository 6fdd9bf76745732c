// The web of the polls benchmark: any number of hosts, all of them this process. Every address of
// 127/8 is loopback, so one socket answers for 127.0.0.1 as for 127.1.19.135; connections from
// elsewhere are closed unread.
//
//   polls_server   prints its port, and then, for each line on stdin, what it has answered so far:
//                  {"documents": …, "not_modified": …, "connections": …}
//
// A request with a validator gets 304, one without a small feed of its own; connections are kept
// for as long as the client likes.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Counts {
  std::uint64_t documents = 0;
  std::uint64_t not_modified = 0;
  std::uint64_t connections = 0;
};

std::string document(std::string_view path) {
  const std::string name(path);
  return "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Feed " + name +
         "</title><link>http://example.org" + name +
         "</link><description>.</description><item><title>The one item of " + name +
         "</title><link>http://example.org" + name + "/1</link><guid>" + name +
         "/1</guid><pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate><description>Its text is "
         "short.</description></item></channel></rss>";
}

/// The answer to one request; `head` ends before the blank line.
std::string answer(std::string_view head, Counts& counts) {
  const std::size_t begin = head.find(' ') + 1;
  const std::string_view path = head.substr(begin, head.find(' ', begin) - begin);
  const std::string validators =
      "Date: Sun, 22 Nov 2026 10:00:00 GMT\r\nServer: polls\r\nETag: \"" + std::string(path) +
      "-0123456789abcdef\"\r\nLast-Modified: Sat, 21 Nov 2026 10:00:00 GMT\r\n"
      "Cache-Control: no-cache\r\nVary: Accept-Encoding\r\n";
  if (head.find("\r\nIf-None-Match:") != std::string_view::npos) {
    ++counts.not_modified;
    return "HTTP/1.1 304 Not Modified\r\n" + validators + "\r\n";
  }
  ++counts.documents;
  const std::string body = document(path);
  return "HTTP/1.1 200 OK\r\n" + validators +
         "Content-Type: application/rss+xml\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

class Server {
 public:
  Server() : epoll_(epoll_create1(0)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    socklen_t size = sizeof any;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&any), size) != 0 ||
        listen(listener_, 4096) != 0) {
      std::perror("polls_server");
      std::exit(1);
    }
    getsockname(listener_, reinterpret_cast<sockaddr*>(&any), &size);
    std::printf("%d\n", ntohs(any.sin_port));
    std::fflush(stdout);
    watch(listener_);
    watch(STDIN_FILENO);
  }

  /// Until stdin ends.
  void run() {
    std::array<epoll_event, 256> events{};
    for (;;) {
      const int ready = epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int i = 0; i < ready; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == STDIN_FILENO && !report()) return;
        if (fd == listener_) accept_all();
        if (fd != STDIN_FILENO && fd != listener_) serve(fd);
      }
    }
  }

 private:
  void watch(int fd) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  bool report() const {
    std::array<char, 256> line{};
    if (read(STDIN_FILENO, line.data(), line.size()) <= 0) return false;
    std::printf("{\"documents\": %llu, \"not_modified\": %llu, \"connections\": %llu}\n",
                static_cast<unsigned long long>(counts_.documents),
                static_cast<unsigned long long>(counts_.not_modified),
                static_cast<unsigned long long>(counts_.connections));
    std::fflush(stdout);
    return true;
  }

  void accept_all() {
    sockaddr_in peer{};
    for (;;) {
      socklen_t size = sizeof peer;
      const int fd = accept4(listener_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK);
      if (fd < 0) return;
      if (ntohl(peer.sin_addr.s_addr) >> 24 != 127) {
        close(fd);
        continue;
      }
      ++counts_.connections;
      const int yes = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      if (static_cast<std::size_t>(fd) >= unread_.size()) unread_.resize(2 * std::size_t(fd) + 1);
      unread_[static_cast<std::size_t>(fd)].clear();
      watch(fd);
    }
  }

  void serve(int fd) {
    std::array<char, 8192> bytes{};
    const ssize_t got = read(fd, bytes.data(), bytes.size());
    std::string& unread = unread_[static_cast<std::size_t>(fd)];
    if (got <= 0 || unread.size() > 65536) {
      close(fd);
      return;
    }
    unread.append(bytes.data(), static_cast<std::size_t>(got));
    for (std::size_t end = unread.find("\r\n\r\n"); end != std::string::npos;
         end = unread.find("\r\n\r\n")) {
      const std::string reply = answer(std::string_view(unread).substr(0, end), counts_);
      unread.erase(0, end + 4);
      if (write(fd, reply.data(), reply.size()) != static_cast<ssize_t>(reply.size())) {
        close(fd);
        return;
      }
    }
  }

  const int epoll_;
  const int listener_;
  std::vector<std::string> unread_;  // By descriptor.
  Counts counts_;
};

}  // namespace

int main() {
  Server server;
  server.run();
}
