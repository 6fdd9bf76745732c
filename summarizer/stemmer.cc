#include "summarizer/stemmer.h"

#include <libstemmer.h>

#include <string>

#include "summarizer/porter.h"

namespace nutgraf::summarizer {
namespace {

/// No word is longer; a run of letters that is would only cost time.
constexpr std::size_t kMaxStemmed = 64;

std::string algorithm(std::string_view language) {
  if (language == "nb" || language == "nn") return "no";
  return std::string(language);
}

}  // namespace

void Stemmer::Delete::operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }

Stemmer::Stemmer(std::string_view language)
    : stemmer_(language == "en" ? nullptr : sb_stemmer_new(algorithm(language).c_str(), nullptr)),
      english_(language == "en") {}

std::string_view Stemmer::stem(std::string_view word) {
  if (word.size() > kMaxStemmed) return word;
  if (english_) {
    word_ = word;
    porter_stem(word_);
    return word_;
  }
  if (!stemmer_) return word;
  const sb_symbol* stem =
      sb_stemmer_stem(stemmer_.get(), reinterpret_cast<const sb_symbol*>(word.data()),
                      static_cast<int>(word.size()));
  if (stem == nullptr) return word;
  return {reinterpret_cast<const char*>(stem),
          static_cast<std::size_t>(sb_stemmer_length(stemmer_.get()))};
}

}  // namespace nutgraf::summarizer
