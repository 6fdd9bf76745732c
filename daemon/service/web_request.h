#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace nutgraf {

/// An HTTP request as far as a server that only gives needs it. [RFC 9112]
struct WebRequest {
  std::string method;
  std::string path;                                          ///< Percent-decoded; begins with '/'.
  std::vector<std::pair<std::string, std::string>> query;    ///< Decoded, in order.
  std::vector<std::pair<std::string, std::string>> headers;  ///< Names lower case, values trimmed.
  std::string host;  ///< Host as sent, or that of an absolute target; empty only in HTTP/1.0.
  bool keep_alive = false;  ///< The client would send another on this connection.

  /// The first of that (lower-case) name; empty if there is none.
  std::string_view header(std::string_view name) const;
  /// Likewise of the query; nullptr if there is none.
  const std::string* parameter(std::string_view name) const;
  std::vector<std::string> parameters(std::string_view name) const;
};

/// Bytes of a request, and of its first line: more is 431 or 414.
inline constexpr std::size_t kMaxWebRequest = 8 << 10;
inline constexpr std::size_t kMaxWebTarget = 2 << 10;

/// What the bytes that came so far are.
struct WebMore {};  ///< The beginning of a request.
struct WebBad {     ///< None: answer `status`, close.
  int status = 400;
  std::string why;
};
struct WebParsed {
  WebRequest request;
  std::size_t length = 0;  ///< Of its bytes; what follows is the next request.
};

/// Reads one request. Strict where leniency would mean two readings of the same bytes (folded
/// lines, blanks before a colon, two Hosts, a body); lines may end in LF alone. Linear.
std::variant<WebMore, WebBad, WebParsed> parse_web_request(std::string_view bytes);

/// `text` with %XX resolved; false (and *out is void) if a % is not followed by two digits.
bool percent_decode(std::string_view text, std::string* out);

/// What `text` must look like inside a query, so that it reads back as itself.
std::string percent_encode(std::string_view text);

}  // namespace nutgraf
