#include "daemon/base/loose_date.h"

#include <utility>
#include <vector>

#include "daemon/base/ascii.h"
#include "daemon/base/date_names.h"
#include "daemon/base/date_scanner.h"

namespace nutgraf {
namespace {

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
    DateScanner ahead = in_;
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

  DateScanner in_;
  DateFields f_;
  bool numeric_ = false;
  std::vector<int> loose_;
};

}  // namespace

std::optional<Time> parse_loose_date(std::string_view text) { return LooseReader(text).read(); }

}  // namespace nutgraf
