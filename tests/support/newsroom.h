#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/result.h"

namespace nutgraf {

/// How a response says where its body ends.
enum class Framing { kLength, kChunked, kUntilClose };

/// What is served at one path, and what goes wrong with it.
struct Resource {
  std::string body = {};
  std::string content_type = "application/xml";
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers =
      {};  ///< Sent as they are, after our own.

  bool validators = true;          ///< Send ETag and Last-Modified, and answer 304 to an equal one.
  std::string etag = {};           ///< With quotes. Empty: a strong one, made from the body.
  std::string last_modified = {};  ///< Empty: when it was put.
  std::optional<std::int64_t> date = {};  ///< Of the Date header, seconds since 1970; else now.

  // Faults.
  Framing framing = Framing::kLength;
  std::size_t repeat = 1;  ///< The body so many times over (the promised length is the total).
  std::optional<std::size_t> cut_after = {};  ///< Close after so many bytes of the (framed) body.
  std::size_t bytes_per_second = 0;           ///< Of the body; 0: as fast as it goes.
  bool silent = false;                        ///< Take the request and never answer.
  bool endless_headers = false;               ///< Header lines without end.
  std::optional<std::string> raw = {};        ///< The whole response, byte for byte; then close.
};

struct RecordedRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;  ///< Names as sent.

  /// Value of the first header of that name, case-blind; nullopt if there is none.
  std::optional<std::string> header(std::string_view name) const;
};

/// A small web server on the loopback interface, for tests and the demo: resources, validators,
/// keep-alive, and scripted faults down to the byte. HTTP/1.1, GET and HEAD, no TLS.
///
/// One thread of its own serves all connections (above 20,000 small requests a second). It is made
/// of sockets, not of an HTTP library: those mend, or cannot express, half of the faults.
///
/// Thread-safe.
class Newsroom {
 public:
  /// Asked for paths that were not put; nullopt means 404. Runs on the server's thread.
  using Handler = std::function<std::optional<Resource>(std::string_view path)>;

  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: any that is free.
    bool record = true;      ///< Keep the requests; hits are counted anyway.
    Handler handler;
    /// Answers every request in the place of all that is put; nullopt means 404. What it gives is
    /// sent as it is. Runs on the server's thread.
    std::function<std::optional<Resource>(const RecordedRequest&)> script;
  };

  /// kTransient if the port is in use.
  static Result<std::unique_ptr<Newsroom>> start(Options options);
  /// With the default options. Aborts if that fails: for tests.
  static std::unique_ptr<Newsroom> start();

  ~Newsroom();
  Newsroom(const Newsroom&) = delete;
  Newsroom& operator=(const Newsroom&) = delete;

  std::uint16_t port() const;
  /// "http://127.0.0.1:PORT" + path.
  std::string url(std::string_view path) const;

  /// `path` without query ("/feed.xml"); serves the query's variants too, unless they are put.
  void put(const std::string& path, Resource resource);
  void remove(const std::string& path);
  void redirect(const std::string& path, const std::string& location, int status = 302);

  std::size_t hits(std::string_view path) const;  ///< By target without query.
  std::size_t total_hits() const;
  std::size_t not_modified() const;  ///< 304s sent.
  std::size_t connections() const;   ///< Accepted so far.
  /// The newest 256 at this path, oldest first.
  std::vector<RecordedRequest> requests(std::string_view path) const;

 private:
  struct Impl;
  explicit Newsroom(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// `text` as a gzip stream, or a zlib, brotli or zstd one, for bodies with a Content-Encoding.
std::string gzip(std::string_view text);
std::string brotli(std::string_view text);
std::string zstd(std::string_view text);

/// An HTTP-date of seconds since 1970 [RFC 9110, section 5.6.7].
std::string http_date(std::int64_t unix_seconds);

}  // namespace nutgraf
