#include "daemon/service/web_answer.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace nutgraf {
namespace {

const char* reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 421:
      return "Misdirected Request";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Error";
  }
}

/// As in Date. [RFC 9110, section 5.6.7]
std::string http_date() {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 64> out{};
  const auto day = static_cast<std::size_t>(utc.tm_wday) % kDays.size();
  const auto month = static_cast<std::size_t>(utc.tm_mon) % kMonths.size();
  std::snprintf(out.data(), out.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[day],
                utc.tm_mday, kMonths[month], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  return out.data();
}

}  // namespace

WebAnswer text_answer(int status, const std::string& line) {
  return {.status = status, .body = line + "\n"};
}

std::string head_of(const WebAnswer& answer, bool close) {
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " " + reason_of(answer.status) +
                    "\r\nDate: " + http_date() + "\r\n";
  if (answer.status != 304) {
    out += "Content-Type: " + answer.type + "\r\n";
    if (!answer.stream) out += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
  }
  // No page of another origin may read, frame or guess at what this is.
  out +=
      "X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\n"
      "Referrer-Policy: no-referrer\r\n";
  for (const auto& [name, value] : answer.headers) out += name + ": " + value + "\r\n";
  return out + (close ? "Connection: close\r\n\r\n" : "\r\n");
}

}  // namespace nutgraf
