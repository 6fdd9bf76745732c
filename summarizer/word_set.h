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

  bool contains(Text word) const { return words_.find(hash(word)) != nullptr; }
  bool empty() const { return words_.empty(); }
  /// Visits what hash_word gives for each.
  template <typename Visit>
  void for_each_hash(Visit visit) const {
    words_.for_each_key(visit);
  }

 private:
  static std::uint64_t hash(Text word);

  HashTable<bool> words_;
};

}  // namespace nutgraf::summarizer
