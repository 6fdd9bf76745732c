#include "summarizer/summarizer.h"

#include <algorithm>

#include "summarizer/print.h"
#include "summarizer/ranking.h"
#include "summarizer/selection.h"

namespace nutgraf::summarizer {
namespace {

std::vector<Candidate> candidates_of(const Analysis& analysis, const std::vector<Score>& scores) {
  std::vector<Candidate> out;
  out.reserve(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Sentence& s = analysis.sentences[i];
    out.push_back({scores[i].score, s.length, s.bad, s.leaning});
  }
  return out;
}

}  // namespace

Summary summarize(const Document& document, const Options& options) {
  return summarize(analyse(document), options);
}

Summary summarize(const Analysis& analysis, const Options& options) {
  const Vectors vectors = story_vectors(analysis);
  const std::vector<Score> scores = score_sentences(analysis, vectors, options);
  const std::vector<Candidate> candidates = candidates_of(analysis, scores);
  const Picks picks =
      options.method == Method::kNutgraf
          ? pick_bundles(analysis, candidates, vectors, options.budget, options.novelty)
          : pick_best(candidates, options.budget);
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
