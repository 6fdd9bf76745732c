#include "tests/support/newsroom.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "daemon/base/hash.h"

namespace nutgraf {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kMaxRequest = 64 << 10;
constexpr std::size_t kMaxRecorded = 256;
/// Output made ahead of what the socket takes, for bodies that repeat.
constexpr std::size_t kAhead = 256 << 10;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool equal_fold(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

RecordedRequest parse_request(std::string_view text) {
  RecordedRequest request;
  const std::size_t end = std::min(text.find("\r\n"), text.size());
  const std::string_view first = text.substr(0, end);
  const std::size_t blank = std::min(first.find(' '), first.size() - 1);
  const std::string_view rest = first.substr(blank + 1);
  request.method = first.substr(0, blank);
  request.target = rest.substr(0, rest.find(' '));
  text.remove_prefix(std::min(end + 2, text.size()));
  while (!text.empty()) {
    const std::size_t line_end = std::min(text.find("\r\n"), text.size());
    const std::string_view line = text.substr(0, line_end);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
      request.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    }
    text.remove_prefix(std::min(line_end + 2, text.size()));
  }
  return request;
}

bool lists(std::string_view if_none_match, std::string_view etag) {
  return trimmed(if_none_match) == "*" || if_none_match.find(etag) != std::string_view::npos;
}

/// Whether the client has this very version. If-None-Match rules when both are there
/// [RFC 9110, section 13.2.2].
bool fresh(const RecordedRequest& request, const Resource& resource) {
  if (!resource.validators || resource.status != 200) return false;
  if (const auto tags = request.header("If-None-Match")) return lists(*tags, resource.etag);
  return request.header("If-Modified-Since") == resource.last_modified;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 404:
      return "Not Found";
    case 410:
      return "Gone";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

void add_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

std::string chunk(std::string_view bytes) {
  std::array<char, 24> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return std::string(size.data()).append(bytes).append("\r\n");
}

std::string head_of(const Resource& resource, int status) {
  std::string out =
      "HTTP/1.1 " + std::to_string(status) + ' ' + std::string(reason_of(status)) + "\r\n";
  add_field(out, "Date", http_date(resource.date.value_or(std::time(nullptr))));
  if (resource.validators && resource.status == 200) {
    add_field(out, "ETag", resource.etag);
    add_field(out, "Last-Modified", resource.last_modified);
  }
  for (const auto& [name, value] : resource.headers) add_field(out, name, value);
  if (status == 304) return out.append("\r\n");
  if (!resource.content_type.empty()) add_field(out, "Content-Type", resource.content_type);
  switch (resource.framing) {
    case Framing::kLength:
      add_field(out, "Content-Length", std::to_string(resource.body.size() * resource.repeat));
      break;
    case Framing::kChunked:
      add_field(out, "Transfer-Encoding", "chunked");
      break;
    case Framing::kUntilClose:
      add_field(out, "Connection", "close");
      break;
  }
  return out.append("\r\n");
}

void complete(Resource& resource) {
  if (resource.etag.empty()) resource.etag = '"' + hash_id(resource.body).substr(0, 16) + '"';
  if (resource.last_modified.empty()) resource.last_modified = http_date(std::time(nullptr));
}

/// One client. The response is made piece by piece as the socket takes it.
struct Connection {
  int fd = -1;
  std::string in;
  std::string out;
  std::size_t out_sent = 0;
  bool busy = false;  // A response is under way.
  bool close_after = false;
  bool silent = false;
  bool endless_headers = false;
  std::string piece;            // What repeats.
  std::size_t repeat_left = 0;  // Pieces still to be put out.
  std::string tail;             // After the last piece.
  std::optional<std::size_t> cut_left;
  std::size_t rate = 0;
  std::size_t free_bytes = 0;  // Head: not subject to the rate.
  std::size_t paced = 0;       // Body bytes sent at the rate.
  Steady::time_point began{};
  bool wants_write = false;
};

bool drained(const Connection& c) {
  return c.out_sent == c.out.size() && c.repeat_left == 0 && c.tail.empty() && !c.endless_headers;
}

/// Takes from the response what the socket may get next.
void refill(Connection& c) {
  if (c.out_sent > 0) {
    c.out.erase(0, c.out_sent);
    c.out_sent = 0;
  }
  while (c.out.size() < kAhead && c.repeat_left > 0) {
    c.out += c.piece;
    --c.repeat_left;
  }
  if (c.repeat_left == 0 && !c.tail.empty()) c.out += std::exchange(c.tail, {});
  while (c.endless_headers && c.out.size() < kAhead) c.out += "X-More: and more and more\r\n";
}

/// Bytes that may be sent now; 0: wait for the rate.
std::size_t allowance(const Connection& c, Steady::time_point now) {
  std::size_t most = c.out.size() - c.out_sent;
  if (c.cut_left) most = std::min(most, c.free_bytes + *c.cut_left);
  if (c.rate == 0 || c.free_bytes > 0) return c.rate == 0 ? most : std::min(most, c.free_bytes);
  const double seconds = std::chrono::duration<double>(now - c.began).count();
  const auto earned = static_cast<std::size_t>(seconds * static_cast<double>(c.rate)) + 1;
  return std::min(most, earned - std::min(earned, c.paced));
}

void account(Connection& c, std::size_t sent) {
  c.out_sent += sent;
  const std::size_t of_head = std::min(sent, c.free_bytes);
  c.free_bytes -= of_head;
  c.paced += sent - of_head;
  if (c.cut_left) *c.cut_left -= sent - of_head;
}

int listen_on(const Newsroom::Options& options) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options.port);
  inet_pton(AF_INET, options.address.c_str(), &address.sin_addr);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      listen(fd, 1024) == 0) {
    return fd;
  }
  close(fd);
  return -1;
}

}  // namespace

