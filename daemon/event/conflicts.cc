#include "daemon/event/conflicts.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <string>

#include "daemon/base/words.h"
#include "daemon/event/days.h"
#include "daemon/event/findings.h"
#include "daemon/event/overlap.h"

namespace nutgraf {
namespace {

using std::string_view;
using Kind = Figure::Kind;

/// Both say something, and nothing in common.
template <typename List>
bool disjoint(const List& a, const List& b) {
  if (a.empty() || b.empty()) return false;
  return std::none_of(a.begin(), a.end(), [&](const auto& value) {
    return std::find(b.begin(), b.end(), value) != b.end();
  });
}

/// The same of sorted lists, in one pass: a sentence may hold hundreds of names or times.
template <typename List>
bool sorted_disjoint(const List& a, const List& b) {
  if (a.empty() || b.empty()) return false;
  for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
    if (*left == *right) return false;
    ++(*left < *right ? left : right);
  }
  return true;
}

/// A sentence that writes the other's figure may give it to the same thing, in its own way.
bool writes(const std::vector<double>& numbers, double value) {
  return std::find(numbers.begin(), numbers.end(), value) != numbers.end();
}

bool elsewhere(const Finding& left, const Finding& right) {
  const Setting& a = left.setting;
  const Setting& b = right.setting;
  if (is_of_one(left.figure.kind)) return false;  // One is as old everywhere.
  if (left.figure.years != right.figure.years) return true;
  if (left.figure.kind != Kind::kPeople && sorted_disjoint(left.subjects, right.subjects)) {
    return true;
  }
  return a.several != b.several || sorted_disjoint(a.weekdays, b.weekdays) ||
         sorted_disjoint(a.dates, b.dates) || sorted_disjoint(a.times, b.times) ||
         sorted_disjoint(left.names, right.names);
}

/// Of a person so called: a surname and another of the names.
bool is_one_person(const Figure& a, const Figure& b) {
  const auto shared = std::count_if(a.of.begin(), a.of.end(), [&](const std::string& name) {
    return std::find(b.of.begin(), b.of.end(), name) != b.of.end();
  });
  return shared >= 2;
}

/// What two sentences have in common.
struct Likeness {
  std::size_t shared = 0;  ///< Stems …
  double shorter = 0;      ///< … as a share of the shorter sentence …
  double longer = 0;       ///< … and of the longer one, which may be about far more.
  std::size_t near = 0;    ///< Those beside both figures.
  bool subject = false;    ///< A name before both figures.
};

Likeness likeness_of(const Finding& a, const Finding& b) {
  const std::size_t shared = shared_stems(a.stems, b.stems);
  const std::size_t longer = std::max({a.stems.size(), b.stems.size(), std::size_t{1}});
  return {shared, overlap(a.stems, b.stems),
          static_cast<double>(shared) / static_cast<double>(longer),
          shared_stems(a.context, b.context), shared_stems(a.subjects, b.subjects) > 0};
}

bool counts_one(const Likeness& like, bool people) {
  // "All 34 cadets", "— 31 cadets —": who was counted is told far from what they did.
  if (people && like.shared >= 7 && like.shorter >= 0.4 && like.longer >= 0.33) return true;
  if (like.near < 3) return false;
  return (like.shared >= 5 && like.shorter >= 0.5 && like.longer >= 0.3) ||
         (like.shared >= 4 && like.shorter >= 0.35 && like.longer >= 0.2 && like.subject) ||
         (like.shared >= 3 && like.shorter >= 0.4 && people);
}

bool measures_one(const Likeness& like, Kind kind) {
  const bool alike =
      like.shared >= 5 && like.shorter >= 0.6 && like.longer >= 0.4 && like.near >= 2;
  // How long things took is told of more things than what they cost.
  if (kind == Kind::kDuration) return alike;
  return alike ||
         (like.shared >= 5 && like.shorter >= 0.45 && like.longer >= 0.33 && like.near >= 2) ||
         (like.shared >= 4 && like.shorter >= 0.35 && like.near >= 3);
}

bool shares_enough(const Finding& a, const Finding& b) {
  const Likeness like = likeness_of(a, b);
  switch (a.figure.kind) {
    case Kind::kStreetNumber:
      return true;
    case Kind::kChildren:
      return !disjoint(a.figure.of, b.figure.of);
    case Kind::kAge:
      return is_one_person(a.figure, b.figure);
    case Kind::kPeople:
    case Kind::kMagnitude:
      return like.shared >= 3 && like.shorter >= 0.3;
    case Kind::kTimes:
      return like.shared >= 3 && like.shorter >= 0.3 && like.near >= 2;
    case Kind::kTerm:
      return like.shared >= 4 && like.shorter >= 0.5;
    case Kind::kThings:
      return !disjoint(a.figure.of, b.figure.of) && counts_one(like, a.figure.persons);
    case Kind::kMoney:
    case Kind::kMeasure:
    case Kind::kDuration:
      break;
  }
  return measures_one(like, a.figure.kind);
}

bool about_one_thing(const Finding& a, const Finding& b) {
  if (a.figure.what != b.figure.what || elsewhere(a, b)) return false;
  if (writes(a.setting.numbers, b.figure.value) || writes(b.setting.numbers, a.figure.value)) {
    return false;
  }
  const auto [low, high] = std::minmax(a.figure.value, b.figure.value);
  return high <= 3 * low && shares_enough(a, b);
}

/// The figures of all reports, and which of them contradict which.
class Comparison {
  /// What a report is, beside its figures.
  struct Page {
    Opening opening;
    Lead lead;
    std::optional<Period> dated;  ///< By its address.
    std::size_t begin = 0;        ///< Of its findings.
    std::size_t end = 0;
    std::vector<Figure> quakes;   ///< Magnitudes.
    std::vector<double> numbers;  ///< That it writes, if it tells of a magnitude; sorted.
  };

