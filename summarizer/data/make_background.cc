// Makes background_en.inc: how common words are in news, in coarse bands.
//
//   cat texts/*.jsonl | make_background en > background_en.inc
//
// Reads one JSON object a line, of which "text" (and "documents"[]."text") counts, counts in how
// many texts each stem stands, and prints the stems that stand in at least kLeast of them, each as
// its commonest spelling, by bands of the square root of two. Texts that repeat another are counted
// once. What is printed says nothing of any one text.

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "summarizer/summarizer.h"

namespace {

using nutgraf::summarizer::Analysis;

/// Texts that a word of the table stands in at least: fewer is chance.
constexpr int kLeast = 4;

struct Stem {
  int texts = 0;
  std::map<std::string, int> spellings;
};

class Counter {
 public:
  void add(const std::string& text, std::string_view language) {
    if (text.empty() || !texts_.insert(std::hash<std::string>{}(text)).second) return;
    const Analysis a =
        nutgraf::summarizer::analyse({.title = {}, .text = text, .language = language});
    std::unordered_set<std::uint64_t> seen;
    for (std::size_t i = 0; i < a.sentences.size(); ++i) {
      for (const auto& word : a.words_of(i)) {
        if (word.stem == 0) continue;
        Stem& stem = stems_[word.stem];
        if (seen.insert(word.stem).second) ++stem.texts;
        std::string spelling(a.spelling(i, word));
        std::ranges::transform(spelling, spelling.begin(), [](unsigned char c) {
          return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        });
        ++stem.spellings[spelling];
      }
    }
  }

  void print() const {
    std::map<int, std::set<std::string>> bands;
    const auto all = static_cast<double>(texts_.size());
    for (const auto& [hash, stem] : stems_) {
      if (stem.texts < kLeast) continue;
      const auto spelling = std::ranges::max_element(
          stem.spellings, [](const auto& a, const auto& b) { return a.second < b.second; });
      if (spelling->first.find('\'') != std::string::npos || spelling->first.size() > 24 ||
          spelling->first.find("\xE2") != std::string::npos) {
        continue;
      }
      bands[static_cast<int>(std::lround(2 * std::log2(1e6 * stem.texts / all)))].insert(
          spelling->first);
    }
    for (auto band = bands.rbegin(); band != bands.rend(); ++band) {
      std::cout << "{" << std::lround(std::exp2(band->first / 2.0)) << ",";
      std::string line;
      const auto flush = [&] {
        if (!line.empty()) std::cout << "\n \"" << line << "\"";
        line.clear();
      };
      for (const std::string& word : band->second) {
        if (line.size() + word.size() > 92) flush();
        line += word + " ";
      }
      line.pop_back();
      flush();
      std::cout << "},\n";
    }
    std::cerr << texts_.size() << " texts, " << stems_.size() << " stems\n";
  }

 private:
  std::unordered_set<std::size_t> texts_;
  std::unordered_map<std::uint64_t, Stem> stems_;
};

}  // namespace

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): only a defect escapes.
  const std::string language = argc > 1 ? argv[1] : "en";
  Counter counter;
  for (std::string line; std::getline(std::cin, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object()) continue;
    if (json.contains("text")) counter.add(json["text"].get<std::string>(), language);
    if (!json.contains("documents")) continue;
    for (const auto& d : json["documents"]) counter.add(d.value("text", ""), language);
  }
  counter.print();
}
