#pragma once

#include <string_view>

#include "summarizer/passage.h"
#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

/// Words of a sentence that can stand in a summary: shorter ones say nothing, longer ones lose the
/// reader.
inline constexpr int kShortest = 5;
inline constexpr int kLongest = 45;

/// What one pass over a sentence finds; the rules ask no character again for what it rules out.
struct Shape {
  int words = 0;  ///< As white space separates them; two letters without spaces count as one.
  /// Runs of capitalised words after a space that follows a lower-case letter or a comma: the names
  /// that are no sentence openings.
  int names = 0;
  int letters = 0;
  int upper = 0;                 ///< Upper-case letters.
  bool has_pairs = false;        ///< Brackets or double quotation marks.
  bool may_have_quotes = false;  ///< Double quotation marks.
  /// Nothing but straight double quotation marks comes in pairs, and so many there are; nor is
  /// there a mark that may stand for inches or in a smiley. Known of ASCII only.
  bool only_straight_quotes = false;
  int straight_quotes = 0;
  bool may_have_address = false;  ///< '@', "w." or '/'.
  bool has_copyright = false;     ///< '©'.
  bool has_colon = false;
};
Shape shape_of(Text sentence);
/// The same of a sentence that is ASCII; many times faster.
Shape shape_of_ascii(const Passage& p);

/// Whether it opens with a quotation mark, and whether it ends in a terminator and closing marks.
bool opens_with_quote(Text sentence);
bool is_terminated(Text sentence);

/// Whether it opens with a list mark, "3. " or "3) ": where ordinals are written so, also "3. Mai".
bool is_list_item(Text sentence);

/// `sentence` with the quotation marks of other countries („…“, «…») written as '"', so that one
/// set of rules reads all; English keeps its own.
std::u32string plain_quotes(Text sentence, std::string_view language);

/// Why an editor would strike the sentence wherever it stood: "short", "long", "fragment",
/// "credit", "capitals", "unbalanced", "quotation only", "aside"; "" if nothing is wrong. Linear.
/// `sentence` as plain_quotes gives it, and its shape; `words`: of the sentence as it was;
/// `may_point`: one of its words may begin a pointer.
std::string_view fault_of(Text sentence, const Shape& shape, int words, bool may_point);

}  // namespace nutgraf::summarizer
