#include "summarizer/background.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "summarizer/stemmer.h"
#include "summarizer/words.h"

namespace nutgraf::summarizer {
namespace {

/// Words that stand in about so many of a million documents.
struct Band {
  int per_million;
  std::string_view words;  ///< One spelling for each stem, spaces between.
};

constexpr Band kEnglish[] = {
#include "summarizer/data/background_en.inc"
};

/// Of a word below the table's last band, in documents of a million: about one in two thousand.
constexpr double kRare = 550;

double idf_of(double per_million) { return std::max(0.0, std::log(1e6 / (per_million + 280))); }

std::vector<std::string_view> words_of(const Band& band) {
  std::vector<std::string_view> out;
  std::string_view rest = band.words;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (end > 0) out.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

}  // namespace

Background::Background(std::string_view language) {
  if (language != "en") return;
  rare_ = idf_of(kRare);
  Stemmer stemmer(language);
  for (const Band& band : kEnglish) {
    const auto idf = static_cast<float>(idf_of(band.per_million));
    for (const std::string_view word : words_of(band)) {
      idf_.try_emplace(hash_word(stemmer.stem(word)), idf);
    }
  }
}

std::vector<std::string_view> Background::words(std::string_view language) {
  std::vector<std::string_view> out;
  if (language != "en") return out;
  for (const Band& band : kEnglish) {
    const auto words = words_of(band);
    out.insert(out.end(), words.begin(), words.end());
  }
  return out;
}

const Background& Background::of(std::string_view language) {
  static const Background english("en");
  static const Background none("und");
  return language == "en" ? english : none;
}

double Background::idf(std::uint64_t stem) const {
  const float* found = idf_.find(stem);
  return found == nullptr ? rare_ : *found;
}

}  // namespace nutgraf::summarizer
