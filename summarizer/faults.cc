#include "summarizer/faults.h"

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include "summarizer/block.h"
#include "summarizer/phrases.h"

namespace nutgraf::summarizer {
namespace {

using namespace std::string_view_literals;  // The length of a bare literal is counted.

constexpr CharSet kQuotes = U"\"'“‘„«»`”’"_set;
constexpr CharSet kOpening = U"\"“”'‘’`([{ "_set;
constexpr CharSet kTerminal = U".!?…。！？۔।؟։"_set;
constexpr CharSet kClosing = U"\"”'’)]»“」』） "_set;

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
  if (s.starts_with(U"easyJet"sv) || s.starts_with(U"will.i.am"sv) || s.starts_with(U"k.d."sv)) {
    return true;
  }
  std::size_t i = 0;
  while (i < s.size() && is_lower(s[i])) ++i;
  if (i <= 4 && is_upper(char_at(s, i))) return true;
  return contains(U" ’'-"_set, char_at(s, i)) && is_upper(char_at(s, i + 1)) &&
         std::ranges::find(kParticles, s.substr(0, i)) != std::end(kParticles);
}

bool ends_in_title(Text s) {
  if (!s.ends_with(U'.') || s.size() < 3) return false;
  // No title is longer than four letters, and "f" to "v" is what they end in.
  if (!contains(U"rsnpvtf"_set, s[s.size() - 2])) return false;
  static constexpr Text kTitles[] = {U"Mr.",  U"Mrs.", U"Ms.", U"Dr.",  U"Sen.", U"Rep.",
                                     U"Gov.", U"Gen.", U"Lt.", U"Sgt.", U"Rev.", U"Prof."};
  return std::ranges::any_of(kTitles, [&](Text title) {
    return s.ends_with(title) &&
           (s.size() == title.size() || !is_word_char(s[s.size() - title.size() - 1]));
  });
}

bool is_fragment(Text s) {
  const Text bare = skip_opening(s);
  if (bare.empty() || bare.starts_with(U".."sv)) return true;
  if (is_lower(bare[0]) && !opens_with_name_in_lower_case(bare)) return true;
  if (!is_alnum(bare[0]) && !contains(U"$£€#@¿¡&."_set, bare[0])) return true;
  // ",.": the source lost the rest.
  return !is_terminated(s) || s.ends_with(U",."sv) || ends_in_title(s);
}

bool may_have_inches_or_smileys(Text s) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == U':' || s[i] == U';') return true;
    if ((s[i] == U'\'' || s[i] == U'’') && i > 0 && is_digit(s[i - 1])) return true;
  }
  return false;
}

