#pragma once

#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {

/// Sorts the picks into document order and joins their text, with spaces unless the script has
/// none.
void put_in_order(Summary& summary);

}  // namespace nutgraf::summarizer
