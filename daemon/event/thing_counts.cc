#include "daemon/event/thing_counts.h"

#include <algorithm>
#include <utility>

#include "daemon/event/units.h"

namespace nutgraf {
namespace {

using std::string_view;

/// Words behind a number in which its noun has to come.
constexpr std::size_t kReach = 3;

bool is_plural(string_view word) {
  if (one_of(word, {"people", "children"}) || word.ends_with("men")) return true;
  return word.size() >= 4 && word.ends_with("s") && !word.ends_with("ss") &&
         !word.ends_with("us") && !word.ends_with("is");
}

bool is_digit_word(string_view word) { return !word.empty() && word[0] >= '0' && word[0] <= '9'; }

/// What people are called.
bool is_people(string_view word) {
  return word.ends_with("men") ||
         one_of(word, {"people",     "children",  "boys",      "girls",      "students",
                       "adults",     "civilians", "teenagers", "refugees",   "migrants",
                       "immigrants", "soldiers",  "troops",    "officers",   "passengers",
                       "tourists",   "residents", "villagers", "protesters", "demonstrators",
                       "prisoners",  "inmates",   "detainees", "hostages",   "patients",
                       "workers",    "employees", "cadets",    "pupils",     "teachers",
                       "families",   "victims",   "survivors", "suspects",   "firefighters"});
}

/// "A city of 500,000 people", "home to 8 million people": no count of this event.
bool is_population(const Reading& read, std::size_t at) {
  const std::size_t begin = wording_begins(read, at);
  const string_view one = read.before(begin, 1);
  const string_view two = read.before(begin, 2);
  return (one == "to" && two == "home") ||
         (one == "of" && one_of(two, {"city", "town", "village", "island", "nation", "country",
                                      "state", "suburb", "community", "population"}));
}

/// "Three men and two women": parts of one count.
bool is_listed(const Reading& read, std::size_t at, std::size_t noun) {
  constexpr std::size_t kNear = 5;
  const bool goes_on =
      read.word(noun + 1) == "and" && noun + 2 < read.words.size() &&
      (written_number(read.words, noun + 2) || one_of(read.words[noun + 2], {"a", "an"}));
  if (goes_on || read.before(at, 1) != "and") return goes_on;
  for (std::size_t i = at - 1; i > 0 && i + kNear > at; --i) {
    if (written_number(read.words, i - 1)) return true;
  }
  return false;
}

/// "Fortune 50 companies", not "The 50 companies".
bool is_in_name(const Reading& read, std::size_t at) {
  if (at == 0 || !read.capital(at - 1)) return false;
  return at > 1 || (!closes_phrase(read.words[0]) && wording_begins(read, at) == at);
}

/// "12 trains a day", "three votes each".
bool is_rate(const Reading& read, std::size_t behind) {
  const string_view word = read.word(behind);
  if (one_of(word, {"per", "each", "every", "apiece", "daily", "annually"})) return true;
  return one_of(word, {"a", "an"}) &&
         one_of(read.word(behind + 1), {"day", "week", "month", "year", "hour", "night", "minute"});
}

}  // namespace

std::optional<Figure> thing_count(const Reading& read, std::size_t at,
                                  const WrittenNumber& number) {
  if (!can_count(read, at, number) || number.value < 2 || is_supposed(read, at)) {
    return std::nullopt;
  }
  if (is_in_name(read, at)) return std::nullopt;
  Figure figure;
  figure.kind = Figure::Kind::kThings;
  for (std::size_t i = number.after;
       i < std::min(read.words.size(), number.after + kReach) && read.joined(i); ++i) {
    const string_view word = read.words[i];
    if (closes_phrase(word) || is_auxiliary(word) || is_digit_word(word) ||
        one_of(word, {"other", "new", "additional", "extra", "dozen", "remaining", "further"})) {
      break;
    }
    if (is_plural(word)) {
      if (is_measure_word(word) || is_rate(read, i + 1)) break;
      if (is_people(word) && (is_listed(read, at, i) || is_population(read, at))) break;
      figure.what = "number of " + std::string(word);
      figure.persons = is_people(word);
      return figure;
    }
    figure.of.emplace_back(word);
  }
  return std::nullopt;
}

std::optional<Figure> times_count(const Reading& read, std::size_t at,
                                  const WrittenNumber& number) {
  constexpr double kMost = 100;  // What was viewed 28,000 times is soon viewed more often.
  if (!can_count(read, at, number) || number.value > kMost) return std::nullopt;
  if (read.word(number.after) != "times" || is_range(read, at, number)) return std::nullopt;
  const std::size_t begin = wording_begins(read, at);
  const string_view verb = read.before(begin, 1);
  if (is_auxiliary(verb) || !(verb.ends_with("ed") || verb == "shot")) return std::nullopt;
  Figure figure;
  figure.kind = Figure::Kind::kTimes;
  figure.what = "times " + std::string(verb);
  return figure;
}

}  // namespace nutgraf
