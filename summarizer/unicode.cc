#include "summarizer/unicode.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>

namespace nutgraf::summarizer {

Decoded decode_long_at(std::string_view utf8, std::size_t i) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  auto next = static_cast<std::int64_t>(i);
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(bytes, next, static_cast<std::int64_t>(utf8.size()), c);
  return {static_cast<char32_t>(c), static_cast<std::size_t>(next) - i};
}

std::u32string decode(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const Decoded d = decode_at(utf8, i);
    out.push_back(d.c);
    i += d.size;
  }
  return out;
}

void append_long_utf8(std::string& out, char32_t c) {
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::string encode(Text text) {
  char32_t any = 0;
  for (const char32_t c : text) any |= c;
  std::string out;
  if (any < 0x80) {  // ASCII, as nearly all sentences are.
    out.resize(text.size());
    std::ranges::transform(text, out.begin(), [](char32_t c) { return static_cast<char>(c); });
    return out;
  }
  std::size_t size = 0;
  for (const char32_t c : text) size += utf8_size(c);
  out.reserve(size);
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

namespace detail {
bool is_upper(char32_t c) { return u_isupper(static_cast<UChar32>(c)); }
bool is_lower(char32_t c) { return u_islower(static_cast<UChar32>(c)); }
bool is_alpha(char32_t c) { return u_isalpha(static_cast<UChar32>(c)); }
bool is_digit(char32_t c) { return u_isdigit(static_cast<UChar32>(c)); }
bool is_space(char32_t c) { return u_isUWhiteSpace(static_cast<UChar32>(c)); }
bool is_mark(char32_t c) { return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0; }
char32_t to_lower(char32_t c) { return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))); }
}  // namespace detail

bool is_unspaced_beyond_latin(char32_t c) {
  return c <= 0x0EFF || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) ||
         (c >= 0x3005 && c <= 0x3007) || (c >= 0x3041 && c <= 0x30FF) ||
         (c >= 0x31F0 && c <= 0x31FF) || (c >= 0x3400 && c <= 0x9FFF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x323AF);
}

Text strip(Text text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::u32string lower(Text text) {
  std::u32string out(text);
  for (char32_t& c : out) c = to_lower(c);
  return out;
}

std::u32string squeeze(Text text) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t c : strip(text)) {
    if (!is_space(c)) {
      out.push_back(c);
    } else if (out.back() != U' ') {
      out.push_back(U' ');
    }
  }
  return out;
}

bool starts_with_nocase(Text text, Text lower_case_prefix) {
  if (text.size() < lower_case_prefix.size()) return false;
  for (std::size_t i = 0; i < lower_case_prefix.size(); ++i) {
    if (to_lower(text[i]) != lower_case_prefix[i]) return false;
  }
  return true;
}

}  // namespace nutgraf::summarizer
