#pragma once

#include <string>

namespace nutgraf::summarizer {

/// Reduces a lower-case ASCII word to its Porter stem, in place. The algorithm of [Porter 1980]
/// with the later departures of its author (-bli, -logi, words of two letters stay) and those of
/// NLTK's default (a pool of irregular forms, "flies" → "fli" but "dies" → "die"), whose stems the
/// background is made with. Words with other characters are stemmed the same: what is no vowel is a
/// consonant.
void porter_stem(std::string& word);

}  // namespace nutgraf::summarizer
