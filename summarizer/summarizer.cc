#include "summarizer/summarizer.h"

#include <algorithm>

#include "summarizer/introductions.h"
#include "summarizer/lexicon.h"
#include "summarizer/print.h"
#include "summarizer/ranking.h"
#include "summarizer/selection.h"

namespace nutgraf::summarizer {
namespace {

std::vector<Candidate> candidates_of(const Analysis& analysis, const std::vector<Score>& scores,
                                     const Introductions& people) {
  std::vector<Candidate> out;
  out.reserve(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Sentence& s = analysis.sentences[i];
    out.push_back({.score = scores[i].score,
                   .length = s.length,
                   .bad = s.bad,
                   .leaning = s.leaning,
                   .known = people.known_in(i),
                   .introduces = people.introduced_in(i)});
  }
  return out;
}

Picks picks_of(const Analysis& analysis, std::span<const Candidate> candidates,
               const Vectors& vectors, const Options& options) {
  const Budget& budget = options.budget;
  if (options.method != Method::kNutgraf) return pick_best(candidates, budget);
  if (budget.words <= 0 && budget.sentences == 1) return pick_one(candidates);
  std::vector<std::span<const Word>> words;
  words.reserve(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) words.push_back(analysis.words_of(i));
  return pick_bundles(words, candidates, vectors, budget,
                      {.novelty = options.novelty, .one_text = true});
}

}  // namespace

Summarizer::Summarizer() : lexicons_(std::make_unique<Lexicons>()) {}

Summarizer::~Summarizer() = default;

Summary Summarizer::summarize(const Document& document, const Options& options) {
  return summarizer::summarize(analyse(document), options);
}

Analysis analyse(const Document& document) { return Summarizer().analyse(document); }

Summary summarize(const Document& document, const Options& options) {
  return Summarizer().summarize(document, options);
}

Summary summarize(const Analysis& analysis, const Options& options) {
  const Vectors vectors = story_vectors(analysis);
  const std::vector<Score> scores = score_sentences(analysis, vectors, options);
  const Introductions people(analysis);
  const std::vector<Candidate> candidates = candidates_of(analysis, scores, people);
  const Picks picks = picks_of(analysis, candidates, vectors, options);
  Summary summary;
  for (const std::size_t i : picks) {
    summary.sentences.push_back({.text = analysis.sentences[i].text,
                                 .position = static_cast<int>(i),
                                 .rank = static_cast<int>(summary.sentences.size()),
                                 .score = scores[i].score});
  }
  put_in_order(summary);
  return summary;
}

std::vector<Likeness> likenesses(const Analysis& analysis, double least) {
  std::vector<Likeness> out;
  const Vectors vectors = story_vectors(analysis);
  const std::size_t n = std::min<std::size_t>(vectors.size(), 1000);
  for (std::size_t a = 0; a < n; ++a) {
    const std::vector<double> row = cosines(vectors, a);
    for (std::size_t b = a + 1; b < n; ++b) {
      if (row[b] >= least) out.push_back({static_cast<int>(a), static_cast<int>(b), row[b]});
    }
  }
  return out;
}

}  // namespace nutgraf::summarizer
