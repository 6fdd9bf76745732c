#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "summarizer/passage.h"

namespace nutgraf::summarizer {

/// Where sentences begin. One for a text: its paragraphs share the memory that it takes.
///
/// The rules, in order: list marks; stretches in brackets and quotation marks; a terminator with
/// closing marks and a space, or the missing space of "ran.The"; spaced dots; a dash or a
/// lower-case word goes on; ellipses; abbreviations, initials, times, ordinals; "Why?" Smith asked.
class SentenceRules {
 public:
  explicit SentenceRules(std::string_view language);
  ~SentenceRules();

  /// Where the sentences of one paragraph begin, the first (0) left out; ascending. `paragraph` has
  /// single spaces only and none at its ends. Good until the next call.
  std::span<const std::size_t> starts(const Passage& paragraph);

 private:
  class Splitter;
  std::unique_ptr<Splitter> splitter_;
};

}  // namespace nutgraf::summarizer
