#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "summarizer/summarizer.h"

namespace nutgraf {

/// How often a term (32 bits of its hash) stands in a text.
struct TermCount {
  std::uint32_t term = 0;
  std::uint8_t count = 0;   ///< At most 255.
  std::uint8_t rarity = 0;  ///< Background idf of the word, in 1/16: what a young window goes by.
  friend bool operator==(const TermCount&, const TermCount&) = default;
};

/// What a story is about, as counts: document frequencies come in at the desk. Each list is sorted
/// by term.
struct StoryVector {
  std::string language;          ///< Primary tag; empty if unknown.
  std::vector<TermCount> body;   ///< Title and first 400 words; title and first 60 count twice.
  std::vector<TermCount> names;  ///< Runs of capitalized words inside sentences: words and pairs.
  std::vector<TermCount> head;   ///< Title and first 60 words, which say what a headline says.

  bool empty() const { return body.empty(); }
  friend bool operator==(const StoryVector&, const StoryVector&) = default;
};

/// Pure, for worker threads. Linear in the first 400 words.
StoryVector story_vector(const summarizer::Analysis& analysis);

}  // namespace nutgraf