  /// What two reports are to one another, whichever of their figures are compared. Found out once:
  /// it takes what they say at large, and two reports may have thousands of pairs of figures.
  struct Relation {
    bool other_trial = false;   ///< One is on the deed, the other on the trial.
    bool other_quakes = false;  ///< They give no magnitude in common.
    bool same_lead = false;     ///< But for names and figures, and each has names of its own there.
    bool strangers = false;     ///< Each begins with names that the other does not have at all.
  };

 public:
  explicit Comparison(const std::vector<Testimony>& reports)
      : reports_(reports), pages_(reports.size()) {
    for (std::size_t r = 0; r < reports.size(); ++r) {
      if (reports[r].analysis->language != "en") continue;
      read(r);
    }
  }

  /// Findings that contradict one another, directly or through others, as lists of their numbers.
  std::vector<std::vector<std::size_t>> disputes() const {
    std::vector<std::size_t> group(findings_.size());
    std::iota(group.begin(), group.end(), std::size_t{0});
    for (std::size_t a = 0; a < pages_.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) compare(a, b, group);
    }
    std::vector<std::vector<std::size_t>> members(findings_.size());
    for (std::size_t i = 0; i < findings_.size(); ++i) members[group[i]].push_back(i);
    std::erase_if(members, [](const auto& list) { return list.size() < 2; });
    std::stable_sort(members.begin(), members.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return members;
  }

  Conflict conflict(const std::vector<std::size_t>& dispute) const {
    Conflict conflict{findings_[dispute.front()].figure.what, {}};
    for (const std::size_t number : dispute) add(findings_[number], conflict);
    return conflict;
  }

 private:
  void read(std::size_t report) {
    Page& page = pages_[report];
    const summarizer::Analysis& analysis = *reports_[report].analysis;
    page.begin = findings_.size();
    Findings findings = findings_of(analysis, report);
    for (Finding& finding : findings.found) {
      if (finding.figure.kind == Kind::kMagnitude) page.quakes.push_back(finding.figure);
      findings_.push_back(std::move(finding));
    }
    page.end = findings_.size();
    if (page.end > page.begin) {
      page.lead = std::move(findings.lead);
      page.opening = opening_of(analysis);
      page.dated = period_of(reports_[report].url);
    }
    if (page.quakes.empty()) return;
    for (const summarizer::Sentence& sentence : analysis.sentences) {
      const std::vector<double> more = numbers_of(split_words(sentence.text, 200));
      page.numbers.insert(page.numbers.end(), more.begin(), more.end());
    }
    std::sort(page.numbers.begin(), page.numbers.end());
  }

