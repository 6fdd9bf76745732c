#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "summarizer/hash_table.h"
#include "summarizer/stemmer.h"
#include "summarizer/stopwords.h"
#include "summarizer/summarizer.h"
#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

/// Stable 64-bit hash of a word (FNV-1a, mixed); never 0.
std::uint64_t hash_word(std::string_view word);

/// Turns sentences into words: one for a document, because it remembers the stems it has met.
///
/// A word is a run of letters and digits, lower case, with U+2019 as an apostrophe, and with one
/// inner apostrophe and what follows it ("don't"; not in French and Italian, where the apostrophe
/// separates "l'homme"). Stop words go, a final 's goes, then stop words and single letters again,
/// and the rest is stemmed. Scripts without spaces give pairs of letters.
class Tokenizer {
 public:
  explicit Tokenizer(std::string_view language);

  /// Appends the words of `sentence` to `out`; offsets are bytes of its UTF-8 form.
  void append(Text sentence, std::vector<Word>& out);

 private:
  std::size_t append_pairs(Text sentence, std::size_t i, std::size_t byte, std::vector<Word>& out);
  std::uint64_t stem_of(std::string_view word, std::uint64_t form);

  const StopWords& stop_;
  Stemmer stemmer_;
  const bool elides_;
  std::string spelling_;            // Of the word at hand.
  HashTable<std::uint64_t> stems_;  // By form.
};

}  // namespace nutgraf::summarizer
