#include "daemon/event/thing_counts.h"

#include <algorithm>
#include <utility>

#include "daemon/event/days.h"

namespace nutgraf {
namespace {

using std::string_view;

/// Words behind a number in which its noun has to come.
constexpr std::size_t kReach = 3;

/// What numbers stand before without counting things of which reports speak alike.
bool is_measure_word(string_view word) {
  return one_of(
      word,
      {"years",      "months",     "weeks",    "days",     "hours",       "minutes", "seconds",
       "decades",    "points",     "others",   "dollars",  "cents",       "degrees", "dozens",
       "hundreds",   "thousands",  "millions", "billions", "percentages", "euros",   "pounds",
       "rupees",     "ounces",     "inches",   "acres",    "hectares",    "miles",   "yards",
       "kilometers", "kilometres", "meters",   "metres",   "tons",        "tonnes",  "kilos",
       "kilograms",  "knots",      "cases",    "dlrs"});
}

bool is_plural(string_view word) {
  if (one_of(word, {"people", "children"}) || word.ends_with("men")) return true;
  return word.size() >= 4 && word.ends_with("s") && !word.ends_with("ss") &&
         !word.ends_with("us") && !word.ends_with("is");
}

bool is_digit_word(string_view word) { return !word.empty() && word[0] >= '0' && word[0] <= '9'; }

/// What people are called.
bool is_people(string_view word) {
  return word.ends_with("men") || one_of(word, {"people", "children", "boys", "girls", "students",
                                                "adults", "civilians", "teenagers"});
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

/// "Ann", not "On", "Monday" or "June".
bool is_name_word(const Reading& read, std::size_t at) {
  const string_view word = read.words[at];
  return read.capital(at) && !closes_phrase(word) && !weekday_of(word) && !english_month(word);
}

/// Names that stand before `end`, from the last to the first.
std::vector<std::string> names_before(const Reading& read, std::size_t end) {
  constexpr std::size_t kMost = 4;
  std::vector<std::string> names;
  for (std::size_t i = end; i > 0 && names.size() < kMost; --i) {
    if (!is_name_word(read, i - 1) || (i < end && !read.joined(i))) break;
    names.emplace_back(read.words[i - 1]);
  }
  return names;
}

/// Names from the first capital in the words behind on, the last one first.
std::vector<std::string> names_behind(const Reading& read, std::size_t begin) {
  constexpr std::size_t kMost = 4;
  std::size_t at = begin;
  while (at < read.words.size() && at < begin + kMost && read.joined(at) && !read.capital(at) &&
         !closes_phrase(read.words[at])) {
    ++at;
  }
  std::vector<std::string> names;
  for (;
       at < read.words.size() && names.size() < kMost && read.joined(at) && is_name_word(read, at);
       ++at) {
    names.emplace(names.begin(), read.words[at]);
  }
  // "17-year-old Irish League midfielder": the names only tell which midfielder.
  const string_view next = read.word(at);
  const bool noun = at < read.words.size() && read.joined(at) && !closes_phrase(next) &&
                    !is_auxiliary(next) && !next.ends_with("ed") &&
                    !one_of(next, {"fell", "told", "says", "came", "went", "lost", "took", "shot"});
  if (noun) names.clear();
  return names;
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
      if (is_people(word) && is_listed(read, at, i)) break;
      figure.what = "number of " + std::string(word);
      return figure;
    }
    figure.of.emplace_back(word);
  }
  return std::nullopt;
}

std::optional<Figure> age(const Reading& read, std::size_t at, const WrittenNumber& number) {
  if (number.suffix != 0 || number.value < 1 || number.value > 115 || number.grain < 1) {
    return std::nullopt;
  }
  Figure figure;
  figure.kind = Figure::Kind::kAge;
  const bool old = read.word(number.after) == "year" && read.word(number.after + 1) == "old";
  if (old) {
    figure.of = names_behind(read, number.after + 2);
  } else {
    const bool aged = one_of(read.before(at, 1), {"aged", "age"});
    const std::size_t end = aged ? at - 1 : at;
    const string_view behind = read.gap(number.after);
    if (!read.gap(end).starts_with(", ") || !number.digits ||
        (!behind.starts_with(",") && !behind.starts_with("."))) {
      return std::nullopt;
    }
    figure.of = names_before(read, end);
  }
  if (figure.of.size() < 2) return std::nullopt;
  std::string name = figure.of.front();
  name[0] = static_cast<char>(name[0] >= 'a' && name[0] <= 'z' ? name[0] - 'a' + 'A' : name[0]);
  figure.what = "age (" + name + ")";
  return figure;
}

}  // namespace nutgraf
