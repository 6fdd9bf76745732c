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

/// Reads a text paragraph by paragraph into one string, and knows the way back to the source.
class Paragraphs {
 public:
  explicit Paragraphs(std::string_view source) : source_(source) {
    // Squeezing never makes a text longer: every code point stands for a byte of its own at least.
    text_.resize(source.size());
  }

  /// The paragraph at hand.
  Text text() const { return {text_.data() + begin_, size_ - begin_}; }
  bool empty() const { return size_ == begin_; }

  /// Appends source[begin, end) with white space squeezed.
  void append_line(std::size_t begin, std::size_t end);

  /// The next paragraph begins.
  void next() {
    begin_ = size_;
    jumps_.clear();
    jump_ = 0;
  }

  /// Where the character at `i` of the paragraph begins in the source. Must be asked in ascending
  /// order.
  std::size_t place(std::size_t i) {
    while (jump_ + 1 < jumps_.size() && jumps_[jump_ + 1].at <= i) ++jump_;
    return jumps_[jump_].source + (i - jumps_[jump_].at);
  }

  /// All of them; views of it stay good.
  std::vector<char32_t> take() { return std::move(text_); }

 private:
  /// From `at` on, every character is a byte of the source, from `source` on.
  struct Jump {
    std::size_t at;
    std::size_t source;
  };

  const std::string_view source_;
  std::vector<char32_t> text_;  // Of all paragraphs so far; what is beyond size_ is free.
  std::size_t size_ = 0;        // Used of text_.
  std::size_t begin_ = 0;       // Of the paragraph at hand.
  std::vector<Jump> jumps_;
  std::size_t jump_ = 0;  // The last one that was asked for.
};

/// Whether `byte` is a character by itself, and not white space.
bool is_plain(char byte) {
  const auto c = static_cast<unsigned char>(byte);
  return c < 0x80 && (ascii_class(c) & kSpaceBit) == 0;
}

void Paragraphs::append_line(std::size_t begin, std::size_t end) {
  const std::string_view source = source_.substr(0, end);
  bool space = !empty();
  bool jumped = true;  // What comes is not where the last jump says.
  for (std::size_t i = begin; i < end;) {
    const Decoded d = decode_at(source, i);
    i += d.size;
    if (is_space(d.c)) {
      space = true;
      // The usual single space is a character like any other.
      jumped = jumped || d.c != U' ' || i == end || source[i] == ' ';
      continue;
    }
    if (space && !empty()) text_[size_++] = U' ';
    space = false;
    if (jumped) jumps_.push_back({size_ - begin_, i - d.size});
    jumped = d.size != 1;
    text_[size_++] = d.c;
    if (jumped) continue;
    while (i < end && is_plain(source[i])) text_[size_++] = static_cast<unsigned char>(source[i++]);
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
  while (!text.empty() && contains(U"\"'”’)]"_set, text.back())) text.remove_suffix(1);
  return !text.empty() && contains(U".!?:…"_set, text.back());
}

/// Whether a line that begins with `c` is the rest of a wrapped one.
bool continues(Text paragraph, char32_t c) {
  return !paragraph.empty() && is_lower(c) && is_upper(paragraph.front()) &&
         !ends_in_terminator(paragraph);
}

void flush(Paragraphs& paragraphs, std::string_view source, std::string_view language,
           std::vector<Piece>& out) {
  const Text text = paragraphs.text();
  if (text.empty()) return;
  std::size_t begin = 0;
  const auto emit = [&](std::size_t end) {
    std::size_t last = end;
    while (begin < last && is_space(text[begin])) ++begin;
    while (last > begin && is_space(text[last - 1])) --last;
    if (begin < last) {
      const std::size_t first = paragraphs.place(begin);
      const std::size_t final = paragraphs.place(last - 1);
      out.push_back(
          {text.substr(begin, last - begin), first, final + decode_at(source, final).size});
    }
    begin = end;
  };
  for (const std::size_t start : sentence_starts(text, language)) emit(start);
  emit(text.size());
  paragraphs.next();
}

}  // namespace

Pieces split(std::string_view text, std::string_view language) {
  Pieces out;
  Paragraphs paragraphs(text);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::optional<char32_t> first = first_of(text.substr(begin, end - begin));
    if (!first || !continues(paragraphs.text(), *first)) flush(paragraphs, text, language, out.all);
    if (first) paragraphs.append_line(begin, end);
    begin = end + 1;
  }
  flush(paragraphs, text, language, out.all);
  out.text = paragraphs.take();
  return out;
}

std::vector<std::string> split_sentences(std::string_view text, std::string_view language) {
  std::vector<std::string> out;
  for (const Piece& piece : split(text, primary_language(language)).all) {
    out.push_back(encode(piece.text));
  }
  return out;
}

}  // namespace nutgraf::summarizer
