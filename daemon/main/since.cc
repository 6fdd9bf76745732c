#include "daemon/main/since.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <string>
#include <utility>

#include "daemon/base/ascii.h"

namespace nutgraf::tool {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kLongest = std::int64_t{100} * 366 * 86'400;

/// Names of units in seconds, as systemd has them; "m" is a minute.
constexpr std::array<std::pair<std::string_view, std::int64_t>, 18> kUnits{{{"s", 1},
                                                                            {"sec", 1},
                                                                            {"second", 1},
                                                                            {"seconds", 1},
                                                                            {"m", 60},
                                                                            {"min", 60},
                                                                            {"minute", 60},
                                                                            {"minutes", 60},
                                                                            {"h", 3600},
                                                                            {"hr", 3600},
                                                                            {"hour", 3600},
                                                                            {"hours", 3600},
                                                                            {"d", 86'400},
                                                                            {"day", 86'400},
                                                                            {"days", 86'400},
                                                                            {"w", 604'800},
                                                                            {"week", 604'800},
                                                                            {"weeks", 604'800}}};

void skip_blanks(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_number(std::string_view& text, std::size_t most) {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits == 0 || digits > most) return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + digits, value);
  text.remove_prefix(digits);
  return value;
}

/// "1h 30m", "2 days".
std::optional<seconds> span(std::string_view text) {
  std::int64_t total = 0;
  do {
    const auto count = take_number(text, 9);
    if (!count) return std::nullopt;
    skip_blanks(text);
    const auto end = std::ranges::find_if(text, [](char c) { return c == ' ' || is_digit(c); });
    const std::string_view name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    const auto unit =
        std::ranges::find(kUnits, name, &std::pair<std::string_view, std::int64_t>::first);
    if (name.empty() || unit == kUnits.end()) return std::nullopt;
    total += *count * unit->second;
    if (total > kLongest) return std::nullopt;
    text.remove_prefix(name.size());
    skip_blanks(text);
  } while (!text.empty());
  return seconds(total);
}

/// "10:00" or "10:00:30", all of `text`.
bool read_clock(std::string_view text, std::tm& out) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return false;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return false;
  std::optional<std::int64_t> second = 0;
  if (take(text, ':')) second = take_number(text, 2);
  if (!second || *second > 59 || !text.empty()) return false;
  out.tm_hour = static_cast<int>(*hour);
  out.tm_min = static_cast<int>(*minute);
  out.tm_sec = static_cast<int>(*second);
  return true;
}

/// "2026-11-21", at the front of `text`.
bool take_date(std::string_view& text, std::tm& out) {
  const auto year = take_number(text, 4);
  if (!year || *year < 1970 || !take(text, '-')) return false;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return false;
  const auto day = take_number(text, 2);
  if (!day) return false;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return false;
  out.tm_year = static_cast<int>(*year) - 1900;
  out.tm_mon = static_cast<int>(*month) - 1;
  out.tm_mday = static_cast<int>(*day);
  return true;
}

/// A day, a time of today, or both, in the zone of this machine or in UTC.
std::optional<Time> calendar(std::string_view text, Time now) {
  const bool utc = text.ends_with(" UTC");
  if (utc) text.remove_suffix(4);
  const std::time_t today = std::chrono::system_clock::to_time_t(now);
  std::tm at{};
  if ((utc ? gmtime_r(&today, &at) : localtime_r(&today, &at)) == nullptr) return std::nullopt;
  at.tm_hour = at.tm_min = at.tm_sec = 0;
  at.tm_isdst = -1;
  if (text == "yesterday") {
    --at.tm_mday;
  } else if (text != "today" && !read_clock(text, at)) {
    if (!take_date(text, at)) return std::nullopt;
    if (!text.empty() && !((take(text, ' ') || take(text, 'T')) && read_clock(text, at))) {
      return std::nullopt;
    }
  }
  const std::time_t seconds_of = utc ? timegm(&at) : std::mktime(&at);
  return Time(seconds(seconds_of));
}

}  // namespace

std::optional<Time> moment(std::string_view text, Time now) {
  if (const auto time = parse_rfc3339(text)) return time;
  if (text == "now") return now;
  if (text.starts_with('@')) {
    text.remove_prefix(1);
    const auto since_1970 = take_number(text, 11);
    return since_1970 && text.empty() ? std::optional(Time(seconds(*since_1970))) : std::nullopt;
  }
  std::string_view back = text;
  if (back.ends_with(" ago")) {
    back.remove_suffix(4);
  } else {
    take(back, '-');
  }
  if (const auto length = span(back)) return now - *length;
  return calendar(text, now);
}

}  // namespace nutgraf::tool
