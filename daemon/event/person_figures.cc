#include "daemon/event/person_figures.h"

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/event/days.h"

namespace nutgraf {
namespace {

using std::string_view;

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

/// Names within a few words behind `end`, or else before `begin`.
std::vector<std::string> names_near(const Reading& read, std::size_t begin, std::size_t end) {
  constexpr std::size_t kBehind = 4;
  constexpr std::size_t kBefore = 6;
  std::vector<std::string> names;
  for (std::size_t i = end; i < std::min(read.words.size(), end + kBehind); ++i) {
    if (is_name_word(read, i)) names.emplace_back(read.words[i]);
  }
  if (!names.empty()) return names;
  for (std::size_t i = begin - std::min(begin, kBefore); i < begin; ++i) {
    if (is_name_word(read, i)) names.emplace_back(read.words[i]);
  }
  return names;
}

std::string titled(std::string name) {
  if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

}  // namespace

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
  figure.what = "age (" + titled(figure.of.front()) + ")";
  return figure;
}

std::optional<Figure> children_count(const Reading& read, std::size_t at,
                                     const WrittenNumber& number) {
  const bool parent =
      read.before(at, 1) == "of" && one_of(read.before(at, 2), {"mother", "father", "mom", "dad"});
  if (!parent || number.value < 2 || number.grain < 1 || !stands_alone(read, at, number)) {
    return std::nullopt;
  }
  Figure figure;
  figure.kind = Figure::Kind::kChildren;
  figure.of = names_near(read, at - 2, number.after);
  if (figure.of.empty()) return std::nullopt;
  figure.what = "number of own children";
  return figure;
}

}  // namespace nutgraf
