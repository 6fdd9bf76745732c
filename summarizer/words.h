#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "summarizer/hash_table.h"
#include "summarizer/passage.h"
#include "summarizer/stemmer.h"
#include "summarizer/stopwords.h"
#include "summarizer/summarizer.h"
#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

/// Stable 64-bit hash of a word: FNV-1a, mixed, over its bytes in UTF-8 or over its code points.
/// Whoever compares hashes adds the one or the other; of ASCII they are the same.
class WordHash {
 public:
  constexpr void add(char byte) { add(char32_t{static_cast<unsigned char>(byte)}); }
  constexpr void add(char32_t c) { h_ = (h_ ^ c) * 0x100000001b3; }

  /// Never 0.
  constexpr std::uint64_t value() const {
    std::uint64_t h = h_;
    h ^= h >> 32;
    h *= 0x9e3779b97f4a7c15;
    h ^= h >> 29;
    return h == 0 ? 1 : h;
  }

 private:
  std::uint64_t h_ = 0xcbf29ce484222325;
};

constexpr std::uint64_t hash_word(std::string_view word) {
  WordHash hash;
  for (const char c : word) hash.add(c);
  return hash.value();
}

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
  /// The same of a sentence that is ASCII; several times faster.
  void append_ascii(const Passage& sentence, std::vector<Word>& out);

 private:
  Word read_word(Text sentence, std::size_t& i, std::size_t& byte);
  std::size_t append_pairs(Text sentence, std::size_t i, std::size_t byte, std::vector<Word>& out);
  /// `spell` gives the word in lower case; asked only if its stem is not known.
  template <typename Spell>
  std::uint64_t stem_of(std::uint64_t form, Spell spell);
  std::uint64_t new_stem(std::string_view word);

  using Stems = HashTable<std::uint64_t>;  // By form.
  static const Stems& common_stems(std::string_view language);

  const Stems& common_;  // Of words that most texts have some of; 0 of stop words.
  const StopWords& stop_;
  Stemmer stemmer_;
  const bool elides_;
  std::string spelling_;  // Of the last new word.
  Stems stems_;           // Of the words so far.
  std::string lower_;     // The last sentence that was ASCII.
};

}  // namespace nutgraf::summarizer
