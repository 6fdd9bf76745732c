#include "daemon/service/web_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <thread>

#include "daemon/service/tcp_listener.h"

namespace nutgraf {
namespace {

using Steady = std::chrono::steady_clock;

/// Streams are asked at least so often, and limits of time are looked at.
constexpr std::chrono::milliseconds kTick{1000};

/// What the kernel keeps of a client's bytes; it would let that grow to megabytes by itself.
constexpr int kKernelBuffer = 128 << 10;

constexpr std::size_t kNewcomersATurn = 16;

/// Of requests that one client sent in one go.
constexpr int kAnswersATurn = 4;

struct Client {
  Descriptor socket;
  std::string in;
  std::string out;
  std::size_t sent = 0;  // Of out.
  std::unique_ptr<WebStream> stream;
  bool stream_has_more = false;
  bool has_requests = false;  // Beyond those of this turn.
  bool closing = false;       // Once `out` is sent.
  bool dead = false;
  Monotonic progress = Steady::now();
  bool has_output() const { return sent < out.size(); }
};

}  // namespace

class WebServer::Loop {
 public:
  Loop(TcpListener listener, WebHandler handler, const Bell& news, WebLimits limits)
      : port(listener.port),
        handler_(std::move(handler)),
        news_(news),
        limits_(limits),
        listener_(std::move(listener.socket)),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() {
    thread_.request_stop();
    wake_.ring();
    thread_.join();
  }

  const int port;
  std::atomic<std::size_t> streams{0};

 private:
  static constexpr std::size_t kFixed = 3;  // Descriptors watched before those of the clients.

  void run(const std::stop_token& stop) {
    Monotonic next_tick = Steady::now() + kTick;
    while (!stop.stop_requested()) {
      std::vector<pollfd> watched = watch();
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_tick - Steady::now());
      poll(watched.data(), watched.size(),
           waits_for_nothing() ? 0 : static_cast<int>(std::clamp(left, {}, kTick).count()));
      const Monotonic now = Steady::now();
      const bool news = (watched[1].revents & POLLIN) != 0;
      if (news) news_.hush();
      const bool tick = now >= next_tick;
      if (tick) next_tick = now + kTick;
      if (tick && handler_.tick) handler_.tick(streams);
      for (std::size_t i = kFixed; i < watched.size(); ++i) {
        serve(clients_[i - kFixed], watched[i].revents, now);
      }
      for (Client& client : clients_) pump(client, news, tick, now);
      if ((watched[2].revents & POLLIN) != 0) welcome();
      if (tick) out_of_descriptors_ = false;
      if (tick) drop_late(now);
      drop_finished();
    }
  }

  bool waits_for_nothing() const {
    return std::ranges::any_of(clients_, [](const Client& c) {
      return (c.stream_has_more || c.has_requests) && !c.has_output();
    });
  }

  std::size_t plain_clients() const { return clients_.size() - streams; }

  std::vector<pollfd> watch() const {
    // A full house stops listening: newcomers wait in the kernel's backlog.
    const bool room = plain_clients() < limits_.connections && !out_of_descriptors_;
    std::vector<pollfd> out = {
        {wake_.fd(), POLLIN, 0}, {news_.fd(), POLLIN, 0}, {room ? listener_.get() : -1, POLLIN, 0}};
    for (const Client& client : clients_) {
      const short events = client.has_output() ? POLLOUT : client.has_requests ? 0 : POLLIN;
      out.push_back({client.socket.get(), events, 0});
    }
    return out;
  }

