#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// The code points of UTF-8 [RFC 3629], one at a time.
namespace nutgraf {

inline constexpr char32_t kReplacement = 0xFFFD;
inline constexpr std::string_view kReplacementUtf8 = "\xEF\xBF\xBD";

/// Appends `c`; what is no scalar value (a surrogate, above U+10FFFF) becomes U+FFFD.
inline void append_utf8(std::string& out, char32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = kReplacement;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

/// What the byte means in windows-1252; its five holes mean the control characters of Latin-1
/// [https://encoding.spec.whatwg.org/#windows-1252].
constexpr char32_t windows_1252(unsigned char byte) {
  constexpr std::array<char16_t, 32> kUpper = {
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  return byte >= 0x80 && byte <= 0x9F ? kUpper[byte - 0x80] : byte;
}

/// Bytes of the sequence at `pos`: `valid` says whether they are a well-formed code point; if not,
/// they are the maximal part that one U+FFFD stands for [Unicode 15, section 3.9, table 3-8].
struct Utf8Step {
  size_t length = 1;
  bool valid = false;
};

inline Utf8Step utf8_step(std::string_view text, size_t pos) {
  const auto byte = [&](size_t i) {
    return pos + i < text.size() ? static_cast<uint8_t>(text[pos + i]) : uint8_t{0};
  };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {1, true};
  if (lead < 0xC2 || lead > 0xF4) return {1, false};
  const size_t need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;   // no overlong forms
  const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;  // no surrogates
  if (byte(1) < low || byte(1) > high) return {1, false};
  for (size_t i = 2; i < need; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {i, false};
  }
  return {need, true};
}

/// Whether the byte goes on with a character that an earlier one begins.
constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// At most `bytes` bytes from the beginning, without a part of a character at their end.
constexpr std::string_view cut_utf8(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && is_continuation(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

/// Characters of well-formed UTF-8; of other text, the bytes that could begin one.
constexpr size_t char_count(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += is_continuation(c) ? 0 : 1;
  return count;
}

}  // namespace nutgraf
