#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "summarizer/background.h"
#include "summarizer/language.h"
#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {
namespace {

/// How often the title's words count: it names the subject.
constexpr double kTitleWeight = 3;
constexpr int kMaxRun = 4;

/// A stem of a text, with what it is written as and how often.
struct Counted {
  double times = 0;
  std::map<std::string, double, std::less<>> spellings;
};

/// How often a spelling counts that stands in a title or opens a sentence: where there is no other.
constexpr double kOpening = 1e-3;

struct Keyword {
  std::string spelling;
  std::uint64_t stem = 0;
  double weight = 0;
};

const std::string& commonest(const Counted& word) {
  return std::ranges::max_element(word.spellings,
                                  [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

std::vector<Keyword> heaviest(std::vector<Keyword> all, int n) {
  std::ranges::sort(all, [](const Keyword& a, const Keyword& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.spelling < b.spelling;
  });
  all.resize(std::min(all.size(), static_cast<std::size_t>(std::max(n, 0))));
  return all;
}

std::vector<std::string> spellings_of(std::vector<Keyword> words) {
  std::vector<std::string> out;
  out.reserve(words.size());
  for (Keyword& word : words) out.push_back(std::move(word.spelling));
  return out;
}

/// "Harlow" of "Harlow's".
std::string_view without_possessive(std::string_view word) {
  for (const std::string_view ending : {"'s", "’s"}) {
    if (word.ends_with(ending)) return word.substr(0, word.size() - ending.size());
  }
  return word;
}

/// Whether `word` can be part of a name.
bool is_name(const Word& word) { return word.capitalised && word.stem != 0; }

/// Whether nothing but a space is between two words of a sentence.
bool adjacent(std::string_view text, const Word& a, const Word& b) {
  return b.begin == a.begin + a.size + 1 && text[a.begin + a.size] == ' ';
}

std::unordered_map<std::uint64_t, Counted> count_words(const Analysis& analysis) {
  std::unordered_map<std::uint64_t, Counted> stems;
  const auto count = [&](std::string_view text, const Word& word, double times, double spelling) {
    if (word.stem == 0 || word.number) return;
    Counted& counted = stems[word.stem];
    counted.times += times;
    counted.spellings[std::string(without_possessive(text.substr(word.begin, word.size)))] +=
        spelling;
  };
  for (const Word& word : analysis.title_words) {
    count(analysis.title, word, kTitleWeight, kOpening);
  }
  for (std::size_t i = 0; i < analysis.sentences.size(); ++i) {
    double spelling = kOpening;
    for (const Word& word : analysis.words_of(i)) {
      count(analysis.sentences[i].text, word, 1, spelling);
      spelling = 1;
    }
  }
  return stems;
}

std::vector<Keyword> leading(const Analysis& analysis, int n) {
  const Background& background = Background::of(analysis.language);
  std::vector<Keyword> all;
  for (const auto& [stem, counted] : count_words(analysis)) {
    all.push_back({commonest(counted), stem, counted.times * background.idf(stem)});
  }
  return heaviest(std::move(all), n);
}

}  // namespace

std::vector<std::string> keywords(const Analysis& analysis, int n) {
  return spellings_of(leading(analysis, n));
}

std::vector<std::string> cluster_keywords(std::span<const Analysis* const> documents, int n) {
  std::vector<Keyword> words;  // Weighed by how many documents they lead in.
  for (const Analysis* document : documents) {
    for (Keyword& word : leading(*document, n)) {
      const auto known = std::ranges::find(words, word.stem, &Keyword::stem);
      if (known != words.end()) {
        ++known->weight;
      } else {
        words.push_back({std::move(word.spelling), word.stem, 1});
      }
    }
  }
  std::ranges::stable_sort(words, std::greater(), &Keyword::weight);
  words.resize(std::min(words.size(), static_cast<std::size_t>(std::max(n, 0))));
  return spellings_of(std::move(words));
}

std::vector<std::string> entities(const Analysis& analysis, int n) {
  // German writes every noun with a capital.
  if (analysis.language == "de" || analysis.language == "lb") return {};
  std::map<std::string, double, std::less<>> names;
  for (std::size_t i = 0; i < analysis.sentences.size(); ++i) {
    const std::string_view text = analysis.sentences[i].text;
    const auto words = analysis.words_of(i);
    for (std::size_t w = 1; w < words.size();) {
      if (!is_name(words[w])) {
        ++w;
        continue;
      }
      std::size_t end = w + 1;
      while (end < words.size() && end - w < kMaxRun && is_name(words[end]) &&
             adjacent(text, words[end - 1], words[end])) {
        ++end;
      }
      const std::size_t begin = words[w].begin;
      const std::size_t last = words[end - 1].begin + words[end - 1].size;
      names[std::string(without_possessive(text.substr(begin, last - begin)))] += 1;
      w = end;
    }
  }
  std::vector<Keyword> all;
  for (auto& [name, times] : names) all.push_back({name, 0, times});
  return spellings_of(heaviest(std::move(all), n));
}

}  // namespace nutgraf::summarizer
