#include "daemon/event/findings.h"

#include <algorithm>
#include <span>
#include <utility>

#include "daemon/base/ascii.h"
#include "daemon/event/days.h"
#include "daemon/event/number_words.h"
#include "daemon/event/reading.h"

namespace nutgraf {
namespace {

using std::string_view;

/// Characters beside an amount or distance that tell what it is of.
constexpr std::size_t kContext = 45;

/// Words of a sentence that are looked at: what is kept of one is compared with each other
/// figure's.
constexpr std::size_t kWords = 200;

std::span<const summarizer::Word> words_of(const summarizer::Analysis& analysis,
                                           std::size_t sentence) {
  const std::span<const summarizer::Word> all = analysis.words_of(sentence);
  return all.first(std::min(kWords, all.size()));
}

/// Sorts them and leaves each once.
template <typename List>
void tidy(List& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

bool is_name(const summarizer::Analysis& analysis, std::size_t sentence,
             const summarizer::Word& word) {
  if (!word.capitalised || word.stem == 0) return false;
  const std::string spelling = to_lower(analysis.spelling(sentence, word));
  return !weekday_of(spelling) && !english_month(spelling);
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

/// Capitalised words but for the days' and the first of each sentence, which says nothing.
Stems names_of(const summarizer::Analysis& analysis) {
  Stems names;
  for (std::size_t i = 0; i < analysis.sentences.size(); ++i) {
    bool first = true;
    for (const summarizer::Word& word : analysis.words_of(i)) {
      if (!first && is_name(analysis, i, word)) names.push_back(word.stem);
      first = false;
    }
  }
  tidy(names);
  return names;
}

bool is_saying(string_view word) {
  return one_of(word, {"said", "says", "told", "tells", "wrote", "writes", "added", "adds",
                       "tweeted", "reported", "reports", "confirmed", "announced"});
}

/// "Marsh said": who tells of it, not of whom it is told.
bool is_speaker(const summarizer::Analysis& analysis, std::size_t sentence,
                std::span<const summarizer::Word> words, std::size_t at) {
  const auto word = [&](std::size_t i) { return to_lower(analysis.spelling(sentence, words[i])); };
  std::size_t end = at;
  while (end < words.size() && words[end].capitalised) ++end;
  if (end < words.size() && is_saying(word(end))) return true;
  std::size_t begin = at;
  while (begin > 0 && words[begin - 1].capitalised) --begin;
  if (begin > 0 && is_saying(word(begin - 1))) return true;
  return begin > 1 && word(begin - 1) == "to" && word(begin - 2) == "according";
}

Setting setting_of(const summarizer::Analysis& analysis, const Stems& names, std::size_t index) {
  const string_view sentence = analysis.sentences[index].text;
  const Words words = split_words(sentence, kWords);
  Setting setting;
  setting.numbers = numbers_of(words);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const string_view word = words[i];
    setting.several = setting.several || is_several(word);
    if (weekday_of(word)) setting.weekdays.emplace_back(word);
    if (words.words[i].capital && english_month(word)) {
      const std::size_t day = i + 1 < words.size() && words.words[i + 1].number ? i + 1 : i - 1;
      if (day < words.size() && words.words[day].number) setting.dates.emplace_back(words[day]);
    }
    if (is_clock(sentence, words, i)) setting.times.emplace_back(word);
  }
  for (auto* list : {&setting.weekdays, &setting.dates, &setting.times}) tidy(*list);
  const std::span<const summarizer::Word> all = words_of(analysis, index);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (std::binary_search(names.begin(), names.end(), all[i].stem) &&
        is_name(analysis, index, all[i]) && !is_speaker(analysis, index, all, i)) {
      setting.names.push_back(all[i]);
    }
  }
  return setting;
}

Stems context_of(const summarizer::Analysis& analysis, std::size_t sentence, const Figure& figure) {
  std::vector<summarizer::Word> near;
  for (const summarizer::Word& word : words_of(analysis, sentence)) {
    const bool before =
        word.begin + word.size <= figure.begin && word.begin + kContext >= figure.begin;
    const bool behind = word.begin >= figure.end && word.begin + word.size <= figure.end + kContext;
    if (!word.number && (before || behind)) near.push_back(word);
  }
  return stems_of(near);
}

Stems plain_stems(const summarizer::Analysis& analysis, std::size_t sentence, const Stems& names) {
  std::vector<summarizer::Word> plain;
  for (const summarizer::Word& word : words_of(analysis, sentence)) {
    const bool name = std::binary_search(names.begin(), names.end(), word.stem);
    if (!word.number && !name) plain.push_back(word);
  }
  return stems_of(plain);
}

Finding finding_of(const summarizer::Analysis& analysis, std::size_t sentence, Figure figure,
                   const Setting& setting) {
  Finding finding;
  const auto end =
      std::partition_point(setting.names.begin(), setting.names.end(),
                           [&](const summarizer::Word& word) { return word.begin < figure.begin; });
  finding.names = stems_of(setting.names);
  finding.subjects = stems_of(std::span(setting.names.begin(), end));
  finding.context = context_of(analysis, sentence, figure);
  finding.plain = plain_stems(analysis, sentence, finding.names);
  finding.stems = stems_of(words_of(analysis, sentence));
  finding.sentence = sentence;
  finding.setting = setting;
  finding.figure = std::move(figure);
  return finding;
}

/// `known`: the names of the whole report.
Lead lead_of(const summarizer::Analysis& analysis, const Stems& known) {
  constexpr std::size_t kSentences = 2;
  std::vector<summarizer::Word> names;
  std::vector<summarizer::Word> plain;
  for (std::size_t i = 0; i < std::min(analysis.sentences.size(), kSentences); ++i) {
    for (const summarizer::Word& word : words_of(analysis, i)) {
      const bool name = std::binary_search(known.begin(), known.end(), word.stem);
      if (name && is_name(analysis, i, word)) {
        names.push_back(word);
      } else if (!word.number) {
        plain.push_back(word);
      }
    }
  }
  return {stems_of(names), stems_of(plain)};
}

}  // namespace

std::vector<double> numbers_of(const Words& words) {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (const auto number = written_number(words, i)) numbers.push_back(number->value);
  }
  return numbers;
}

Findings findings_of(const summarizer::Analysis& analysis, std::size_t report) {
  Findings findings;
  std::vector<Finding>& found = findings.found;
  Stems names;
  for (std::size_t i = 0; i < analysis.sentences.size() && found.size() < kMaxFigures; ++i) {
    std::vector<Figure> figures = figures_of(analysis.sentences[i].text);
    if (figures.empty()) continue;
    if (found.empty()) names = names_of(analysis);
    const Setting setting = setting_of(analysis, names, i);
    for (Figure& figure : figures) {
      if (found.size() == kMaxFigures) break;
      found.push_back(finding_of(analysis, i, std::move(figure), setting));
      found.back().report = report;
    }
  }
  if (!found.empty()) findings.lead = lead_of(analysis, names);
  return findings;
}

}  // namespace nutgraf
