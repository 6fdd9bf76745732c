#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
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
Decoded decode_long_at(std::string_view utf8, std::size_t i);  ///< Beyond ASCII.
inline Decoded decode_at(std::string_view utf8, std::size_t i) {
  const auto byte = static_cast<unsigned char>(utf8[i]);
  return byte < 0x80 ? Decoded{byte, 1} : decode_long_at(utf8, i);
}

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

/// What an ASCII character is, a bit each: the passes over a text look no further for most of it.
enum AsciiClass : std::uint8_t {
  kUpperBit = 1,
  kLowerBit = 2,
  kDigitBit = 4,
  kSpaceBit = 8,
  kAddressBit = 16,  ///< Of a web or mail address: @/
  kPairBit = 32,     ///< Comes in pairs: ()[]"
  kAlphaBits = kUpperBit | kLowerBit,
  kWordBits = kAlphaBits | kDigitBit,
};

namespace detail {
consteval std::array<std::uint8_t, 128> ascii_classes() {
  std::array<std::uint8_t, 128> out{};
  const auto set = [&out](std::string_view characters, std::uint8_t bit) {
    for (const char c : characters) out[static_cast<unsigned char>(c)] |= bit;
  };
  set("ABCDEFGHIJKLMNOPQRSTUVWXYZ", kUpperBit);
  set("abcdefghijklmnopqrstuvwxyz", kLowerBit);
  set("0123456789", kDigitBit);
  set(" \t\n\v\f\r\x1c\x1d\x1e\x1f", kSpaceBit);
  set("()[]\"", kPairBit);
  set("@/", kAddressBit);
  return out;
}
inline constexpr std::array<std::uint8_t, 128> kAsciiClasses = ascii_classes();
}  // namespace detail

/// Its AsciiClass bits. c < U+0080.
constexpr std::uint8_t ascii_class(char32_t c) { return detail::kAsciiClasses[c]; }

inline bool is_upper(char32_t c) {
  return c < 0x80 ? (ascii_class(c) & kUpperBit) != 0 : detail::is_upper(c);
}
inline bool is_lower(char32_t c) {
  return c < 0x80 ? (ascii_class(c) & kLowerBit) != 0 : detail::is_lower(c);
}
inline bool is_alpha(char32_t c) {
  return c < 0x80 ? (ascii_class(c) & kAlphaBits) != 0 : detail::is_alpha(c);
}
inline bool is_digit(char32_t c) {
  return c < 0x80 ? (ascii_class(c) & kDigitBit) != 0 : detail::is_digit(c);
}
inline bool is_space(char32_t c) {
  return c < 0x80 ? (ascii_class(c) & kSpaceBit) != 0 : detail::is_space(c);
}
inline bool is_alnum(char32_t c) { return is_alpha(c) || is_digit(c); }
/// What words are made of: letters, digits, and the marks that scripts write beside a letter.
inline bool is_word(char32_t c) {
  if (c < 0x80) return (ascii_class(c) & kWordBits) != 0;
  return is_alnum(c) || (c >= 0x300 && detail::is_mark(c));
}
inline char32_t to_lower(char32_t c) {
  return c < 0x80 ? (c >= U'A' && c <= U'Z' ? c + 32 : c) : detail::to_lower(c);
}

/// Letters of scripts that put no space between words (Han, Kana, Thai, Lao, Khmer, Myanmar):
/// there a word is read as its pairs of letters.
bool is_unspaced_beyond_latin(char32_t c);
inline bool is_unspaced(char32_t c) { return c >= 0x0E00 && is_unspaced_beyond_latin(c); }

/// Straight or curly; not the marks of other countries.
constexpr bool is_double_quote(char32_t c) { return c == U'"' || c == U'“' || c == U'”'; }

/// A fixed set of characters, asked for every character of a text: one bit for each of ASCII.
class CharSet {
 public:
  constexpr explicit CharSet(Text characters) : all_(characters) {
    for (const char32_t c : characters) {
      if (c < 0x80) ascii_[c >> 6] |= std::uint64_t{1} << (c & 63);
    }
  }

  constexpr bool contains(char32_t c) const {
    if (c < 0x80) return (ascii_[c >> 6] >> (c & 63) & 1) != 0;
    return all_.find(c) != Text::npos;
  }
  constexpr Text all() const { return all_; }

 private:
  Text all_;
  std::uint64_t ascii_[2] = {};
};

/// `U"…"_set`: made by the compiler.
consteval CharSet operator""_set(const char32_t* characters, std::size_t size) {
  return CharSet(Text(characters, size));
}

constexpr bool contains(const CharSet& set, char32_t c) { return set.contains(c); }
inline bool contains(Text set, char32_t c) { return set.find(c) != Text::npos; }
Text strip(Text text);
std::u32string lower(Text text);
/// `text` with every run of white space as one space and none at the ends.
std::u32string squeeze(Text text);
bool starts_with_nocase(Text text, Text lower_case_prefix);

}  // namespace nutgraf::summarizer
