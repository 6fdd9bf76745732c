#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "summarizer/block.h"
#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

/// What the characters of a text are, found in one pass: a bit each, for all the passes that ask.
struct Characters {
  /// Of a text as Passage::bytes has it.
  explicit Characters(std::string_view bytes);

  BitRow alnum;   ///< Letters and digits of ASCII.
  BitRow upper;   ///< Of these.
  BitRow digit;   ///< Of these.
  BitRow space;   ///< White space of ASCII.
  BitRow marks;   ///< All others: punctuation, and what is beyond ASCII.
  BitRow beyond;  ///< What is beyond ASCII.
};

/// A stretch of a text, three times: code points for the rules, and for what is faster on bytes a
/// byte for each code point, which is the character itself in ASCII and kBeyondAscii for every
/// other; and what these are.
class Passage {
 public:
  /// `characters` are those of the text, in which the passage begins at `begin`.
  Passage(Text text, std::string_view bytes, const Characters& characters, std::size_t begin)
      : text_(text), bytes_(bytes), characters_(&characters), begin_(begin) {}

  Text text() const { return text_; }
  std::string_view bytes() const { return bytes_; }  ///< As many as `text` has code points.
  std::size_t size() const { return text_.size(); }
  bool empty() const { return text_.empty(); }
  bool is_ascii() const { return next(&Characters::beyond, 0) == size(); }

  /// begin <= size().
  Passage substr(std::size_t begin, std::size_t count = Text::npos) const {
    return {text_.substr(begin, count), bytes_.substr(begin, count), *characters_, begin_ + begin};
  }

  using Row = BitRow Characters::*;
  /// The first character from `i` on that is of `row`, or is not; size() if there is none.
  std::size_t next(Row row, std::size_t i) const {
    return (characters_->*row).next_set(begin_ + i, begin_ + size()) - begin_;
  }
  std::size_t next_not(Row row, std::size_t i) const {
    return (characters_->*row).next_clear(begin_ + i, begin_ + size()) - begin_;
  }
  /// Which of the 64 characters from `i` on are of `row`, the first one the lowest bit; what is
  /// beyond the passage is not. i < size().
  std::uint64_t mask(Row row, std::size_t i) const {
    const std::uint64_t all = (characters_->*row).at(begin_ + i);
    return size() - i < 64 ? all & ((std::uint64_t{1} << (size() - i)) - 1) : all;
  }

  /// The first double quotation mark from `i` on; npos if there is none.
  std::size_t next_double_quote(std::size_t i) const {
    for (i = next(&Characters::marks, i); i < size(); i = next(&Characters::marks, i + 1)) {
      if (is_double_quote(text_[i])) return i;
    }
    return Text::npos;
  }

 private:
  Text text_;
  std::string_view bytes_;
  const Characters* characters_;
  std::size_t begin_;
};
inline constexpr char kBeyondAscii = '\x80';

/// The edges of the runs that the characters of a row make in a passage: where the first run begins
/// and where it ends, where the second one begins, and so on. The first elements of `memory`.
std::span<const std::uint32_t> edges_of(const Passage& passage, Passage::Row row,
                                        std::vector<std::uint32_t>& memory);

}  // namespace nutgraf::summarizer
