#include "daemon/service/control.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/base/bell.h"
#include "daemon/service/unix_socket.h"

namespace nutgraf {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxClients = 16;
constexpr std::size_t kMaxRequest = std::size_t{64} << 10;
constexpr std::size_t kMaxAnswer = std::size_t{64} << 20;
constexpr std::chrono::milliseconds kTick{1000};
constexpr std::chrono::seconds kPatience{30};
/// Whoever got no further for so long gives his place up to a newcomer.
constexpr std::chrono::seconds kIdle{1};
/// Where a newcomer has to wait: until he is looked for again.
constexpr std::chrono::milliseconds kLater{100};

struct Client {
  Descriptor socket;
  std::string in;
  std::string out;
  Clock::time_point last_progress = Clock::now();
  bool closing = false;  ///< To be dropped once `out` is sent.
};

enum class Io { kProgress, kWait, kEnd };

Io read_some(int fd, std::string& into) {
  std::array<char, 16384> buffer{};
  const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
  if (got > 0) {
    into.append(buffer.data(), static_cast<std::size_t>(got));
    return Io::kProgress;
  }
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Io::kWait;
  return Io::kEnd;
}

Io write_some(int fd, std::string& from) {
  const ssize_t sent = send(fd, from.data(), from.size(), MSG_NOSIGNAL);
  if (sent >= 0) {
    from.erase(0, static_cast<std::size_t>(sent));
    return Io::kProgress;
  }
  return errno == EAGAIN || errno == EINTR ? Io::kWait : Io::kEnd;
}

}  // namespace

class ControlServer::Loop {
 public:
  Loop(std::string path, Descriptor listener, Handler handler)
      : path_(std::move(path)),
        handler_(std::move(handler)),
        listener_(std::move(listener)),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}

  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  ~Loop() {
    thread_.request_stop();
    wake_.ring();
    thread_.join();
    unlink(path_.c_str());
  }

 private:
  static constexpr std::size_t kFixed = 2;  // Descriptors watched before those of the clients.

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const bool listening = may_listen(Clock::now());
      std::vector<pollfd> watched = watch(listening);
      poll(watched.data(), watched.size(), static_cast<int>((listening ? kTick : kLater).count()));
      if (stop.stop_requested()) return;
      const auto polled_at = Clock::now();
      const bool newcomer = (watched[1].revents & POLLIN) != 0;
      for (std::size_t i = 0; i < clients_.size(); ++i) {
        serve(clients_[i], watched[i + kFixed].revents);
      }
      if (newcomer && is_full()) make_room(watched, polled_at);
      drop_finished();
      if (newcomer && !is_full()) welcome();
    }
  }

  bool is_full() const { return clients_.size() >= kMaxClients; }

  static bool is_idle(const Client& client, Clock::time_point now) {
    return now - client.last_progress > kIdle;
  }

  /// A full house stops listening: newcomers wait in the kernel's backlog. So does a process
  /// without a descriptor left, where poll() would return at once for ever.
  bool may_listen(Clock::time_point now) const {
    if (now < out_of_descriptors_until_) return false;
    return !is_full() ||
           std::ranges::any_of(clients_, [&](const Client& c) { return is_idle(c, now); });
  }

  std::vector<pollfd> watch(bool listening) const {
    std::vector<pollfd> out = {{wake_.fd(), POLLIN, 0},
                               {listening ? listener_.get() : -1, POLLIN, 0}};
    for (const Client& client : clients_) {
      const short events = client.out.empty() ? POLLIN : POLLOUT;
      out.push_back({client.socket.get(), events, 0});
    }
    return out;
  }

  /// Lets the one go that has been idle the longest, unless somebody goes anyway.
  void make_room(const std::vector<pollfd>& watched, Clock::time_point polled_at) {
    Client* idlest = nullptr;
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      Client& client = clients_[i];
      if (client.closing && client.out.empty()) return;
      // Not by the time of now: an answer may have taken long, and let this one's request wait.
      if (watched[i + kFixed].revents != 0 || !is_idle(client, polled_at)) continue;
      if (idlest == nullptr || client.last_progress < idlest->last_progress) idlest = &client;
    }
    if (idlest == nullptr) return;
    idlest->out.clear();
    idlest->closing = true;
  }

  void welcome() {
    Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) {
      if (errno != EAGAIN) out_of_descriptors_until_ = Clock::now() + kLater;
      return;
    }
    clients_.emplace_back();
    clients_.back().socket = std::move(socket);
  }

  void serve(Client& client, short events) {
    Io io = Io::kWait;
    if ((events & POLLOUT) != 0) {
      io = write_some(client.socket.get(), client.out);
    } else if (events != 0) {
      io = read_some(client.socket.get(), client.in);
    }
    if (io == Io::kProgress) client.last_progress = Clock::now();
    if (io == Io::kEnd) {
      client.out.clear();
      client.closing = true;
    } else if (client.out.empty() && !client.closing) {
      answer(client);
    }
  }

  /// One request at a time: the next waits until this one's answer is sent.
  void answer(Client& client) {
    const auto end = client.in.find('\n');
    if (end <= kMaxRequest) {  // npos is beyond it.
      const std::string request = client.in.substr(0, end);
      client.in.erase(0, end + 1);
      client.out = handler_(request) + "\n";
      client.last_progress = Clock::now();
    } else if (client.in.size() > kMaxRequest) {
      client.out = "{\"ok\":false,\"code\":\"too_large\",\"error\":\"the request is too long\"}\n";
      client.closing = true;
    }
  }

  void drop_finished() {
    const auto now = Clock::now();
    std::erase_if(clients_, [&](const Client& client) {
      return (client.closing && client.out.empty()) || now - client.last_progress > kPatience;
    });
  }

  const std::string path_;
  const Handler handler_;
  const Descriptor listener_;
  const Bell wake_;

  // The loop's thread only.
  std::vector<Client> clients_;
  Clock::time_point out_of_descriptors_until_;

  std::jthread thread_;
};

