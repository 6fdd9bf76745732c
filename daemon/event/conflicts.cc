#include "daemon/event/conflicts.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <numeric>
#include <span>
#include <string>

#include "daemon/base/words.h"
#include "daemon/event/number_words.h"
#include "daemon/event/overlap.h"

namespace nutgraf {
namespace {

using std::string_view;
using Kind = Figure::Kind;

/// Characters beside an amount or distance that tell what it is of.
constexpr std::size_t kContext = 45;

/// What a sentence says of when and who.
struct Setting {
  std::vector<std::string> weekdays;
  std::vector<std::string> dates;
  std::vector<std::string> times;
  std::vector<double> numbers;  ///< All that it writes.
  bool several = false;         ///< It sums up several incidents: "the attacks in A and B".
  Stems names;
};

struct Finding {
  Figure figure;
  std::size_t report = 0;
  std::size_t sentence = 0;
  Stems stems;
  Stems context;  ///< Stems beside the figure.
  Setting setting;
};

bool one_of(string_view word, std::initializer_list<string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_weekday(string_view word) {
  return one_of(word,
                {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"});
}

bool is_month(string_view word) {
  return one_of(
      word, {"january", "february", "march", "april", "may", "june", "july", "august", "september",
             "october", "november", "december", "jan", "feb", "aug", "sept", "oct", "nov", "dec"});
}

/// Not "strikes", "fires", "raids", which are verbs, too, and not "clashes", which are one thing.
bool is_several(string_view word) {
  return one_of(
      word, {"attacks", "shootings", "bombings", "explosions", "blasts", "quakes", "earthquakes"});
}

bool is_clock(string_view sentence, const Words& words, std::size_t at) {
  if (!words.words[at].number || at + 1 >= words.size()) return false;
  const std::size_t end = words.words[at].end;
  const bool minutes =
      words.words[at + 1].number && words.words[at + 1].begin == end + 1 && sentence[end] == ':';
  return minutes || one_of(words[at + 1], {"am", "pm", "a.m", "p.m"}) ||
         (one_of(words[at + 1], {"a", "p"}) && at + 2 < words.size() && words[at + 2] == "m");
}

/// Capitalised words but for the first, which says nothing, and the days'.
void add_names(const summarizer::Analysis& analysis, std::size_t index, Stems& names) {
  bool first = true;
  for (const summarizer::Word& word : analysis.words_of(index)) {
    std::string spelling(analysis.spelling(index, word));
    std::transform(spelling.begin(), spelling.end(), spelling.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool name = !first && word.capitalised && word.stem != 0 && !is_weekday(spelling) &&
                      !is_month(spelling);
    if (name) names.push_back(word.stem);
    first = false;
  }
}

Setting setting_of(const summarizer::Analysis& analysis, std::size_t index) {
  const string_view sentence = analysis.sentences[index].text;
  const Words words = split_words(sentence, 200);
  Setting setting;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word(words[i]);
    setting.several |= is_several(word);
    if (is_weekday(word)) setting.weekdays.push_back(word);
    if (is_month(word) && words.words[i].capital) {
      const std::size_t day = i + 1 < words.size() && words.words[i + 1].number ? i + 1 : i - 1;
      if (day < words.size() && words.words[day].number) {
        setting.dates.push_back(std::string(words[day]));
      }
    }
    if (const auto number = written_number(words, i)) setting.numbers.push_back(number->value);
    if (is_clock(sentence, words, i)) setting.times.push_back(word);
  }
  add_names(analysis, index, setting.names);
  std::sort(setting.names.begin(), setting.names.end());
  return setting;
}

/// Both say something, and nothing in common.
template <typename List>
bool disjoint(const List& a, const List& b) {
  if (a.empty() || b.empty()) return false;
  return std::none_of(a.begin(), a.end(), [&](const auto& value) {
    return std::find(b.begin(), b.end(), value) != b.end();
  });
}

/// A sentence that writes the other's figure may give it to the same thing, in its own way.
bool writes(const Setting& setting, double value) {
  return std::find(setting.numbers.begin(), setting.numbers.end(), value) != setting.numbers.end();
}

bool elsewhere(const Setting& a, const Setting& b) {
  return a.several != b.several || disjoint(a.weekdays, b.weekdays) || disjoint(a.dates, b.dates) ||
         disjoint(a.times, b.times) || disjoint(a.names, b.names);
}

Stems context_of(const summarizer::Analysis& analysis, std::size_t sentence, const Figure& figure) {
  std::vector<summarizer::Word> near;
  for (const summarizer::Word& word : analysis.words_of(sentence)) {
    const bool before =
        word.begin + word.size <= figure.begin && word.begin + kContext >= figure.begin;
    const bool behind = word.begin >= figure.end && word.begin + word.size <= figure.end + kContext;
    if (!word.number && (before || behind)) near.push_back(word);
  }
  return stems_of(near);
}

std::vector<Finding> findings_of(const Testimony& report, std::size_t number) {
  std::vector<Finding> found;
  const auto& sentences = report.analysis->sentences;
  for (std::size_t i = 0; i < sentences.size() && found.size() < kMaxFigures; ++i) {
    for (Figure& figure : figures_of(sentences[i].text)) {
      Stems context = context_of(*report.analysis, i, figure);
      found.push_back({std::move(figure), number, i, stems_of(report.analysis->words_of(i)),
                       std::move(context), setting_of(*report.analysis, i)});
    }
  }
  return found;
}

bool about_one_thing(const Finding& a, const Finding& b) {
  if (a.figure.what != b.figure.what || elsewhere(a.setting, b.setting)) return false;
  if (writes(a.setting, b.figure.value) || writes(b.setting, a.figure.value)) return false;
  const auto [low, high] = std::minmax(a.figure.value, b.figure.value);
  if (high > 3 * low) return false;
  const std::size_t shared = shared_stems(a.stems, b.stems);
  const double share = overlap(a.stems, b.stems);
  if (a.figure.kind == Kind::kPeople) return shared >= 3 && share >= 0.3;
  // Of a long sentence on more than the amount a short one holds but little.
  const std::size_t larger = std::max(a.stems.size(), b.stems.size());
  return shared >= 5 && share >= 0.6 && 5 * shared >= 2 * larger &&
         shared_stems(a.context, b.context) >= 2;
}

/// The figures of all reports, and which of them contradict which.
class Comparison {
 public:
  explicit Comparison(const std::vector<Testimony>& reports) : reports_(reports) {
    for (std::size_t r = 0; r < reports.size(); ++r) {
      if (reports[r].analysis->language != "en") continue;
      for (Finding& finding : findings_of(reports[r], r)) findings_.push_back(std::move(finding));
    }
  }

  /// Findings that contradict one another, directly or through others, as lists of their numbers.
  std::vector<std::vector<std::size_t>> disputes() const {
    std::vector<std::size_t> group(findings_.size());
    std::iota(group.begin(), group.end(), std::size_t{0});
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (group[i] == group[j] || !contradict(findings_[i], findings_[j])) continue;
        const auto [to, from] = std::minmax(group[i], group[j]);
        std::replace(group.begin(), group.end(), std::size_t{from}, std::size_t{to});
      }
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
  bool contradict(const Finding& a, const Finding& b) const {
    constexpr auto kChange = std::chrono::hours(12);
    const Testimony& left = reports_[a.report];
    const Testimony& right = reports_[b.report];
    if (left.source == right.source || std::chrono::abs(left.time - right.time) > kChange) {
      return false;
    }
    return about_one_thing(a, b) && !traded(a, b) && speaks(a) && speaks(b) &&
           !grants(a.report, b.figure) && !grants(b.report, a.figure);
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

  /// Whether it is the figure by which its report is taken.
  bool speaks(const Finding& finding) const {
    if (finding.figure.kind != Kind::kPeople) return true;
    const auto first = std::find_if(findings_.begin(), findings_.end(), [&](const Finding& f) {
      return f.report == finding.report && f.figure.what == finding.figure.what;
    });
    return &*first == &finding;
  }

  /// Whether a report gives, anywhere, a figure that agrees.
  bool grants(std::size_t report, const Figure& figure) const {
    return std::any_of(findings_.begin(), findings_.end(), [&](const Finding& f) {
      return f.report == report && f.figure.what == figure.what && agree(f.figure, figure);
    });
  }

  /// Counts in figures, what is measured as it is written.
  std::string printed(const Finding& finding) const {
    const Figure& figure = finding.figure;
    const string_view sentence =
        reports_[finding.report].analysis->sentences[finding.sentence].text;
    const std::string value =
        figure.kind == Kind::kPeople
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
