#include "summarizer/faults.h"

#include <algorithm>
#include <string>
#include <vector>

#include "summarizer/phrases.h"

namespace nutgraf::summarizer {
namespace {

constexpr Text kQuotes = U"\"'“‘„«»`”’";
constexpr Text kOpening = U"\"“”'‘’`([{ ";
constexpr Text kTerminal = U".!?…。！？۔।؟։";
constexpr Text kClosing = U"\"”'’)]»“」』） ";

char32_t char_at(Text s, std::size_t i) { return i < s.size() ? s[i] : U'\0'; }

bool is_word_char(char32_t c) { return is_word(c) || c == U'_'; }

Text skip_opening(Text s) {
  while (!s.empty() && contains(kOpening, s.front())) s.remove_prefix(1);
  return s;
}

/// "al-Shabaab", "de Blasio", "iPhone", "easyJet": lower case, and yet a name.
bool opens_with_name_in_lower_case(Text s) {
  static constexpr Text kParticles[] = {U"de",  U"da",  U"di",  U"del", U"della", U"dos", U"du",
                                        U"le",  U"la",  U"el",  U"al",  U"bin",   U"ibn", U"von",
                                        U"van", U"der", U"den", U"ter", U"ten",   U"d",   U"l"};
  if (s.starts_with(U"easyJet") || s.starts_with(U"will.i.am") || s.starts_with(U"k.d.")) {
    return true;
  }
  std::size_t i = 0;
  while (i < s.size() && is_lower(s[i])) ++i;
  if (i <= 4 && is_upper(char_at(s, i))) return true;
  return contains(U" ’'-", char_at(s, i)) && is_upper(char_at(s, i + 1)) &&
         std::ranges::find(kParticles, s.substr(0, i)) != std::end(kParticles);
}

bool ends_in_title(Text s) {
  static constexpr Text kTitles[] = {U"Mr.",  U"Mrs.", U"Ms.", U"Dr.",  U"Sen.", U"Rep.",
                                     U"Gov.", U"Gen.", U"Lt.", U"Sgt.", U"Rev.", U"Prof."};
  return std::ranges::any_of(kTitles, [&](Text title) {
    return s.ends_with(title) &&
           (s.size() == title.size() || !is_word_char(s[s.size() - title.size() - 1]));
  });
}

bool is_fragment(Text s) {
  const Text bare = skip_opening(s);
  if (bare.empty() || bare.starts_with(U"..")) return true;
  if (is_lower(bare[0]) && !opens_with_name_in_lower_case(bare)) return true;
  if (!is_alnum(bare[0]) && !contains(U"$£€#@¿¡&.", bare[0])) return true;
  return !is_terminated(s) || ends_in_title(s);
}

bool is_capitals(Text s) {
  std::size_t letters = 0;
  std::size_t upper = 0;
  for (const char32_t c : s) {
    letters += is_alpha(c);
    upper += is_upper(c);
  }
  return 5 * upper >= 4 * std::max<std::size_t>(letters, 1);
}

/// Without the marks that close nothing: 6'2", :-) and the like.
std::u32string without_inches_and_smileys(Text s) {
  std::u32string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (is_digit(s[i]) && contains(U"'’", char_at(s, i + 1))) {
      std::size_t j = i + 2;
      if (is_space(char_at(s, j))) ++j;
      const std::size_t digits = j;
      while (j < digits + 2 && is_digit(char_at(s, j))) ++j;
      if (j > digits && contains(U"\"”", char_at(s, j)) && j < s.size()) {
        i = j;
        continue;
      }
    }
    if (s[i] == U':' || s[i] == U';') {
      const std::size_t j = i + (char_at(s, i + 1) == U'-' ? 2 : 1);
      if (j < s.size() && contains(U"()", s[j])) {
        i = j;
        continue;
      }
    }
    out.push_back(s[i]);
  }
  return out;
}

/// Whether the bracket at `i` only closes a list mark, "a)".
bool is_list_mark(Text s, std::size_t i) {
  std::size_t j = i;
  while (j > 0 && i - j < 2 && is_word_char(s[j - 1])) --j;
  return s[i] == U')' && j < i && (j == 0 || is_space(s[j - 1]));
}

bool is_unbalanced(Text sentence) {
  const auto opens_or_closes = [](char32_t c) {
    return is_double_quote(c) || c == U'(' || c == U')' || c == U'[' || c == U']';
  };
  if (std::ranges::none_of(sentence, opens_or_closes)) return false;
  const std::u32string s = without_inches_and_smileys(sentence);
  if (std::ranges::count(s, U'"') % 2 != 0) return true;
  if (std::ranges::count(s, U'“') != std::ranges::count(s, U'”')) return true;
  std::vector<char32_t> open;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == U'(' || s[i] == U'[') {
      open.push_back(s[i]);
    } else if (s[i] == U')' || s[i] == U']') {
      if (open.empty()) {
        if (!is_list_mark(s, i)) return true;
        continue;
      }
      if ((open.back() == U'(') != (s[i] == U')')) return true;
      open.pop_back();
    }
  }
  return !open.empty();
}

