#include <algorithm>

#include "daemon/service/web_request.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

void check_request(const WebParsed& parsed, std::string_view bytes) {
  const WebRequest& request = parsed.request;
  require(parsed.length <= bytes.size() && parsed.length <= kMaxWebRequest, "too long a request");
  require(request.path.starts_with('/'), "a path that begins otherwise");
  require(request.method.find_first_of(" \t\r\n") == request.method.npos, "no method");
  for (const auto& [name, value] : request.headers) {
    require(name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ :\r\n") == name.npos, "no name");
    require_line(scrub_utf8(value), "a header's value");
  }
  for (const auto& [name, value] : request.query) {
    require(name.size() + value.size() <= kMaxWebTarget, "a parameter larger than the target");
  }
}

/// The bytes come in pieces: of the beginning of a request nothing is said but that, or what is
/// wrong with it, and what follows it makes no difference.
void check_pieces(std::string_view bytes, const WebParsed& parsed) {
  for (std::size_t size = 0; size < parsed.length; size += 1 + parsed.length / 64) {
    require(std::holds_alternative<WebMore>(parse_web_request(bytes.substr(0, size))),
            "a part of a request is more than its beginning");
  }
  const auto alone = parse_web_request(bytes.substr(0, parsed.length));
  const auto* again = std::get_if<WebParsed>(&alone);
  require(again != nullptr && again->length == parsed.length &&
              again->request.path == parsed.request.path &&
              again->request.query == parsed.request.query &&
              again->request.headers == parsed.request.headers,
          "what follows a request changes it");
}

void check_bad(const WebBad& bad) {
  require(bad.status >= 400 && bad.status <= 505, "no status of an error");
  require_line(bad.why, "why");
}

void check_escapes(std::string_view text) {
  std::string decoded;
  require(percent_decode(percent_encode(text), &decoded) && decoded == text,
          "an escaped text is another");
  if (percent_decode(text, &decoded)) require(decoded.size() <= text.size(), "escapes made text");
}

}  // namespace

void web(std::string_view bytes) {
  const auto outcome = parse_web_request(bytes);
  if (const auto* parsed = std::get_if<WebParsed>(&outcome)) {
    check_request(*parsed, bytes);
    check_pieces(bytes, *parsed);
  } else if (const auto* bad = std::get_if<WebBad>(&outcome)) {
    check_bad(*bad);
  } else {
    require(bytes.size() <= kMaxWebRequest, "it waits for more than it would read");
  }
  check_escapes(bytes);
}

}  // namespace nutgraf::fuzz
