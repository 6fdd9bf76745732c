#pragma once

#include <cstdint>
#include <string_view>

#include "summarizer/hash_table.h"
#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

/// A fixed list of words, written as one string with spaces between them; kept as their hashes.
class WordSet {
 public:
  WordSet() = default;
  explicit WordSet(std::string_view list);

  bool contains(Text word) const { return contains(hash(word)); }
  /// Of a word that several sets are asked for.
  bool contains(std::uint64_t hash) const { return words_.find(hash) != nullptr; }
  static std::uint64_t hash(Text word);
  bool empty() const { return words_.empty(); }
  /// Visits what hash_word gives for each.
  template <typename Visit>
  void for_each_hash(Visit visit) const {
    words_.for_each_key(visit);
  }

 private:
  HashTable<bool> words_;
};

}  // namespace nutgraf::summarizer
