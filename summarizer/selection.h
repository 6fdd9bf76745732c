#pragma once

#include <span>
#include <vector>

#include "summarizer/summarizer.h"
#include "summarizer/vectors.h"

namespace nutgraf::summarizer {

/// What selection knows of one sentence.
struct Candidate {
  double score = 0;      ///< In [0, 1].
  int length = 0;        ///< In words.
  bool bad = false;      ///< Only taken when nothing else is left.
  bool leaning = false;  ///< Only taken with the sentence before it.
};

/// Indices of the picks, best first; at most kMaxPicks.
using Picks = std::vector<std::size_t>;

/// The best ones, whatever they say: how the published methods choose.
Picks pick_best(std::span<const Candidate> candidates, const Budget& budget);

/// Greedy: again and again the sentence with the largest
/// (1 - novelty) · score - novelty · Σ cosine to the picked. Ties go to the earlier one.
/// [Carbonell and Goldstein 1998, maximal marginal relevance, with a sum]
Picks pick_novel(std::span<const Candidate> candidates, const Vectors& vectors,
                 const Budget& budget, double novelty);

/// Greedy over bundles. A bundle is a sentence and, as long as the last one added leans and the one
/// before it is not yet picked, the one before it: three at most, none of them bad. Its value is
/// the mean of its members' values as above, less novelty · cosine of its first two. A sentence
/// that repeats a picked one (Jaccard of their words at least kRepeats) is out. What is still
/// missing is filled up by score, the bad ones last.
///
/// A budget of one sentence: the first that can stand alone, unless another scores over
/// kClearlyBetter times as much.
///
/// O(picks · entries of `vectors`). Sentences are those of one document, in its order.
Picks pick_bundles(const Analysis& analysis, std::span<const Candidate> candidates,
                   const Vectors& vectors, const Budget& budget, double novelty);

inline constexpr double kRepeats = 0.6;
inline constexpr double kClearlyBetter = 3;

}  // namespace nutgraf::summarizer
