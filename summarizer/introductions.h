#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {

/// Who is introduced where: a story names somebody in full once ("Sen. Lindsey Graham") and by the
/// surname after that ("Graham said"), and a summary of it may not begin with the second.
///
/// Linear. Empty for languages that write other nouns with capitals, too.
class Introductions {
 public:
  static constexpr std::uint32_t kNobody = UINT32_MAX;

  explicit Introductions(const Analysis& analysis);

  /// Whom the sentence opens with by the surname alone, as the number of the term, if a sentence
  /// before it has the full name; kNobody otherwise.
  std::uint32_t known_in(std::size_t sentence) const { return known_[sentence]; }
  /// Whom of these the sentence names in full.
  std::span<const std::uint32_t> introduced_in(std::size_t sentence) const {
    return std::span(introduced_)
        .subspan(begin_[sentence], begin_[sentence + 1] - begin_[sentence]);
  }

 private:
  std::vector<std::uint32_t> known_;       // By sentence.
  std::vector<std::uint32_t> introduced_;  // Of all sentences in order.
  std::vector<std::uint32_t> begin_;       // Of each sentence in it, and the end.
};

}  // namespace nutgraf::summarizer
