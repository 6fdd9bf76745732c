#include "daemon/event/figures.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "daemon/event/measures.h"
#include "daemon/event/people_counts.h"
#include "daemon/event/person_figures.h"
#include "daemon/event/reading.h"
#include "daemon/event/thing_counts.h"

namespace nutgraf {
namespace {

using std::string_view;

constexpr std::size_t kWords = 200;

/// "At least three" is said early and soon five.
constexpr double kFew = 3;

void word(const Reading& read, std::size_t at, Figure& figure) {
  const string_view one = read.before(at, 1);
  const string_view two = read.before(at, 2);
  figure.at_least = (two == "at" && one == "least") || (two == "more" && one == "than") ||
                    one_of(one, {"over", "surpassed", "topped", "exceeded", "passed", "surpassing",
                                 "exceeding", "topping"}) ||
                    (two == "fewer" && one == "than" && read.before(at, 3) == "no");
  figure.hedged =
      one_of(one, {"about", "around", "some", "nearly", "almost", "roughly", "approximately",
                   "estimated", "neared", "nearing", "approached", "approaching"}) ||
      (one == "as" && two == "many") || (two == "up" && one == "to");
}

Figure measured(const Reading& read, std::size_t at, const WrittenNumber& number, Figure figure) {
  const double million = number.suffix == 'm' ? 1e6 : 1;
  figure.value = number.value * million;
  figure.grain = number.grain * million;
  word(read, at, figure);
  const string_view before = read.gap(at);
  const std::size_t sign = before.find_last_of(" \t(") + 1;  // The currency's sign belongs to it.
  figure.begin =
      read.words.words[at].begin - (figure.kind == Figure::Kind::kMoney ? before.size() - sign : 0);
  if (figure.end == 0) figure.end = read.words.words[number.after - 1].end;
  return figure;
}

std::optional<Figure> figure_at(const Reading& read, std::size_t at, const WrittenNumber& number) {
  if (auto figure = age(read, at, number)) return figure;
  if (auto figure = children_count(read, at, number)) return figure;
  if (auto figure = street_number(read, number)) return figure;
  if (auto figure = measure(read, at, number)) return figure;
  if (auto figure = times_count(read, at, number)) return figure;
  if (!stands_alone(read, at, number)) return std::nullopt;
  if (auto figure = people_count(read, at, number)) return figure;
  return thing_count(read, at, number);
}

/// Years that tell when a figure was right: before it, or behind it in its clause.
std::vector<std::string> years_of(const Reading& read, std::size_t at) {
  std::vector<std::string> years;
  for (std::size_t i = 0; i < read.words.size(); ++i) {
    if (i > at && read.gap(i).find(',') != string_view::npos) break;
    const auto number = written_number(read.words, i);
    if (number && is_year(read, i, *number)) years.emplace_back(read.words[i]);
  }
  std::sort(years.begin(), years.end());
  return years;
}

/// A figure that nobody rounds.
bool is_exact(Figure::Kind kind) {
  return is_of_one(kind) || kind == Figure::Kind::kTimes || kind == Figure::Kind::kMagnitude;
}

/// Drops every figure whose matter the sentence gives more than once.
std::vector<Figure> sole(std::vector<Figure> figures) {
  std::vector<Figure> out;
  for (const Figure& figure : figures) {
    const auto times = std::count_if(figures.begin(), figures.end(),
                                     [&](const Figure& f) { return f.what == figure.what; });
    if (times == 1) out.push_back(figure);
  }
  return out;
}

/// Nearest value of the grid of that width.
double rounded(double value, double width) { return std::round(value / width) * width; }

}  // namespace

bool is_of_one(Figure::Kind kind) {
  return kind == Figure::Kind::kAge || kind == Figure::Kind::kChildren ||
         kind == Figure::Kind::kStreetNumber;
}

std::vector<Figure> figures_of(string_view sentence) {
  std::vector<Figure> figures;
  if (!may_hold_number(sentence)) return figures;
  const Reading read{sentence, split_words(sentence, kWords)};
  const bool old = speaks_of_else(read);
  const bool dated = !years_of(read, read.words.size()).empty();
  for (std::size_t i = 0; i < read.words.size();) {
    const auto number = written_number(read.words, i);
    if (!number) {
      ++i;
      continue;
    }
    std::optional<Figure> figure;
    const bool part = !figures.empty() && figures.back().kind == Figure::Kind::kPeople &&
                      adds_to_before(read, i, *number);
    if (part) figures.pop_back();
    if (!is_torn(read, i, *number)) figure = figure_at(read, i, *number);
    if (figure && old && !is_of_one(figure->kind)) figure.reset();
    if (figure && (!dated || figure->kind != Figure::Kind::kPeople)) {
      figures.push_back(measured(read, i, *number, std::move(*figure)));
      figures.back().years = years_of(read, i);
    }
    i = number->after;
  }
  return sole(std::move(figures));
}

bool agree(const Figure& a, const Figure& b) {
  if (a.value == b.value) return true;
  const Figure& low = a.value < b.value ? a : b;
  const Figure& high = a.value < b.value ? b : a;
  if (low.at_least && high.value <= std::max(1.5 * low.value, low.value + kFew)) return true;
  const double apart = high.value - low.value;
  if ((a.hedged || b.hedged) && apart <= 0.1 * high.value) return true;
  const double coarser = std::max(a.grain, b.grain);
  if (is_exact(a.kind)) return false;
  if (a.kind != Figure::Kind::kPeople && a.kind != Figure::Kind::kThings) {
    // Half a unit is no rounding: 25 is not 30.
    return apart <= 0.05 * high.value || apart < 0.5 * coarser;
  }
  // 1,000 and 987: zeros may be a rounding to tens, hundreds or thousands.
  double width = coarser;
  while (width > std::min(a.grain, b.grain)) {
    if (low.value >= 5 * width && rounded(a.value, width) == rounded(b.value, width)) return true;
    width /= 10;
  }
  return false;
}

}  // namespace nutgraf
