#include "daemon/event/figures.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <utility>

#include "daemon/base/words.h"
#include "daemon/event/number_words.h"

namespace nutgraf {
namespace {

using std::string_view;

constexpr std::size_t kWords = 200;

constexpr std::pair<string_view, string_view> kRoles[] = {
    {"killed", "killed"},
    {"dead", "killed"},
    {"died", "killed"},
    {"deaths", "killed"},
    {"fatalities", "killed"},
    {"killing", "killed"},
    {"kills", "killed"},
    {"injured", "injured"},
    {"wounded", "injured"},
    {"hurt", "injured"},
    {"injuries", "injured"},
    {"injuring", "injured"},
    {"wounding", "injured"},
    {"injures", "injured"},
    {"arrested", "arrested"},
    {"detained", "arrested"},
    {"arrests", "arrested"},
    {"arresting", "arrested"},
    {"missing", "missing"},
    {"rescued", "rescued"},
    {"evacuated", "evacuated"},
    {"displaced", "displaced"},
    {"kidnapped", "kidnapped"},
    {"abducted", "kidnapped"},
    {"hospitalized", "in hospital"},
    {"hospitalised", "in hospital"},
};

/// What a person may be called for short, without saying who was counted.
constexpr string_view kAnybody[] = {"people",  "persons", "person",
                                    "victims", "lives",   "individuals"};

constexpr std::pair<string_view, string_view> kUnits[] = {
    {"km", "km"},         {"kilometers", "km"}, {"kilometres", "km"}, {"kilometer", "km"},
    {"kilometre", "km"},  {"miles", "miles"},   {"mile", "miles"},    {"meters", "metres"},
    {"metres", "metres"}, {"meter", "metres"},  {"metre", "metres"},  {"feet", "feet"},
    {"foot", "feet"},     {"yards", "yards"},
};

constexpr std::pair<string_view, string_view> kSigns[] = {
    {"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"¥", "JPY"}, {"₹", "INR"}};
constexpr std::pair<string_view, string_view> kCurrencies[] = {
    {"dollars", "USD"}, {"euros", "EUR"}, {"pounds", "GBP"}, {"yen", "JPY"}, {"rupees", "INR"}};

bool one_of(string_view word, std::initializer_list<string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

template <std::size_t N>
string_view look_up(const std::pair<string_view, string_view> (&table)[N], string_view word) {
  for (const auto& [key, value] : table) {
    if (key == word) return value;
  }
  return {};
}

bool auxiliary(string_view word) {
  return one_of(
      word,
      {"were",       "was",      "are",      "is",         "have",       "has",      "had",
       "been",       "being",    "reported", "reportedly", "confirmed",  "left",     "officially",
       "pronounced", "declared", "found",    "seriously",  "critically", "severely", "badly",
       "still",      "remain",   "remained", "got",        "taken",      "slightly"});
}

/// Words that end a noun phrase.
bool closes_phrase(string_view word) {
  return one_of(word,
                {"also",  "in",    "on",    "at",     "and",    "or",     "as",      "by",
                 "when",  "after", "near",  "during", "from",   "with",   "who",     "that",
                 "which", "to",    "of",    "for",    "a",      "an",     "the",     "but",
                 "while", "so",    "it",    "he",     "she",    "they",   "more",    "less",
                 "than",  "not",   "no",    "if",     "said",   "before", "outside", "since",
                 "over",  "where", "into",  "inside", "across", "around", "off",     "this",
                 "his",   "her",   "their", "all",    "its",    "about",  "out",     "there"});
}

/// A sentence, its words, and what stands between them.
struct Read {
  string_view sentence;
  Words words;

  string_view gap(std::size_t before) const {
    const std::size_t from = before == 0 ? 0 : words.words[before - 1].end;
    const std::size_t to =
        before < words.size() ? std::size_t{words.words[before].begin} : sentence.size();
    return sentence.substr(from, to - from);
  }
  /// Whether a phrase can go on into that word: nothing but blanks and hyphens before it.
  bool joined(std::size_t at) const {
    return gap(at).find_first_of(",;:()!?\"") == string_view::npos &&
           gap(at).find("—") == string_view::npos && gap(at).find("–") == string_view::npos &&
           gap(at).find(" - ") == string_view::npos;
  }
  string_view word(std::size_t at) const { return at < words.size() ? words[at] : string_view(); }
  /// The word so many before `at`, empty before the first.
  string_view before(std::size_t at, std::size_t back) const {
    return at >= back ? words[at - back] : string_view();
  }
};

bool is_year(const Words& words, std::size_t at, const WrittenNumber& number) {
  return number.digits && words[at].size() == 4 && number.value >= 1900 && number.value <= 2100;
}

bool is_month(string_view word) {
  return one_of(word, {"january", "february", "march", "april", "may", "june", "july", "august",
                       "september", "october", "november", "december"});
}

/// "Meanwhile, …", "in one attack, …", "police also said …": an incident among others.
bool is_one_among(const Read& read, std::size_t at) {
  const string_view word = read.words[at];
  if (one_of(word, {"meanwhile", "separately", "elsewhere", "separate"})) return true;
  if (word == "also") return one_of(read.word(at + 1), {"said", "reported", "confirmed"});
  return word == "in" && one_of(read.word(at + 1), {"one", "another"}) &&
         one_of(read.word(at + 2), {"attack", "incident", "strike", "case", "bombing", "blast",
                                    "raid", "shooting", "clash", "explosion", "crash"});
}

/// "In September": of what has just happened the day is told.
bool is_month_alone(const Read& read, std::size_t at) {
  const bool month =
      read.words[at] == "in" && is_month(read.word(at + 1)) && read.words.words[at + 1].capital;
  return month && (at + 2 == read.words.size() || !written_number(read.words, at + 2));
}

/// Old events, other incidents and other countings.
bool speaks_of_else(const Read& read) {
  for (std::size_t i = 0; i < read.words.size(); ++i) {
    const string_view word = read.words[i];
    const auto number = written_number(read.words, i);
    if (number && is_year(read.words, i, *number)) return true;
    if (is_one_among(read, i) || is_month_alone(read, i)) return true;
    if (one_of(word, {"previous",  "previously", "anniversary", "history", "decade", "decades",
                      "earlier",   "ago",        "similar",     "since",   "annual", "annually",
                      "every",     "average",    "century",     "past",    "recent", "typically",
                      "initially", "originally", "usually",     "revised"})) {
      return true;
    }
    if (one_of(word, {"last", "this", "each", "per"}) &&
        one_of(read.word(i + 1), {"year", "month", "week", "season", "summer", "winter", "spring",
                                  "autumn", "fall", "century", "day"})) {
      return true;
    }
  }
  return false;
}

/// What has not happened, or nobody knows: said around the number.
bool is_supposed(const Read& read, std::size_t at) {
  constexpr std::size_t kAround = 7;
  const std::size_t end = std::min(read.words.size(), at + kAround);
  for (std::size_t i = at - std::min(at, kAround); i < end; ++i) {
    if (one_of(read.words[i], {"could", "would", "might", "if", "threatened", "plot", "feared",
                               "believed", "presumed", "not"})) {
      return true;
    }
    if (read.words[i] == "may" && !read.words.words[i].capital) return true;
  }
  return false;
}

/// Where the wording of a number begins: at "at least", "nearly", …, if there is any.
std::size_t wording_begins(const Read& read, std::size_t at) {
  while (at > 0 &&
         one_of(read.words[at - 1],
                {"at",        "least", "more",    "than", "about", "around",  "some",
                 "nearly",    "over",  "almost",  "up",   "to",    "roughly", "approximately",
                 "estimated", "an",    "another", "only", "just",  "no",      "fewer"})) {
    --at;
  }
  return at;
}

void word(const Read& read, std::size_t at, Figure& figure) {
  const string_view one = read.before(at, 1);
  const string_view two = read.before(at, 2);
  figure.at_least = (two == "at" && one == "least") || (two == "more" && one == "than") ||
                    one == "over" ||
                    (two == "fewer" && one == "than" && read.before(at, 3) == "no");
  figure.hedged = one_of(one, {"about", "around", "some", "nearly", "almost", "roughly",
                               "approximately", "estimated"}) ||
                  (two == "up" && one == "to");
}

/// A number that stands by itself: no part of a range, a share, an age, a date or a total.
bool stands_alone(const Read& read, std::size_t at, const WrittenNumber& number) {
  const string_view next = read.word(number.after);
  const string_view behind = read.gap(number.after);
  if (behind.find('%') != string_view::npos || behind.starts_with("-") || behind.starts_with("–") ||
      behind.starts_with("/") || behind.starts_with(":")) {
    return false;
  }
  if (at > 0 &&
      (read.gap(at).ends_with("-") || read.gap(at).ends_with("–") || read.gap(at).ends_with(":") ||
       read.gap(at).ends_with("/") || read.gap(at).ends_with("#"))) {
    return false;
  }
  if (one_of(next, {"percent", "per", "of", "times", "or", "out"})) return false;
  if (one_of(next, {"to", "and"}) && number.after + 1 < read.words.size() &&
      written_number(read.words, number.after + 1)) {
    return false;
  }
  const string_view one = read.before(at, 1);
  const bool part =
      one_of(one, {"another", "additional", "other", "or", "between", "from", "no", "number",
                   "first", "last", "these", "those", "his", "her", "aged", "age"});
  const bool range = one == "to" && at >= 2 && written_number(read.words, at - 2).has_value();
  return !part && !range && !one_of(read.before(at, 2), {"between", "another", "additional"});
}

bool can_count(const Read& read, std::size_t at, const WrittenNumber& number) {
  if (number.suffix != 0 || number.value != std::floor(number.value)) return false;
  if (number.value < 1 || number.value > 1e6 || is_year(read.words, at, number)) return false;
  if (read.gap(at).find_first_of("$") != string_view::npos) return false;
  if (at > 0 &&
      one_of(read.words[at - 1],
             {"in",   "jan",  "january", "feb",       "february", "march",    "april",    "may",
              "june", "july", "august",  "september", "october",  "november", "december", "sept",
              "oct",  "nov",  "dec",     "aug",       "apr",      "mar"})) {
    return false;
  }
  return !one_of(
      read.word(number.after),
      {"year",   "years",     "days",    "hours",    "minutes", "weeks", "months", "day",
       "hour",   "week",      "month",   "more",     "km",      "miles", "am",     "pm",
       "counts", "charges",   "january", "february", "march",   "april", "june",   "july",
       "august", "september", "october", "november", "december"});
}

/// "three men and two women", "two killed, five wounded": from a number, the next one within a few
/// words and no verb between them, or the one before it.
bool one_of_several(const Read& read, std::size_t at, std::size_t after) {
  constexpr std::size_t kNear = 4;
  for (std::size_t i = after; i < std::min(read.words.size(), after + kNear); ++i) {
    if (!look_up(kRoles, read.words[i]).empty() || auxiliary(read.words[i])) break;
    const bool lists = one_of(read.words[i], {"and", "including", "plus"}) || !read.joined(i);
    if (lists && i + 1 < read.words.size() &&
        (written_number(read.words, i + 1) || written_number(read.words, i) ||
         one_of(read.words[i + 1], {"a", "an"}))) {
      return true;
    }
  }
  for (std::size_t i = at; i > 0 && i + kNear > at; --i) {
    if (!look_up(kRoles, read.words[i - 1]).empty() || auxiliary(read.words[i - 1])) break;
    if (written_number(read.words, i - 1)) return true;
    if (one_of(read.words[i - 1], {"including", "among", "a", "and"}) && i >= 2 && i < at) {
      if (read.words[i - 1] != "and") return true;
    }
  }
  return at > 0 && one_of(read.before(at, 1), {"including", "among", "include", "includes"});
}

/// Who was counted, from the words [from, to): "" for people in general.
std::string counted(const Read& read, std::size_t from, std::size_t to) {
  std::string who;
  for (std::size_t i = from; i < to; ++i) {
    const string_view word = read.words[i];
    if (one_of(word, {"other", "others"}) || auxiliary(word)) continue;
    if (std::find(std::begin(kAnybody), std::end(kAnybody), word) != std::end(kAnybody)) continue;
    who += ' ';
    who += word;
  }
  return who;
}

struct Role {
  string_view name;
  std::string who;
};

bool finite_verb(string_view word) {
  return one_of(word, {"killed", "injured", "wounded", "hurt", "arrested", "detained", "rescued",
                       "evacuated", "kidnapped", "abducted"});
}

/// "Nine men killed a guard": they did it, it was not done to them.
bool is_active(const Read& read, std::size_t verb) {
  if (!finite_verb(read.words[verb]) || verb + 1 >= read.words.size()) return false;
  if (auxiliary(read.words[verb - 1])) return false;
  return written_number(read.words, verb + 1).has_value() ||
         one_of(read.words[verb + 1],
                {"a", "an", "the", "at", "more", "about", "his", "her", "some", "their", "its",
                 "dozens", "hundreds", "several", "many"});
}

/// "Nine people were killed", "12 dead": what happened stands behind the number.
std::optional<Role> role_behind(const Read& read, std::size_t after) {
  constexpr std::size_t kReach = 6;
  for (std::size_t i = after; i < std::min(read.words.size(), after + kReach); ++i) {
    if (!read.joined(i) || closes_phrase(read.words[i])) return std::nullopt;
    const string_view role = look_up(kRoles, read.words[i]);
    if (role.empty()) {
      if (written_number(read.words, i)) return std::nullopt;
      continue;
    }
    if (is_active(read, i)) return std::nullopt;
    std::string who = counted(read, after, i);
    if (std::count(who.begin(), who.end(), ' ') > 3) return std::nullopt;
    return Role{role, std::move(who)};
  }
  return std::nullopt;
}

/// "killing nine", "the death toll rose to nine": what happened stands before it.
std::optional<Role> role_before(const Read& read, std::size_t at, std::size_t after) {
  const std::size_t begin = wording_begins(read, at);
  if (begin == 0) return std::nullopt;
  const string_view verb = read.words[begin - 1];
  if (one_of(verb, {"killed", "killing", "kills", "injuring", "injured", "injures", "wounding",
                    "wounded", "arrested", "arresting", "detained", "rescued", "evacuated"})) {
    if (begin >= 2 && one_of(read.words[begin - 2], {"was", "were", "been", "is", "are", "be"})) {
      return std::nullopt;
    }
    std::size_t end = after;
    while (end < read.words.size() && end < after + 3 && read.joined(end) &&
           !closes_phrase(read.words[end]) && look_up(kRoles, read.words[end]).empty()) {
      ++end;
      if (end - after == 1 && !counted(read, after, end).empty()) continue;
      if (counted(read, after, end).empty()) break;
    }
    return Role{look_up(kRoles, verb), counted(read, after, end)};
  }
  for (std::size_t i = begin; i > 1 && i + 7 > begin; --i) {
    if (read.words[i - 1] == "toll" && read.words[i - 2] == "death") return Role{"killed", ""};
  }
  return std::nullopt;
}

std::optional<Figure> people(const Read& read, std::size_t at, const WrittenNumber& number) {
  if (!can_count(read, at, number) || is_supposed(read, at)) return std::nullopt;
  std::optional<Role> role = role_behind(read, number.after);
  if (!role) role = role_before(read, at, number.after);
  if (!role || one_of_several(read, at, number.after)) return std::nullopt;
  // "and two others were killed": others than those named before.
  if (role->name != "injured" && one_of(read.word(number.after), {"others", "other"})) {
    return std::nullopt;
  }
  Figure figure;
  figure.what = std::string(role->name) + role->who;
  return figure;
}

/// "31 on the steps and another 12 inside": the same was counted of others, no word of what.
bool adds_to_before(const Read& read, std::size_t at, const WrittenNumber& number) {
  return one_of(read.before(at, 1), {"another", "additional", "further"}) &&
         can_count(read, at, number) && !role_behind(read, number.after);
}

/// Part of a longer figure that blanks tear apart: "1, 199".
bool is_torn(const Read& read, std::size_t at, const WrittenNumber& number) {
  const auto thousands = [&](std::size_t i) {
    return i < read.words.size() && i > 0 && read.words.words[i].number &&
           read.words.words[i - 1].number && read.words[i].size() == 3 && read.gap(i) == ", ";
  };
  return thousands(at) || thousands(number.after);
}

std::optional<Figure> money(const Read& read, std::size_t at, const WrittenNumber& number) {
  string_view currency;
  const string_view before = read.gap(at);
  for (const auto& [sign, name] : kSigns) {
    if (before.ends_with(sign)) currency = name;
  }
  Figure figure;
  if (currency.empty()) {
    currency = look_up(kCurrencies, read.word(number.after));
    if (currency.empty() || number.suffix != 0) return std::nullopt;
    figure.end = read.words.words[number.after].end;
  }
  figure.kind = Figure::Kind::kMoney;
  figure.what = "money (" + std::string(currency) + ")";
  return figure;
}

std::optional<Figure> distance(const Read& read, const WrittenNumber& number) {
  const string_view unit = look_up(kUnits, read.word(number.after));
  if (unit.empty() || number.suffix != 0 || one_of(read.word(number.after + 1), {"per", "round"}) ||
      read.gap(number.after + 1).find('/') != string_view::npos) {
    return std::nullopt;
  }
  Figure figure;
  figure.kind = Figure::Kind::kDistance;
  figure.what = "distance (" + std::string(unit) + ")";
  figure.end = read.words.words[number.after].end;
  return figure;
}

Figure measured(const Read& read, std::size_t at, const WrittenNumber& number, Figure figure) {
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

std::vector<Figure> figures_of(string_view sentence) {
  const Read read{sentence, split_words(sentence, kWords)};
  std::vector<Figure> figures;
  if (speaks_of_else(read)) return figures;
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
    if (!is_torn(read, i, *number)) {
      figure = money(read, i, *number);
      if (!figure) figure = distance(read, *number);
      if (!figure && stands_alone(read, i, *number)) figure = people(read, i, *number);
    }
    if (figure) figures.push_back(measured(read, i, *number, std::move(*figure)));
    i = number->after;
  }
  return sole(std::move(figures));
}

bool agree(const Figure& a, const Figure& b) {
  if (a.value == b.value) return true;
  const Figure& low = a.value < b.value ? a : b;
  const Figure& high = a.value < b.value ? b : a;
  if (low.at_least && high.value <= 1.5 * low.value) return true;
  const double apart = high.value - low.value;
  if ((a.hedged || b.hedged) && apart <= 0.1 * high.value) return true;
  const double coarser = std::max(a.grain, b.grain);
  if (a.kind != Figure::Kind::kPeople) {
    return apart <= 0.05 * high.value || rounded(a.value, coarser) == rounded(b.value, coarser);
  }
  // 1,000 and 987: zeros may be a rounding to tens, hundreds or thousands.
  for (double width = coarser; width > std::min(a.grain, b.grain); width /= 10) {
    if (low.value >= 5 * width && rounded(a.value, width) == rounded(b.value, width)) return true;
  }
  return false;
}

}  // namespace nutgraf
