#include "daemon/service/status_http.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "daemon/base/ascii.h"
#include "daemon/base/hash.h"
#include "daemon/service/tcp_listener.h"

namespace nutgraf {
namespace {

/// The page, with @NONCE@ where its style and script are.
constexpr std::string_view kPage =
#include "status_page.inc"
    ;

constexpr std::string_view kNonceMark = "@NONCE@";
constexpr std::size_t kMostListed = 200;

/// Without its port; brackets of an IPv6 address go, too.
std::string_view name_of(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, std::min(host.find(']'), host.size()) - 1);
  return host.substr(0, host.rfind(':'));
}

WebAnswer json(std::string body) {
  return {.type = "application/json; charset=utf-8",
          .body = std::move(body),
          .headers = {{"Cache-Control", "no-store"}}};
}

/// 128 bits that no page can guess, in hexadecimal.
std::string fresh_nonce() {
  std::array<unsigned char, 16> bytes{};
  std::string out;
  // Never short for so few bytes.
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return out;
  for (const unsigned char byte : bytes) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

/// The page runs its own script and nothing else: what feeds say cannot, even where it were taken
/// for markup.
WebAnswer page() {
  const std::string nonce = fresh_nonce();
  std::string body(kPage);
  for (auto at = body.find(kNonceMark); at != std::string::npos; at = body.find(kNonceMark, at)) {
    body.replace(at, kNonceMark.size(), nonce);
  }
  const std::string policy = "default-src 'none'; script-src 'nonce-" + nonce +
                             "'; style-src 'nonce-" + nonce +
                             "'; connect-src 'self'; img-src data:; base-uri 'none'; "
                             "form-action 'none'; frame-ancestors 'none'";
  return {.type = "text/html; charset=utf-8",
          .body = std::move(body),
          .headers = {{"Content-Security-Policy", policy}, {"Cache-Control", "no-store"}}};
}

std::optional<std::int64_t> number(std::string_view digits) {
  std::int64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

/// The request's topics; an empty one means all.
std::optional<std::vector<std::string>> topics_of(const WebRequest& request) {
  std::vector<std::string> topics = request.parameters("topic");
  if (!are_prefixes(topics)) return std::nullopt;
  if (std::ranges::count(topics, std::string()) > 0) topics.clear();
  return topics;
}

constexpr const char* kBadTopic =
    "topic: at most 64 prefixes of topics, such as story.en. (docs/protocol.md)";

}  // namespace

bool is_own_host(std::string_view host, const StatusOptions& options) {
  const std::string name = to_lower(name_of(host));
  if (host.empty() || is_address(name)) return true;  // HTTP/1.0 knows no Host; browsers send one.
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  if (name == to_lower(listen_host(options.listen))) return true;
  return std::ranges::any_of(options.hosts,
                             [&](const std::string& own) { return to_lower(own) == name; });
}

struct StatusServer::Parts {
  StatusOptions options;
  StatusPages pages;
  std::unique_ptr<WebServer> server;

  WebAnswer answer(const WebRequest& request) const;
  WebAnswer health() const;
  WebAnswer stream(const WebRequest& request) const;
  WebAnswer story_list(const WebRequest& request) const;
};

WebAnswer StatusServer::Parts::answer(const WebRequest& request) const {
  if (!is_own_host(request.host, options)) {
    return text_answer(421,
                       "not the name of this server; status.hosts in the configuration adds names");
  }
  // A link may lead here from anywhere; a request that another site's script makes may not.
  if (request.header("sec-fetch-site") == "cross-site" &&
      request.header("sec-fetch-mode") != "navigate") {
    return text_answer(403, "not for other sites");
  }
  if (request.path == "/") return page();
  if (request.path == "/healthz") return health();
  if (request.path == "/metrics") {
    return {.type = "text/plain; version=0.0.4; charset=utf-8", .body = pages.metrics()};
  }
  if (request.path == "/status.json") return json(pages.status());
  const bool mirrored = request.path == "/stream" || request.path == "/feed.json";
  if (mirrored && !pages.log) return text_answer(403, "status.mirror is off (see nutgraf.toml(5))");
  if (request.path == "/stream") return stream(request);
  if (request.path == "/feed.json") return story_list(request);
  return text_answer(404, "nothing here: / /healthz /metrics /status.json /stream /feed.json");
}

WebAnswer StatusServer::Parts::health() const {
  const StatusPages::Health health = pages.health();
  WebAnswer answer = text_answer(health.ok ? 200 : 503, health.text);
  answer.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

/// Last-Event-ID wins: with it, EventSource repeats the URL that it began with.
WebAnswer StatusServer::Parts::stream(const WebRequest& request) const {
  std::optional<std::vector<std::string>> topics = topics_of(request);
  if (!topics) return text_answer(400, kBadTopic);
  std::string_view from = request.header("last-event-id");
  if (const std::string* after = request.parameter("after"); from.empty() && after != nullptr) {
    from = *after;
    if (from.empty()) return text_answer(400, "after: SEQ or EPOCH:SEQ; 0: all that is kept");
  }
  std::optional<LogCursor> cursor;
  if (!from.empty()) {
    cursor = parse_cursor(from);
    if (!cursor) {
      return text_answer(400, "after, Last-Event-ID: SEQ or EPOCH:SEQ; 0: all that is kept");
    }
  }
  auto opened = EventStream::open(*pages.log, *std::move(topics), std::move(cursor));
  if (!opened) return text_answer(503, "the store cannot be read just now");
  WebAnswer answer{.type = "text/event-stream; charset=utf-8"};
  // For nginx, which would keep events back until it has 4 KiB of them.
  answer.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  answer.stream = *std::move(opened);
  return answer;
}

WebAnswer StatusServer::Parts::story_list(const WebRequest& request) const {
  StoryListQuery query;
  std::optional<std::vector<std::string>> topics = topics_of(request);
  if (!topics) return text_answer(400, kBadTopic);
  query.topics = *std::move(topics);
  if (const std::string* limit = request.parameter("limit")) {
    const auto value = number(*limit);
    if (!value || *value < 1) return text_answer(400, "limit: 1 to 200");
    query.limit = std::min(static_cast<std::size_t>(*value), kMostListed);
  }
  if (const std::string* before = request.parameter("before")) {
    query.before = number(*before);
    if (!query.before) return text_answer(400, "before: a sequence number");
  }
  query.base_url = "http://" + (request.host.empty() ? options.listen : request.host);
  Result<std::string> body = pages.story_list(query);
  if (!body) return text_answer(503, "the store cannot be read just now");
  const std::string tag = "\"" + hash_id(*body) + "\"";
  WebAnswer answer{.type = "application/feed+json; charset=utf-8"};
  answer.headers = {{"ETag", tag}, {"Cache-Control", "no-cache"}};
  if (request.header("if-none-match").find(tag) != std::string_view::npos) {
    answer.status = 304;
  } else {
    answer.body = *std::move(body);
  }
  return answer;
}

StatusServer::StatusServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
StatusServer::~StatusServer() = default;

int StatusServer::port() const { return parts_->server->port(); }

Result<std::unique_ptr<StatusServer>> StatusServer::open(StatusOptions options, StatusPages pages,
                                                         const Bell& committed) {
  auto parts = std::make_unique<Parts>(
      Parts{.options = std::move(options), .pages = std::move(pages), .server = nullptr});
  auto server = WebServer::open(
      parts->options.listen,
      {.answer = [own = parts.get()](const WebRequest& request) { return own->answer(request); },
       .tick = parts->pages.tick},
      committed, {.streams = parts->options.streams});
  if (!server) return tl::unexpected(server.error());
  parts->server = *std::move(server);
  return std::unique_ptr<StatusServer>(new StatusServer(std::move(parts)));
}

}  // namespace nutgraf
