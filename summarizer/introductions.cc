#include "summarizer/introductions.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "summarizer/words.h"

namespace nutgraf::summarizer {
namespace {

/// Words among which the subject of a sentence mostly is.
constexpr std::size_t kOpeningWords = 4;

/// A surname, by its stem, in a sentence.
struct Mention {
  std::uint64_t name;
  std::uint32_t sentence;
  std::uint64_t before = 0;  ///< The stem of the word before it; 0 if the surname stands alone.
};

bool is_courtesy(const Word& word) {
  static constexpr std::array<std::uint64_t, 9> kTitles = {
      hash_word("mr"),   hash_word("mrs"),  hash_word("ms"), hash_word("miss"), hash_word("sir"),
      hash_word("dame"), hash_word("lord"), hash_word("dr"), hash_word("prof")};
  return std::ranges::find(kTitles, word.form) != kTitles.end();
}

bool may_be_name(const Word& word) { return word.capitalised && word.stem != 0; }

/// Whether a space is all between two words; a short one may have a full stop: "Sen. Graham".
bool are_joined(std::string_view text, const Word& a, const Word& b) {
  const std::size_t end = a.begin + a.size;
  const std::string_view between = text.substr(end, b.begin - end);
  return between == " " || (between == ". " && a.size <= 4);
}

bool is_possessive(std::string_view spelling) {
  return spelling.ends_with("'s") || spelling.ends_with("’s");
}

/// The surnames of a sentence: the last word of each run of capitalised ones.
template <typename Visit>
void for_each_surname(const Analysis& analysis, std::uint32_t sentence, Visit visit) {
  const std::string_view text = analysis.sentences[sentence].text;
  const auto words = analysis.words_of(sentence);
  for (std::size_t k = 0; k < words.size(); ++k) {
    const Word& word = words[k];
    if (!may_be_name(word) || is_courtesy(word)) continue;
    const bool goes_on = k + 1 < words.size() && may_be_name(words[k + 1]) &&
                         are_joined(text, word, words[k + 1]) &&
                         !is_possessive(text.substr(word.begin, word.size));
    if (goes_on) continue;
    const bool full = k > 0 && may_be_name(words[k - 1]) && !is_courtesy(words[k - 1]) &&
                      are_joined(text, words[k - 1], word);
    visit(Mention{word.stem, sentence, full ? words[k - 1].stem : 0}, k);
  }
}

void sort_out(std::vector<std::uint64_t>& stems) {
  std::ranges::sort(stems);
  stems.erase(std::unique(stems.begin(), stems.end()), stems.end());
}

/// Which stems of the mentions the text also writes in lower case: they are no names. Sorted.
std::vector<std::uint64_t> small_stems(const Analysis& analysis,
                                       const std::vector<Mention>& mentions) {
  std::vector<std::uint64_t> asked;
  for (const Mention& m : mentions) asked.insert(asked.end(), {m.name, m.before});
  sort_out(asked);
  // A bit for the end of each tells most other words at once.
  std::array<std::uint64_t, 4> ends{};
  for (const std::uint64_t stem : asked) ends[stem / 64 % 4] |= std::uint64_t{1} << (stem % 64);
  std::vector<std::uint64_t> out;
  for (const Word& word : analysis.words) {
    const bool may = (ends[word.stem / 64 % 4] >> (word.stem % 64) & 1) != 0;
    if (may && !word.capitalised && std::ranges::binary_search(asked, word.stem)) {
      out.push_back(word.stem);
    }
  }
  sort_out(out);
  return out;
}

/// Sorted names of those whom sentences open with by the surname alone.
std::vector<std::uint64_t> names_of(const std::vector<Mention>& mentions) {
  std::vector<std::uint64_t> out;
  for (const Mention& m : mentions) out.push_back(m.name);
  sort_out(out);
  return out;
}

bool writes_nouns_large(std::string_view language) { return language == "de" || language == "lb"; }

}  // namespace

Introductions::Introductions(const Analysis& analysis)
    : known_(analysis.sentences.size(), kNobody), begin_(analysis.sentences.size() + 1) {
  if (writes_nouns_large(analysis.language)) return;
  std::vector<Mention> full;
  std::vector<Mention> bare;
  for (std::uint32_t i = 0; i < analysis.sentences.size(); ++i) {
    for_each_surname(analysis, i, [&](const Mention& m, std::size_t word) {
      if (m.before != 0) {
        full.push_back(m);
      } else if (i > 0 && word < kOpeningWords) {
        bare.push_back(m);
      }
    });
  }
  const std::vector<std::uint64_t> names = names_of(bare);
  std::erase_if(full, [&](const Mention& m) { return !std::ranges::binary_search(names, m.name); });
  if (full.empty()) return;

  const std::vector<std::uint64_t> small = small_stems(analysis, full);
  std::erase_if(full, [&](const Mention& m) {
    return std::ranges::binary_search(small, m.name) || std::ranges::binary_search(small, m.before);
  });
  const auto number_of = [&](const Mention& m) {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(names, m.name) - names.begin());
  };
  std::vector<std::uint32_t> first(names.size(), kNobody);  // The sentence that introduces each.
  for (const Mention& m : full) {
    std::uint32_t& sentence = first[number_of(m)];
    sentence = std::min(sentence, m.sentence);
    introduced_.push_back(number_of(m));
    ++begin_[m.sentence + 1];
  }
  for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  for (const Mention& m : bare) {
    const auto here = introduced_in(m.sentence);
    const bool known =
        first[number_of(m)] < m.sentence && std::ranges::find(here, number_of(m)) == here.end();
    if (known) known_[m.sentence] = number_of(m);
  }
}

}  // namespace nutgraf::summarizer
