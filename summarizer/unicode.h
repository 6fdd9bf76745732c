#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nutgraf::summarizer {

/// Text as the rules read it: one element a code point. What was ill-formed UTF-8 is U+FFFD.
using Text = std::u32string_view;

/// One code point and the bytes it took.
struct Decoded {
  char32_t c = 0;
  std::size_t size = 1;
};
/// The code point at byte `i` < utf8.size(); U+FFFD for what is ill-formed.
Decoded decode_at(std::string_view utf8, std::size_t i);

/// Code points of `utf8`; every ill-formed sequence becomes one U+FFFD. Linear.
std::u32string decode(std::string_view utf8);

/// Appends one code point as UTF-8.
void append_long_utf8(std::string& out, char32_t c);  ///< For c >= U+0080.
inline void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else {
    append_long_utf8(out, c);
  }
}
std::string encode(Text text);

/// Bytes that `c` takes in UTF-8.
constexpr std::size_t utf8_size(char32_t c) {
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

namespace detail {  // Beyond ASCII, by ICU.
bool is_upper(char32_t c);
bool is_lower(char32_t c);
bool is_alpha(char32_t c);
bool is_digit(char32_t c);
bool is_space(char32_t c);
bool is_mark(char32_t c);
char32_t to_lower(char32_t c);
}  // namespace detail

inline bool is_upper(char32_t c) { return c < 0x80 ? c >= U'A' && c <= U'Z' : detail::is_upper(c); }
inline bool is_lower(char32_t c) { return c < 0x80 ? c >= U'a' && c <= U'z' : detail::is_lower(c); }
inline bool is_alpha(char32_t c) {
  return c < 0x80 ? (c | 32) >= U'a' && (c | 32) <= U'z' : detail::is_alpha(c);
}
inline bool is_digit(char32_t c) { return c < 0x80 ? c >= U'0' && c <= U'9' : detail::is_digit(c); }
inline bool is_space(char32_t c) {
  return c < 0x80 ? c == U' ' || (c >= U'\t' && c <= U'\r') || (c >= 0x1c && c <= 0x1f)
                  : detail::is_space(c);
}
inline bool is_alnum(char32_t c) { return is_alpha(c) || is_digit(c); }
/// What words are made of: letters, digits, and the marks that scripts write beside a letter.
inline bool is_word(char32_t c) { return is_alnum(c) || (c >= 0x300 && detail::is_mark(c)); }
inline char32_t to_lower(char32_t c) {
  return c < 0x80 ? (c >= U'A' && c <= U'Z' ? c + 32 : c) : detail::to_lower(c);
}

/// Letters of scripts that put no space between words (Han, Kana, Thai, Lao, Khmer, Myanmar):
/// there a word is read as its pairs of letters.
bool is_unspaced(char32_t c);

/// Straight or curly; not the marks of other countries.
constexpr bool is_double_quote(char32_t c) { return c == U'"' || c == U'“' || c == U'”'; }

inline bool contains(Text set, char32_t c) { return set.find(c) != Text::npos; }
Text strip(Text text);
std::u32string lower(Text text);
/// `text` with every run of white space as one space and none at the ends.
std::u32string squeeze(Text text);
bool starts_with_nocase(Text text, Text lower_case_prefix);

}  // namespace nutgraf::summarizer
