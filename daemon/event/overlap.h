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

}  // namespace nutgraf
