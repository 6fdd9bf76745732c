#include "daemon/service/web_request.h"

#include <algorithm>
#include <optional>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

constexpr std::size_t kMaxHeaders = 64;
constexpr std::size_t kMaxParameters = 80;

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_alnum(c) || kMarks.find(c) != std::string_view::npos;
  });
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

/// Takes a line from `rest`, without its end; nullopt if there is no whole one.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// A form's way to write a blank.
std::string with_blanks(std::string_view text) {
  std::string out(text);
  std::ranges::replace(out, '+', ' ');
  return out;
}

bool read_query(std::string_view text, WebRequest& request) {
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    if (one.empty()) continue;
    if (request.query.size() == kMaxParameters) return false;
    const auto equals = std::min(one.find('='), one.size());
    auto& [name, value] = request.query.emplace_back();
    if (!percent_decode(with_blanks(one.substr(0, equals)), &name)) return false;
    const std::string_view right = one.substr(std::min(equals + 1, one.size()));
    if (!percent_decode(with_blanks(right), &value)) return false;
  }
  return true;
}

/// "/path?query", or the same after "http://host". [RFC 9112, section 3.2]
bool read_target(std::string_view target, WebRequest& request) {
  if (constexpr std::string_view kScheme = "http://"; target.starts_with(kScheme)) {
    target.remove_prefix(kScheme.size());
    const auto slash = std::min(target.find_first_of("/?"), target.size());
    request.host = target.substr(0, slash);
    target.remove_prefix(slash);
    if (request.host.empty()) return false;
    request.path = "/";
  } else if (!target.starts_with('/')) {
    return false;
  }
  const auto mark = std::min(target.find('?'), target.size());
  return (mark == 0 || percent_decode(target.substr(0, mark), &request.path)) &&
         read_query(target.substr(std::min(mark + 1, target.size())), request);
}

std::optional<WebBad> read_first_line(std::string_view line, WebRequest& request) {
  const auto first = line.find(' ');
  const auto second = line.rfind(' ');
  if (first == std::string_view::npos || first == second) return WebBad{400, "no request line"};
  const std::string_view version = line.substr(second + 1);
  const std::string_view target = line.substr(first + 1, second - first - 1);
  request.method = line.substr(0, first);
  if (!is_token(request.method)) return WebBad{400, "no method"};
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    if (version.starts_with("HTTP/")) return WebBad{505, "HTTP/1.1 and 1.0 are spoken here"};
    return WebBad{400, "no HTTP"};
  }
  request.keep_alive = version == "HTTP/1.1";
  if (target.find(' ') != std::string_view::npos || has_control(target) ||
      !read_target(target, request)) {
    return WebBad{400, "no target"};
  }
  return std::nullopt;
}

std::optional<WebBad> read_header(std::string_view line, WebRequest& request) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return WebBad{400, "not a header line"};
  }
  const std::string_view value = trim(line.substr(colon + 1));
  if (has_control(value)) return WebBad{400, "control characters in a header"};
  if (request.headers.size() == kMaxHeaders) return WebBad{431, "too many headers"};
  request.headers.emplace_back(to_lower(line.substr(0, colon)), value);
  return std::nullopt;
}

/// What the headers mean for the connection.
std::optional<WebBad> judge_headers(WebRequest& request, bool version_1_1) {
  const auto hosts =
      std::ranges::count(request.headers, "host", &std::pair<std::string, std::string>::first);
  if (hosts > 1 || (version_1_1 && hosts == 0)) return WebBad{400, "not one Host"};
  if (request.host.empty()) request.host = request.header("host");
  const std::string_view length = request.header("content-length");
  if (!request.header("transfer-encoding").empty() || (!length.empty() && length != "0")) {
    return WebBad{413, "requests have no body here"};
  }
  const std::string connection = to_lower(request.header("connection"));
  if (connection.find("close") != std::string::npos) request.keep_alive = false;
  if (connection.find("keep-alive") != std::string::npos) request.keep_alive = true;
  return std::nullopt;
}

}  // namespace

std::string_view WebRequest::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
  return found == headers.end() ? std::string_view() : found->second;
}

const std::string* WebRequest::parameter(std::string_view name) const {
  const auto found = std::ranges::find(query, name, &std::pair<std::string, std::string>::first);
  return found == query.end() ? nullptr : &found->second;
}

std::vector<std::string> WebRequest::parameters(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : query) {
    if (key == name) out.push_back(value);
  }
  return out;
}

std::variant<WebMore, WebBad, WebParsed> parse_web_request(std::string_view bytes) {
  std::string_view rest = bytes;
  // An empty line too many after the last request. [RFC 9112, section 2.2]
  if (rest.starts_with("\r\n")) rest.remove_prefix(2);
  const auto first = take_line(rest);
  if (first ? first->size() > kMaxWebTarget : bytes.size() > kMaxWebTarget) {
    return WebBad{414, "the request's first line is too long"};
  }
  if (!first) return WebMore{};
  WebParsed parsed;
  if (auto bad = read_first_line(*first, parsed.request)) return *std::move(bad);
  const bool version_1_1 = parsed.request.keep_alive;
  while (true) {
    const auto line = take_line(rest);
    parsed.length = bytes.size() - rest.size();
    if ((line ? parsed.length : bytes.size()) > kMaxWebRequest) {
      return WebBad{431, "the request is too long"};
    }
    if (!line) return WebMore{};
    if (line->empty()) break;
    if (auto bad = read_header(*line, parsed.request)) return *std::move(bad);
  }
  if (auto bad = judge_headers(parsed.request, version_1_1)) return *std::move(bad);
  return parsed;
}

bool percent_decode(std::string_view text, std::string* out) {
  out->clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out->push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return false;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return false;
    out->push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return true;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

}  // namespace nutgraf
