#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "summarizer/hash_table.h"

namespace nutgraf::summarizer {

/// Hashes (hash_word) of a language's words that carry no subject: articles, pronouns, auxiliaries,
/// and the verbs of saying that news is full of.
class StopWords {
 public:
  void add(std::uint64_t word) { words_.try_emplace(word, true); }
  bool contains(std::uint64_t word) const { return words_.find(word) != nullptr; }

 private:
  HashTable<bool> words_;
};

/// The words themselves; none for other languages, and for "und".
std::vector<std::string_view> stop_list(std::string_view language);

/// For en de fr es it pt nl sv da nb/no fi ru ro hu tr; empty for other languages. "und" has all of
/// them: what is a stop word in one language is seldom a subject in another.
const StopWords& stop_words(std::string_view language);

}  // namespace nutgraf::summarizer
