#include "daemon/event/days.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/base/ascii.h"
#include "daemon/base/words.h"
#include "daemon/event/number_words.h"

namespace nutgraf {
namespace {

using std::string_view;
using std::chrono::sys_days;

constexpr std::size_t kSentences = 6;
constexpr std::size_t kWords = 200;

constexpr std::pair<string_view, unsigned> kMonths[] = {
    {"january", 1},   {"february", 2},  {"march", 3},  {"april", 4},     {"may", 5},
    {"june", 6},      {"july", 7},      {"august", 8}, {"september", 9}, {"october", 10},
    {"november", 11}, {"december", 12}, {"jan", 1},    {"feb", 2},       {"mar", 3},
    {"apr", 4},       {"jun", 6},       {"jul", 7},    {"aug", 8},       {"sep", 9},
    {"sept", 9},      {"oct", 10},      {"nov", 11},   {"dec", 12}};

/// The whole number that a word is, 0 if it is none.
unsigned number_at(const Words& words, std::size_t at) {
  if (at >= words.size() || !words.words[at].number || words[at].size() > 4) return 0;
  const auto number = written_number(words, at);
  return number && number->digits ? static_cast<unsigned>(number->value) : 0;
}

/// "June 26, 2005" or "26 June 2005".
std::optional<sys_days> date_at(const Words& words, std::size_t month_at) {
  const auto month = words.words[month_at].capital ? english_month(words[month_at]) : std::nullopt;
  if (!month) return std::nullopt;
  const unsigned behind = number_at(words, month_at + 1);
  const bool day_first = behind > 31 && month_at > 0;
  const unsigned day = day_first ? number_at(words, month_at - 1) : behind;
  const unsigned year = day_first ? behind : number_at(words, month_at + 2);
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(*month), std::chrono::day(day)};
  if (year < 1900 || year > 2100 || !date.ok()) return std::nullopt;
  return sys_days(date);
}

bool is_of_court(string_view word) {
  constexpr std::array<string_view, 6> kCourt = {"jury",      "jurors",    "verdict",
                                                 "convicted", "sentenced", "acquitted"};
  return std::find(kCourt.begin(), kCourt.end(), word) != kCourt.end();
}

/// "The trial is under way", not "trial is set for June".
bool is_of_trial(const Words& words) {
  constexpr std::array<string_view, 7> kBegun = {"underway", "began",     "begun",    "begins",
                                                 "opened",   "testified", "testimony"};
  bool trial = false;
  bool begun = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    trial = trial || words[i] == "trial";
    begun = begun || std::find(kBegun.begin(), kBegun.end(), words[i]) != kBegun.end() ||
            (words[i] == "way" && i > 0 && words[i - 1] == "under");
  }
  return trial && begun;
}

/// A path's number of so many digits, and what follows it; or nothing.
std::optional<unsigned> take_digits(string_view& path, std::size_t fewest, std::size_t most) {
  std::size_t size = 0;
  unsigned value = 0;
  while (size < path.size() && is_digit(path[size]) && size < most) {
    value = value * 10 + static_cast<unsigned>(path[size++] - '0');
  }
  if (size < fewest) return std::nullopt;
  path.remove_prefix(size);
  return value;
}

/// "09", "9" or "sep".
std::optional<unsigned> take_month(string_view& path) {
  if (const auto month = take_digits(path, 1, 2)) return month;
  if (path.size() < 3) return std::nullopt;
  const auto month = english_month(to_lower(path.substr(0, 3)));
  if (month) path.remove_prefix(3);
  return month;
}

/// The date with which `path` begins: a year, a month, and perhaps a day.
std::optional<Period> period_at(string_view path) {
  const auto year_number = take_digits(path, 4, 4);
  if (!year_number || *year_number < 1990 || *year_number > 2100 || path.empty()) {
    return std::nullopt;
  }
  const bool packed = is_digit(path.front());
  const char separator = path.front();
  if (!packed && separator != '/' && separator != '-') return std::nullopt;
  if (!packed) path.remove_prefix(1);
  const auto month_number = packed ? take_digits(path, 2, 2) : take_month(path);
  const bool whole = packed || path.empty() || path.front() == separator;
  if (!month_number || !whole) return std::nullopt;
  const std::chrono::year_month month{std::chrono::year(static_cast<int>(*year_number)),
                                      std::chrono::month(*month_number)};
  if (!month.ok()) return std::nullopt;
  if (!packed && !path.empty()) path.remove_prefix(1);
  const auto day = take_digits(path, packed ? 2 : 1, 2);
  const std::chrono::year_month_day date = month / std::chrono::day(day.value_or(0));
  if (date.ok() && (path.empty() || !is_digit(path.front()))) {
    return Period{sys_days(date), sys_days(date)};
  }
  // "/2013-09/" may be a season, "/201309" any number: only a folder is a month.
  if (packed || separator != '/') return std::nullopt;
  return Period{sys_days(month / std::chrono::day(1)), sys_days(month / std::chrono::last)};
}

bool follow(std::size_t a, std::size_t b) {
  const std::size_t apart = (a + 7 - b) % 7;
  return apart <= 1 || apart == 6;
}

}  // namespace

std::optional<std::size_t> weekday_of(string_view word) {
  constexpr std::array<string_view, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                "friday", "saturday", "sunday"};
  const auto found = std::find(kDays.begin(), kDays.end(), word);
  if (found == kDays.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDays.begin());
}

std::optional<unsigned> english_month(string_view word) {
  for (const auto& [name, month] : kMonths) {
    if (name == word) return month;
  }
  return std::nullopt;
}

Opening opening_of(const summarizer::Analysis& analysis) {
  Opening opening;
  for (std::size_t i = 0; i < std::min(analysis.sentences.size(), kSentences); ++i) {
    const Words words = split_words(analysis.sentences[i].text, kWords);
    opening.trial = opening.trial || is_of_trial(words);
    for (std::size_t w = 0; w < words.size(); ++w) {
      if (const auto day = weekday_of(words[w])) opening.weekdays.push_back(*day);
      opening.trial = opening.trial || is_of_court(words[w]);
      if (const auto date = date_at(words, w)) {
        opening.date = std::max(opening.date.value_or(*date), *date);
      }
    }
  }
  return opening;
}

std::optional<Period> period_of(string_view url) {
  const std::size_t host = url.find("://");
  for (std::size_t at = host == string_view::npos ? 0 : host + 3; at < url.size(); ++at) {
    if (url[at] == '?' || url[at] == '#') break;
    if (url[at] != '/') continue;
    if (const auto period = period_at(url.substr(at + 1))) return period;
  }
  return std::nullopt;
}

bool periods_apart(const Period& a, const Period& b) {
  constexpr auto kClocks = std::chrono::days(2);
  return a.first - b.last > kClocks || b.first - a.last > kClocks;
}

bool days_apart(const Opening& a, const Opening& b) {
  if (a.date && b.date && std::chrono::abs(*a.date - *b.date) > std::chrono::days(2)) return true;
  if (a.weekdays.empty() || b.weekdays.empty()) return false;
  return std::none_of(a.weekdays.begin(), a.weekdays.end(), [&](std::size_t day) {
    return std::any_of(b.weekdays.begin(), b.weekdays.end(),
                       [&](std::size_t other) { return follow(day, other); });
  });
}

}  // namespace nutgraf
