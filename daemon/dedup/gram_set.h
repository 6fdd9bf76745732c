#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "daemon/dedup/fingerprint.h"

namespace nutgraf {

/// One flag for each token of a text; bytes, because they are written and counted word by word.
using Flags = std::vector<char>;

/// The 3-grams of a text as exact keys of 16 bits a word, to hold other texts against. One table
/// answers in both directions: a gram of another text that is found here is noted where it is, and
/// so it is known which words of this text the other one has.
class GramSet {
 public:
  explicit GramSet(std::span<const Token> text);

  /// For each token of `other` whether it stands in a 3-gram of the text.
  Flags covered(std::span<const Token> other) const;

  /// The same; and met() then knows of what was found.
  Flags meet(std::span<const Token> other);

  /// For each token of the text whether it stands in a 3-gram that met any since forget().
  Flags met() const;
  void forget();

 private:
  template <typename Visit>
  static void each_gram(std::span<const Token> tokens, Visit visit);
  std::size_t place(std::uint64_t key) const;

  std::size_t tokens_ = 0;
  std::vector<std::uint64_t> slots_;    ///< Open addressing, a power of two; 0: free.
  std::vector<char> met_;               ///< Of each slot.
  std::vector<std::uint32_t> slot_of_;  ///< Of each gram of the text, by its first token.
};

}  // namespace nutgraf
