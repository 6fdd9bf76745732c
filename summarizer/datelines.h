#pragma once

#include <cstddef>

#include "summarizer/passage.h"

namespace nutgraf::summarizer {

/// Characters of the dateline that `sentence` begins with, 0 if it has none: "(CNN)", "LONDON,
/// England (Reuters) -- ", "Berlin (dpa) – ", "BAGHDAD, Iraq -- ". Looks at the first 120
/// characters.
std::size_t dateline_size(const Passage& sentence);

}  // namespace nutgraf::summarizer
