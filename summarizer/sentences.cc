#include "summarizer/sentences.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "summarizer/block.h"
#include "summarizer/language.h"
#include "summarizer/sentence_rules.h"
#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {
namespace {

/// Reads a text into one string, white space squeezed, and knows its paragraphs and the way back to
/// the source.
class Paragraphs {
 public:
  // Squeezing never makes a text longer: every code point stands for a byte of its own at least.
  // What is ASCII is written in whole blocks.
  explicit Paragraphs(std::string_view source)
      : source_(source),
        text_(std::make_unique_for_overwrite<char32_t[]>(source.size() + Block::kSize)),
        bytes_(std::make_unique_for_overwrite<char[]>(source.size() + Block::kSize)) {}

  /// The paragraph at hand.
  Text last() const { return {text_.get() + begin(), size_ - begin()}; }
  bool empty() const { return size_ == begin(); }

  /// Appends source[begin, end) to it with white space squeezed.
  void append_line(std::size_t begin, std::size_t end);

  /// The next paragraph begins, if the one at hand is not empty.
  void next() {
    if (!empty()) begins_.push_back(size_);
  }

  /// Visits where each paragraph begins and ends.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::size_t k = 0; k < begins_.size(); ++k) {
      const std::size_t end = k + 1 < begins_.size() ? begins_[k + 1] : size_;
      if (end > begins_[k]) visit(begins_[k], end);
    }
  }

  /// Where the character at `i` of the text begins in the source. Must be asked in ascending order.
  std::size_t place(std::size_t i) {
    while (jump_ + 1 < jumps_.size() && jumps_[jump_ + 1].at <= i) ++jump_;
    return jumps_[jump_].source + (i - jumps_[jump_].at);
  }

  std::size_t size() const { return size_; }
  std::unique_ptr<char32_t[]> take_text() { return std::move(text_); }
  std::unique_ptr<char[]> take_bytes() { return std::move(bytes_); }

 private:
  std::size_t begin() const { return begins_.back(); }

  void append(char32_t c) {
    bytes_[size_] = c < 0x80 ? static_cast<char>(c) : kBeyondAscii;
    text_[size_++] = c;
  }
  std::size_t append_plain(std::string_view text);

  /// From `at` on, every character is a byte of the source, from `source` on.
  struct Jump {
    std::size_t at;
    std::size_t source;
  };

  const std::string_view source_;
  std::unique_ptr<char32_t[]> text_;    // Of all paragraphs so far.
  std::unique_ptr<char[]> bytes_;       // A byte for each of its characters.
  std::size_t size_ = 0;                // Used of both.
  std::vector<std::size_t> begins_{0};  // Of the paragraphs in them.
  std::vector<Jump> jumps_;
  std::size_t jump_ = 0;  // The last one that was asked for.
};

/// Appends as much of `text`, which follows the last character, as needs no squeezing and is ASCII,
/// and does not end in a space; and says how much it was.
std::size_t Paragraphs::append_plain(std::string_view text) {
  std::size_t done = 0;
  for (bool rough_ahead = false; !rough_ahead && done < text.size();) {
    const Block block(text, done);
    const std::uint64_t spaces = block.equal(' ');
    const std::uint64_t rough = block.not_printed() | (spaces & spaces << 1);
    auto size = static_cast<std::size_t>(std::countr_zero(rough));
    rough_ahead = size < Block::kSize;
    size = std::min(size, text.size() - done);
    if (size > 0 && text[done + size - 1] == ' ') --size;
    if (size == 0) break;
    block.copy_to(bytes_.get() + size_, text_.get() + size_);  // What is too much, the next covers.
    size_ += size;
    done += size;
  }
  return done;
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
    if (space && !empty()) append(U' ');
    space = false;
    if (jumped) jumps_.push_back({size_, i - d.size});
    jumped = d.size != 1;
    append(d.c);
    if (!jumped) i += append_plain(source.substr(i));
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

Paragraphs read(std::string_view text) {
  Paragraphs paragraphs(text);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::optional<char32_t> first = first_of(text.substr(begin, end - begin));
    if (!first || !continues(paragraphs.last(), *first)) paragraphs.next();
    if (first) paragraphs.append_line(begin, end);
    begin = end + 1;
  }
  return paragraphs;
}

}  // namespace

Pieces split(std::string_view source, std::string_view language) {
  Paragraphs paragraphs = read(source);
  Pieces out{.text = paragraphs.take_text(), .bytes = paragraphs.take_bytes()};
  const std::string_view bytes(out.bytes.get(), paragraphs.size());
  out.characters = std::make_unique<const Characters>(bytes);
  const Passage all({out.text.get(), bytes.size()}, bytes, *out.characters, 0);

  const auto emit = [&](std::size_t begin, std::size_t end) {
    while (begin < end && is_space(all.text()[begin])) ++begin;
    while (end > begin && is_space(all.text()[end - 1])) --end;
    if (begin == end) return;
    const std::size_t first = paragraphs.place(begin);
    const std::size_t last = paragraphs.place(end - 1);
    out.all.push_back({all.substr(begin, end - begin), first, last + decode_at(source, last).size});
  };
  SentenceRules rules(language);
  constexpr std::size_t kUsualSentence = 100;
  out.all.reserve(source.size() / kUsualSentence + 1);
  paragraphs.for_each([&](std::size_t begin, std::size_t end) {
    std::size_t last = begin;
    for (const std::size_t start : rules.starts(all.substr(begin, end - begin))) {
      emit(last, begin + start);
      last = begin + start;
    }
    emit(last, end);
  });
  return out;
}

std::vector<std::string> split_sentences(std::string_view text, std::string_view language) {
  std::vector<std::string> out;
  for (const Piece& piece : split(text, primary_language(language)).all) {
    out.push_back(encode(piece.passage.text()));
  }
  return out;
}

}  // namespace nutgraf::summarizer