struct Newsroom::Impl {
  struct Log {
    std::size_t hits = 0;
    std::deque<RecordedRequest> requests;
  };

  explicit Impl(Options the_options) : options(std::move(the_options)) {}
  ~Impl() { stop(); }

  bool open();
  void stop();
  void run();

  // Server thread only.
  void accept_all();
  void serve(Connection& c, std::uint32_t events);
  bool read_some(Connection& c);
  void answer_waiting(Connection& c);
  void answer(Connection& c, const RecordedRequest& request, bool head_only);
  void prepare(Connection& c, const Resource& resource);
  bool write_some(Connection& c);
  void watch(Connection& c, bool write);
  void drop(Connection& c);
  void pace();

  // Either thread.
  std::optional<Resource> find(const RecordedRequest& request);

  const Options options;
  int listener = -1;
  int epoll = -1;
  int stop_event = -1;
  std::uint16_t port = 0;
  std::atomic<std::size_t> accepted{0};
  std::atomic<std::size_t> not_modified{0};

  std::unordered_map<int, Connection> connections;  // Server thread only.

  mutable std::mutex mutex;  // Guards what follows.
  std::map<std::string, Resource, std::less<>> resources;
  std::map<std::string, Log, std::less<>> logs;
  std::size_t total_hits = 0;

  std::thread thread;
};

bool Newsroom::Impl::open() {
  listener = listen_on(options);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  stop_event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (listener < 0 || epoll < 0 || stop_event < 0) return false;
  sockaddr_in address{};
  socklen_t length = sizeof address;
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  port = ntohs(address.sin_port);
  for (const int fd : {listener, stop_event}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }
  thread = std::thread([this] { run(); });
  return true;
}

void Newsroom::Impl::stop() {
  if (thread.joinable()) {
    const std::uint64_t one = 1;
    if (write(stop_event, &one, sizeof one) == sizeof one) thread.join();
  }
  for (auto& [fd, c] : connections) close(fd);
  connections.clear();
  for (int* fd : {&listener, &epoll, &stop_event}) {
    if (*fd >= 0) close(std::exchange(*fd, -1));
  }
}