  /// Joins the groups of those figures of two reports that contradict one another.
  void compare(std::size_t a, std::size_t b, std::vector<std::size_t>& group) const {
    if (pages_[a].begin == pages_[a].end || pages_[b].begin == pages_[b].end) return;
    if (!may_contradict(a, b)) return;
    std::optional<Relation> relation;  // Most reports have no two figures that ask for it.
    for (std::size_t i = pages_[a].begin; i < pages_[a].end; ++i) {
      for (std::size_t j = pages_[b].begin; j < pages_[b].end; ++j) {
        if (group[i] == group[j] || !about_one_thing(findings_[i], findings_[j])) continue;
        if (!relation) relation = relation_of(a, b);
        if (!contradict(findings_[i], findings_[j], *relation)) continue;
        const auto [to, from] = std::minmax(group[i], group[j]);
        std::replace(group.begin(), group.end(), std::size_t{from}, std::size_t{to});
      }
    }
  }

  bool may_contradict(std::size_t a, std::size_t b) const {
    constexpr auto kChange = std::chrono::hours(12);
    const Testimony& left = reports_[a];
    const Testimony& right = reports_[b];
    return left.source != right.source && std::chrono::abs(left.time - right.time) <= kChange &&
           !days_apart(pages_[a].opening, pages_[b].opening) && !dated_apart(a, b);
  }

  Relation relation_of(std::size_t a, std::size_t b) const {
    const Page& left = pages_[a];
    const Page& right = pages_[b];
    const std::size_t known = shared_stems(left.lead.names, right.lead.names);
    Relation relation;
    relation.other_trial = left.opening.trial != right.opening.trial;
    relation.other_quakes = share_no_quake(left.quakes, right.quakes);
    relation.same_lead = same_words(left.lead.plain, right.lead.plain) &&
                         known < left.lead.names.size() && known < right.lead.names.size();
    relation.strangers = knows_not_all(*reports_[b].analysis, left.lead.names) &&
                         knows_not_all(*reports_[a].analysis, right.lead.names);
    return relation;
  }

  /// Two figures that are about one thing.
  bool contradict(const Finding& a, const Finding& b, const Relation& relation) const {
    // Who is 27 at the deed is 28 at the trial.
    if (a.figure.kind == Kind::kAge && relation.other_trial) return false;
    return !traded(a, b) && are_heard(a, b) && !other_quakes(a, b, relation) &&
           !grants(a.report, b.figure) && !grants(b.report, a.figure) &&
           !fill_a_form(a, b, relation);
  }

  bool dated_apart(std::size_t a, std::size_t b) const {
    const std::optional<Period>& left = pages_[a].dated;
    const std::optional<Period>& right = pages_[b].dated;
    return left && right && periods_apart(*left, *right);
  }

  /// "The company posted revenue of $42 million", "… of $67 million": nothing but names and figures
  /// differ there or in the leads, and each report begins with names that the other does not know.
  static bool fill_a_form(const Finding& a, const Finding& b, const Relation& relation) {
    if (is_of_one(a.figure.kind)) return false;
    return relation.same_lead || (relation.strangers && same_words(a.plain, b.plain));
  }

  /// Two thirds of them.
  static bool same_words(const Stems& a, const Stems& b) {
    const std::size_t shared = shared_stems(a, b);
    return shared > 0 && 3 * shared >= 2 * std::max(a.size(), b.size());
  }

  /// Of sorted names. One pass over the report, which may be a megabyte.
  static bool knows_not_all(const summarizer::Analysis& report, const Stems& names) {
    std::vector<bool> known(names.size());
    std::size_t left = names.size();
    for (const summarizer::Word& word : report.words) {
      const auto name = std::lower_bound(names.begin(), names.end(), word.stem);
      if (left == 0) break;
      if (name == names.end() || *name != word.stem) continue;
      auto seen = known[static_cast<std::size_t>(name - names.begin())];
      if (!seen) --left;
      seen = true;
    }
    return left > 0;
  }

  /// Of a report's counts the first one speaks, and one that the other tells in the same words.
  bool are_heard(const Finding& a, const Finding& b) const {
    if (speaks(a) && speaks(b)) return true;
    return shared_stems(a.stems, b.stems) >= 5 && overlap(a.stems, b.stems) >= 0.5;
  }

  /// An earthquake is known by its magnitude: two that share none tell of two. And a magnitude that
  /// the other report writes, too, is not denied there: it has two quakes of its own.
  bool other_quakes(const Finding& a, const Finding& b, const Relation& relation) const {
    if (a.figure.kind != Kind::kMagnitude) return relation.other_quakes;
    const auto holds = [](const std::vector<double>& numbers, double value) {
      return std::binary_search(numbers.begin(), numbers.end(), value);
    };
    return holds(pages_[a.report].numbers, b.figure.value) ||
           holds(pages_[b.report].numbers, a.figure.value);
  }

