#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "summarizer/passage.h"
#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

/// A sentence as it stands in its text: white space squeezed, dateline still on.
struct Piece {
  Passage passage;        ///< Of what Pieces holds.
  std::size_t begin = 0;  ///< Bytes in the source.
  std::size_t end = 0;
};

/// The sentences of a text, and what they are views of.
struct Pieces {
  std::unique_ptr<char32_t[]> text;
  std::unique_ptr<char[]> bytes;
  std::unique_ptr<const Characters> characters;
  std::vector<Piece> all;
};

/// All sentences of `source`, in order; nothing but white space is lost. Paragraphs end at
/// newlines, but for lines that were only wrapped. Linear: no rule looks further than kMaxBracket.
Pieces split(std::string_view source, std::string_view language);

/// Longest stretch in brackets and in quotation marks inside which no sentence ends. Whatever is
/// longer lost its closing mark.
inline constexpr std::size_t kMaxBracket = 400;
inline constexpr std::size_t kMaxQuotation = 300;

}  // namespace nutgraf::summarizer
