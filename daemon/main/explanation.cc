#include "daemon/main/explanation.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <numeric>

namespace nutgraf::tool {
namespace {

using summarizer::Score;
using summarizer::Sentence;

constexpr int kMostWords = 10;

std::string factor(const char* what, double by) {
  char out[96];
  std::snprintf(out, sizeof out, "%s: × %.2f", what, by);
  return out;
}

std::string counted(int n, const char* one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

}  // namespace

int Explanation::pick_of(std::size_t sentence) const {
  for (const auto& p : summary.sentences) {
    if (static_cast<std::size_t>(p.position) == sentence) return p.rank + 1;
  }
  return 0;
}

bool Explanation::begins_line(std::size_t sentence) const {
  if (sentence == 0) return true;
  const std::size_t end = analysis.sentences[sentence - 1].end;
  const std::size_t begin = analysis.sentences[sentence].begin;
  return std::string_view(text).substr(end, begin - end).find('\n') != std::string_view::npos;
}

std::vector<std::size_t> Explanation::by_score() const {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t i) { return scores[i].score; });
  return order;
}

Explanation explain(const std::string& name, const std::string& text, const std::string& language,
                    const summarizer::Options& options) {
  Explanation e;
  e.name = name;
  e.text = text;
  e.analysis = summarizer::analyse({.title = {}, .text = text, .language = language});
  e.scores = summarizer::score_sentences(e.analysis, options);
  e.likenesses = summarizer::likenesses(e.analysis);
  e.summary = summarizer::summarize(e.analysis, options);
  e.keywords = summarizer::keywords(e.analysis, kMostWords);
  e.entities = summarizer::entities(e.analysis, kMostWords);
  return e;
}

std::vector<std::string> reasons(const Explanation& explanation, std::size_t sentence) {
  const Sentence& s = explanation.analysis.sentences[sentence];
  const Score& f = explanation.scores[sentence];
  std::vector<std::string> out;
  if (s.bad) out.push_back("never picked: " + std::string(s.why));
  if (s.leaning) out.emplace_back("only with the sentence before it");
  if (f.position != 1)
    out.push_back(factor(("place " + std::to_string(sentence + 1)).c_str(), f.position));
  if (f.names != 1) out.push_back(factor(counted(s.names, "name").c_str(), f.names));
  if (f.figures != 1) out.push_back(factor(counted(s.figures, "figure").c_str(), f.figures));
  if (f.topic != 1) out.push_back(factor("words that others have, too", f.topic));
  if (f.length != 1) out.push_back(factor(counted(s.length, "word").c_str(), f.length));
  if (f.quote != 1) out.push_back(factor("opens with a quotation mark", f.quote));
  if (f.terminal != 1) out.push_back(factor("no full stop", f.terminal));
  if (f.brevity != 1) out.push_back(factor("very short", f.brevity));
  return out;
}

}  // namespace nutgraf::tool
