#include "summarizer/introductions.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "summarizer/words.h"

namespace nutgraf::summarizer {
namespace {

/// Words among which the subject of a sentence mostly is.
constexpr std::size_t kOpeningWords = 4;

/// A surname, by its term, in a sentence.
struct Mention {
  std::uint32_t name;
  std::uint32_t sentence;
  std::uint32_t before;  ///< The term of the word before it; kNobody if the surname stands alone.
};

bool is_courtesy(const Word& word) {
  static constexpr FewWords kTitles("mr", "mrs", "ms", "miss", "sir", "dame", "lord", "dr", "prof");
  return kTitles.contains(word.form);
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
  for (const Word& word : words) {
    if (!may_be_name(word) || is_courtesy(word)) continue;  // Most are done here.
    const auto k = static_cast<std::size_t>(&word - words.data());
    const bool goes_on = k + 1 < words.size() && may_be_name(words[k + 1]) &&
                         are_joined(text, word, words[k + 1]) &&
                         !is_possessive(text.substr(word.begin, word.size));
    if (goes_on) continue;
    const bool full = k > 0 && may_be_name(words[k - 1]) && !is_courtesy(words[k - 1]) &&
                      are_joined(text, words[k - 1], word);
    visit(Mention{word.term, sentence, full ? words[k - 1].term : Introductions::kNobody}, k);
  }
}

/// By term: whether the text also writes it in lower case, so that it is no name.
std::vector<char> small_terms(const Analysis& analysis) {
  std::vector<char> out(analysis.terms.size());
  for (const Word& word : analysis.words) {
    // Of no stem, the term is the first one's: no branch on what a processor does not foresee.
    const bool small = (word.stem != 0) & !word.capitalised;
    out[word.term] = static_cast<char>(out[word.term] | static_cast<char>(small));
  }
  return out;
}

bool writes_nouns_large(std::string_view language) { return language == "de" || language == "lb"; }

}  // namespace

Introductions::Introductions(const Analysis& analysis)
    : known_(analysis.sentences.size(), kNobody), begin_(analysis.sentences.size() + 1) {
  if (writes_nouns_large(analysis.language)) return;
  std::vector<Mention> full;
  std::vector<Mention> bare;
  full.reserve(analysis.sentences.size());
  bare.reserve(analysis.sentences.size());
  for (std::uint32_t i = 0; i < analysis.sentences.size(); ++i) {
    for_each_surname(analysis, i, [&](const Mention& m, std::size_t word) {
      if (m.before != kNobody) {
        full.push_back(m);
      } else if (i > 0 && word < kOpeningWords) {
        bare.push_back(m);
      }
    });
  }
  // By term: whether a sentence opens with it, as with a surname alone.
  std::vector<char> opens(analysis.terms.size());
  for (const Mention& m : bare) opens[m.name] = 1;
  std::erase_if(full, [&](const Mention& m) { return opens[m.name] == 0; });
  if (full.empty()) return;

  const std::vector<char> small = small_terms(analysis);
  std::erase_if(full, [&](const Mention& m) { return small[m.name] != 0 || small[m.before] != 0; });
  // By term: the sentence that introduces them.
  std::vector<std::uint32_t> first(analysis.terms.size(), kNobody);
  for (const Mention& m : full) {
    first[m.name] = std::min(first[m.name], m.sentence);
    introduced_.push_back(m.name);
    ++begin_[m.sentence + 1];
  }
  for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  for (const Mention& m : bare) {
    const auto here = introduced_in(m.sentence);
    const bool known = first[m.name] < m.sentence && std::ranges::find(here, m.name) == here.end();
    if (known) known_[m.sentence] = m.name;
  }
}

}  // namespace nutgraf::summarizer
