#include <algorithm>
#include <cmath>

#include "summarizer/faults.h"
#include "summarizer/print.h"
#include "summarizer/rank.h"
#include "summarizer/ranking.h"
#include "summarizer/selection.h"
#include "summarizer/summarizer.h"
#include "summarizer/vectors.h"

namespace nutgraf::summarizer {
namespace {

/// Sentences in which a report tells what happened.
constexpr int kOpening = 2;

/// A sentence of one of the documents.
struct Place {
  int document;
  int position;
};

/// The first sentences of every document, as many of each as kMaxClusterSentences allows.
std::vector<Place> places_of(std::span<const Analysis* const> documents) {
  std::vector<Place> out;
  const std::size_t most =
      std::max<std::size_t>(1, kMaxClusterSentences / std::max<std::size_t>(1, documents.size()));
  for (std::size_t d = 0; d < std::min(documents.size(), kMaxClusterSentences); ++d) {
    for (std::size_t i = 0; i < std::min(most, documents[d]->sentences.size()); ++i) {
      out.push_back({static_cast<int>(d), static_cast<int>(i)});
    }
  }
  return out;
}

const Sentence& sentence_at(std::span<const Analysis* const> documents, const Place& p) {
  return documents[static_cast<std::size_t>(p.document)]
      ->sentences[static_cast<std::size_t>(p.position)];
}

Vectors cluster_vectors(std::span<const Analysis* const> documents,
                        const std::vector<Place>& places) {
  Terms terms;
  for (const Place& p : places) {
    const Analysis& a = *documents[static_cast<std::size_t>(p.document)];
    for (const Word& word : a.words_of(static_cast<std::size_t>(p.position))) {
      if (word.stem != 0) terms.add(word.stem);
    }
    terms.end_sentence();
  }
  return make_vectors(terms, own_weights(terms));
}

/// Whether nothing can mend the sentence. What is torn stands beside what it is torn from, and of
/// many words one sentence may take a fifth, however long that makes it.
bool is_hopeless(const Sentence& s, int position, const Budget& budget) {
  if (!s.bad || (s.torn && position > 0)) return false;
  return s.length <= kLongest || s.length > budget.words / 5;
}

Score factors(const Sentence& s, int position, double rank, const Budget& budget) {
  Score out;
  out.rank = rank;
  out.position = std::pow(position + 1, -0.05);
  // Less than in a single story: a quotation that other reports have, too, is often the news.
  if (s.quoted) out.quote = 0.95;
  if (is_hopeless(s, position, budget)) out.brevity = 0.01;
  out.length = length_factor(s);
  return out;
}

}  // namespace

std::vector<double> rank_cluster(const Vectors& vectors, std::span<const int> document,
                                 const RankOptions& options) {
  const std::size_t n = vectors.size();
  std::vector<double> teleport(n);
  double all = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::vector<double> likeness = cosines(vectors, i);
    for (std::size_t j = 0; j < n; ++j) teleport[i] += j == i ? 0 : likeness[j];
    all += teleport[i];
  }
  for (double& t : teleport) {
    const double even = 1 / static_cast<double>(n);
    t = all > 0 ? 0.5 * even + 0.5 * t / all : even;
  }
  return rank_graph(cross_graph(vectors, document), options, teleport);
}

Summary summarize_cluster(std::span<const Analysis* const> documents, const Options& options) {
  const std::vector<Place> places = places_of(documents);
  const Vectors vectors = cluster_vectors(documents, places);
  std::vector<int> document;
  document.reserve(places.size());
  for (const Place& p : places) document.push_back(p.document);
  const std::vector<double> rank =
      rank_cluster(vectors, document, {kClusterDamping, options.tolerance, options.max_iterations});

  std::vector<Score> scores;
  for (std::size_t i = 0; i < places.size(); ++i) {
    scores.push_back(
        factors(sentence_at(documents, places[i]), places[i].position, rank[i], options.budget));
  }
  normalize(scores);
  // Of many words, the openings are part in any case, and one sentence more or less weighs little.
  const bool few = options.budget.words <= 0;
  std::vector<Candidate> candidates;
  std::vector<std::span<const Word>> words;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto [d, position] = places[i];
    const Sentence& s = sentence_at(documents, places[i]);
    candidates.push_back({.score = scores[i].score,
                          .length = s.length,
                          .bad = few && is_hopeless(s, position, options.budget),
                          .leaning = position > 0 && (s.leaning || s.torn),
                          .opening = position < kOpening});
    words.push_back(
        documents[static_cast<std::size_t>(d)]->words_of(static_cast<std::size_t>(position)));
  }
  Summary summary;
  const Taste taste{.novelty = options.novelty, .several_texts = few};
  for (const std::size_t i : pick_bundles(words, candidates, vectors, options.budget, taste)) {
    summary.sentences.push_back({.text = sentence_at(documents, places[i]).text,
                                 .position = places[i].position,
                                 .document = places[i].document,
                                 .rank = static_cast<int>(summary.sentences.size()),
                                 .score = scores[i].score});
  }
  put_in_order(summary);
  return summary;
}

Summary Summarizer::summarize_cluster(std::span<const Document> documents, const Options& options) {
  std::vector<Analysis> analyses;
  analyses.reserve(documents.size());
  for (const Document& d : documents) analyses.push_back(analyse(d));
  std::vector<const Analysis*> pointers;
  pointers.reserve(analyses.size());
  for (const Analysis& a : analyses) pointers.push_back(&a);
  return summarizer::summarize_cluster(pointers, options);
}

Summary summarize_cluster(std::span<const Document> documents, const Options& options) {
  return Summarizer().summarize_cluster(documents, options);
}

}  // namespace nutgraf::summarizer
