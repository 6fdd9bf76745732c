#pragma once

#include <cstddef>
#include <vector>

#include "daemon/event/overlap.h"
#include "summarizer/summarizer.h"

namespace nutgraf {

/// What a sentence says, as far as another can be held against it.
struct Statement {
  Stems stems;
  Stems names;                  ///< Of these, its capitalized words but the first.
  std::vector<double> numbers;  ///< Sorted.
  std::vector<Stems> clauses;   ///< Between commas and conjunctions, of three stems and more each.
  std::vector<Stems> denied;    ///< Of these, those with a "not" or "never".
  Stems quote;                  ///< What stands in quotation marks.
};

/// Linear in the sentence. Numbers in words are read in English only.
Statement statement_of(const summarizer::Analysis& analysis, std::size_t sentence);

/// Whether who wrote `witness` says what `claim` says: it writes all its figures and two thirds of
/// its names, half of its other content words, half of those of each clause, and 60 %, at least
/// five, of all of them.
/// Or the claim is a quotation in the main, and it writes four fifths of what is quoted and all
/// figures, whomever each names as its source. A witness whose clause on this (three words of the
/// claim) has a "not" that the claim has not, says the contrary.
/// Not symmetric: a long sentence supports a short one, a short one no more than it says. Precision
/// before recall: the same told in other words goes unseen.
bool supports(const Statement& witness, const Statement& claim);

}  // namespace nutgraf
