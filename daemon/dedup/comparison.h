#pragma once

#include <bitset>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "daemon/dedup/fingerprint.h"
#include "daemon/dedup/gram_set.h"
#include "daemon/dedup/options.h"

namespace nutgraf {

/// One text as it takes part in a comparison: its words, with furniture or without, and its title.
/// Refers to both.
struct Side {
  std::span<const Token> body;
  std::span<const Token> title;
  bool cut = false;  ///< The text went on beyond kFingerprintWords.
};

/// What two texts share, word by word. A word is covered if it stands in a 3-gram that the other
/// text holds too: unlike Jaccard this finds a truncated copy, and unlike a bag of words it does
/// not find a text on the same subject. [Broder 1997, section 2, on containment]
struct Comparison {
  double cover = 0;             ///< Covered share, of the side where it is larger.
  std::size_t words = 0;        ///< Words of that side, …
  std::size_t other_words = 0;  ///< … and of the other.
  std::size_t shared = 0;       ///< Covered words, the larger count of the sides.
  double lede = 0;              ///< Covered share of the first 60 words, the larger of the sides.
  std::size_t replaced = 0;     ///< Names and figures replaced in place, on the worse side.
  double replaced_share = 0;    ///< Of all its names and figures that can be compared.
  double numbers = 1;  ///< Shared figures / the smaller set of figures; 1 if that is empty.
  std::size_t numbers_missing = 0;  ///< The smaller set less the shared ones.
  double title = 1;  ///< Title words found in the other's title or text, the smaller direction.
};

/// As `bare`, the comparison without furniture, but with the figures and the replaced names of
/// `whole`: sentences that many stories share are furniture in an article and everything in a
/// template.
Comparison with_facts_of(Comparison bare, const Comparison& whole);

/// The word hashes of a side, for several title_share()s.
class Vocabulary {
 public:
  explicit Vocabulary(const Side& side);
  bool has(const Token& token) const { return words_->test(token.hash); }

 private:
  std::unique_ptr<std::bitset<65536>> words_;
};

/// Share of `title`'s content words that `other` has in title or text; 1 if there are none.
double title_share(std::span<const Token> title, const Vocabulary& other);
double title_share(std::span<const Token> title, const Side& other);

/// One text that is compared with others: what is made of it is made once, about 3 µs for a usual
/// one, and a comparison takes as long.
class Comparer {
 public:
  /// Refers to the text's words.
  explicit Comparer(const Side& text) : text_(text), words_(text), grams_(text.body) {}

  /// Symmetric in the two texts.
  Comparison with(const Side& other);

 private:
  const Side text_;
  const Vocabulary words_;
  GramSet grams_;
};

/// Whether two texts are editions of one story. A template filled with other facts is not: its
/// names and figures were replaced. A follow-up that reuses background paragraphs is not: its lede
/// is new.
bool same_story(const Comparison& comparison, const DedupOptions& options);

/// The half of same_story() that with_facts_of() leaves as it is: whether the texts, their names
/// and figures apart, could be editions of one story.
bool same_words(const Comparison& comparison, const DedupOptions& options);

/// Orders several texts that are all the same story.
double closeness(const Comparison& comparison);

}  // namespace nutgraf