ControlServer::ControlServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
ControlServer::~ControlServer() = default;

Result<std::unique_ptr<ControlServer>> ControlServer::open(const std::string& path,
                                                           Handler handler) {
  Result<Descriptor> listener = listen_unix(path);
  if (!listener) return tl::unexpected<Error>(listener.error());
  return std::unique_ptr<ControlServer>(
      new ControlServer(std::make_unique<Loop>(path, std::move(*listener), std::move(handler))));
}

namespace {

/// False if the time is up first.
bool wait_for(int fd, short events, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd watched{fd, events, 0};
  if (left <= 0) return false;
  const int ready = poll(&watched, 1, static_cast<int>(std::min<std::int64_t>(left, 1 << 30)));
  return ready > 0 || (ready < 0 && errno == EINTR);
}

}  // namespace

Result<std::string> control_request(const std::string& path, const std::string& line,
                                    std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  const auto late = [&] {
    return fail(ErrorCode::kTransient, "control socket " + path + ": no answer in time");
  };
  const Result<Descriptor> socket = connect_unix(path);
  if (!socket) return tl::unexpected<Error>(socket.error());
  for (std::string out = line + "\n"; !out.empty();) {
    if (!wait_for(socket->get(), POLLOUT, deadline)) return late();
    if (write_some(socket->get(), out) == Io::kEnd) break;  // It may have answered nevertheless.
  }
  std::string in;
  while (true) {
    if (!wait_for(socket->get(), POLLIN, deadline)) return late();
    const std::size_t before = in.size();
    const Io io = read_some(socket->get(), in);
    const auto end = in.find('\n', before);
    if (end != std::string::npos) return in.substr(0, end);
    if (in.size() > kMaxAnswer) return fail(ErrorCode::kTooLarge, "the answer is above 64 MiB");
    if (io == Io::kEnd) {
      return fail(ErrorCode::kTransient, "control socket " + path + ": closed without an answer");
    }
  }
}

}  // namespace nutgraf