  static bool share_no_quake(const std::vector<Figure>& left, const std::vector<Figure>& right) {
    return !left.empty() && !right.empty() &&
           std::none_of(left.begin(), left.end(), [&](const Figure& quake) {
             return std::any_of(right.begin(), right.end(),
                                [&](const Figure& other) { return agree(quake, other); });
           });
  }

  /// All that its sentence counts and measures: they stand side by side.
  std::span<const Finding> sentence_of(const Finding& finding) const {
    const auto same = [&](const Finding& other) {
      return other.report == finding.report && other.sentence == finding.sentence;
    };
    const auto at = static_cast<std::size_t>(&finding - findings_.data());
    std::size_t begin = at;
    std::size_t end = at + 1;
    while (begin > 0 && same(findings_[begin - 1])) --begin;
    while (end < findings_.size() && same(findings_[end])) ++end;
    return std::span(findings_).subspan(begin, end - begin);
  }

  /// "9 killed and 31 injured" beside "12 killed and 20 injured": of one incident both counts grow.
  bool traded(const Finding& a, const Finding& b) const {
    const double up = a.figure.value - b.figure.value;
    for (const Finding& left : sentence_of(a)) {
      for (const Finding& right : sentence_of(b)) {
        const bool people =
            left.figure.kind == Kind::kPeople && left.figure.what == right.figure.what;
        if (!people || agree(left.figure, right.figure)) continue;
        if (up * (left.figure.value - right.figure.value) < 0) return true;
      }
    }
    return false;
  }

  std::span<const Finding> findings_of_report(std::size_t report) const {
    const Page& page = pages_[report];
    return std::span(findings_).subspan(page.begin, page.end - page.begin);
  }

  /// Whether it is the figure by which its report is taken.
  bool speaks(const Finding& finding) const {
    if (finding.figure.kind != Kind::kPeople) return true;
    const std::span<const Finding> all = findings_of_report(finding.report);
    const auto first = std::find_if(all.begin(), all.end(), [&](const Finding& f) {
      return f.figure.what == finding.figure.what;
    });
    return &*first == &finding;
  }

  /// Whether a report gives, anywhere, a figure that agrees.
  bool grants(std::size_t report, const Figure& figure) const {
    const std::span<const Finding> all = findings_of_report(report);
    return std::any_of(all.begin(), all.end(), [&](const Finding& f) {
      return f.figure.what == figure.what && agree(f.figure, figure);
    });
  }

  static bool is_count(Kind kind) {
    return kind == Kind::kPeople || kind == Kind::kThings || kind == Kind::kTimes ||
           kind == Kind::kChildren;
  }

  /// Counts in figures, what is measured as it is written.
  std::string printed(const Finding& finding) const {
    const Figure& figure = finding.figure;
    const string_view sentence =
        reports_[finding.report].analysis->sentences[finding.sentence].text;
    const std::string value =
        is_count(figure.kind)
            ? std::to_string(static_cast<long>(figure.value))
            : std::string(sentence.substr(figure.begin, figure.end - figure.begin));
    if (figure.at_least) return "at least " + value;
    return figure.hedged ? "about " + value : value;
  }

  void add(const Finding& finding, Conflict& conflict) const {
    const Testimony& report = reports_[finding.report];
    const std::string value = printed(finding);
    auto claim = std::find_if(conflict.claims.begin(), conflict.claims.end(),
                              [&](const Claim& c) { return c.value == value; });
    if (claim == conflict.claims.end()) {
      conflict.claims.push_back({value, {}, report.analysis->sentences[finding.sentence].text});
      claim = std::prev(conflict.claims.end());
    }
    std::vector<std::string>& publishers = claim->publishers;
    if (std::find(publishers.begin(), publishers.end(), report.publisher) == publishers.end()) {
      publishers.emplace_back(report.publisher);
    }
  }

  const std::vector<Testimony>& reports_;
  std::vector<Page> pages_;        ///< Of each report.
  std::vector<Finding> findings_;  ///< In the order of the reports, and of their texts.
};

}  // namespace

std::vector<Conflict> find_conflicts(const std::vector<Testimony>& reports, std::size_t most) {
  const Comparison comparison(reports);
  std::vector<Conflict> conflicts;
  for (const std::vector<std::size_t>& dispute : comparison.disputes()) {
    if (conflicts.size() < most) conflicts.push_back(comparison.conflict(dispute));
  }
  return conflicts;
}

}  // namespace nutgraf
