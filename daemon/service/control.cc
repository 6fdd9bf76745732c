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
constexpr std::chrono::seconds kPatience{30};

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
  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::vector<pollfd> watched = watch();
      poll(watched.data(), watched.size(), 1000);
      if (stop.stop_requested()) return;
      const std::size_t served = clients_.size();
      for (std::size_t i = 0; i < served; ++i) serve(clients_[i], watched[i + 2].revents);
      if ((watched[1].revents & POLLIN) != 0) welcome();
      drop_finished();
    }
  }

  std::vector<pollfd> watch() const {
    // A full house stops listening: newcomers wait in the kernel's backlog.
    const bool room = clients_.size() < kMaxClients;
    std::vector<pollfd> out = {{wake_.fd(), POLLIN, 0}, {room ? listener_.get() : -1, POLLIN, 0}};
    for (const Client& client : clients_) {
      const short events = client.out.empty() ? POLLIN : POLLOUT;
      out.push_back({client.socket.get(), events, 0});
    }
    return out;
  }

  void welcome() {
    Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) return;
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
