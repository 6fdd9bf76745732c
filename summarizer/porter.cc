#include "summarizer/porter.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace nutgraf::summarizer {
namespace {

struct Rule {
  std::string_view suffix;
  std::string_view replacement;
};

constexpr Rule kDouble[] = {  // Step 2.
    {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
    {"bli", "ble"},     {"alli", "al"},     {"entli", "ent"}, {"eli", "e"},     {"ousli", "ous"},
    {"ization", "ize"}, {"ation", "ate"},   {"ator", "ate"},  {"alism", "al"},  {"iveness", "ive"},
    {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},  {"iviti", "ive"}, {"biliti", "ble"},
    {"fulli", "ful"}};
constexpr Rule kFull[] = {  // Step 3.
    {"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"},
    {"ical", "ic"},  {"ful", ""},   {"ness", ""}};
constexpr Rule kResidual[] = {  // Step 4; longer ones before those they end in.
    {"al", ""},   {"ance", ""}, {"ence", ""},  {"er", ""},   {"ic", ""},  {"able", ""},
    {"ible", ""}, {"ant", ""},  {"ement", ""}, {"ment", ""}, {"ent", ""}, {"ou", ""},
    {"ism", ""},  {"ate", ""},  {"iti", ""},   {"ous", ""},  {"ive", ""}, {"ize", ""}};

/// The last letters of the suffixes of `rules`, a bit each: most words have none of them.
template <std::size_t N>
consteval std::uint32_t last_letters(const Rule (&rules)[N]) {
  std::uint32_t out = 0;
  for (const Rule& rule : rules) out |= 1U << (rule.suffix.back() - 'a');
  return out;
}

/// The word at hand; the rules speak of its stem, which is what is left before a suffix.
class Porter {
 public:
  explicit Porter(std::string& word) : w_(word) {}

  void run() {
    plural();
    past();
    y_to_i();
    double_suffix();
    if (ends_in(last_letters(kFull))) first_of(kFull, 0);
    residual();
    final_e();
    double_l();
  }

 private:
  bool is_vowel(std::size_t i) const {
    switch (w_[i]) {
      case 'a':
      case 'e':
      case 'i':
      case 'o':
      case 'u':
        return true;
      case 'y':
        return i > 0 && !is_vowel(i - 1);
      default:
        return false;
    }
  }

  bool has_vowel(std::size_t size) const {
    for (std::size_t i = 0; i < size; ++i) {
      if (is_vowel(i)) return true;
    }
    return false;
  }

  /// m: how often a vowel is followed by a consonant in the first `size` letters.
  int measure(std::size_t size) const {
    int m = 0;
    bool vowel = false;
    for (std::size_t i = 0; i < size; ++i) {
      const bool now = w_[i] == 'y' ? i > 0 && !vowel : is_vowel(i);
      m += vowel && !now;
      vowel = now;
    }
    return m;
  }

  bool ends_in_double_consonant(std::size_t size) const {
    return size >= 2 && w_[size - 1] == w_[size - 2] && !is_vowel(size - 1);
  }

  /// *o: consonant, vowel, consonant that is not w, x or y; or two letters, vowel and consonant.
  bool ends_cvc(std::size_t size) const {
    if (size == 2) return is_vowel(0) && !is_vowel(1);
    if (size < 3 || is_vowel(size - 3) || !is_vowel(size - 2) || is_vowel(size - 1)) return false;
    const char last = w_[size - 1];
    return last != 'w' && last != 'x' && last != 'y';
  }

  bool ends(std::string_view suffix) const {
    const std::size_t size = w_.size();
    if (w_[size - 1] != suffix.back() || size < suffix.size()) return false;
    if (suffix.size() > 1 && w_[size - 2] != suffix[suffix.size() - 2]) return false;
    return std::string_view(w_).ends_with(suffix);
  }
  std::size_t without(std::string_view suffix) const { return w_.size() - suffix.size(); }
  void replace(std::string_view suffix, std::string_view by) {
    w_.resize(without(suffix));
    w_ += by;
  }

  /// Whether the last letter is one of `letters`.
  bool ends_in(std::uint32_t letters) const {
    const auto last = static_cast<unsigned char>(w_.back() - 'a');
    return last < 26 && (letters >> last & 1) != 0;
  }

  /// Applies the first rule whose suffix the word has, if the measure before it is over `least`.
  template <std::size_t N>
  void first_of(const Rule (&rules)[N], int least) {
    for (const Rule& rule : rules) {
      if (!ends(rule.suffix)) continue;
      if (measure(without(rule.suffix)) > least) replace(rule.suffix, rule.replacement);
      return;
    }
  }

  void plural() {  // Step 1a.
    if (!ends("s")) return;
    if (ends("ies") && w_.size() == 4) return replace("ies", "ie");
    if (ends("sses")) return replace("sses", "ss");
    if (ends("ies")) return replace("ies", "i");
    if (!ends("ss")) replace("s", "");
  }

  void past() {  // Step 1b.
    if (ends("ied")) return replace("ied", w_.size() == 4 ? "ie" : "i");
    if (ends("eed")) {
      if (measure(without("eed")) > 0) replace("eed", "ee");
      return;
    }
    if (ends("ed") && has_vowel(without("ed"))) {
      replace("ed", "");
    } else if (ends("ing") && has_vowel(without("ing"))) {
      replace("ing", "");
    } else {
      return;
    }
    if (ends("at") || ends("bl") || ends("iz")) {
      w_ += 'e';
    } else if (ends_in_double_consonant(w_.size())) {
      const char last = w_.back();
      if (last != 'l' && last != 's' && last != 'z') w_.pop_back();
    } else if (measure(w_.size()) == 1 && ends_cvc(w_.size())) {
      w_ += 'e';
    }
  }

  void y_to_i() {  // Step 1c: after a consonant that is not the first letter.
    if (ends("y") && w_.size() > 2 && !is_vowel(w_.size() - 2)) w_.back() = 'i';
  }

  void double_suffix() {  // Step 2; what -alli leaves may lose another one.
    while (ends("alli") && measure(without("alli")) > 0) replace("alli", "al");
    if (ends("logi")) {
      if (measure(without("ogi")) > 0) replace("logi", "log");
    } else {
      if (ends_in(last_letters(kDouble))) first_of(kDouble, 0);
    }
  }

  void residual() {  // Step 4.
    if (ends("ion")) {
      const std::size_t size = without("ion");
      const bool st = size > 0 && (w_[size - 1] == 's' || w_[size - 1] == 't');
      if (st && measure(size) > 1) replace("ion", "");
      return;
    }
    if (ends_in(last_letters(kResidual))) first_of(kResidual, 1);
  }

  void final_e() {  // Step 5a.
    if (!ends("e")) return;
    const int m = measure(w_.size() - 1);
    if (m > 1 || (m == 1 && !ends_cvc(w_.size() - 1))) w_.pop_back();
  }

  void double_l() {  // Step 5b.
    if (ends("ll") && measure(w_.size() - 1) > 1) w_.pop_back();
  }

  std::string& w_;
};

using Form = std::pair<std::string_view, std::string_view>;

constexpr Form kIrregular[] = {
    {"sky", "sky"},        {"skies", "sky"},       {"dying", "die"},        {"lying", "lie"},
    {"tying", "tie"},      {"news", "news"},       {"innings", "inning"},   {"inning", "inning"},
    {"outings", "outing"}, {"outing", "outing"},   {"cannings", "canning"}, {"canning", "canning"},
    {"howe", "howe"},      {"proceed", "proceed"}, {"exceed", "exceed"},    {"succeed", "succeed"}};

}  // namespace

void porter_stem(std::string& word) {
  const auto found =
      std::ranges::find_if(kIrregular, [&](const Form& f) { return word == f.first; });
  if (found != std::end(kIrregular)) {
    word = found->second;
    return;
  }
  if (word.size() > 2) Porter(word).run();
}

}  // namespace nutgraf::summarizer
