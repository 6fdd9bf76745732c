#include "daemon/base/date.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "daemon/base/ascii.h"
#include "daemon/base/date_names.h"
#include "daemon/base/date_scanner.h"
#include "daemon/base/loose_date.h"

namespace nutgraf {
namespace {

/// No date is longer; what follows is another story.
constexpr size_t kMaxDate = 200;

void set_ordinal_day(DateFields& f, int day_of_year) {
  using namespace std::chrono;
  const sys_days date = sys_days(year(f.year) / 1 / 1) + days(day_of_year - 1);
  const year_month_day ymd(date);
  f.month = static_cast<int>(static_cast<unsigned>(ymd.month()));
  f.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
}

/// Week `week` begins on the Monday of the week that holds 4 January [ISO 8601].
void set_week_day(DateFields& f, int week, int weekday) {
  using namespace std::chrono;
  const sys_days fourth = sys_days(year(f.year) / 1 / 4);
  const auto back = std::chrono::weekday(fourth).iso_encoding() - 1;
  const year_month_day ymd(fourth - days(back) + days((week - 1) * 7 + weekday - 1));
  f.year = static_cast<int>(ymd.year());
  f.month = static_cast<int>(static_cast<unsigned>(ymd.month()));
  f.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
}

/// What may follow "YYYY" in ISO 8601: months and days, ordinal days, weeks.
bool iso_after_year(DateScanner& in, DateFields& f) {
  const bool dash = in.take('-');
  if (in.take('W')) {
    const auto week = in.number(2);
    in.take('-');
    const bool has_day = in.digits_ahead() == 1;
    if (!week || *week < 1 || *week > 53) return false;
    set_week_day(f, *week, has_day ? std::clamp(*in.number(1), 1, 7) : 1);
    return true;
  }
  const size_t digits = in.digits_ahead();
  if (digits == 3 && in.peek(3) == '-' && in.peek() == '0') in.skip();  // "2003-012-31" was seen
  if (in.digits_ahead() == 3) {
    const int day = *in.number(3);
    if (day < 1 || day > 366) return false;
    set_ordinal_day(f, day);
    return true;
  }
  if (digits == 0) return !dash;
  const auto month = in.number(std::min<size_t>(in.digits_ahead(), 2));
  f.month = *month;
  if (in.peek() == '-' && in.digits_ahead(1) > 0) in.skip();
  if (in.digits_ahead() > 0) f.day = *in.number(std::min<size_t>(in.digits_ahead(), 2));
  return true;
}

/// "10:14:55.123", "101455", "10:14", "10".
bool iso_time(DateScanner& in, DateFields& f) {
  const auto hour = in.number(std::min<size_t>(in.digits_ahead(), 2));
  if (!hour) return false;
  f.hour = *hour;
  if (in.peek() == ':') in.skip();
  if (in.digits_ahead() >= 2) f.minute = *in.number(2);
  if (in.peek() == ':') in.skip();
  if (in.digits_ahead() >= 2) f.second = *in.number(2);
  f.millisecond = in.fraction();
  return true;
}

bool iso_zone(DateScanner& in, DateFields& f) {
  while (in.take(' ')) {
  }
  if (in.done()) return true;
  if (const auto offset = in.offset()) {
    f.zone = *offset;
    return true;
  }
  if (const auto zone = zone_of(fold_letters(in.word()))) {
    f.zone = *zone;
    if (const auto extra = in.offset()) f.zone += *extra;
    return true;
  }
  return false;
}

/// Dates that begin with a four-digit year, or with "-YY-MM" or "YY-MM-DD".
std::optional<Time> parse_iso(std::string_view text) {
  DateScanner in(text);
  DateFields f;
  const size_t digits = in.digits_ahead();
  if (in.take('-')) {
    const auto year = in.digits_ahead() == 2 ? in.number(2) : std::nullopt;
    if (!year || in.peek() != '-') return std::nullopt;
    f.year = full_year(*year);
  } else if (digits == 2 && in.peek(2) == '-' && in.digits_ahead(3) == 2 && in.peek(5) == '-' &&
             in.digits_ahead(6) == 2) {
    f.year = full_year(*in.number(2));
  } else if (digits == 4 || digits == 6 || digits == 7 || digits == 8 || digits == 14) {
    f.year = *in.number(4);
  } else {
    return std::nullopt;
  }
  if (f.year < 1970 || f.year > 2199 || !iso_after_year(in, f)) return std::nullopt;
  if (f.month < 0) f.month = 1;
  while (in.take(' ')) {
  }
  if (in.done()) return to_time(f);
  if (in.peek() == 'T' || in.peek() == 't') in.skip();
  while (in.take(' ')) {
  }
  if (in.done()) return to_time(f);
  if (is_digit(in.peek()) && !iso_time(in, f)) return std::nullopt;
  if (!iso_zone(in, f)) return std::nullopt;
  return to_time(f);
}

/// Seconds or milliseconds since 1970.
std::optional<Time> parse_epoch(std::string_view text) {
  if (text.size() < 9 || text.size() > 13 || text.size() == 11 || text.size() == 12) return {};
  if (!std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  int64_t value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  const Time time(std::chrono::milliseconds(text.size() == 13 ? value : value * 1000));
  if (time >= std::chrono::sys_days(std::chrono::year(2200) / 1 / 1)) return std::nullopt;
  return time;
}

constexpr std::array<std::string_view, 12> kMonthAbbreviations = {
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kDays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<std::string_view, 7> kLongDays = {"sunday",   "monday", "tuesday", "wednesday",
                                                       "thursday", "friday", "saturday"};

constexpr uint32_t packed(std::string_view three) {
  uint32_t out = 0;
  for (const char c : three) out = out << 8 | static_cast<unsigned char>(to_lower(c));
  return out;
}

/// 1–12 for exactly three letters of English.
std::optional<int> month_abbreviation(std::string_view text) {
  if (text.size() != 3) return std::nullopt;
  const uint32_t letters = packed(text);
  for (size_t i = 0; i < 12; ++i) {
    if (letters == packed(kMonthAbbreviations[i])) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

bool is_one_of(std::string_view word, const std::array<std::string_view, 7>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view w) { return equals_ignoring_case(word, w); });
}

/// "08:49:37".
bool http_time(DateScanner& in, DateFields& f) {
  const auto hour = in.number(2);
  if (!hour || !in.take(':')) return false;
  const auto minute = in.number(2);
  if (!minute || !in.take(':')) return false;
  const auto second = in.number(2);
  if (!second) return false;
  f.hour = *hour;
  f.minute = *minute;
  f.second = *second;
  return true;
}

bool http_month(DateScanner& in, DateFields& f) {
  const auto month = month_abbreviation(in.rest().substr(0, 3));
  if (!month) return false;
  f.month = *month;
  in.skip(3);
  return true;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" and "Sunday, 06-Nov-94 08:49:37 GMT".
std::optional<Time> http_fixdate_or_rfc850(DateScanner in, bool rfc850) {
  const char mark = rfc850 ? '-' : ' ';
  DateFields f;
  if (!in.take(", ")) return std::nullopt;
  const auto day = in.digits_ahead() == 2 ? in.number(2) : std::nullopt;
  if (!day || !in.take(mark) || !http_month(in, f) || !in.take(mark)) return std::nullopt;
  f.day = *day;
  const size_t year_digits = rfc850 ? 2 : 4;
  const auto year = in.digits_ahead() == year_digits ? in.number(year_digits) : std::nullopt;
  if (!year || !in.take(' ') || !http_time(in, f)) return std::nullopt;
  f.year = rfc850 ? full_year(*year) : *year;
  return in.take(" GMT") && in.done() ? to_time(f) : std::nullopt;
}

/// "Sun Nov  6 08:49:37 1994".
std::optional<Time> http_asctime(DateScanner in) {
  DateFields f;
  if (!in.take(' ') || !http_month(in, f) || !in.take(' ')) return std::nullopt;
  const bool padded = in.take(' ');
  const auto day = in.number(padded ? 1 : 2);
  if (!day || !in.take(' ') || !http_time(in, f) || !in.take(' ')) return std::nullopt;
  const auto year = in.digits_ahead() == 4 ? in.number(4) : std::nullopt;
  if (!year || !in.done()) return std::nullopt;
  f.day = *day;
  f.year = *year;
  return to_time(f);
}

/// "Tue, 03 Jun 2003 09:39:21 GMT|PST|+0000", what nearly every feed writes; nullopt for all else.
std::optional<Time> parse_common_rfc822(std::string_view text) {
  DateScanner in(text);
  if (text.size() < 25 || text.size() > 32 || text[3] != ',' || text[4] != ' ') return std::nullopt;
  in.skip(text[5] == ' ' ? 6 : 5);
  DateFields f;
  const size_t digits = in.digits_ahead();
  const auto day = digits <= 2 ? in.number(digits) : std::nullopt;
  if (!day || !in.take(' ') || !http_month(in, f) || !in.take(' ')) return std::nullopt;
  const auto year = in.digits_ahead() == 4 ? in.number(4) : std::nullopt;
  if (!year || !in.take(' ') || !http_time(in, f) || !in.take(' ')) return std::nullopt;
  f.day = *day;
  f.year = *year;
  const std::string_view zone = in.rest();
  if (zone == "GMT" || zone == "UTC" || zone == "Z") return to_time(f);
  const bool numeric = zone.size() == 5 && in.digits_ahead(1) == 4;
  const bool named = zone.size() <= 4 && std::all_of(zone.begin(), zone.end(), is_alpha);
  const auto offset = numeric ? in.offset() : named ? zone_of(to_lower(zone)) : std::nullopt;
  if (!offset) return std::nullopt;
  f.zone = *offset;
  return to_time(f);
}

}  // namespace

std::optional<Time> to_time(const DateFields& f) {
  using namespace std::chrono;
  if (f.year < 1970 || f.year > 2199 || f.month < 1) return std::nullopt;
  const year_month_day date{year(f.year), month(static_cast<unsigned>(f.month)),
                            day(static_cast<unsigned>(std::max(f.day, 1)))};
  int hour = std::max(f.hour, 0);
  if (f.half_day >= 0 && hour <= 12) hour = hour % 12 + f.half_day;
  const bool in_range =
      hour <= 24 && f.minute <= 59 && f.second <= 60 && f.zone >= -1439 && f.zone <= 1439;
  if (!date.ok() || f.day == 0 || !in_range) return std::nullopt;
  // 24:00 is the next midnight, and a leap second the next minute: both fall out of the sum.
  const Time time = sys_days(date) + hours(hour) + minutes(f.minute - f.zone) + seconds(f.second) +
                    milliseconds(f.millisecond);
  if (time.time_since_epoch().count() < 0) return std::nullopt;
  return time;
}

std::optional<Time> parse_date(std::string_view text) {
  text = trim(text.substr(0, kMaxDate));
  if (text.size() < 4) return std::nullopt;
  if (const auto time = parse_common_rfc822(text)) return time;
  if (const auto time = parse_iso(text)) return time;
  if (const auto time = parse_epoch(text)) return time;
  return parse_loose_date(text);
}

std::optional<Time> parse_http_date(std::string_view text) {
  const size_t name_end = std::min(text.find_first_of(", "), text.size());
  const std::string_view name = text.substr(0, name_end);
  DateScanner in(text.substr(name_end));
  if (is_one_of(name, kLongDays)) return http_fixdate_or_rfc850(in, true);
  if (!is_one_of(name, kDays)) return std::nullopt;
  return in.peek() == ',' ? http_fixdate_or_rfc850(in, false) : http_asctime(in);
}

namespace {

/// At least `width` digits, as printf's %0*d.
void append_digits(std::string& out, int value, int width) {
  std::array<char, 12> digits{};
  std::size_t at = digits.size();
  const bool negative = value < 0;
  for (unsigned left = negative ? 0U - static_cast<unsigned>(value) : static_cast<unsigned>(value);
       left != 0; left /= 10) {
    digits[--at] = static_cast<char>('0' + left % 10);
  }
  const std::size_t sign = negative ? 1 : 0;
  while (digits.size() - at + sign < static_cast<std::size_t>(width)) digits[--at] = '0';
  if (negative) out += '-';
  out.append(digits.data() + at, digits.size() - at);
}

}  // namespace

std::string format_rfc3339(Time time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  // By hand: there are six in each feed's state, and printf would be most of its cost.
  std::string text;
  text.reserve(24);
  append_digits(text, static_cast<int>(date.year()), 4);
  text += '-';
  append_digits(text, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  text += '-';
  append_digits(text, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  text += 'T';
  append_digits(text, static_cast<int>(clock.hours().count()), 2);
  text += ':';
  append_digits(text, static_cast<int>(clock.minutes().count()), 2);
  text += ':';
  append_digits(text, static_cast<int>(clock.seconds().count()), 2);
  if (const int millis = static_cast<int>(clock.subseconds().count()); millis != 0) {
    text += '.';
    append_digits(text, millis, 3);
  }
  text += 'Z';
  return text;
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  DateScanner in(text);
  DateFields f;
  const auto year = in.digits_ahead() == 4 ? in.number(4) : std::nullopt;
  if (!year || !in.take('-')) return std::nullopt;
  const auto month = in.number(2);
  if (!month || !in.take('-')) return std::nullopt;
  const auto day = in.number(2);
  if (!day || (!in.take('T') && !in.take('t')) || !http_time(in, f)) return std::nullopt;
  f.year = *year;
  f.month = *month;
  f.day = *day;
  if (in.peek() == '.') f.millisecond = in.fraction();
  if (in.take('Z') || in.take('z')) return in.done() ? to_time(f) : std::nullopt;
  const std::string_view zone = in.rest();
  if (zone.size() != 6 || zone[3] != ':') return std::nullopt;
  const auto offset = in.offset();
  if (!offset || !in.done()) return std::nullopt;
  f.zone = *offset;
  return to_time(f);
}

}  // namespace nutgraf
