#include <algorithm>
#include <cmath>
#include <string>

#include "summarizer/faults.h"
#include "summarizer/rank.h"
#include "summarizer/ranking.h"
#include "summarizer/summarizer.h"
#include "summarizer/vectors.h"

namespace nutgraf::summarizer {
namespace {

/// Sentences that the quadratic methods look at, the first ones.
constexpr std::size_t kMaxQuadratic = 1000;

RankOptions rank_options(const Options& options) {
  return {options.damping, options.tolerance, options.max_iterations};
}

Terms all_words(const Analysis& analysis) {
  Terms terms;
  for (std::size_t i = 0; i < std::min(analysis.sentences.size(), kMaxQuadratic); ++i) {
    for (const Word& word : analysis.words_of(i)) terms.add(word.form);
    terms.end_sentence();
  }
  return terms;
}

std::vector<double> ranks(const Analysis& analysis, const Vectors& vectors,
                          const Options& options) {
  switch (options.method) {
    case Method::kTextRank: {
      auto out = rank_graph(overlap_graph(all_words(analysis)), rank_options(options));
      out.resize(analysis.sentences.size());
      return out;
    }
    case Method::kLexRank: {
      const Terms terms = terms_of(analysis);
      const auto weights = background_weights(terms, analysis.language, false);
      return rank_directed(make_vectors(terms, weights), 1, rank_options(options));
    }
    case Method::kNutgraf:
      break;
  }
  return rank_directed(vectors, options.forward, rank_options(options));
}

Score factors(const Sentence& s, std::size_t position) {
  Score out;
  out.position = std::pow(static_cast<double>(position + 1), -0.3);
  if (s.quoted) out.quote = 0.6;
  if (!s.terminated) out.terminal = 0.5;
  if (s.length < kShortest) out.brevity = 0.001;
  if (s.length > 20) out.length = std::pow(20.0 / s.length, 0.3);
  out.names = 1 + 0.1 * std::min(3, s.names);
  return out;
}

}  // namespace

Vectors story_vectors(const Analysis& analysis) {
  const Terms terms = terms_of(analysis);
  return make_vectors(terms, background_weights(terms, analysis.language, true));
}

void normalize(std::vector<Score>& scores) {
  double best = 0;
  for (Score& s : scores) {
    s.score = s.rank * s.position * s.quote * s.terminal * s.brevity * s.length * s.names;
    best = std::max(best, s.score);
  }
  for (Score& s : scores) s.score = best > 0 ? s.score / best : 0;
}

std::vector<Score> score_sentences(const Analysis& analysis, const Options& options) {
  return score_sentences(analysis, story_vectors(analysis), options);
}

std::vector<Score> score_sentences(const Analysis& analysis, const Vectors& vectors,
                                   const Options& options) {
  const std::vector<double> rank = ranks(analysis, vectors, options);
  std::vector<Score> scores;
  scores.reserve(rank.size());
  for (std::size_t i = 0; i < rank.size(); ++i) {
    Score s = options.method == Method::kNutgraf ? factors(analysis.sentences[i], i) : Score{};
    s.rank = rank[i];
    scores.push_back(s);
  }
  normalize(scores);
  return scores;
}

}  // namespace nutgraf::summarizer
