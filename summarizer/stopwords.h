#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

namespace nutgraf::summarizer {

/// Hashes (hash_word) of a language's words that carry no subject: articles, pronouns, auxiliaries,
/// and the verbs of saying that news is full of.
using StopWords = std::unordered_set<std::uint64_t>;

/// For en de fr es it pt nl sv da nb/no fi ru ro hu tr; empty for other languages. "und" has all of
/// them: what is a stop word in one language is seldom a subject in another.
const StopWords& stop_words(std::string_view language);

}  // namespace nutgraf::summarizer
