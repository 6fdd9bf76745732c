#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "summarizer/faults.h"
#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {

/// Whether the sentence stands beside a picture, or under a heading of its own, that the reader of
/// a summary does not see:
///
///   "Rant: Rush Limbaugh, 61, left, called her a liar."   a label, and what it labels
///   "Former friends: Gerry Adams (left) is pictured in …"  where somebody is in the picture
///   "Roy Moore pictured at a rally", "Pictured are the …"  … or that it is a picture
///   "In this March 6, 2015, file photo, Lee speaks."
///   "Ann Lee speaks in Hull, Britain, July 29, 2019."      … or when and where it was taken
///   "See more: The faces of the season."                   a label of the page's own
///
/// A label is up to five words before a colon and a capital or a figure: no quotation follows it,
/// it begins with no article or the like ("The result: A record") and says nothing of its own ("Ann
/// Lee said: Go"). Not looked for in languages that write every noun with a capital; where somebody
/// is in the picture, and when, in English only. `words`: of `sentence`, with offsets in it.
/// Linear.
bool is_caption(std::string_view sentence, std::span<const Word> words, const Shape& shape,
                std::string_view language);

/// Whether a word of this form may say that a sentence is a caption: Word::telling.
bool tells_caption(std::uint64_t form);

}  // namespace nutgraf::summarizer
