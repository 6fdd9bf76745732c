#pragma once

#include <string_view>

#include "summarizer/passage.h"

namespace nutgraf::summarizer {

/// Whether the sentence needs the one before it: opens with a pronoun or a connective ("He said",
/// "But the mayor"), ends in "…," he said, or speaks of "the two men". Not: "It is clear that",
/// "This week", "So far", "Those who"; within a quotation only he, she and they lean. English, and
/// by a list of openings de fr es it pt nl sv da nb. Never looks beyond the first 14 words but for
/// quotation marks, and not for those if the caller knows that there are none.
bool leans(const Passage& passage, std::string_view language, bool may_have_quotes = true);

}  // namespace nutgraf::summarizer
