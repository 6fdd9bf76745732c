#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "daemon/base/ascii.h"
#include "daemon/base/date.h"

/// What the readers of dates share: the parts of a date, and the text from which they are taken.
namespace nutgraf {

/// What was found so far. −1: not found.
struct DateFields {
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

/// Nullopt for what is no time from 1970 to 2199. A missing day is the first; 24:00 and a leap
/// second count as the next midnight and minute.
std::optional<Time> to_time(const DateFields& f);

/// Reads a text from the left; every take_ moves on only if it succeeds.
class DateScanner {
 public:
  explicit DateScanner(std::string_view text) : text_(text) {}

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

/// 70–99 are of the last century.
constexpr int full_year(int two_digits) {
  return two_digits < 70 ? 2000 + two_digits : 1900 + two_digits;
}

}  // namespace nutgraf
