#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/fetch/http_client.h"

namespace nutgraf {

/// Bounds of the client as a whole; those of one transfer are in its HttpRequest.
struct CurlClientOptions {
  /// Transfers at work; more wait in line without their timeouts running.
  std::size_t max_active = 256;
  /// Transfers that have not got past their look-up: each costs a thread of libcurl's resolver, and
  /// a resolver that hangs must not take more.
  std::size_t max_resolving = 32;
  /// Transfers at work for one host (of the request; redirects are not counted). A backstop:
  /// HostManners decides.
  long max_host_connections = 8;
  /// Connections kept for a next request; half of them for other answers than 304. What has no
  /// place is closed after its answer.
  long max_idle_connections = 64;
  /// Bytes of the bodies of all unfinished transfers together. At the limit transfers pause, in
  /// mid-body, and go on in the order of pausing when others have finished; the last one that is
  /// not paused always goes on. So it is exceeded by at most one piece (what 16 KiB decompress to)
  /// and one max_body; libcurl holds up to 64 KiB more for each that is paused.
  std::size_t max_buffered = 64u << 20;
  /// A transfer slower than this for that long is given up. Pauses do not count.
  long low_speed_bytes_per_second = 64;
  std::chrono::seconds low_speed_time{15};
  std::string ca_file;  ///< Empty: the system's certificates.
};

/// HttpClient on libcurl's multi interface: HTTP/1.1, and HTTP/2 over TLS (one stream at a time on
/// each connection). The only place that knows libcurl.
///
/// - Body: gzip, br and zstd undone as it arrives, counted after decompression against max_body.
/// Cut off
///   in any way — short of its Content-Length, without its last chunk, or with its compressed
///   stream unfinished — it is an error, never a short success. (A body that is neither framed nor
///   compressed ends where the connection ends; nobody can tell. Nor can we where a server breaks
///   the rules of HTTP/2 in mid-body: libcurl 7.88 calls that an end.)
/// - What is neither header nor body is bounded, too, over all and within a turn of libcurl's work:
///   no server keeps wait() from returning (docs/decisions/endless-responses.md).
/// - Bodies in memory are bounded by max_buffered. A request's own timeout runs on while it is
///   paused, and then ends it as kTransient, kTimeout.
/// - Addresses are judged by address_guard when the socket is about to be opened, so a refused one
///   sees no packet, and once more when a connection is reused, on every hop. With a proxy it is
///   the proxy that is connected to, and the URL's host is judged instead [destination.h].
/// - http and https only, on every hop. Proxies of the environment, cookies, netrc: none.
/// - Redirects are followed here, not by libcurl: HttpRequest::own stays with its origin. 301, 302,
///   303, 307 and 308 are followed; the timeout is for all hops together.
/// - A connection is kept for requests of the same TLS options, client certificate and proxy only.
///   Credentials for Basic are sent with each request, so their connections are shared.
///
/// Fetcher thread only, but for wake(). Costs 15–30 µs CPU a transfer on a kept connection.
class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(const Clock& clock, const CurlClientOptions& options = {});
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  void start(HttpRequest request) override;
  std::vector<HttpResponse> wait(std::chrono::milliseconds timeout) override;
  std::size_t in_flight() const override;
  void abandon() override;
  void wake() override;

  /// Sockets opened so far. A refused address does not count: none was opened for it.
  std::size_t sockets_opened() const;

  std::size_t buffered() const;  ///< Bytes now, of max_buffered.
  std::size_t paused() const;    ///< Transfers that wait for room there.

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace nutgraf