  void welcome() {
    for (std::size_t i = 0; i < kNewcomersATurn && plain_clients() < limits_.connections; ++i) {
      Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (!socket) {
        // It stays readable, and poll() would return at once for ever: not before the next tick.
        out_of_descriptors_ = errno == EMFILE || errno == ENFILE;
        return;
      }
      const int yes = 1;
      setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &kKernelBuffer, sizeof kKernelBuffer);
      clients_.emplace_back().socket = std::move(socket);
    }
  }

  void serve(Client& client, short events, Monotonic now) {
    if ((events & POLLOUT) != 0) {
      write_some(client, now);
    } else if (events != 0) {
      read_some(client, now);
    }
    const auto may_answer = [&] {
      return !client.dead && !client.closing && !client.has_output() && !client.stream &&
             !client.in.empty();
    };
    client.has_requests = false;
    for (int answers = 0; may_answer(); ++answers) {
      client.has_requests = answers == kAnswersATurn;
      if (client.has_requests || !answer_next(client)) return;
      client.progress = now;
      write_some(client, now);
    }
  }

  void read_some(Client& client, Monotonic now) {
    std::array<char, 4096> buffer{};
    const ssize_t got = recv(client.socket.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
      client.dead = true;
      return;
    }
    if (client.stream) return;  // It has asked for a stream: nothing else is answered any more.
    // The time for a request runs from its first byte on: one byte a second is no progress.
    if (client.in.empty()) client.progress = now;
    client.in.append(buffer.data(), static_cast<std::size_t>(got));
  }

  void write_some(Client& client, Monotonic now) {
    while (client.has_output()) {
      const ssize_t sent = send(client.socket.get(), client.out.data() + client.sent,
                                client.out.size() - client.sent, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && errno == EAGAIN) return;
      if (sent <= 0) {
        client.dead = true;
        return;
      }
      client.sent += static_cast<std::size_t>(sent);
      client.progress = now;
    }
    client.out = {};  // The room too: a stream lives for days.
    client.sent = 0;
  }

  /// False if no whole request is there.
  bool answer_next(Client& client) {
    auto parsed = parse_web_request(client.in);
    if (std::holds_alternative<WebMore>(parsed)) return false;
    if (const auto* bad = std::get_if<WebBad>(&parsed)) {
      client.in.clear();
      put(client, text_answer(bad->status, bad->why), {.close = true});
      return true;
    }
    const auto& [request, length] = std::get<WebParsed>(parsed);
    client.in.erase(0, length);
    put(client, answer(request), {.close = !request.keep_alive, .head = request.method == "HEAD"});
    return true;
  }

  WebAnswer answer(const WebRequest& request) {
    if (request.method != "GET" && request.method != "HEAD") {
      WebAnswer refused = text_answer(405, "GET and HEAD only");
      refused.headers.emplace_back("Allow", "GET, HEAD");
      return refused;
    }
    std::size_t waiting = 0;
    for (const Client& client : clients_) waiting += client.out.size() - client.sent;
    if (waiting > limits_.waiting_bytes) return busy("too much waits for clients that do not read");
    WebAnswer answer = handler_.answer(request);
    if (answer.stream && streams >= limits_.streams) return busy("too many streams");
    return answer;
  }

  static WebAnswer busy(const std::string& why) {
    WebAnswer answer = text_answer(503, why);
    answer.headers.emplace_back("Retry-After", "5");
    return answer;
  }

  struct Manner {
    bool close = false;
    bool head = false;
  };
  void put(Client& client, WebAnswer answer, Manner manner) {
    client.closing = manner.close || (answer.stream && manner.head);
    client.out = head_of(answer, client.closing || answer.stream);
    if (manner.head) return;
    client.out += answer.body;
    if (!answer.stream) return;
    client.closing = false;
    client.stream = std::move(answer.stream);
    client.stream_has_more = true;
    ++streams;
  }

  void pump(Client& client, bool news, bool tick, Monotonic now) {
    if (!client.stream || client.dead || client.closing || client.has_output()) {
      // What rang meanwhile is found in the log once the client has taken what it was given.
      client.stream_has_more |= news && client.stream;
      return;
    }
    if (!news && !tick && !client.stream_has_more) return;
    WebStream::Part part = client.stream->next(news || client.stream_has_more, now);
    client.stream_has_more = part.more;
    client.closing = part.end;
    client.out = std::move(part.bytes);
    if (!client.out.empty()) client.progress = now;
    write_some(client, now);
  }

  void drop_late(Monotonic now) {
    for (Client& client : clients_) {
      const auto waited = now - client.progress;
      if (client.stream) {
        client.dead |= client.has_output() && waited > limits_.stalled;
      } else if (client.has_output()) {
        client.dead |= waited > limits_.patience;
      } else if (client.in.empty()) {
        client.dead |= waited > limits_.idle;
      } else if (waited > limits_.patience) {
        put(client, text_answer(408, "the request did not end"), {.close = true});
        write_some(client, now);
      }
    }
  }

  void drop_finished() {
    std::erase_if(clients_, [&](const Client& client) {
      const bool over = client.dead || (client.closing && !client.has_output());
      if (over && client.stream) --streams;
      return over;
    });
    if (plain_clients() >= limits_.connections) drop_idlest();
  }

  /// A full house: whoever keeps a connection without asking makes room.
  void drop_idlest() {
    const auto idle = [](const Client& c) { return !c.stream && !c.has_output(); };
    auto oldest = clients_.end();
    for (auto client = clients_.begin(); client != clients_.end(); ++client) {
      if (idle(*client) && (oldest == clients_.end() || client->progress < oldest->progress)) {
        oldest = client;
      }
    }
    if (oldest != clients_.end()) clients_.erase(oldest);
  }

  const WebHandler handler_;
  const Bell& news_;
  const WebLimits limits_;
  const Descriptor listener_;
  const Bell wake_;

  // The loop's thread only.
  std::vector<Client> clients_;
  bool out_of_descriptors_ = false;

  std::jthread thread_;
};

WebServer::WebServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
WebServer::~WebServer() = default;

int WebServer::port() const { return loop_->port; }
std::size_t WebServer::streams() const { return loop_->streams; }

Result<std::unique_ptr<WebServer>> WebServer::open(const std::string& listen, WebHandler handler,
                                                   const Bell& news, WebLimits limits) {
  Result<TcpListener> listener = listen_tcp(listen);
  if (!listener) return tl::unexpected(listener.error());
  return std::unique_ptr<WebServer>(new WebServer(
      std::make_unique<Loop>(*std::move(listener), std::move(handler), news, limits)));
}

}  // namespace nutgraf
