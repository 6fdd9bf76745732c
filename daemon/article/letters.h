#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/ascii.h"
#include "daemon/base/utf8.h"

namespace nutgraf {

/// Characters and words as the rules of this folder count them. All of it takes well-formed UTF-8
/// and is linear; ill-formed bytes count as letters and do no harm.

/// The code point at `at`, which moves behind it.
char32_t next_code_point(std::string_view text, std::size_t& at);

/// Letters and digits of any script (everything above ASCII but known punctuation and blanks).
bool is_word_char(char32_t c);
bool is_upper(char32_t c);
/// Han, kana, Hangul, Thai and their kin: no blanks between words, a character says more.
bool is_dense_script(char32_t c);
/// Lower case of Latin, Greek and Cyrillic letters; others as they are.
char32_t lower(char32_t c);
std::string lower_utf8(std::string_view text);

/// Appends with every run of white space (also U+00A0, U+200B, U+FEFF) as one blank; none at the
/// beginning of `out` nor after a blank or newline.
void append_collapsed(std::string& out, std::string_view text);

/// Characters, dense scripts at 2.5 each.
double weighted_length(std::string_view text);

/// Lower-case words with one blank between: what is left of a title for comparing it.
std::string fold_words(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
/// Words separated by blanks.
std::size_t count_words(std::string_view text);
/// The list has this word, as it is written.
template <std::size_t N>
bool one_of(const std::string_view (&list)[N], std::string_view word) {
  return std::ranges::find(list, word) != std::end(list);
}
/// `lower_word` stands in `text` (lower case) and no letter or digit touches it.
bool contains_word(std::string_view text, std::string_view lower_word);

/// A sentence ends somewhere: a terminator, closing marks, then a blank or the end.
bool has_sentence_end(std::string_view text);
/// The last character, closing marks aside, ends a sentence.
bool ends_sentence(std::string_view text);

}  // namespace nutgraf