/// Opens with a quotation mark and says next to nothing outside: who speaks?
bool is_quotation_only(Text s) {
  if (!contains(U"\"“", char_at(s, 0)) || s.empty()) return false;
  int words = 0;
  bool inside = false;
  bool in_word = false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const char32_t c = s[i];
    if (!inside && (c == U'"' || c == U'“')) {
      inside = true;
    } else if (inside && (c == U'"' || c == U'”')) {
      inside = false;
    }
    const bool apostrophe = in_word && contains(U"'’", c) && is_word_char(char_at(s, i + 1));
    const bool word = !inside && (is_word_char(c) || apostrophe);
    words += word && !in_word;
    in_word = word;
  }
  return words < 2;
}

}  // namespace

int count_words(Text sentence) {
  int words = 0;
  int unspaced = 0;
  bool in_word = false;
  for (const char32_t c : sentence) {
    const bool pairs = is_unspaced(c);
    unspaced += pairs;
    const bool word = !is_space(c) && !pairs;
    words += word && !in_word && (unspaced == 0 || is_word(c));
    in_word = word;
  }
  return words + unspaced / 2;
}

bool opens_with_quote(Text sentence) {
  return !sentence.empty() && contains(kQuotes, sentence[0]) && sentence[0] != U'’';
}

bool is_terminated(Text s) {
  while (!s.empty() && contains(kClosing, s.back())) s.remove_suffix(1);
  return !s.empty() && contains(kTerminal, s.back());
}

int count_names(Text s) {
  int names = 0;
  bool running = false;  // The word before is part of a name.
  for (std::size_t i = 1; i < s.size(); ++i) {
    if (!is_space(s[i - 1])) continue;
    const bool capital = is_upper(s[i]);
    const char32_t before = i >= 2 ? s[i - 2] : U'\0';
    const bool inside = is_lower(before) || (before != 0 && contains(U",;:’'\"”", before));
    if (capital && !running && inside) {
      ++names;
      running = true;
    } else if (!capital || (running && contains(U",;:", before))) {
      running = false;
    }
  }
  return names;
}

std::u32string plain_quotes(Text sentence, std::string_view language) {
  std::u32string out(sentence);
  if (language == "en") return out;
  for (char32_t& c : out) {
    if (contains(U"„“”«»‟", c)) c = U'"';
  }
  return out;
}

std::string_view fault_of(Text s, int words) {
  if (words < kShortest) return "short";
  if (words > kLongest) return "long";
  if (is_fragment(s)) return "fragment";
  if (is_credit(s)) return "credit";
  if (is_capitals(s)) return "capitals";
  if (is_unbalanced(s)) return "unbalanced";
  if (is_quotation_only(s)) return "quotation only";
  return {};
}

}  // namespace nutgraf::summarizer
