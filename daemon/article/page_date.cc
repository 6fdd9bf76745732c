#include "daemon/article/page_date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "daemon/article/letters.h"
#include "daemon/base/date_names.h"

namespace nutgraf {
namespace {

unsigned month_number(std::string_view word) {
  return static_cast<unsigned>(month_of(fold_letters(word)).value_or(0));
}

/// A number or a word of the line, and what stands between it and the one before.
struct Token {
  std::string word;  // Lower case; empty for numbers.
  unsigned value = 0;
  std::size_t digits = 0;
  std::string_view gap;

  bool is_year() const { return digits == 4 && value >= 1990 && value < 2040; }
  bool is_day_or_month() const { return digits >= 1 && digits <= 2; }
};

constexpr std::size_t kMostTokens = 64;

std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t gap = 0;
  for (std::size_t at = 0; at < text.size() && tokens.size() < kMostTokens;) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(text, at);
    if (!is_word_char(c)) continue;
    Token token;
    token.gap = text.substr(gap, begin - gap);
    if (c >= '0' && c <= '9') {
      at = begin;
      while (at < text.size() && is_digit(text[at])) {
        token.value =
            token.digits < 8 ? token.value * 10 + static_cast<unsigned>(text[at] - '0') : 0;
        ++token.digits;
        ++at;
      }
    } else {
      append_utf8(token.word, lower(c));
      while (at < text.size() && !is_digit(text[at])) {
        std::size_t next = at;
        const char32_t d = next_code_point(text, next);
        if (!is_word_char(d)) break;
        append_utf8(token.word, lower(d));
        at = next;
      }
    }
    gap = at;
    tokens.push_back(std::move(token));
  }
  return tokens;
}

std::optional<Time> day_of(unsigned year, unsigned month, unsigned day) {
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok() || year < 1990 || year >= 2040) return std::nullopt;
  return Time(std::chrono::sys_days(date));
}

bool is_date_mark(std::string_view gap) {
  const std::string_view mark = trim(gap);
  return mark == "-" || mark == "/" || mark == ".";
}

/// Reads the forms of a date at one token. Each returns nullopt if the line has another form there.
class DateReader {
 public:
  DateReader(const std::vector<Token>& tokens, std::size_t at, DayOrder order)
      : tokens_(tokens), at_(at), order_(order) {}

  std::optional<Time> read() const {
    if (auto date = year_first()) return date;
    if (auto date = cjk()) return date;
    if (auto date = day_month_name()) return date;
    if (auto date = month_name_day()) return date;
    return numeric();
  }

 private:
  const Token& token(std::size_t offset) const {
    static const Token nothing;
    return at_ + offset < tokens_.size() ? tokens_[at_ + offset] : nothing;
  }
  /// Offset of the token at or after `offset`, little words of dates skipped.
  std::size_t skip_small(std::size_t offset) const {
    constexpr std::array<std::string_view, 10> kSmall = {"st", "nd",  "rd", "th", "er",
                                                         "de", "del", "of", "º",  "ª"};
    for (int k = 0; k < 2 && std::ranges::find(kSmall, token(offset).word) != kSmall.end(); ++k)
      ++offset;
    return offset;
  }

  std::optional<Time> year_first() const {
    const Token &y = token(0), &m = token(1), &d = token(2);
    if (!y.is_year() || !m.is_day_or_month() || !d.is_day_or_month()) return std::nullopt;
    if (!is_date_mark(m.gap) || !is_date_mark(d.gap)) return std::nullopt;
    return day_of(y.value, m.value, d.value);
  }
  std::optional<Time> cjk() const {
    const Token &y = token(0), &m = token(2), &d = token(4);
    if (!y.is_year() || !m.is_day_or_month() || !d.is_day_or_month()) return std::nullopt;
    if (token(1).word != "年" && token(1).word != "년") return std::nullopt;
    return day_of(y.value, m.value, d.value);
  }
  std::optional<Time> day_month_name() const {
    if (!token(0).is_day_or_month()) return std::nullopt;
    const std::size_t m = skip_small(1);
    const unsigned month = month_number(token(m).word);
    if (month == 0) return std::nullopt;
    const Token& year = token(skip_small(m + 1));
    return year.is_year() ? day_of(year.value, month, token(0).value) : std::nullopt;
  }
  std::optional<Time> month_name_day() const {
    const unsigned month = token(0).digits > 0 ? 0 : month_number(token(0).word);
    if (month == 0 || !token(1).is_day_or_month()) return std::nullopt;
    const Token& year = token(skip_small(2));
    return year.is_year() ? day_of(year.value, month, token(1).value) : std::nullopt;
  }
  std::optional<Time> numeric() const {
    const Token &a = token(0), &b = token(1), &y = token(2);
    if (!a.is_day_or_month() || !b.is_day_or_month() || !is_date_mark(b.gap) ||
        !is_date_mark(y.gap) || trim(b.gap) != trim(y.gap)) {
      return std::nullopt;
    }
    if (!y.is_year() && y.digits != 2) return std::nullopt;
    const unsigned year = y.digits == 2 ? 2000 + y.value : y.value;
    const bool dots = trim(b.gap) == ".";
    const auto day_first = day_of(year, b.value, a.value);
    const auto month_first = day_of(year, a.value, b.value);
    if (dots) return day_first;
    if (order_ == DayOrder::kMonthFirst) return month_first ? month_first : day_first;
    return day_first ? day_first : month_first;
  }

