#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

/// Where the sentences of one paragraph begin, the first (0) left out; ascending. `paragraph` has
/// single spaces only and none at its ends.
///
/// The rules, in order: list marks; stretches in brackets and quotation marks; a terminator with
/// closing marks and a space, or the missing space of "ran.The"; spaced dots; a dash or a
/// lower-case word goes on; ellipses; abbreviations, initials, times, ordinals; "Why?" Smith asked.
std::vector<std::size_t> sentence_starts(const Passage& paragraph, std::string_view language);

}  // namespace nutgraf::summarizer
