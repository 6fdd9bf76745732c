#include "daemon/main/terminal_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "daemon/base/encoding.h"

namespace nutgraf::tool {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// What terminals agree on: East Asian Width W and F [UAX #11] and emoji, in whole blocks.
constexpr std::array kWide{
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},
    Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},
    Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE4F},
    Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F},
    Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};
constexpr std::array kNoWidth{Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD},
                              Range{0x064B, 0x065F}, Range{0x0E34, 0x0E3A}, Range{0x1AB0, 0x1AFF},
                              Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F},
                              Range{0xFE20, 0xFE2F}};
// C1 controls (a terminal may obey them), and what turns the direction of the rest of a line.
constexpr std::array kUnsafe{Range{0x80, 0x9F}, Range{0x2028, 0x202E}, Range{0x2066, 0x2069},
                             Range{0xFEFF, 0xFEFF}};

template <std::size_t N>
bool in(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

/// The character at `at` of valid UTF-8.
Character character(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes == 1 || at + bytes > text.size()) return {lead, 1};
  char32_t code = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) code = (code << 6) | (byte(i) & 0x3FU);
  return {code, bytes};
}

std::size_t width_of(char32_t code) {
  if (code < 0x300) return 1;
  if (in(kNoWidth, code)) return 0;
  return in(kWide, code) ? 2 : 1;
}

/// Bytes of the longest beginning of `text` that fits into `width` columns.
std::size_t fitting(std::string_view text, std::size_t width) {
  std::size_t at = 0;
  std::size_t used = 0;
  while (at < text.size()) {
    const Character c = character(text, at);
    used += width_of(c.code);
    if (used > width) break;
    at += c.bytes;
  }
  return at;
}

}  // namespace

std::string printable(std::string_view text) {
  const std::string clean = scrub_utf8(text);
  std::string out;
  out.reserve(clean.size());
  for (std::size_t at = 0; at < clean.size();) {
    const Character c = character(clean, at);
    const bool blank = c.code <= 0x20 || c.code == 0x7F || in(kUnsafe, c.code);
    if (!blank) {
      out.append(clean, at, c.bytes);
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
    at += c.bytes;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character(text, at);
    used += width_of(c.code);
    at += c.bytes;
  }
  return used;
}

std::string clipped(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  if (width == 0) return {};
  return std::string(text.substr(0, fitting(text, width - 1))) + "…";
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out = clipped(text, width);
  out.append(width - std::min(width, columns(out)), ' ');
  return out;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  if (width == 0) return {std::string(text)};
  while (!text.empty()) {
    std::size_t end = fitting(text, width);
    if (end == 0) end = character(text, 0).bytes;  // Wider than a line: it overflows.
    std::size_t next = end;
    if (end < text.size() && text[end] != ' ') {
      const std::size_t blank = text.substr(0, end).rfind(' ');
      if (blank != std::string_view::npos && blank > 0) next = end = blank;
    }
    lines.emplace_back(text.substr(0, end));
    while (next < text.size() && text[next] == ' ') ++next;
    text.remove_prefix(next);
  }
  return lines;
}

}  // namespace nutgraf::tool
