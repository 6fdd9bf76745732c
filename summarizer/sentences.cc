#include "summarizer/sentences.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "summarizer/language.h"
#include "summarizer/sentence_rules.h"
#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {
namespace {

/// A paragraph with its way back to the source.
struct Paragraph {
  struct Place {
    std::uint32_t begin;
    std::uint32_t end;
  };
  std::u32string text;
  std::vector<Place> places;  ///< Of every code point, in bytes of the source.

  void add(char32_t c, std::size_t begin, std::size_t end) {
    text.push_back(c);
    places.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
  }
};

/// Appends the code points of source[begin, end) with white space squeezed.
void append_line(Paragraph& paragraph, std::string_view source, std::size_t begin,
                 std::size_t end) {
  bool space = !paragraph.text.empty();
  for (std::size_t i = begin; i < end;) {
    const Decoded d = decode_at(source.substr(0, end), i);
    if (is_space(d.c)) {
      space = true;
    } else {
      if (space && !paragraph.text.empty()) paragraph.add(U' ', i, i);
      space = false;
      paragraph.add(d.c, i, i + d.size);
    }
    i += d.size;
  }
}

/// The first character of a line that is not white space; none for a blank line.
std::optional<char32_t> first_of(std::string_view line) {
  for (std::size_t i = 0; i < line.size();) {
    const Decoded d = decode_at(line, i);
    if (!is_space(d.c)) return d.c;
    i += d.size;
  }
  return std::nullopt;
}

bool ends_in_terminator(Text text) {
  while (!text.empty() && contains(U"\"'”’)]", text.back())) text.remove_suffix(1);
  return !text.empty() && contains(U".!?:…", text.back());
}

/// Whether a line that begins with `c` is the rest of a wrapped one.
bool continues(const Paragraph& paragraph, char32_t c) {
  return !paragraph.text.empty() && is_lower(c) && is_upper(paragraph.text.front()) &&
         !ends_in_terminator(paragraph.text);
}

void flush(Paragraph& paragraph, std::string_view language, std::vector<Piece>& out) {
  const Text text = paragraph.text;
  std::size_t begin = 0;
  const auto emit = [&](std::size_t end) {
    std::size_t last = end;
    while (begin < last && is_space(text[begin])) ++begin;
    while (last > begin && is_space(text[last - 1])) --last;
    if (begin < last) {
      out.push_back({std::u32string(text.substr(begin, last - begin)),
                     paragraph.places[begin].begin, paragraph.places[last - 1].end});
    }
    begin = end;
  };
  if (!text.empty()) {
    for (const std::size_t start : sentence_starts(text, language)) emit(start);
    emit(text.size());
  }
  paragraph.text.clear();
  paragraph.places.clear();
}

}  // namespace

std::vector<Piece> split(std::string_view text, std::string_view language) {
  text = text.substr(0, UINT32_MAX);
  std::vector<Piece> out;
  Paragraph paragraph;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::optional<char32_t> first = first_of(text.substr(begin, end - begin));
    if (!first || !continues(paragraph, *first)) flush(paragraph, language, out);
    if (first) append_line(paragraph, text, begin, end);
    begin = end + 1;
  }
  flush(paragraph, language, out);
  return out;
}

std::vector<std::string> split_sentences(std::string_view text, std::string_view language) {
  std::vector<std::string> out;
  for (const Piece& piece : split(text, primary_language(language))) {
    out.push_back(encode(piece.text));
  }
  return out;
}

}  // namespace nutgraf::summarizer
