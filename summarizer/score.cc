#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "summarizer/faults.h"
#include "summarizer/rank.h"
#include "summarizer/ranking.h"
#include "summarizer/summarizer.h"
#include "summarizer/unicode.h"
#include "summarizer/vectors.h"
#include "summarizer/words.h"

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

/// The stems of what is asked for; sorted.
std::vector<std::uint64_t> query_stems(const Analysis& analysis, const Options& options) {
  std::vector<Word> words;
  if (!options.query.empty()) {
    Lexicon lexicon(analysis.language);
    Tokenizer(analysis.language, lexicon).append(decode(options.query.substr(0, kMaxTitle)), words);
  }
  if (options.by_title) {
    words.insert(words.end(), analysis.title_words.begin(), analysis.title_words.end());
  }
  std::vector<std::uint64_t> out;
  for (const Word& word : words) {
    if (word.stem != 0) out.push_back(word.stem);
  }
  std::ranges::sort(out);
  return out;
}

/// Where ranking starts anew: at each sentence by its likeness to the query. Empty: anywhere.
std::vector<double> teleport_of(const Analysis& analysis, const Vectors& vectors,
                                const Options& options) {
  const std::vector<std::uint64_t> wanted = query_stems(analysis, options);
  if (wanted.empty()) return {};
  std::vector<double> query = background_weights(analysis, true);
  for (std::size_t t = 0; t < query.size(); ++t) {
    if (!std::ranges::binary_search(wanted, analysis.terms[t].stem)) query[t] = 0;
  }
  std::vector<double> out(vectors.size());
  double all = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const auto& e : vectors.of(i)) out[i] += e.weight * query[e.term];
    all += out[i];
  }
  if (all <= 0) return {};
  for (double& x : out) x /= all;
  return out;
}

std::vector<double> ranks(const Analysis& analysis, const Vectors& vectors,
                          const Options& options) {
  const std::vector<double> teleport = teleport_of(analysis, vectors, options);
  RankOptions biased = rank_options(options);
  if (!teleport.empty()) biased.damping = std::min(biased.damping, kQueryDamping);
  switch (options.method) {
    case Method::kTextRank: {
      auto out = rank_graph(overlap_graph(all_words(analysis)), rank_options(options));
      out.resize(analysis.sentences.size());
      return out;
    }
    case Method::kLexRank: {
      const auto weights = background_weights(analysis, false);
      return rank_directed(make_vectors(analysis, weights), 1, biased, teleport);
    }
    case Method::kNutgraf:
      break;
  }
  return rank_directed(vectors, options.forward, biased, teleport);
}

/// What a sentence further down is worth, of so many before it.
double position_factor(std::size_t before) {
  return std::pow(static_cast<double>(before + 1), -0.3);
}

/// The first values of a function of small numbers, computed once.
template <typename Function>
std::array<double, 64> first_values(Function function) {
  std::array<double, 64> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = function(i);
  return out;
}

Score factors(const Sentence& s, std::size_t position) {
  static const auto positions = first_values(position_factor);
  Score out;
  out.position = position < positions.size() ? positions[position] : position_factor(position);
  if (s.quoted) out.quote = 0.6;
  if (!s.terminated) out.terminal = 0.5;
  if (s.length < kShortest) out.brevity = 0.001;
  out.length = length_factor(s);
  out.names = 1 + 0.1 * std::min(3, s.names);
  // Up to one word in ten: more is a table of results.
  out.figures = 1 + 4 * std::min(0.1, s.figures / static_cast<double>(std::max(1, s.length)));
  return out;
}

/// Of each sentence, the share of its words, by weight, that other sentences have, too. What a
/// story does not come back to is an aside; rank does not tell, for it is the same whether a
/// sentence shares all of its words with few or some with many. O(entries).
std::vector<double> shares_of_topic(const Vectors& vectors) {
  std::vector<std::uint32_t> sentences(vectors.terms);
  for (const auto& e : vectors.entries) ++sentences[e.term];
  std::vector<double> out(vectors.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    double all = 0;
    double shared = 0;
    for (const auto& e : vectors.of(i)) {
      all += e.weight;
      shared += sentences[e.term] > 1 ? e.weight : 0;
    }
    out[i] = all > 0 ? shared / all : 0;
  }
  return out;
}

double factor_of_length(std::size_t words) {
  return words > 20 ? std::pow(20.0 / static_cast<double>(words), 0.3) : 1;
}

}  // namespace

Vectors story_vectors(const Analysis& analysis) {
  return make_vectors(analysis, background_weights(analysis, true));
}

double length_factor(const Sentence& s) {
  static const auto lengths = first_values(factor_of_length);
  const auto length = static_cast<std::size_t>(std::max(s.length, 0));
  return length < lengths.size() ? lengths[length] : factor_of_length(length);
}

void normalize(std::vector<Score>& scores) {
  double best = 0;
  for (Score& s : scores) {
    s.score = s.rank * s.position * s.quote * s.terminal * s.brevity * s.length * s.names *
              s.figures * s.topic;
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
  std::vector<Score> scores(rank.size());
  if (options.method == Method::kNutgraf) {
    const std::vector<double> topic = shares_of_topic(vectors);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      scores[i] = factors(analysis.sentences[i], i);
      scores[i].topic = 1 + 0.5 * topic[i];
    }
  }
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i].rank = rank[i];
  normalize(scores);
  return scores;
}

}  // namespace nutgraf::summarizer