/// Without the marks that close nothing: 6'2", :-) and the like.
std::u32string without_inches_and_smileys(Text s) {
  std::u32string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (is_digit(s[i]) && contains(U"'’"_set, char_at(s, i + 1))) {
      std::size_t j = i + 2;
      if (is_space(char_at(s, j))) ++j;
      const std::size_t digits = j;
      while (j < digits + 2 && is_digit(char_at(s, j))) ++j;
      if (j > digits && contains(U"\"”"_set, char_at(s, j)) && j < s.size()) {
        i = j;
        continue;
      }
    }
    if (s[i] == U':' || s[i] == U';') {
      const std::size_t j = i + (char_at(s, i + 1) == U'-' ? 2 : 1);
      if (j < s.size() && contains(U"()"_set, s[j])) {
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

bool is_unbalanced(Text sentence, const Shape& shape) {
  if (shape.only_straight_quotes) return shape.straight_quotes % 2 != 0;
  std::u32string plain;
  Text s = sentence;
  if (may_have_inches_or_smileys(s)) s = plain = without_inches_and_smileys(s);
  bool straight = false;  // Of the straight quotation marks there is an odd number.
  int curly = 0;          // Opened, and not closed.
  std::vector<char32_t> open;
  for (std::size_t i = 0; i < s.size(); ++i) {
    switch (s[i]) {
      case U'"':
        straight = !straight;
        break;
      case U'“':
        ++curly;
        break;
      case U'”':
        --curly;
        break;
      case U'(':
      case U'[':
        open.push_back(s[i]);
        break;
      case U')':
      case U']':
        if (open.empty()) {
          if (!is_list_mark(s, i)) return true;
          break;
        }
        if ((open.back() == U'(') != (s[i] == U')')) return true;
        open.pop_back();
        break;
      default:
        break;
    }
  }
  return straight || curly != 0 || !open.empty();
}

/// Counts the names of a sentence: runs of capitalised words that are no openings.
class NameCounter {
 public:
  /// The `word`th word is capitalised; `before` is the last character of the word before it.
  void add(int word, char32_t before) {
    const bool goes_on = word == last_ + 1;
    last_ = word;
    if (goes_on) {
      if (contains(U",;:"_set, before)) last_ = kNone;
    } else if (is_lower(before) || contains(U",;:’'\"”"_set, before)) {
      ++names_;
    } else {
      last_ = kNone;
    }
  }
  int names() const { return names_; }

 private:
  static constexpr int kNone = -2;
  int last_ = kNone;  // The last word, if it was of a name.
  int names_ = 0;
};

/// Of a sentence that is ASCII: counts the words that begin at `capitals`, which are some of
/// `begins`: masks of the block at `block` of `s`, before which there are `words` words.
void add_names(std::string_view s, std::size_t block, std::uint64_t begins, std::uint64_t capitals,
               int words, NameCounter& names) {
  for (; capitals != 0; capitals &= capitals - 1) {
    const auto bit = static_cast<std::size_t>(std::countr_zero(capitals));
    const std::uint64_t so_far = begins & (~std::uint64_t{0} >> (Block::kSize - 1 - bit));
    const std::size_t i = block + bit;
    if (i >= 2) names.add(words + count_bits(so_far), static_cast<unsigned char>(s[i - 2]));
  }
}

/// What the punctuation mark at `i` of a sentence that is ASCII tells.
void add_mark(std::string_view s, std::size_t i, Shape& out) {
  switch (s[i]) {
    case '"':
      ++out.straight_quotes;
      break;
    case '(':
    case ')':
    case '[':
    case ']':
      out.has_pairs = true;
      out.only_straight_quotes = false;
      break;
    case ':':
      out.has_colon = true;
      [[fallthrough]];
    case ';':
      out.only_straight_quotes = false;
      break;
    case '\'':  // A foot, or half of an inch mark.
      if (i > 0 && is_digit(static_cast<unsigned char>(s[i - 1]))) out.only_straight_quotes = false;
      break;
    case '@':
    case '/':
      out.may_have_address = true;
      break;
    case '.':
      if (i > 0 && (s[i - 1] | 32) == 'w') out.may_have_address = true;
      break;
    default:
      break;
  }
}

/// Words where some letters are of a script without spaces: two of those are one.
int count_words(Text s) {
  int words = 0;
  int unspaced = 0;
  bool in_word = false;
  for (const char32_t c : s) {
    const bool pairs = is_unspaced(c);
    unspaced += pairs;
    const bool word = !is_space(c) && !pairs;
    words += word && !in_word && (unspaced == 0 || is_word(c));
    in_word = word;
  }
  return words + unspaced / 2;
}

/// The AsciiClass bits of any character that shape_of asks for.
std::uint8_t class_of(char32_t c) {
  if (c < 0x80) return ascii_class(c);
  std::uint8_t bits = is_space(c) ? kSpaceBit : 0;
  if (is_upper(c)) bits |= kUpperBit;
  if (is_alpha(c)) bits |= kLowerBit;
  if (is_double_quote(c)) bits |= kPairBit;
  return bits;
}

/// Opens with a quotation mark and says next to nothing outside: who speaks?
bool is_quotation_only(Text s) {
  if (!contains(U"\"“"_set, char_at(s, 0)) || s.empty()) return false;
  int words = 0;
  bool in_word = false;
  for (std::size_t i = 0; i < s.size() && words < 2; ++i) {
    const char32_t c = s[i];
    if (c == U'"' || c == U'“') {
      do ++i;
      while (i < s.size() && s[i] != U'"' && s[i] != U'”');
      in_word = false;
      continue;
    }
    const bool apostrophe = in_word && contains(U"'’"_set, c) && is_word_char(char_at(s, i + 1));
    const bool word = is_word_char(c) || apostrophe;
    words += word && !in_word;
    in_word = word;
  }
  return words < 2;
}

/// In brackets as a whole: an aside to what is before it.
bool is_aside(Text s) {
  if (char_at(s, 0) != U'(') return false;
  while (contains(kTerminal, s.back())) s.remove_suffix(1);
  return s.find(U')') == s.size() - 1;
}

}  // namespace

bool opens_with_quote(Text sentence) {
  return !sentence.empty() && contains(kQuotes, sentence[0]) && sentence[0] != U'’';
}

bool is_list_item(Text s) {
  std::size_t i = 0;
  while (i < 2 && is_digit(char_at(s, i))) ++i;
  return i > 0 && contains(U".)"_set, char_at(s, i)) && char_at(s, i + 1) == U' ';
}

bool is_terminated(Text s) {
  while (!s.empty() && contains(kClosing, s.back())) s.remove_suffix(1);
  return !s.empty() && contains(kTerminal, s.back());
}

Shape shape_of(Text s) {
  Shape out;
  NameCounter names;
  std::uint8_t seen = 0;
  std::uint8_t last = kSpaceBit;
  bool www = false;
  bool unspaced = false;
  // No branch here but the one for capitals: what comes next in a text is hard to foresee.
  for (std::size_t i = 0; i < s.size(); ++i) {
    const char32_t c = s[i];
    const std::uint8_t bits = class_of(c);
    unspaced |= is_unspaced(c);
    out.letters += (bits & kAlphaBits) != 0;
    out.upper += bits & kUpperBit;
    const bool begins = ((last & ~bits) & kSpaceBit) != 0;
    out.words += begins;
    if (begins && (bits & kUpperBit) != 0 && i >= 2) names.add(out.words, s[i - 2]);
    www |= c == U'.' && i > 0 && (s[i - 1] | 32) == U'w';
    out.has_copyright |= c == U'©';
    out.has_colon |= c == U':';
    seen |= bits;
    last = bits;
  }
  if (unspaced) out.words = count_words(s);
  out.names = names.names();
  out.has_pairs = (seen & kPairBit) != 0;
  out.may_have_quotes = out.has_pairs;
  out.may_have_address = www || (seen & kAddressBit) != 0;
  return out;
}

Shape shape_of_ascii(const Passage& p) {
  const std::string_view s = p.bytes();
  Shape out{.only_straight_quotes = true};
  NameCounter names;
  std::uint64_t last_space = 1;  // Whether the character before these 64 is one.
  for (std::size_t i = 0; i < s.size(); i += Block::kSize) {
    const std::uint64_t upper = p.mask(&Characters::upper, i);
    const std::uint64_t alnum = p.mask(&Characters::alnum, i);
    const std::uint64_t spaces = p.mask(&Characters::space, i);
    std::uint64_t marks = p.mask(&Characters::marks, i);
    const std::uint64_t begins = (spaces << 1 | last_space) & (alnum | marks);
    last_space = spaces >> (Block::kSize - 1);
    add_names(s, i, begins, begins & upper, out.words, names);
    out.words += count_bits(begins);
    out.upper += count_bits(upper);
    out.letters += count_bits(alnum & ~p.mask(&Characters::digit, i));
    for (; marks != 0; marks &= marks - 1) {
      add_mark(s, i + static_cast<std::size_t>(std::countr_zero(marks)), out);
    }
  }
  out.names = names.names();
  out.may_have_quotes = out.straight_quotes > 0;
  out.has_pairs = out.has_pairs || out.may_have_quotes;
  return out;
}

std::u32string plain_quotes(Text sentence, std::string_view language) {
  std::u32string out(sentence);
  if (language == "en") return out;
  for (char32_t& c : out) {
    if (contains(U"„“”«»‟"_set, c)) c = U'"';
  }
  return out;
}

std::string_view fault_of(Text s, const Shape& shape, int words, bool may_point) {
  if (words < kShortest) return "short";
  if (words > kLongest) return "long";
  if (is_fragment(s)) return "fragment";
  if (is_credit(s, shape.may_have_address, shape.has_colon) ||
      ((may_point || shape.has_copyright) && has_pointer(s)))
    return "credit";
  if (5 * shape.upper >= 4 * std::max(shape.letters, 1)) return "capitals";
  if (shape.has_pairs && is_unbalanced(s, shape)) return "unbalanced";
  if (is_quotation_only(s)) return "quotation only";
  if (shape.has_pairs && is_aside(s)) return "aside";
  return {};
}

}  // namespace nutgraf::summarizer
