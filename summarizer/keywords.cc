#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>

#include "summarizer/background.h"
#include "summarizer/language.h"
#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {
namespace {

/// How often the title's words count: it names the subject.
constexpr double kTitleWeight = 3;
constexpr int kMaxRun = 4;

/// The spellings of a word or name with how often each stands in the text.
using Spellings = std::map<std::string, double, std::less<>>;

std::string commonest(const Spellings& spellings) {
  const auto best = std::ranges::max_element(
      spellings, [](const auto& a, const auto& b) { return a.second < b.second; });
  return best->first;
}

struct Keyword {
  std::string spelling;
  double weight = 0;
};

std::vector<std::string> heaviest(std::vector<Keyword> all, int n) {
  std::ranges::sort(all, [](const Keyword& a, const Keyword& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.spelling < b.spelling;
  });
  all.resize(std::min(all.size(), static_cast<std::size_t>(std::max(n, 0))));
  std::vector<std::string> out;
  for (Keyword& k : all) out.push_back(std::move(k.spelling));
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

}  // namespace

std::vector<std::string> keywords(const Analysis& analysis, int n) {
  const Background& background = Background::of(analysis.language);
  std::unordered_map<std::uint64_t, Spellings> stems;
  const auto count = [&](std::string_view text, const Word& word, double weight) {
    if (word.stem == 0 || word.number) return;
    stems[word.stem][std::string(without_possessive(text.substr(word.begin, word.size)))] += weight;
  };
  for (const Word& word : analysis.title_words) count(analysis.title, word, kTitleWeight);
  for (std::size_t i = 0; i < analysis.sentences.size(); ++i) {
    for (const Word& word : analysis.words_of(i)) count(analysis.sentences[i].text, word, 1);
  }
  std::vector<Keyword> all;
  for (const auto& [stem, spellings] : stems) {
    double tf = 0;
    for (const auto& [spelling, times] : spellings) tf += times;
    all.push_back({commonest(spellings), tf * background.idf(stem)});
  }
  return heaviest(std::move(all), n);
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
  for (auto& [name, times] : names) all.push_back({name, times});
  return heaviest(std::move(all), n);
}

}  // namespace nutgraf::summarizer
