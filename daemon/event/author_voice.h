#pragma once

#include <cstddef>

#include "summarizer/summarizer.h"

namespace nutgraf {

/// Whether the sentence says "I" or "my" outside of quotation marks: it is its author's own, and in
/// a summary of several reports nobody knows whose. English only. Linear.
bool is_in_first_person(const summarizer::Analysis& analysis, std::size_t sentence);

/// Whether the sentence asks the reader: it ends in a question mark, and no quotation does.
bool asks_the_reader(const summarizer::Analysis& analysis, std::size_t sentence);

}  // namespace nutgraf