  const std::vector<Token>& tokens_;
  const std::size_t at_;
  const DayOrder order_;
};

}  // namespace

std::optional<Time> find_date(std::string_view text, DayOrder order) {
  const std::vector<Token> tokens = tokenize(text);
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (const auto date = DateReader(tokens, at, order).read()) return date;
  }
  return std::nullopt;
}

std::optional<Time> read_date(std::string_view value, DayOrder order) {
  value = trim(value);
  if (value.empty()) return std::nullopt;
  const std::optional<Time> day = find_date(value, order);
  const std::optional<Time> exact = parse_date(value);
  if (!day) return exact && is_digit(value.front()) ? exact : std::nullopt;
  // The general parser knows the time of day and the zone; on which day it is, the page's habit
  // (03/04) decides.
  if (exact && *exact - *day < std::chrono::hours(36) && *day - *exact < std::chrono::hours(24)) {
    return exact;
  }
  return day;
}

namespace {

/// Reads the numbers of a path from its front.
class PathReader {
 public:
  PathReader(std::string_view path, std::size_t at) : path_(path), at_(at) {}

  /// A number of at least `least` and at most `most` digits; nullopt if there are fewer or more.
  std::optional<unsigned> number(std::size_t least, std::size_t most) {
    unsigned value = 0;
    std::size_t digits = 0;
    for (; digits <= most && at_ + digits < path_.size() && is_digit(path_[at_ + digits]); ++digits)
      value = value * 10 + static_cast<unsigned>(path_[at_ + digits] - '0');
    if (digits < least || digits > most) return std::nullopt;
    at_ += digits;
    return value;
  }
  /// Exactly so many digits, whatever follows.
  std::optional<unsigned> digits(std::size_t count) {
    PathReader cut(path_.substr(0, std::min(at_ + count, path_.size())), at_);
    const auto value = cut.number(count, count);
    if (value) at_ += count;
    return value;
  }
  bool mark(std::string_view marks) {
    if (at_ >= path_.size() || marks.find(path_[at_]) == std::string_view::npos) return false;
    ++at_;
    return true;
  }
  bool at_digit() const { return at_ < path_.size() && is_digit(path_[at_]); }

 private:
  std::string_view path_;
  std::size_t at_;
};

constexpr std::string_view kPathMarks = "/-_";

/// "2019/11/18", "2019-11-18", "20191118"; "2017/7/12" only as folders.
std::optional<Time> year_first_at(std::string_view path, std::size_t at) {
  PathReader read(path, at);
  const auto year = read.digits(4);
  if (!year) return std::nullopt;
  PathReader folders = read;
  read.mark(kPathMarks);
  if (const auto month = read.digits(2)) {
    read.mark(kPathMarks);
    const auto day = read.digits(2);
    if (day && !read.at_digit()) return day_of(*year, *month, *day);
  }
  if (!folders.mark("/")) return std::nullopt;
  const auto month = folders.number(1, 2);
  if (!month || !folders.mark("/")) return std::nullopt;
  const auto day = folders.number(1, 2);
  return day && folders.mark("/") ? day_of(*year, *month, *day) : std::nullopt;
}

/// "18-11-2019", "18112019".
std::optional<Time> year_last_at(std::string_view path, std::size_t at, DayOrder order) {
  PathReader read(path, at);
  const auto first = read.digits(2);
  read.mark("-_.");
  const auto second = read.digits(2);
  read.mark("-_.");
  const auto year = read.digits(4);
  if (!first || !second || !year || read.at_digit()) return std::nullopt;
  const auto day_first = day_of(*year, *second, *first);
  const auto month_first = day_of(*year, *first, *second);
  if (order == DayOrder::kMonthFirst) return month_first ? month_first : day_first;
  return day_first ? day_first : month_first;
}

}  // namespace

std::optional<Time> date_in_path(std::string_view path) {
  for (std::size_t at = 0; at + 9 < path.size(); ++at) {
    if (kPathMarks.find(path[at]) == std::string_view::npos) continue;
    if (const auto date = year_first_at(path, at + 1)) return date;
  }
  return std::nullopt;
}

std::optional<Time> date_in_path_year_last(std::string_view path, DayOrder order) {
  for (std::size_t at = 0; at + 8 < path.size(); ++at) {
    if (is_word_char(static_cast<unsigned char>(path[at]))) continue;
    if (const auto date = year_last_at(path, at + 1, order)) return date;
  }
  return std::nullopt;
}

}  // namespace nutgraf
