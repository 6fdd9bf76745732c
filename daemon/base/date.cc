#include "daemon/base/date.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "daemon/base/ascii.h"
#include "daemon/base/date_names.h"

namespace nutgraf {
namespace {

/// No date is longer; what follows is another story.
constexpr size_t kMaxDate = 200;

/// What was found so far. −1: not found.
struct Fields {
  int year = -1;
  int month = -1;
  int day = -1;
  int hour = -1;
  int minute = 0;
  int second = 0;
  int millisecond = 0;
  int zone = 0;  ///< Minutes east of Greenwich.
  bool zoned = false;
  int half_day = -1;  ///< 12 for pm, 0 for am.
};

std::optional<Time> to_time(const Fields& f) {
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

/// Reads a text from the left; every take_ moves on only if it succeeds.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool done() const { return pos_ >= text_.size(); }
  char peek(size_t ahead = 0) const {
    return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0';
  }
  void skip(size_t count = 1) { pos_ = std::min(pos_ + count, text_.size()); }
  size_t position() const { return pos_; }
  std::string_view rest() const { return text_.substr(pos_); }

  size_t digits_ahead(size_t from = 0) const {
    size_t n = 0;
    while (is_digit(peek(from + n))) ++n;
    return n;
  }
  bool take(char c) {
    if (peek() != c || done()) return false;
    ++pos_;
    return true;
  }
  bool take(std::string_view text) {
    if (!rest().starts_with(text)) return false;
    pos_ += text.size();
    return true;
  }
  /// Exactly `count` digits.
  std::optional<int> number(size_t count) {
    if (digits_ahead() < count || count == 0 || count > 9) return std::nullopt;
    int value = 0;
    for (size_t i = 0; i < count; ++i) value = value * 10 + (peek(i) - '0');
    skip(count);
    return value;
  }
  /// ".123456" → milliseconds, if there.
  int fraction() {
    if ((peek() != '.' && peek() != ',') || !is_digit(peek(1))) return 0;
    skip();
    const size_t count = digits_ahead();
    int value = 0;
    for (size_t i = 0; i < 3; ++i) value = value * 10 + (i < count ? peek(i) - '0' : 0);
    skip(count);
    return value;
  }
  /// "+01:00", "-0700", "+9": minutes.
  std::optional<int> offset() {
    const char sign = peek();
    if ((sign != '+' && sign != '-') || !is_digit(peek(1))) return std::nullopt;
    skip();
    const size_t count = digits_ahead();
    const int hours = number(count == 4 || count == 2 ? 2 : std::min<size_t>(count, 1)).value_or(0);
    int minutes = 0;
    if (peek() == ':' && digits_ahead(1) >= 2) skip();
    if (digits_ahead() >= 2) minutes = *number(2);
    const int total = hours * 60 + minutes;
    return sign == '-' ? -total : total;
  }
  /// Letters and bytes above ASCII, with inner dots ("a.m").
  std::string_view word() {
    const size_t start = pos_;
    while (!done() && (is_alpha(peek()) || static_cast<unsigned char>(peek()) >= 0x80 ||
                       (peek() == '.' && pos_ > start && is_alpha(peek(1)) && pos_ - start <= 1))) {
      ++pos_;
    }
    return text_.substr(start, pos_ - start);
  }

 private:
  std::string_view text_;
  size_t pos_ = 0;
};

int full_year(int two_digits) { return two_digits < 70 ? 2000 + two_digits : 1900 + two_digits; }

void set_ordinal_day(Fields& f, int day_of_year) {
  using namespace std::chrono;
  const sys_days date = sys_days(year(f.year) / 1 / 1) + days(day_of_year - 1);
  const year_month_day ymd(date);
  f.month = static_cast<int>(static_cast<unsigned>(ymd.month()));
  f.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
}

/// Week `week` begins on the Monday of the week that holds 4 January [ISO 8601].
void set_week_day(Fields& f, int week, int weekday) {
  using namespace std::chrono;
  const sys_days fourth = sys_days(year(f.year) / 1 / 4);
  const auto back = std::chrono::weekday(fourth).iso_encoding() - 1;
  const year_month_day ymd(fourth - days(back) + days((week - 1) * 7 + weekday - 1));
  f.year = static_cast<int>(ymd.year());
  f.month = static_cast<int>(static_cast<unsigned>(ymd.month()));
  f.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
}

/// What may follow "YYYY" in ISO 8601: months and days, ordinal days, weeks.
bool iso_after_year(Scanner& in, Fields& f) {
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
bool iso_time(Scanner& in, Fields& f) {
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

bool iso_zone(Scanner& in, Fields& f) {
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
  Scanner in(text);
  Fields f;
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

/// Everything else: words, numbers and marks in any order that people write them in.
class LooseReader {
 public:
  explicit LooseReader(std::string_view text) : in_(text) {}

  std::optional<Time> read() {
    while (!in_.done()) {
      if (is_digit(in_.peek())) {
        if (!number()) return std::nullopt;
      } else if (is_alpha(in_.peek()) || static_cast<unsigned char>(in_.peek()) >= 0x80) {
        word();
      } else if (!zone_offset()) {
        in_.skip();
      }
    }
    settle();
    return to_time(f_);
  }

 private:
  bool zone_offset() {
    if (f_.hour < 0) return false;
    const auto offset = in_.offset();
    if (!offset) return false;
    // "GMT-07:00" names no zone but the sign's; "EST -0500" says it twice.
    f_.zone = *offset;
    f_.zoned = true;
    return true;
  }

  void word() {
    const size_t before = in_.position();
    const std::string folded = fold_letters(in_.word());
    if (in_.position() == before) return in_.skip();
    if (const auto half = half_day_of(folded)) {
      f_.half_day = *half;
    } else if (f_.hour >= 0 && !f_.zoned && zone_of(folded)) {
      f_.zone = *zone_of(folded);
      f_.zoned = true;
    } else if (folded == "tháng" || folded == "thg") {
      vietnamese_month();
    } else if (const auto month = month_of(folded)) {
      if (!numeric_) f_.month = *month;
    }
  }

  void vietnamese_month() {
    while (in_.take(' ')) {
    }
    const size_t digits = in_.digits_ahead();
    if (digits == 1 || digits == 2) f_.month = *in_.number(digits);
  }

  bool number() {
    const size_t digits = in_.digits_ahead();
    if (digits > 8) return false;
    if (digits <= 2 && f_.hour < 0 && is_time(digits)) return time(digits);
    if (is_numeric_date(digits)) return numeric_date();
    const int value = *in_.number(digits);
    if (cjk_unit(value)) return true;
    if (digits <= 2 && f_.hour < 0 && half_day_follows()) {  // "9 pm"
      f_.hour = value;
      return true;
    }
    if (digits == 4 && f_.year < 0) f_.year = value;
    if (digits <= 2) loose_.push_back(value);
    return true;
  }

  bool is_time(size_t digits) const {
    const char mark = in_.peek(digits);
    if (in_.digits_ahead(digits + 1) != 2) return false;
    // "16.04" with a third part is a date; so is one before a year was seen.
    if (mark == '.') return in_.peek(digits + 3) != '.' && f_.month >= 0 && f_.year >= 0;
    return mark == ':' || (to_lower(mark) == 'h' && !is_alpha(in_.peek(digits + 3)));
  }

  bool time(size_t digits) {
    f_.hour = *in_.number(digits);
    in_.skip();
    f_.minute = *in_.number(2);
    if ((in_.peek() == ':' || in_.peek() == '.') && in_.digits_ahead(1) == 2) {
      in_.skip();
      f_.second = *in_.number(2);
    }
    f_.millisecond = in_.fraction();
    return true;
  }

  bool half_day_follows() const {
    Scanner ahead = in_;
    while (ahead.take(' ')) {
    }
    const std::string folded = fold_letters(ahead.word());
    return folded == "am" || folded == "pm" || folded == "a.m" || folded == "p.m";
  }

  /// "2004년 05월 28일", "2021年3月4日".
  bool cjk_unit(int value) {
    while (in_.peek() == ' ' && static_cast<unsigned char>(in_.peek(1)) >= 0x80) in_.skip();
    if (in_.take("年") || in_.take("년")) return set(f_.year, value);
    if (in_.take("月") || in_.take("월")) return set(f_.month, value);
    if (in_.take("日") || in_.take("일") || in_.take("号")) return set(f_.day, value);
    if (in_.take("時") || in_.take("时") || in_.take("点") || in_.take("시")) {
      return set(f_.hour, value);
    }
    if (in_.take("分") || in_.take("분")) return set(f_.minute, value);
    if (in_.take("秒") || in_.take("초")) return set(f_.second, value);
    return false;
  }

  static bool set(int& field, int value) {
    field = value;
    return true;
  }

  bool is_numeric_date(size_t digits) const {
    const char mark = in_.peek(digits);
    if (numeric_ || (mark != '/' && mark != '.' && mark != '-')) return false;
    const size_t second = in_.digits_ahead(digits + 1);
    const size_t at = digits + 1 + second;
    if (second == 0 || second > 2) return false;
    return in_.peek(at) == mark && in_.digits_ahead(at + 1) > 0;
  }

  /// Year first if it has four digits; day first with dots and dashes, month first with slashes,
  /// and the other way round where that cannot be.
  bool numeric_date() {
    const size_t digits = in_.digits_ahead();
    int first = *in_.number(digits);
    const char mark = in_.peek();
    in_.skip();
    int second = *in_.number(in_.digits_ahead());
    in_.skip();
    const size_t last_digits = in_.digits_ahead();
    if (last_digits > 4) return false;
    const int third = *in_.number(last_digits);
    numeric_ = true;
    if (digits == 4) {
      f_.year = first;
      f_.month = second;
      f_.day = third;
      return true;
    }
    f_.year = last_digits <= 2 ? full_year(third) : third;
    if ((mark == '/' && second <= 12 && first > 12) || (mark != '/' && second <= 12)) {
      std::swap(first, second);
    }
    f_.month = first;
    f_.day = second;
    return true;
  }

  /// Numbers that stood alone: the day, and a year of two digits.
  void settle() {
    for (const int value : loose_) {
      if (f_.day < 0 && value >= 1 && value <= 31) {
        f_.day = value;
      } else if (f_.year < 0) {
        f_.year = full_year(value);
      }
    }
    // Without a day there is only "Nov. 2020"; "2020" or "May" alone is no date.
    if (f_.year >= 0 && f_.month < 0) f_.year = -1;
  }

  Scanner in_;
  Fields f_;
  bool numeric_ = false;
  std::vector<int> loose_;
};

constexpr std::array<std::string_view, 12> kMonthAbbreviations = {
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kDays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<std::string_view, 7> kLongDays = {"sunday",   "monday", "tuesday", "wednesday",
                                                       "thursday", "friday", "saturday"};

/// 1–12 for exactly three letters of English.
std::optional<int> month_abbreviation(std::string_view text) {
  for (size_t i = 0; i < 12; ++i) {
    if (equals_ignoring_case(text, kMonthAbbreviations[i])) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

bool is_one_of(std::string_view word, const std::array<std::string_view, 7>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view w) { return equals_ignoring_case(word, w); });
}

/// "08:49:37".
bool http_time(Scanner& in, Fields& f) {
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

bool http_month(Scanner& in, Fields& f) {
  const auto month = month_abbreviation(in.rest().substr(0, 3));
  if (!month) return false;
  f.month = *month;
  in.skip(3);
  return true;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" and "Sunday, 06-Nov-94 08:49:37 GMT".
std::optional<Time> http_fixdate_or_rfc850(Scanner in, bool rfc850) {
  const char mark = rfc850 ? '-' : ' ';
  Fields f;
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
std::optional<Time> http_asctime(Scanner in) {
  Fields f;
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

/// "Tue, 03 Jun 2003 09:39:21 GMT|+0000", what nearly every feed writes; nullopt for all else.
std::optional<Time> parse_common_rfc822(std::string_view text) {
  Scanner in(text);
  if (text.size() < 25 || text.size() > 31 || text[3] != ',' || text[4] != ' ') return std::nullopt;
  in.skip(5);
  Fields f;
  const size_t digits = in.digits_ahead();
  const auto day = digits <= 2 ? in.number(digits) : std::nullopt;
  if (!day || !in.take(' ') || !http_month(in, f) || !in.take(' ')) return std::nullopt;
  const auto year = in.digits_ahead() == 4 ? in.number(4) : std::nullopt;
  if (!year || !in.take(' ') || !http_time(in, f) || !in.take(' ')) return std::nullopt;
  f.day = *day;
  f.year = *year;
  if (in.rest() == "GMT" || in.rest() == "UTC") return to_time(f);
  if (in.rest().size() != 5 || in.digits_ahead(1) != 4) return std::nullopt;
  const auto offset = in.offset();
  if (!offset) return std::nullopt;
  f.zone = *offset;
  return to_time(f);
}

}  // namespace

std::optional<Time> parse_date(std::string_view text) {
  text = trim(text.substr(0, kMaxDate));
  if (text.size() < 4) return std::nullopt;
  if (const auto time = parse_common_rfc822(text)) return time;
  if (const auto time = parse_iso(text)) return time;
  if (const auto time = parse_epoch(text)) return time;
  return LooseReader(text).read();
}

std::optional<Time> parse_http_date(std::string_view text) {
  const size_t name_end = std::min(text.find_first_of(", "), text.size());
  const std::string_view name = text.substr(0, name_end);
  Scanner in(text.substr(name_end));
  if (is_one_of(name, kLongDays)) return http_fixdate_or_rfc850(in, true);
  if (!is_one_of(name, kDays)) return std::nullopt;
  return in.peek() == ',' ? http_fixdate_or_rfc850(in, false) : http_asctime(in);
}

std::string format_rfc3339(Time time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  std::array<char, 64> out{};
  const int millis = static_cast<int>(clock.subseconds().count());
  const int used = std::snprintf(
      out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  std::string text(out.data(), static_cast<size_t>(used));
  if (millis != 0) {
    std::snprintf(out.data(), out.size(), ".%03d", millis);
    text += out.data();
  }
  return text + "Z";
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  Scanner in(text);
  Fields f;
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
