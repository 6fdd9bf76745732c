#include "daemon/event/conflicts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <map>
#include <optional>
#include <utility>

#include "daemon/base/words.h"
#include "daemon/event/overlap.h"

namespace nutgraf {
namespace {

using std::string_view;

constexpr std::array<string_view, 20> kSmall = {
    "zero",     "one",     "two",     "three",     "four",     "five",    "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};

constexpr std::pair<string_view, string_view> kRoles[] = {
    {"killed", "killed"},    {"dead", "killed"},       {"died", "killed"},
    {"deaths", "killed"},    {"fatalities", "killed"}, {"killing", "killed"},
    {"kills", "killed"},     {"injured", "injured"},   {"wounded", "injured"},
    {"hurt", "injured"},     {"injuries", "injured"},  {"injuring", "injured"},
    {"wounding", "injured"}, {"arrested", "arrested"}, {"detained", "arrested"},
    {"arrests", "arrested"}, {"missing", "missing"},   {"rescued", "rescued"},
};

bool one_of(string_view word, std::initializer_list<string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

string_view role_of(string_view word) {
  for (const auto& [spelling, role] : kRoles) {
    if (spelling == word) return role;
  }
  return {};
}

/// "hundreds" and "dozens" are no figures.
std::optional<double> number_of(string_view word) {
  const auto small = std::find(kSmall.begin(), kSmall.end(), word);
  if (small != kSmall.end()) return static_cast<double>(small - kSmall.begin());
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

/// Words that may stand between a figure and what happened: "nine *people were* killed".
bool passes(string_view word) {
  return one_of(word,
                {"people",   "persons",      "others",    "other",    "civilians",  "soldiers",
                 "workers",  "passengers",   "children",  "men",      "women",      "officers",
                 "police",   "students",     "residents", "migrants", "protesters", "suspects",
                 "were",     "was",          "are",       "have",     "been",       "had",
                 "reported", "confirmed",    "left",      "more",     "also",       "of",
                 "them",     "firefighters", "crew",      "members",  "troops",     "tourists"});
}

/// Years, ages, days of months and the like are no counts.
bool is_count(const Words& words, std::size_t at, double value) {
  if (value != std::floor(value) || value < 1 || value > 1e6) return false;
  if (words.words[at].number && value >= 1900 && value <= 2100 && words[at].size() == 4)
    return false;
  if (at > 0 && one_of(words[at - 1], {"age", "aged", "in", "since", "jan", "january", "feb",
                                       "february", "march", "april", "may", "june", "july",
                                       "august", "september", "october", "november", "december"})) {
    return false;
  }
  return at + 1 >= words.size() ||
         !one_of(words[at + 1],
                 {"year", "years", "percent", "per", "million", "billion", "hundred", "thousand",
                  "days", "hours", "minutes", "weeks", "months", "km", "miles", "am", "pm", "of"});
}

/// Old events and other countings in the same story.
bool speaks_of_the_past(const Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto value = number_of(words[i]);
    if (value && words.words[i].number && *value >= 1900 && *value <= 2100) return true;
    if (one_of(words[i], {"previous", "previously", "anniversary", "history", "decade", "decades",
                          "earlier", "ago", "similar"})) {
      return true;
    }
  }
  return false;
}

RoleCount worded(const Words& words, std::size_t at, string_view role, double value) {
  RoleCount count{std::string(role), value, false, false};
  const string_view before = at > 0 ? words[at - 1] : string_view();
  const string_view earlier = at > 1 ? words[at - 2] : string_view();
  count.at_least = (earlier == "at" && before == "least") ||
                   (earlier == "more" && before == "than") || before == "over" ||
                   (earlier == "no" && before == "fewer");
  count.hedged =
      one_of(before, {"about", "around", "some", "nearly", "almost", "roughly", "approximately"}) ||
      (earlier == "up" && before == "to");
  return count;
}

/// The figure's role: what happened to so many, after it, or before it ("killing nine",
/// "death toll rose to nine").
string_view role_near(const Words& words, std::size_t at) {
  for (std::size_t i = at + 1; i < words.size() && i <= at + 5; ++i) {
    if (const string_view role = role_of(words[i]); !role.empty()) return role;
    if (!passes(words[i])) break;
  }
  std::size_t before = at;
  while (before > 0 &&
         one_of(words[before - 1], {"at", "least", "more", "than", "about", "around", "some",
                                    "nearly", "over", "almost", "up", "to"})) {
    --before;
  }
  if (before == 0) return {};
  const string_view verb = words[before - 1];
  if (one_of(verb, {"killed", "killing", "kills", "injuring", "injured", "wounding", "wounded",
                    "arrested"})) {
    return role_of(verb);
  }
  for (std::size_t i = before; i > 1 && i + 5 > before; --i) {
    if (words[i - 1] == "toll" && words[i - 2] == "death") return "killed";
  }
  return {};
}

struct Finding {
  RoleCount count;
  const Testimony* report = nullptr;
  std::size_t sentence = 0;
};

std::vector<Finding> findings_of(const Testimony& report) {
  std::vector<Finding> found;
  const auto& sentences = report.analysis->sentences;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    for (RoleCount& count : role_counts(sentences[i].text)) {
      const bool known = std::any_of(found.begin(), found.end(),
                                     [&](const Finding& f) { return f.count.role == count.role; });
      if (!known) found.push_back({std::move(count), &report, i});
    }
  }
  return found;
}

Stems stems(const Finding& finding) {
  return stems_of(finding.report->analysis->words_of(finding.sentence));
}

bool disagree(const Finding& a, const Finding& b) {
  constexpr auto kChange = std::chrono::hours(12);
  if (a.report->source == b.report->source || agree(a.count, b.count)) return false;
  if (std::chrono::abs(a.report->time - b.report->time) > kChange) return false;
  const double ratio =
      std::max(a.count.value, b.count.value) / std::min(a.count.value, b.count.value);
  const Stems left = stems(a);
  const Stems right = stems(b);
  return ratio <= 3 && shared_stems(left, right) >= 3 && overlap(left, right) >= 0.3;
}

std::string printed(const RoleCount& count) {
  const std::string value = std::to_string(static_cast<long>(count.value));
  if (count.at_least) return "at least " + value;
  return count.hedged ? "about " + value : value;
}

Conflict conflict_of(const std::string& role, const std::vector<Finding>& findings) {
  Conflict conflict{role, {}};
  for (const Finding& finding : findings) {
    const std::string value = printed(finding.count);
    auto claim = std::find_if(conflict.claims.begin(), conflict.claims.end(),
                              [&](const Claim& c) { return c.value == value; });
    if (claim == conflict.claims.end()) {
      conflict.claims.push_back(
          {value, {}, finding.report->analysis->sentences[finding.sentence].text});
      claim = std::prev(conflict.claims.end());
    }
    const std::string publisher(finding.report->publisher);
    if (std::find(claim->publishers.begin(), claim->publishers.end(), publisher) ==
        claim->publishers.end()) {
      claim->publishers.push_back(publisher);
    }
  }
  return conflict;
}

}  // namespace

std::vector<RoleCount> role_counts(string_view sentence) {
  const Words words = split_words(sentence, 200);
  std::vector<RoleCount> counts;
  if (speaks_of_the_past(words)) return counts;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto value = number_of(words[i]);
    if (!value || !is_count(words, i, *value)) continue;
    if (const string_view role = role_near(words, i); !role.empty()) {
      counts.push_back(worded(words, i, role, *value));
    }
  }
  return counts;
}

bool agree(const RoleCount& a, const RoleCount& b) {
  if (a.value == b.value) return true;
  const RoleCount& low = a.value < b.value ? a : b;
  const RoleCount& high = a.value < b.value ? b : a;
  if (low.at_least && high.value <= 1.5 * low.value) return true;
  if ((a.hedged || b.hedged) && high.value - low.value <= 0.1 * high.value) return true;
  // 1,000 and 987 are one count, rounded: what is rounder shows how coarsely.
  for (const double unit : {1000.0, 100.0, 10.0}) {
    const bool a_round = std::fmod(a.value, unit) == 0;
    const bool b_round = std::fmod(b.value, unit) == 0;
    if (a_round == b_round || low.value < 5 * unit) continue;
    if (std::round(a.value / unit) == std::round(b.value / unit)) return true;
  }
  return false;
}

std::vector<Conflict> find_conflicts(const std::vector<Testimony>& reports, std::size_t most) {
  std::map<std::string, std::vector<Finding>> by_role;
  for (const Testimony& report : reports) {
    if (report.analysis->language != "en") continue;
    for (Finding& finding : findings_of(report)) {
      const std::string role = finding.count.role;
      by_role[role].push_back(std::move(finding));
    }
  }
  std::vector<Conflict> conflicts;
  for (const auto& [role, findings] : by_role) {
    std::vector<Finding> involved;
    for (const Finding& a : findings) {
      if (std::any_of(findings.begin(), findings.end(),
                      [&](const Finding& b) { return disagree(a, b); })) {
        involved.push_back(a);
      }
    }
    if (!involved.empty() && conflicts.size() < most)
      conflicts.push_back(conflict_of(role, involved));
  }
  return conflicts;
}

}  // namespace nutgraf
