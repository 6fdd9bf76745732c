#include "daemon/article/letters.h"

#include <algorithm>

#include "daemon/base/utf8.h"

namespace nutgraf {
namespace {

constexpr bool between(char32_t c, char32_t low, char32_t high) { return c >= low && c <= high; }

bool is_blank(char32_t c) {
  return c == ' ' || between(c, '\t', '\r') || c == 0xA0 || between(c, 0x2000, 0x200B) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x3000 || c == 0xFEFF;
}

bool is_terminator(char32_t c) {
  return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x203D;
}

bool is_dense_terminator(char32_t c) {
  return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0x0964;
}

bool is_closer(char32_t c) {
  return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0xBB || c == 0xAB || c == 0x2019 ||
         c == 0x201D || c == 0x201C || c == 0x300D || c == 0xFF09 || c == 0x203A;
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const char32_t lead = byte(at);
  const int extra = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  constexpr char32_t kMasks[] = {0xFF, 0x1F, 0x0F, 0x07};
  char32_t c = lead & kMasks[extra];
  ++at;
  for (int i = 0; i < extra && (byte(at) & 0xC0U) == 0x80U; ++i)
    c = (c << 6) | (byte(at++) & 0x3FU);
  return c;
}

bool is_word_char(char32_t c) {
  if (c < 0x80) return is_alpha(static_cast<char>(c)) || between(c, '0', '9') || c == '_';
  if (between(c, 0x80, 0xBF)) return c == 0xAA || c == 0xB5 || c == 0xBA || c == 0xB2 || c == 0xB3;
  if (c == 0xD7 || c == 0xF7) return false;
  return !between(c, 0x2000, 0x206F) && !between(c, 0x20A0, 0x20CF) &&
         !between(c, 0x2190, 0x2BFF) && !between(c, 0x3000, 0x3004) &&
         !between(c, 0x3008, 0x3020) && !between(c, 0xFF01, 0xFF0F) &&
         !between(c, 0xFF1A, 0xFF20) && c != 0xFEFF && c != 0xFFFD && !between(c, 0x1F000, 0x1FAFF);
}

bool is_upper(char32_t c) { return lower(c) != c; }

bool is_dense_script(char32_t c) {
  return between(c, 0x0E00, 0x0EFF) || between(c, 0x1000, 0x109F) || between(c, 0x1780, 0x17FF) ||
         between(c, 0x3040, 0x30FF) || between(c, 0x3400, 0x9FFF) || between(c, 0xAC00, 0xD7AF) ||
         between(c, 0xF900, 0xFAFF) || between(c, 0x20000, 0x3FFFF);
}

char32_t lower(char32_t c) {
  if (c < 0x80) return between(c, 'A', 'Z') ? c + 32 : c;
  if (between(c, 0xC0, 0xDE)) return c == 0xD7 ? c : c + 32;
  if (between(c, 0x100, 0x137) || between(c, 0x14A, 0x177)) return c | 1;
  if (between(c, 0x139, 0x148) || between(c, 0x179, 0x17E)) return c % 2 == 1 ? c + 1 : c;
  if (c == 0x178) return 0xFF;
  if (between(c, 0x391, 0x3A9)) return c + 32;
  if (between(c, 0x410, 0x42F)) return c + 32;
  if (between(c, 0x400, 0x40F)) return c + 80;
  if (between(c, 0x460, 0x481) || between(c, 0x48A, 0x4BF)) return c | 1;
  return c;
}

std::string lower_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append_utf8(out, lower(next_code_point(text, at)));
  return out;
}

void append_collapsed(std::string& out, std::string_view text) {
  const auto blank = [&out] {
    if (!out.empty() && out.back() != ' ' && out.back() != '\n') out += ' ';
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (is_space(text[at])) {
      blank();
      ++at;
    } else if (lead == 0xC2 || lead == 0xE2 || lead == 0xE3 || lead == 0xEF) {
      const std::size_t begin = at;
      const char32_t c = next_code_point(text, at);
      if (is_blank(c)) {
        if (c != 0x200B && c != 0xFEFF) blank();
      } else if (c != 0xAD) {  // A soft hyphen is no character of the word.
        out.append(text.substr(begin, at - begin));
      }
    } else {
      std::size_t stop = at + 1;
      while (stop < text.size() && static_cast<unsigned char>(text[stop]) > 0x20 &&
             static_cast<unsigned char>(text[stop]) < 0xC2) {
        ++stop;
      }
      out.append(text.substr(at, stop - at));
      at = stop;
    }
  }
}

double weighted_length(std::string_view text) {
  double length = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      length += 1;
      ++at;
    } else {
      length += is_dense_script(next_code_point(text, at)) ? 2.5 : 1;
    }
  }
  return length;
}

std::string fold_words(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (is_word_char(c)) {
      append_utf8(out, lower(c));
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(separator, from), text.size());
    if (to > from) parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

std::size_t count_words(std::string_view text) { return split(text, ' ').size(); }

bool contains_word(std::string_view text, std::string_view lower_word) {
  const auto touches = [&text](std::size_t at) {
    return at < text.size() && (is_alpha(text[at]) || is_digit(text[at]) ||
                                static_cast<unsigned char>(text[at]) >= 0x80);
  };
  for (std::size_t at = text.find(lower_word); at != std::string_view::npos;
       at = text.find(lower_word, at + 1)) {
    if ((at == 0 || !touches(at - 1)) && !touches(at + lower_word.size())) return true;
  }
  return false;
}

bool has_sentence_end(std::string_view text) {
  bool pending = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (is_dense_terminator(c)) return true;
    if (pending && is_blank(c)) return true;
    pending = is_terminator(c) || (pending && is_closer(c));
  }
  return pending;
}

bool ends_sentence(std::string_view text) {
  bool ended = false;
  // Terminator and closing marks are at most a few characters; look at the tail only.
  std::size_t at = text.size() > 24 ? text.size() - 24 : 0;
  while (at < text.size() && is_continuation(text[at])) ++at;
  while (at < text.size()) {
    const char32_t c = next_code_point(text, at);
    ended = is_terminator(c) || is_dense_terminator(c) || (ended && (is_closer(c) || is_blank(c)));
  }
  return ended;
}

}  // namespace nutgraf
