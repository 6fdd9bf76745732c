#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "summarizer/hash_table.h"

namespace nutgraf::summarizer {

/// How common words are in news: the shipped table of a language.
class Background {
 public:
  /// Frequency table of `language`; for languages without one every word weighs the same.
  static const Background& of(std::string_view language);

  /// Every word that the table of `language` has, each the spelling of a stem of its own. Static
  /// text.
  static std::vector<std::string_view> words(std::string_view language);

  /// max(0, ln((N + 1) / (df + 1/2))) of a stem, where it stands in df of N documents. A stem that
  /// the table lacks is rare. 1 for every word if there is no table.
  double idf(std::uint64_t stem) const;

 private:
  explicit Background(std::string_view language);

  HashTable<float> idf_;  // By stem.
  double rare_ = 1;       // Of all others.
};

}  // namespace nutgraf::summarizer
