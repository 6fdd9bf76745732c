#include "daemon/event/measures.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "daemon/event/units.h"

namespace nutgraf {
namespace {

using std::string_view;
using Kind = Figure::Kind;

constexpr std::pair<string_view, string_view> kSigns[] = {
    {"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"¥", "JPY"}, {"₹", "INR"}};
Figure figure_of(Kind kind, std::string what, std::size_t end = 0) {
  Figure figure;
  figure.kind = kind;
  figure.what = std::move(what);
  figure.end = end;
  return figure;
}

/// "Pounds" of weight, not of money: they weigh or are of something.
bool is_weight(const Reading& read, std::size_t at, std::size_t unit) {
  return read.word(unit) == "pounds" &&
         (read.word(unit + 1) == "of" ||
          one_of(read.word(wording_begins(read, at) - 1),
                 {"weighs", "weighed", "weighing", "weigh", "lost", "gained"}));
}

/// " a year", " a barrel": what is paid for each of many is another matter.
std::string rate(const Reading& read, std::size_t behind) {
  const string_view one = read.word(behind);
  const string_view unit = read.word(behind + 1);
  const bool of_each =
      one_of(one, {"a", "an", "every", "each"}) &&
      (!span_of(unit).empty() || !unit_of(unit).empty() ||
       one_of(unit, {"season", "night", "barrel", "share", "gallon", "head", "person", "piece",
                     "household", "family", "student", "bushel", "bottle", "ticket"}));
  const bool when = one_of(read.word(behind + 2), {"ago", "after", "before", "earlier", "later"});
  if (unit.empty() || when || (one != "per" && !of_each)) return {};
  return " a " + std::string(unit);
}

std::optional<Figure> money(const Reading& read, std::size_t at, const WrittenNumber& number) {
  string_view currency;
  const string_view before = read.gap(at);
  for (const auto& [sign, name] : kSigns) {
    if (before.ends_with(sign)) currency = name;
  }
  std::size_t end = 0;
  std::size_t behind = number.after;
  if (currency.empty()) {
    currency = currency_of(read.word(number.after));
    if (currency.empty() || number.suffix != 0 || is_weight(read, at, number.after)) {
      return std::nullopt;
    }
    end = read.words.words[behind++].end;
  }
  const std::string each = rate(read, behind);
  if (one_of(each, {" a barrel", " a share", " a ounce", " a gallon", " a bushel"})) {
    return std::nullopt;  // What a market quotes changes by the minute.
  }
  return figure_of(Kind::kMoney, "money (" + std::string(currency) + each + ")", end);
}

/// "60 miles per hour", "60 km/h", "60 square miles": units of several words.
std::optional<Figure> compound(const Reading& read, std::size_t unit) {
  const string_view one = read.word(unit);
  const string_view two = read.word(unit + 1);
  const string_view three = read.word(unit + 2);
  if (two == "per" && three == "hour" && one_of(one, {"miles", "mile"})) {
    return figure_of(Kind::kMeasure, "speed (mph)", read.words.words[unit + 2].end);
  }
  const bool kilometres = one_of(one, {"km", "kilometers", "kilometres"});
  const bool slash = two == "h" && read.gap(unit + 1).find('/') != string_view::npos;
  if (kilometres && (slash || (two == "per" && three == "hour"))) {
    return figure_of(Kind::kMeasure, "speed (km/h)", read.words.words[unit + (slash ? 1 : 2)].end);
  }
  if (one == "square" && two.size() > 1) {
    const string_view side = unit_of(two);
    if (!side.starts_with("distance (")) return std::nullopt;
    return figure_of(Kind::kMeasure, "area (square " + std::string(side.substr(10)),
                     read.words.words[unit + 1].end);
  }
  return std::nullopt;
}

/// No unit: "12 miles per gallon", "a 12-mile round trip", "12 percentage points".
bool is_other_unit(const Reading& read, std::size_t unit) {
  return one_of(read.word(unit + 1), {"per", "round"}) ||
         read.gap(unit + 1).find('/') != string_view::npos;
}

std::optional<Figure> quantity(const Reading& read, std::size_t at, const WrittenNumber& number) {
  const std::size_t unit = number.after;
  if (number.suffix != 0) return std::nullopt;
  if (auto figure = compound(read, unit)) return figure;
  std::string what(unit_of(read.word(unit)));
  if (is_weight(read, at, unit)) what = "weight (pounds)";
  if (what.empty() || is_other_unit(read, unit)) return std::nullopt;
  return figure_of(Kind::kMeasure, std::move(what), read.words.words[unit].end);
}

/// "Magnitude 6.1", "a 6.1-magnitude quake", "measuring 6.1", "6.1 on the Richter scale".
bool is_magnitude(const Reading& read, std::size_t at, std::size_t after) {
  const string_view one = read.before(at, 1);
  const bool of = one_of(one, {"of", "was"}) && read.before(at, 2) == "magnitude";
  const bool scale = read.word(after) == "on" && read.word(after + 2) == "richter";
  return of || scale || one_of(one, {"magnitude", "measuring"}) || read.word(after) == "magnitude";
}

/// A whole number is none: it is rounded or torn. Nor is that of a quake which came after, or a
/// bound: "four earthquakes of magnitude 3.0 or greater".
std::optional<Figure> magnitude(const Reading& read, std::size_t at, const WrittenNumber& number) {
  const bool bound = one_of(read.word(number.after), {"or", "and"}) &&
                     one_of(read.word(number.after + 1),
                            {"greater", "higher", "more", "above", "stronger", "larger"});
  if (bound || !is_magnitude(read, at, number.after)) return std::nullopt;
  if (read.words[at].find('.') == string_view::npos || number.value < 1 || number.value > 10) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < at; ++i) {
    if (one_of(read.words[i], {"aftershock", "aftershocks", "foreshock", "followed", "another"})) {
      return std::nullopt;
    }
  }
  return figure_of(Kind::kMagnitude, "magnitude");
}

/// "Sentenced to 18 years", "served four months in federal prison", "an 18-year sentence".
bool is_term(const Reading& read, std::size_t at, std::size_t unit) {
  const std::size_t begin = wording_begins(read, at);
  if (begin > 0 && one_of(read.before(begin, 1), {"sentenced", "imprisoned", "jailed"}))
    return true;
  if (begin > 1 && one_of(read.before(begin, 1), {"to", "of", "for"}) &&
      one_of(read.before(begin, 2), {"sentenced", "sentence", "imprisoned", "jailed"})) {
    return true;
  }
  for (std::size_t i = unit + 1; i < std::min(read.words.size(), unit + 5) && read.joined(i); ++i) {
    if (one_of(read.words[i], {"prison", "jail", "imprisonment"})) return true;
    if (i == unit + 1 && one_of(read.words[i], {"sentence", "term"})) return true;
    if (!one_of(read.words[i], {"in", "a", "federal", "state", "of", "the", "county"})) break;
  }
  return false;
}

/// "In 13 days", "three hours after": when something is, which changes with the day of the report.
bool is_distance_in_time(const Reading& read, std::size_t at, std::size_t unit) {
  const std::size_t begin = wording_begins(read, at);
  return one_of(read.before(begin, 1), {"in", "within", "after", "before", "next", "last", "first",
                                        "until", "by", "every", "the"}) ||
         one_of(read.word(unit + 1), {"after", "before", "later", "left", "until", "from", "to",
                                      "away", "remaining", "since", "into", "prior"});
}

std::optional<Figure> span(const Reading& read, std::size_t at, const WrittenNumber& number) {
  const std::size_t unit = number.after;
  const string_view name = span_of(read.word(unit));
  if (name.empty() || number.suffix != 0 || one_of(read.word(unit + 1), {"old", "olds"})) {
    return std::nullopt;
  }
  // "8 minutes, 46 seconds", "five feet eight": the figure goes on.
  if (unit + 1 < read.words.size() && written_number(read.words, unit + 1)) return std::nullopt;
  const bool term = is_term(read, at, unit);
  if (term ? is_supposed(read, at) : is_distance_in_time(read, at, unit)) return std::nullopt;
  return figure_of(term ? Kind::kTerm : Kind::kDuration,
                   (term ? "prison term (" : "duration (") + std::string(name) + ")",
                   read.words.words[unit].end);
}

/// "Better than eight years and $184 million", "larger than the $90 million of …": of another
/// thing.
bool is_compared_with(const Reading& read, std::size_t at) {
  constexpr std::size_t kReach = 7;
  for (std::size_t i = at; i > 1 && i + kReach > at; --i) {
    if (read.words[i - 1] == "than") {
      return !one_of(read.words[i - 2], {"more", "less", "fewer", "other"});
    }
  }
  return false;
}

/// "East 223rd Street" is 223rd Street.
bool is_direction(string_view word) {
  return one_of(word, {"the", "east", "west", "north", "south", "e", "w", "n", "s", "northeast",
                       "northwest", "southeast", "southwest", "ne", "nw", "se", "sw"});
}

}  // namespace

std::optional<Figure> street_number(const Reading& read, const WrittenNumber& number) {
  constexpr std::size_t kMostWords = 3;
  if (!number.digits || read.word(number.after) != "block" || read.word(number.after + 1) != "of") {
    return std::nullopt;
  }
  std::string street;
  std::size_t words = 0;
  for (std::size_t i = number.after + 2;
       i < read.words.size() && words < kMostWords && read.joined(i); ++i) {
    const string_view word = read.words[i];
    if (is_direction(word)) continue;
    if (!read.capital(i) && !read.words.words[i].number) break;
    street += ' ';
    street += word;
    ++words;
  }
  if (street.empty()) return std::nullopt;
  return figure_of(Kind::kStreetNumber, "block of" + street, read.words.words[number.after].end);
}

std::optional<Figure> measure(const Reading& read, std::size_t at, const WrittenNumber& number) {
  if (is_compared_with(read, at) || is_range(read, at, number)) return std::nullopt;
  if (auto figure = money(read, at, number)) return figure;
  if (auto figure = quantity(read, at, number)) return figure;
  if (auto figure = magnitude(read, at, number)) return figure;
  return span(read, at, number);
}

}  // namespace nutgraf
