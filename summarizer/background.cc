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

}  // namespace

Background::Background(std::string_view language) {
  if (language != "en") return;
  rare_ = idf_of(kRare);
  Stemmer stemmer(language);
  for (const Band& band : kEnglish) {
    const auto idf = static_cast<float>(idf_of(band.per_million));
    std::string_view rest = band.words;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      idf_.try_emplace(hash_word(stemmer.stem(rest.substr(0, end))), idf);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
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
