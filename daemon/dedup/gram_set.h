#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "daemon/dedup/fingerprint.h"

namespace nutgraf {

/// The n-grams of up to three words of some texts, as exact keys of 16 bits a word.
class GramSet {
 public:
  /// Expects about `words` words; holds any number.
  explicit GramSet(std::size_t words);

  /// Adds all n-grams of `tokens`, for n = `from` … 3.
  void add(std::span<const Token> tokens, int from = 3);

  bool contains(std::span<const Token> gram) const;

  /// For each token whether it stands in a 3-gram that the set holds.
  std::vector<bool> covered(std::span<const Token> tokens) const;

 private:
  static std::uint64_t key(std::span<const Token> gram);
  void insert(std::uint64_t key);
  bool holds(std::uint64_t key) const;

  std::vector<std::uint64_t> slots_;  ///< Open addressing, a power of two; 0: free.
  std::size_t size_ = 0;
};

}  // namespace nutgraf
