#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/base/date.h"
#include "daemon/base/result.h"

namespace nutgraf {

/// What is meant for one server only: none of it goes to another origin (scheme, host, port) than
/// that of the request's URL. The first redirect that leads elsewhere leaves it behind for good.
struct OriginOptions {
  std::vector<std::pair<std::string, std::string>> headers;  ///< "Accept" replaces the request's.
  std::string userpwd;                                       ///< "user:password" for Basic.
  std::string ca_file;      ///< PEM, instead of what the client trusts; empty: that.
  std::string client_cert;  ///< PEM; empty: none is shown.
  std::string client_key;   ///< PEM; empty: in client_cert.
  bool tls_verify = true;   ///< false: whoever answers is believed.

  friend bool operator==(const OriginOptions&, const OriginOptions&) = default;
};

/// One GET. Conditional if there are validators.
struct HttpRequest {
  std::uint64_t id = 0;       ///< The caller's; comes back with the response.
  std::string url;            ///< http or https.
  std::string etag;           ///< Sent byte-exact as If-None-Match; empty: not sent.
  std::string last_modified;  ///< Likewise as If-Modified-Since.
  std::string accept;         ///< Accept header; empty: */*.
  std::string user_agent;
  OriginOptions own;
  /// "http://host:port" or "socks5h://host:port": every hop goes through it, and names are looked
  /// up there; empty: none. The address guard then judges the host as the URL has it.
  std::string proxy;
  bool http1_only = false;
  long host_limit = 0;  ///< More transfers at a time for this host than the client's own bound.
  std::size_t max_body = 8u << 20;  ///< Bytes after decompression; more is kTooLarge.
  std::chrono::milliseconds timeout{30'000};
  std::chrono::milliseconds connect_timeout{10'000};
  int max_redirects = 6;  ///< http and https only.
  bool allow_private =
      false;  ///< Permit loopback, private and link-local addresses. [address_guard.h]
};

/// Which part of the way failed: back-off, health and "is the whole network down?" depend on it.
enum class NetworkFault {
  kNone,
  kResolve,  ///< The name could not be looked up.
  kConnect,  ///< No connection: refused, unreachable, timed out (in the handshake of TLS, too).
  kTls,      ///< Certificate or handshake.
  kTimeout,  ///< Connected, then too slow or silent.
  kBroken,   ///< Closed in mid-response, or what came was no complete HTTP response.
};

/// What came of it. `error` is set exactly if no complete HTTP response was received (also for a
/// truncated or oversized body, and for a refused address); a 404 is a response.
struct HttpResponse {
  std::uint64_t id = 0;
  std::optional<Error> error;
  NetworkFault fault =
      NetworkFault::kNone;  ///< Says more about `error`, if the network is to blame.
  int status = 0;
  std::string url;            ///< After redirects.
  std::string permanent_url;  ///< Where 301/308 alone would lead; equals the request's URL if there
                              ///< was none.
  std::string content_type;
  std::string etag;
  std::string last_modified;
  std::optional<std::chrono::seconds>
      retry_after;  ///< From seconds or a date; not negative, not clamped.
  std::optional<std::chrono::seconds> max_age;  ///< Cache-Control max-age, else Expires - Date.
  std::string body;                             ///< Decompressed.
  Time received_at{};                           ///< When the last byte was in.
  std::chrono::milliseconds took{0};
};

/// The network, one of the process's seams: many transfers on one thread. Used by the fetcher
/// thread only, but for wake().
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  /// Begins a transfer; never blocks, never fails: what is wrong with the request comes back as a
  /// response.
  virtual void start(HttpRequest request) = 0;

  /// Drives the transfers for at most `timeout`; returns early with whatever has finished, or when
  /// woken.
  virtual std::vector<HttpResponse> wait(std::chrono::milliseconds timeout) = 0;

  /// Transfers begun and not yet returned.
  virtual std::size_t in_flight() const = 0;

  /// Abandons everything in flight, without responses. Returns at once, also while a look-up hangs.
  virtual void abandon() = 0;

  /// Makes a wait() return. Thread-safe, the only function that is.
  virtual void wake() = 0;
};

}  // namespace nutgraf
