#pragma once

#include <string_view>

#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

/// Words of a sentence that can stand in a summary: shorter ones say nothing, longer ones lose the
/// reader.
inline constexpr int kShortest = 5;
inline constexpr int kLongest = 45;

/// Words as white space separates them; two letters of a script without spaces count as one.
int count_words(Text sentence);

/// Whether it opens with a quotation mark, and whether it ends in a terminator and closing marks.
bool opens_with_quote(Text sentence);
bool is_terminated(Text sentence);

/// Runs of capitalised words after a space that follows a lower-case letter or a comma: the names
/// that are no sentence openings.
int count_names(Text sentence);

/// `sentence` with the quotation marks of other countries („…“, «…») written as '"', so that one
/// set of rules reads all; English keeps its own.
std::u32string plain_quotes(Text sentence, std::string_view language);

/// Why an editor would strike the sentence wherever it stood: "short", "long", "fragment",
/// "credit", "capitals", "unbalanced", "quotation only"; "" if nothing is wrong. Linear.
/// `sentence` as plain_quotes gives it, `words` as count_words does.
std::string_view fault_of(Text sentence, int words);

}  // namespace nutgraf::summarizer
