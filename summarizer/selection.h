#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "summarizer/introductions.h"
#include "summarizer/summarizer.h"
#include "summarizer/vectors.h"

namespace nutgraf::summarizer {

/// What selection knows of one sentence.
struct Candidate {
  double score = 0;      ///< In [0, 1].
  int length = 0;        ///< In words.
  bool bad = false;      ///< Only taken when nothing else is left.
  bool leaning = false;  ///< Only taken with the sentence before it.
  bool opening = true;   ///< Stands where its document tells what happened.
  /// Speaks of somebody as known whom another sentence introduces, and whom it introduces itself;
  /// numbers as in Introductions.
  std::uint32_t known = Introductions::kNobody;
  std::span<const std::uint32_t> introduces = {};
};

struct Taste {
  double novelty = 0.3;  ///< Share of a value that likeness to the picked costs.
  /// The candidates are the sentences of one text, and are printed in its order.
  bool one_text = false;
  /// A few sentences out of several texts: the first pick is an opening, and what is alike is out.
  bool several_texts = false;
};

/// Indices of the picks, best first; at most kMaxPicks.
using Picks = std::vector<std::size_t>;

/// The best ones, whatever they say: how the published methods choose.
Picks pick_best(std::span<const Candidate> candidates, const Budget& budget);

/// Greedy over bundles. A bundle is a sentence and, as long as the last one added leans and the one
/// before it is not yet picked, the one before it: three at most, none of them bad. The bundle with
/// the largest value comes next: the mean over its members of
/// (1 - novelty) · score - novelty · Σ cosine to the picked, less novelty · cosine of its first
/// two. Who opens with somebody that no picked sentence introduces loses kStranger. In one text, a
/// bundle that crosses a budget of words also loses half of what it pushes over the edge: of the
/// picked sentences after it in the text, the scores times (1 - novelty), by the share of words
/// that a reader who stops at the budget would not see. Out of several texts, a first bundle that
/// begins with no opening loses kNoOpening, and what has a cosine of kAlike to a picked one is out.
/// Ties go to the earlier one. A sentence that
/// repeats a picked one (Jaccard of their words at least kRepeats) is out. What is still missing is
/// filled up by score, the bad ones last; out of several texts only if nothing was picked.
/// [Carbonell and Goldstein 1998, maximal marginal relevance, with a sum]
///
/// `words`: of each sentence. The first sentence of a document does not lean. O(picks · entries of
/// `vectors`).
Picks pick_bundles(std::span<const std::span<const Word>> words,
                   std::span<const Candidate> candidates, const Vectors& vectors,
                   const Budget& budget, const Taste& taste);

/// For a budget of one sentence: the first that can stand alone, unless another scores over
/// kClearlyBetter times as much, or kBetterInLong times in a long text: it more often opens with a
/// scene than with the news.
Picks pick_one(std::span<const Candidate> candidates);

inline constexpr double kRepeats = 0.6;
inline constexpr double kAlike = 0.4;
inline constexpr double kStranger = 0.2;
inline constexpr double kNoOpening = 0.3;
inline constexpr double kClearlyBetter = 4;
inline constexpr double kBetterInLong = 1.4;
inline constexpr std::size_t kLongText = 25;  ///< Sentences.

}  // namespace nutgraf::summarizer
