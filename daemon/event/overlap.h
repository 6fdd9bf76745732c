#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "summarizer/summarizer.h"

namespace nutgraf {

/// Distinct stems of a sentence or a text, sorted.
using Stems = std::vector<std::uint64_t>;
Stems stems_of(std::span<const summarizer::Word> words);

std::size_t shared_stems(const Stems& a, const Stems& b);

/// Shared stems / the smaller set, in [0, 1]; 0 if one is empty. A short sentence that a long one
/// says too overlaps it wholly.
double overlap(const Stems& a, const Stems& b);

/// Whether two sentences say much the same: overlap of at least 0.6 with at least 5 stems. With 4,
/// the names of an event alone do: who came where, and who met whom there.
bool says_the_same(const Stems& a, const Stems& b);

}  // namespace nutgraf
