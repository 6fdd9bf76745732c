#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "summarizer/summarizer.h"
#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

/// Whether a sentence is no news but about the page: a label ("Photo: …"), a byline, the head of an
/// entry of a live page, a credit to an agency, an e-mail or web address, or an opening like "Read
/// more", "In this article", "Sign up". `may_have_address`: it has '@', "w." or '/';
/// `may_have_label`: it has ':'.
bool is_credit(Text sentence, bool may_have_address, bool may_have_label);

/// Whether the sentence points or credits somewhere in its middle: "click here", "contributed to
/// this report", "READ MORE", '©'.
bool has_pointer(Text sentence);

/// Whether such a phrase may begin with this word, which is in lower case.
bool begins_pointer(std::string_view word, std::uint64_t form);

/// Whether such a phrase may begin with one of the sentence's words; a sentence without one has no
/// pointer but for '©'.
bool may_point(std::string_view sentence, std::span<const Word> words);

}  // namespace nutgraf::summarizer