void Newsroom::Impl::run() {
  std::array<epoll_event, 256> events{};
  for (;;) {
    const bool pacing = std::any_of(connections.begin(), connections.end(), [](const auto& item) {
      return item.second.busy && item.second.rate > 0;
    });
    const int count = epoll_wait(epoll, events.data(), events.size(), pacing ? 5 : -1);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.fd == stop_event) return;
      if (event.data.fd == listener) {
        accept_all();
      } else if (const auto found = connections.find(event.data.fd); found != connections.end()) {
        serve(found->second, event.events);
      }
    }
    if (pacing) pace();
  }
}

void Newsroom::Impl::accept_all() {
  for (;;) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    connections[fd].fd = fd;
    ++accepted;
  }
}

void Newsroom::Impl::serve(Connection& c, std::uint32_t events) {
  const bool readable = (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0;
  if (readable && !read_some(c)) {
    drop(c);
    return;
  }
  answer_waiting(c);
}

/// False at the end of the connection.
bool Newsroom::Impl::read_some(Connection& c) {
  std::array<char, 16 << 10> buffer{};
  for (;;) {
    const ssize_t got = recv(c.fd, buffer.data(), buffer.size(), 0);
    if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    if (got == 0) return false;
    c.in.append(buffer.data(), static_cast<std::size_t>(got));
    if (c.in.size() > kMaxRequest) return false;
  }
}

/// Responses one after the other, as requests are there and the socket takes them.
void Newsroom::Impl::answer_waiting(Connection& c) {
  for (;;) {
    if (c.busy && !write_some(c)) {
      drop(c);
      return;
    }
    if (c.busy) return;
    const std::size_t end = c.in.find("\r\n\r\n");
    if (end == std::string::npos) return;
    const RecordedRequest request = parse_request(std::string_view(c.in).substr(0, end));
    const bool head_only = c.in.starts_with("HEAD ");
    c.in.erase(0, end + 4);
    answer(c, request, head_only);
  }
}

std::optional<Resource> Newsroom::Impl::find(const RecordedRequest& request) {
  const std::string path(path_of(request.target));
  {
    const std::lock_guard lock(mutex);
    ++total_hits;
    Log& log = logs[path];
    ++log.hits;
    if (options.record) {
      log.requests.push_back(request);
      if (log.requests.size() > kMaxRecorded) log.requests.pop_front();
    }
    auto found = resources.find(request.target);
    if (found == resources.end()) found = resources.find(path);
    if (found != resources.end()) return found->second;
  }
  if (options.script) return options.script(request);
  if (!options.handler) return std::nullopt;
  std::optional<Resource> made = options.handler(path);
  if (made) complete(*made);
  return made;
}

void Newsroom::Impl::answer(Connection& c, const RecordedRequest& request, bool head_only) {
  std::optional<Resource> resource = find(request);
  if (!resource) {
    resource = Resource{.body = "not here\n", .content_type = "text/plain", .status = 404};
  }
  c.busy = true;
  c.silent = resource->silent;
  c.began = Steady::now();
  if (c.silent) return;
  if (fresh(request, *resource)) {
    ++not_modified;
    c.out = head_of(*resource, 304);
  } else if (head_only) {
    c.out = head_of(*resource, resource->status);
  } else {
    prepare(c, *resource);
  }
}

void Newsroom::Impl::prepare(Connection& c, const Resource& resource) {
  c.close_after = resource.raw || resource.cut_after || resource.framing == Framing::kUntilClose;
  c.endless_headers = resource.endless_headers;
  if (resource.raw) {
    c.out = *resource.raw;
    c.free_bytes = 0;
    c.rate = resource.bytes_per_second;
    c.cut_left = resource.cut_after;
    return;
  }
  c.out = head_of(resource, resource.status);
  if (c.endless_headers) c.out.erase(c.out.size() - 2);
  c.free_bytes = c.out.size();
  c.rate = resource.bytes_per_second;
  c.cut_left = resource.cut_after;
  if (resource.body.empty()) {
    if (resource.framing == Framing::kChunked) c.tail = "0\r\n\r\n";
    return;
  }
  const bool chunked = resource.framing == Framing::kChunked;
  c.piece = chunked ? chunk(resource.body) : resource.body;
  c.repeat_left = resource.repeat;
  if (chunked) c.tail = "0\r\n\r\n";
}

/// False if the connection is to be closed.
bool Newsroom::Impl::write_some(Connection& c) {
  if (c.silent) return true;
  for (;;) {
    if (c.out_sent == c.out.size()) refill(c);
    if (drained(c) || (c.cut_left && *c.cut_left == 0 && c.free_bytes == 0)) break;
    const std::size_t most = allowance(c, Steady::now());
    if (most == 0) {
      watch(c, false);
      return true;
    }
    const ssize_t sent = send(c.fd, c.out.data() + c.out_sent, most, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
      watch(c, true);
      return true;
    }
    account(c, static_cast<std::size_t>(sent));
  }
  if (c.close_after) return false;
  watch(c, false);
  Connection next;
  next.fd = c.fd;
  next.in = std::move(c.in);
  c = std::move(next);
  return true;
}

void Newsroom::Impl::watch(Connection& c, bool write) {
  if (c.wants_write == write) return;
  c.wants_write = write;
  epoll_event event{};
  event.events = EPOLLIN | (write ? EPOLLOUT : 0u);
  event.data.fd = c.fd;
  epoll_ctl(epoll, EPOLL_CTL_MOD, c.fd, &event);
}

void Newsroom::Impl::drop(Connection& c) {
  const int fd = c.fd;
  connections.erase(fd);
  close(fd);
}

void Newsroom::Impl::pace() {
  std::vector<int> paced;
  for (const auto& [fd, c] : connections) {
    if (c.busy && c.rate > 0 && !c.wants_write) paced.push_back(fd);
  }
  for (const int fd : paced) answer_waiting(connections.at(fd));
}

std::optional<std::string> RecordedRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equal_fold(key, name)) return value;
  }
  return std::nullopt;
}

