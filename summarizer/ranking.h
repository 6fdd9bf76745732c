#pragma once

#include <vector>

#include "summarizer/summarizer.h"
#include "summarizer/vectors.h"

namespace nutgraf::summarizer {

/// The vectors that the default method ranks and compares by: tf · √idf.
Vectors story_vectors(const Analysis& analysis);

/// score_sentences over story_vectors that are already at hand.
std::vector<Score> score_sentences(const Analysis& analysis, const Vectors& vectors,
                                   const Options& options);

/// A sentence of over 20 words loses slowly: (20 / words)^0.3.
double length_factor(const Sentence& sentence);

/// Sets `score` to the product of the factors over the largest such product.
void normalize(std::vector<Score>& scores);

}  // namespace nutgraf::summarizer
