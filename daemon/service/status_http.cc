#include "daemon/service/status_http.h"

// One bound for all: the server reads a request into memory before it looks at it.
#define CPPHTTPLIB_REQUEST_URI_MAX_LENGTH 2048
#define CPPHTTPLIB_PAYLOAD_MAX_LENGTH 8192
#include <httplib.h>

#include <atomic>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace nutgraf {
namespace {

constexpr std::size_t kThreads = 2;
constexpr std::size_t kWaiting = 8;

/// httplib's own pool queues without bound. Here what does not fit is served by the accepting
/// thread itself, so that the rest waits in the kernel's backlog: slow under a flood, but bounded.
class BoundedPool final : public httplib::TaskQueue {
 public:
  BoundedPool() {
    for (std::size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this] { work(); });
  }
  void enqueue(std::function<void()> task) override {
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.size() < kWaiting) {
        tasks_.push_back(std::move(task));
        wake_.notify_one();
        return;
      }
    }
    task();
  }
  void shutdown() override {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    wake_.notify_all();
    threads_.clear();
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return closed_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool closed_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace

struct StatusServer::Parts {
  StatusPages pages;
  httplib::Server server;
  int port = 0;
  std::atomic<bool> ended = false;
  std::jthread thread;
};

StatusServer::StatusServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

StatusServer::~StatusServer() {
  // stop() before the loop has begun would be forgotten.
  while (!parts_->server.is_running() && !parts_->ended) std::this_thread::yield();
  parts_->server.stop();
}

int StatusServer::port() const { return parts_->port; }

namespace {

void add_routes(httplib::Server& server, const StatusPages& pages) {
  server.Get("/healthz", [&](const httplib::Request&, httplib::Response& response) {
    const StatusPages::Health health = pages.health();
    response.status = health.ok ? 200 : 503;
    response.set_content(health.text + "\n", "text/plain; charset=utf-8");
  });
  server.Get("/metrics", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(pages.metrics(), "text/plain; version=0.0.4; charset=utf-8");
  });
  server.Get("/", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(pages.status(), "text/plain; charset=utf-8");
  });
}

void set_limits(httplib::Server& server) {
  server.new_task_queue = [] { return new BoundedPool; };
  server.set_read_timeout(std::chrono::seconds(5));
  server.set_write_timeout(std::chrono::seconds(5));
  server.set_keep_alive_max_count(20);
  server.set_keep_alive_timeout(1);
  server.set_payload_max_length(8192);
  // httplib would set SO_REUSEPORT, with which two daemons share a port and nobody notices.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
}

}  // namespace

Result<std::unique_ptr<StatusServer>> StatusServer::open(const std::string& listen,
                                                         StatusPages pages) {
  const auto colon = listen.rfind(':');
  int port = -1;
  if (colon != std::string::npos) {
    std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), port);
  }
  if (port < 0 || port > 65535) {
    return fail(ErrorCode::kBadConfig, "status.listen: \"" + listen + "\" is not host:port");
  }
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  auto parts = std::make_unique<Parts>();
  parts->pages = std::move(pages);
  set_limits(parts->server);
  add_routes(parts->server, parts->pages);
  if (port == 0) {
    port = parts->server.bind_to_any_port(host);
    if (port < 0) return fail(ErrorCode::kTransient, "cannot listen on " + listen);
  } else if (!parts->server.bind_to_port(host, port)) {
    return fail(ErrorCode::kTransient, "cannot listen on " + listen + " (in use?)");
  }
  parts->port = port;
  parts->thread = std::jthread([own = parts.get()] {
    own->server.listen_after_bind();
    own->ended = true;
  });
  return std::unique_ptr<StatusServer>(new StatusServer(std::move(parts)));
}

}  // namespace nutgraf