Newsroom::Newsroom(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Newsroom::~Newsroom() = default;

Result<std::unique_ptr<Newsroom>> Newsroom::start(Options options) {
  const std::string where = options.address + ':' + std::to_string(options.port);
  auto impl = std::make_unique<Impl>(std::move(options));
  if (!impl->open()) {
    return fail(ErrorCode::kTransient, "cannot listen on " + where + ": " + std::strerror(errno));
  }
  return std::unique_ptr<Newsroom>(new Newsroom(std::move(impl)));
}

std::unique_ptr<Newsroom> Newsroom::start() {
  Result<std::unique_ptr<Newsroom>> room = start(Options{});
  if (room) return std::move(*room);
  std::fprintf(stderr, "newsroom: %s\n", room.error().message.c_str());
  std::abort();
}

std::uint16_t Newsroom::port() const { return impl_->port; }

std::string Newsroom::url(std::string_view path) const {
  return "http://" + impl_->options.address + ':' + std::to_string(impl_->port) + std::string(path);
}

void Newsroom::put(const std::string& path, Resource resource) {
  complete(resource);
  const std::lock_guard lock(impl_->mutex);
  impl_->resources.insert_or_assign(path, std::move(resource));
}

void Newsroom::remove(const std::string& path) {
  const std::lock_guard lock(impl_->mutex);
  impl_->resources.erase(path);
}

void Newsroom::redirect(const std::string& path, const std::string& location, int status) {
  Resource resource;
  resource.status = status;
  resource.content_type = "text/html";
  resource.body = "<p>moved</p>";
  resource.headers = {{"Location", location}};
  put(path, std::move(resource));
}

std::size_t Newsroom::hits(std::string_view path) const {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->logs.find(path);
  return found == impl_->logs.end() ? 0 : found->second.hits;
}

std::size_t Newsroom::total_hits() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->total_hits;
}

std::size_t Newsroom::not_modified() const { return impl_->not_modified; }
std::size_t Newsroom::connections() const { return impl_->accepted; }

std::vector<RecordedRequest> Newsroom::requests(std::string_view path) const {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->logs.find(path);
  if (found == impl_->logs.end()) return {};
  return {found->second.requests.begin(), found->second.requests.end()};
}

std::string http_date(std::int64_t unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text.data();
}

}  // namespace nutgraf
