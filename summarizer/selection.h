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

/// Greedy over bundles. A bundle is a sentence and, as long as the last one added leans and the one
/// before it is not yet picked, the one before it: three at most, none of them bad. The bundle with
/// the largest value comes next: the mean over its members of
/// (1 - novelty) · score - novelty · Σ cosine to the picked, less novelty · cosine of its first
/// two. Ties go to the earlier one. A sentence that repeats a picked one (Jaccard of their words at
/// least kRepeats) is out. What is still missing is filled up by score, the bad ones last.
/// [Carbonell and Goldstein 1998, maximal marginal relevance, with a sum]
///
/// `words`: of each sentence. The first sentence of a document does not lean. O(picks · entries of
/// `vectors`).
Picks pick_bundles(std::span<const std::span<const Word>> words,
                   std::span<const Candidate> candidates, const Vectors& vectors,
                   const Budget& budget, double novelty);

/// For a budget of one sentence: the first that can stand alone, unless another scores over
/// kClearlyBetter times as much.
Picks pick_one(std::span<const Candidate> candidates);

inline constexpr double kRepeats = 0.6;
inline constexpr double kClearlyBetter = 3;

}  // namespace nutgraf::summarizer
