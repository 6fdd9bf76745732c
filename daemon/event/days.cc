#include "daemon/event/days.h"

#include <algorithm>
#include <array>
#include <utility>

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
    for (std::size_t w = 0; w < words.size(); ++w) {
      if (const auto day = weekday_of(words[w])) opening.weekdays.push_back(*day);
      opening.verdict = opening.verdict || is_of_court(words[w]);
      if (const auto date = date_at(words, w)) {
        opening.date = std::max(opening.date.value_or(*date), *date);
      }
    }
  }
  return opening;
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
