#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "summarizer/background.h"
#include "summarizer/hash_seed.h"
#include "summarizer/hash_table.h"
#include "summarizer/stemmer.h"
#include "summarizer/stopwords.h"
#include "summarizer/summarizer.h"
#include "summarizer/word_hash.h"

namespace nutgraf::summarizer {

/// What a spelling comes to.
struct LexiconEntry {
  std::uint64_t form = 0;    ///< As Word::form.
  std::uint64_t stem = 0;    ///< As Word::stem.
  std::uint32_t number = 0;  ///< Of the stem, in the lexicon; 0 if `stem` is 0.
  bool telling = false;      ///< As Word::telling.
};

/// A map from words of at most kLongest bytes: open addressing by the spelling itself, which two
/// registers hold, so that a word is found without a look at its letters.
class SpellingTable {
 public:
  static constexpr std::size_t kLongest = 16;

  class Spelling {
   public:
    /// 1 <= size <= kLongest; kLongest bytes from `word` on can be read.
    Spelling(const char* word, std::size_t size) {
      std::memcpy(&low_, word, 8);
      std::memcpy(&high_, word + 8, 8);
      low_ &= kMasks[size + 8];
      high_ &= kMasks[size];
    }

    bool operator==(const Spelling&) const = default;
    /// `seed`: hash_seed(), without which nobody can tell what words have in common.
    std::uint64_t hash(std::uint64_t seed) const {
      __extension__ using Wide = unsigned __int128;
      const Wide product = Wide{low_ ^ seed} * (high_ ^ ~seed);
      return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }

   private:
    friend class SpellingTable;
    Spelling() = default;

    static const std::array<std::uint64_t, kLongest + 9> kMasks;

    std::uint64_t low_ = 0;  // 0: no word.
    std::uint64_t high_ = 0;
  };

  /// nullptr if it is absent. `hash`: its own.
  const LexiconEntry* find(const Spelling& word, std::uint64_t hash) const {
    const Slot& slot = slots_[find_slot(word, hash)];
    return slot.word == word ? &slot.entry : nullptr;
  }
  /// `word` must be absent.
  const LexiconEntry& add(const Spelling& word, const LexiconEntry& entry);
  std::size_t size() const { return used_; }

 private:
  struct Slot {
    Spelling word;
    LexiconEntry entry;
  };

  /// The slot of `word`, or the free one where it belongs. At most half of the slots are used.
  std::size_t find_slot(const Spelling& word, std::uint64_t hash) const {
    std::size_t i = static_cast<std::size_t>(hash) & mask_;
    while (slots_[i].word.low_ != 0 && slots_[i].word != word) i = (i + 1) & mask_;
    return i;
  }

  std::vector<Slot> slots_{2};
  std::size_t mask_ = 1;  // One less than there are slots: a power of two.
  std::size_t used_ = 0;
  std::uint64_t seed_ = hash_seed();
};

/// The words of one language: their stems, how rare they are, and a number for each stem. The
/// common ones are known from the start, others it learns as they come; what it answers does not
/// depend on what it was asked before, but for the numbers.
///
/// Keeps Summarizer::kMaxWords words that it has learnt, and what the text at hand adds.
class Lexicon {
 public:
  explicit Lexicon(std::string_view language);
  Lexicon(const Lexicon&) = delete;
  Lexicon& operator=(const Lexicon&) = delete;

  /// A new text begins: what is too much is forgotten, numbers with it.
  void begin_text();

  /// Of a word in lower case, from which on SpellingTable::kLongest bytes can be read. Good until
  /// the next one is asked for.
  const LexiconEntry& of(const char* word, std::size_t size) {
    if (size > SpellingTable::kLongest) return of_long({word, size});
    const SpellingTable::Spelling spelling(word, size);
    const std::uint64_t hash = spelling.hash(seed_);
    if (const LexiconEntry* known = common_.table.find(spelling, hash)) return *known;
    if (const LexiconEntry* known = table_.find(spelling, hash)) return *known;
    return learn({word, size}, spelling);
  }

  /// Of a pair of letters in a script without spaces: its own stem.
  const LexiconEntry& of_pair(std::string_view pair);

  /// Numbers the stems of a text in the order in which they come: Word::term is their number here
  /// before, and in the result afterwards.
  std::vector<Term> number_terms(std::span<Word> words);

 private:
  /// Words that most texts have some of, stop words included.
  struct Common {
    SpellingTable table;
    HashTable<std::uint32_t> numbers;  // By stem.
    std::vector<Term> stems;           // By number; the first is none.
  };
  static Common english();
  static const Common& common(std::string_view language);

  const LexiconEntry& learn(std::string_view word, const SpellingTable::Spelling& spelling);
  const LexiconEntry& of_long(std::string_view word);
  LexiconEntry read(std::string_view word, std::uint64_t form);
  std::uint64_t stem_of(std::string_view word, std::uint64_t form);
  static bool is_telling(std::string_view word, std::uint64_t form);
  std::uint32_t number_of(std::uint64_t stem);
  const Term& term(std::uint32_t number) const;

  const std::uint64_t seed_ = hash_seed();
  const Common& common_;
  const StopWords& stop_;
  const Background& background_;
  Stemmer stemmer_;
  SpellingTable table_;               // Of the words learnt.
  HashTable<LexiconEntry> long_;      // By form: those with longer spellings, and pairs.
  HashTable<std::uint32_t> numbers_;  // By stem: those that are not common.
  std::vector<Term> stems_;           // Of these, by number less those of the common ones.
  std::vector<std::uint32_t> numbers_of_text_;  // Of its terms; memory that is used again.
  std::vector<std::uint32_t> places_;  // By number: the term in the text at hand, or kNone.
};

/// The lexicons of the languages that were asked for last.
class Lexicons {
 public:
  Lexicon& of(std::string_view language);

 private:
  struct Entry {
    std::string language;
    std::unique_ptr<Lexicon> lexicon;
  };
  std::vector<Entry> all_;
};

}  // namespace nutgraf::summarizer
