#include "summarizer/leaning.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "summarizer/hash_table.h"
#include "summarizer/word_set.h"
#include "summarizer/words.h"

namespace nutgraf::summarizer {
namespace {

using namespace std::string_view_literals;  // The length of a bare literal is counted.

constexpr std::size_t kOpeningWords = 14;
constexpr std::size_t kLongestToken = 40;

char32_t char_at(Text s, std::size_t i) { return i < s.size() ? s[i] : U'\0'; }
bool is_word_char(char32_t c) { return is_word(c) || c == U'_'; }

bool one_of(Text word, std::initializer_list<Text> words) {
  return std::ranges::find(words, word) != words.end();
}

/// The first words of a sentence, lower case, apostrophes straight; read when they are asked for.
class Opening {
 public:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): `letters_` is written first.
  explicit Opening(Text s) : rest_(s) {}

  /// With its commas and stops; empty beyond the last one, and beyond kOpeningWords.
  Text token(std::size_t i) {
    while (size_ <= i && size_ < kOpeningWords && !rest_.empty()) read();
    return i < size_ ? Text(letters_.data() + i * kLongestToken, tokens_[i].size) : Text();
  }
  /// Its letters up to the first other character.
  Text word(std::size_t i) {
    const Text all = token(i);
    return i < size_ ? all.substr(0, tokens_[i].letters) : all;
  }

 private:
  struct Token {
    std::size_t size;
    std::size_t letters;
  };

  void read() {
    const std::size_t end = std::min(rest_.find(U' '), rest_.size());
    char32_t* const out = letters_.data() + size_ * kLongestToken;
    Token token{std::min(end, kLongestToken), 0};
    bool inside = true;
    for (std::size_t k = 0; k < token.size; ++k) {
      const char32_t c = rest_[k];
      out[k] = c == U'’' ? U'\'' : to_lower(c);
      inside = inside && is_word_char(c);
      token.letters += inside;
    }
    tokens_[size_++] = token;
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
  }

  Text rest_;
  std::size_t size_ = 0;
  std::array<Token, kOpeningWords> tokens_;                      // The first size_.
  std::array<char32_t, kOpeningWords * kLongestToken> letters_;  // kLongestToken for each.
};

/// Words that "it is", "it will be" … take; 0 if the sentence does not open so.
std::size_t it_is(Opening& o) {
  if (one_of(o.token(0), {U"it's"sv})) return 1;
  if (o.token(0) == U"it'll"sv && o.token(1) == U"be"sv) return 2;
  if (o.token(0) != U"it"sv) return 0;
  if (one_of(o.token(1), {U"is"sv, U"was"sv, U"isn't"sv, U"wasn't"sv})) return 2;
  if (one_of(o.token(1), {U"will"sv, U"would"sv, U"may"sv}) && o.token(2) == U"be"sv) return 3;
  if (one_of(o.token(1), {U"has"sv, U"had"sv}) && o.token(2) == U"been"sv) return 3;
  return 0;
}

/// "It was Ann who", "It is clear that".
bool is_cleft(Opening& o, std::size_t head) {
  for (std::size_t k = head + 1; k <= head + 6 && !o.token(k).empty(); ++k) {
    if (contains(o.token(k - 1), U',')) return false;
    if (one_of(o.word(k), {U"that"sv, U"who"sv, U"how"sv, U"whether"sv, U"since"sv, U"before"sv,
                           U"why"sv, U"what"sv, U"where"sv})) {
      return true;
    }
  }
  return false;
}

/// "It is hard to", "It was time for".
bool is_judgement(Opening& o, std::size_t head) {
  for (std::size_t k = head; k <= head + 1; ++k) {
    if (!one_of(o.token(k),
                {U"hard"sv,       U"difficult"sv, U"easy"sv,      U"easier"sv, U"possible"sv,
                 U"impossible"sv, U"important"sv, U"good"sv,      U"better"sv, U"best"sv,
                 U"wrong"sv,      U"right"sv,     U"necessary"sv, U"time"sv,   U"tempting"sv,
                 U"crucial"sv,    U"vital"sv,     U"common"sv,    U"rare"sv,   U"unusual"sv,
                 U"fair"sv,       U"safe"sv})) {
      continue;
    }
    for (std::size_t j = k + 1; j <= k + 4; ++j) {
      if (one_of(o.word(j), {U"to"sv, U"for"sv})) return true;
    }
  }
  return false;
}

/// "It is hoped the", "It was not clear whether".
bool is_belief(Opening& o, std::size_t head) {
  std::size_t k = head;
  if (o.token(k).ends_with(U"ly"sv)) ++k;
  if (o.token(k) == U"not"sv && o.token(k + 1) == U"clear"sv) ++k;
  if (!one_of(o.token(k), {U"hoped"sv, U"thought"sv, U"believed"sv, U"understood"sv, U"feared"sv,
                           U"estimated"sv, U"claimed"sv, U"alleged"sv, U"unclear"sv, U"clear"sv})) {
    return false;
  }
  return !one_of(o.word(k + 1), {U"to"sv, U"by"sv, U"in"sv, U"on"sv, U"at"sv, U""sv});
}

/// "It was not until", "It took a year".
bool is_time(Opening& o) {
  if (o.token(0) != U"it"sv) return false;
  if (one_of(o.word(1), {U"takes"sv, U"took"sv, U"seems"sv, U"appears"sv})) return true;
  if (one_of(o.token(1), {U"turns"sv, U"turned"sv}) && o.word(2) == U"out"sv) return true;
  if (o.token(1) == U"looks"sv && one_of(o.word(2), {U"like"sv, U"as"sv})) return true;
  if (!one_of(o.token(1), {U"was"sv, U"is"sv, U"wasn't"sv, U"isn't"sv})) return false;
  std::size_t k = 2;
  if (o.token(k) == U"not"sv) ++k;
  if (o.token(k) == U"only"sv) ++k;
  return one_of(o.word(k), {U"until"sv, U"when"sv, U"after"sv});
}

bool begins_with_any(Text word, std::initializer_list<Text> beginnings) {
  return std::ranges::any_of(beginnings, [&](Text b) { return word.starts_with(b); });
}

/// Pronouns that point forward, to now, or to nothing.
bool is_free_pronoun(Opening& o) {
  const Text first = o.token(0);
  const Text second = o.token(1);
  if (one_of(first, {U"this"sv, U"that"sv, U"these"sv})) {
    return begins_with_any(
        second, {U"week"sv,    U"year"sv,   U"month"sv,  U"morning"sv, U"evening"sv, U"afternoon"sv,
                 U"spring"sv,  U"summer"sv, U"autumn"sv, U"fall"sv,    U"winter"sv,  U"season"sv,
                 U"century"sv, U"days"sv,   U"mon"sv,    U"tues"sv,    U"wednes"sv,  U"thurs"sv,
                 U"fri"sv,     U"satur"sv,  U"sun"sv});
  }
  if (first == U"those"sv) {
    const Text word = o.word(1);
    return one_of(word, {U"who"sv, U"whose"sv, U"whom"sv, U"with"sv, U"without"sv, U"in"sv, U"of"sv,
                         U"on"sv, U"from"sv}) ||
           (word.size() > 2 && word.ends_with(U"ed"sv)) ||
           (word.size() > 3 && word.ends_with(U"ing"sv));
  }
  if (one_of(first, {U"his"sv, U"her"sv, U"their"sv})) {
    return begins_with_any(
               second, {U"royal"sv, U"majest"sv, U"holiness"sv, U"highness"sv, U"excellenc"sv}) ||
           one_of(o.word(1), {U"honor"sv, U"honour"sv});
  }
  const std::size_t head = it_is(o);
  return is_time(o) ||
         (head != 0 && (is_cleft(o, head) || is_judgement(o, head) || is_belief(o, head)));
}

/// "So far", "Instead of", "Then-", "Yet another": connectives that connect nothing.
bool is_free_connective(Opening& o) {
  const Text first = o.token(0);
  const Text second = o.word(1);
  const std::size_t hyphen = first.find(U'-');
  if (hyphen != Text::npos && hyphen > 0 && is_word_char(char_at(first, hyphen + 1)) &&
      std::ranges::all_of(first.substr(0, hyphen), is_word_char)) {
    return true;
  }
  if (first == U"so"sv) {
    return one_of(second, {U"far"sv, U"much"sv, U"many"sv, U"few"sv, U"called"sv}) ||
           (second == U"long"sv && o.word(2) == U"as"sv);
  }
  if (first == U"still"sv) {
    return begins_with_any(
        o.token(1), {U"life"sv, U"image"sv, U"photo"sv, U"picture"sv, U"frame"sv, U"water"sv});
  }
  if (first == U"then"sv) {
    return one_of(second, {U"prime"sv, U"president"sv, U"vice"sv, U"secretary"sv, U"governor"sv,
                           U"gov"sv, U"sen"sv, U"rep"sv, U"mayor"sv, U"chancellor"sv});
  }
  if (first == U"however"sv) {
    return one_of(second,
                  {U"much"sv, U"many"sv, U"hard"sv, U"long"sv, U"small"sv, U"big"sv, U"you"sv});
  }
  return (first == U"yet"sv && one_of(second, {U"another"sv, U"to"sv})) ||
         (first == U"also"sv && second == U"known"sv) ||
         (first == U"instead"sv && second == U"of"sv) ||
         (first == U"besides"sv && !second.empty() &&
          !(second == U"the"sv && o.word(2) == U"point"sv)) ||
         (first == U"and"sv && second == U"now"sv && o.word(2) == U"for"sv);
}

bool is_connective(Text word) {
  static const WordSet words(
      "but and or nor so however also meanwhile instead still yet then thus therefore hence "
      "moreover "
      "furthermore nevertheless nonetheless otherwise consequently similarly likewise additionally "
      "besides");
  return words.contains(word);
}

bool is_person(Text word) { return one_of(word, {U"he"sv, U"she"sv, U"his"sv, U"her"sv}); }

/// "In addition,", "For example,", "As a result,".
bool opens_with_connecting_phrase(Opening& o) {
  static const WordSet seconds(
      "addition a example instance contrast the same that so other turn response this");
  if (!seconds.contains(o.word(1))) return false;  // Nearly all are done here.
  static constexpr Text kPhrases[] = {
      U"in addition,",      U"as a result,", U"for example,",       U"for instance,",
      U"by contrast,",      U"in contrast,", U"on the other hand,", U"on the contrary,",
      U"at the same time,", U"after that,",  U"even so,",           U"that said,",
      U"in other words,",   U"in turn,",     U"in response,",       U"for that reason,",
      U"for this reason,"};
  std::u32string text;
  text.reserve(4 * (kLongestToken + 1));
  for (std::size_t i = 0; i < 4; ++i) (text += o.token(i)) += U' ';
  return std::ranges::any_of(kPhrases, [&](Text p) { return text.starts_with(p); });
}

/// "The two", "The company", "Another", "Here": things named before.
bool opens_with_definite(Opening& o) {
  if (o.token(0) == U"the"sv) {
    return one_of(
        o.word(1),
        {U"two"sv,    U"three"sv,     U"pair"sv,    U"couple"sv,   U"latter"sv, U"former"sv,
         U"same"sv,   U"incident"sv,  U"company"sv, U"man"sv,      U"woman"sv,  U"group"sv,
         U"report"sv, U"statement"sv, U"move"sv,    U"decision"sv, U"attack"sv, U"suspect"sv,
         U"victim"sv, U"victims"sv,   U"trio"sv,    U"duo"sv});
  }
  if (o.word(0) == U"there"sv) {
    return !one_of(o.word(1), {U"is"sv, U"are"sv, U"was"sv, U"were"sv, U"has"sv, U"have"sv,
                               U"will"sv, U"would"sv, U"may"sv, U"could"sv, U"had"sv});
  }
  return one_of(o.word(0), {U"another"sv, U"other"sv, U"others"sv, U"both"sv, U"neither"sv,
                            U"either"sv, U"such"sv, U"here"sv}) ||
         (o.token(0) == U"as"sv && o.word(1) == U"for"sv);
}

/// Whether one of `words` stands at `i`, to the end of a word.
bool word_at(Text s, std::size_t i, std::initializer_list<Text> words) {
  std::size_t end = i;
  while (end < s.size() && is_word_char(s[end])) ++end;
  return i < s.size() && one_of(s.substr(i, end - i), words);
}

/// "…," he said; "…" said she.
bool is_attributed_to_pronoun(const Passage& p) {
  const Text s = p.text();
  bool opened = false;
  for (std::size_t i = p.next_double_quote(0); i != Text::npos; i = p.next_double_quote(i + 1)) {
    if (s[i] != U'“') {
      std::size_t next = i + 1;
      if (char_at(s, next) == U',') ++next;
      if (opened && char_at(s, next) == U' ' &&
          word_at(s, next + 1, {U"he"sv, U"she"sv, U"they"sv, U"it"sv})) {
        return true;
      }
      if (char_at(s, i + 1) == U' ' &&
          word_at(s, i + 2, {U"said"sv, U"says"sv, U"added"sv, U"asked"sv})) {
        const std::size_t space = s.find(U' ', i + 2);
        if (space != Text::npos && word_at(s, space + 1, {U"he"sv, U"she"sv})) return true;
      }
    }
    opened = s[i] != U'”';
  }
  return false;
}

/// What the first word of a sentence says of it: most sentences are done there.
enum class First {
  kPlain,        ///< No rule asks for it.
  kArticle,      ///< "The": only what comes next can lean.
  kPreposition,  ///< "In", "For": may open a connecting phrase.
  kTelling,      ///< A pronoun, a connective, "another": all rules are asked.
};

HashTable<First> english_firsts() {
  HashTable<First> out;
  WordSet("in as for by on at after even").for_each_hash([&](std::uint64_t word) {
    out.try_emplace(word, First::kPreposition);
  });
  WordSet(
      "he she his her they their it its this that these those but and or nor so however also "
      "meanwhile instead still yet then thus therefore hence moreover furthermore nevertheless "
      "nonetheless otherwise consequently similarly likewise additionally besides another other "
      "others both neither either such here there")
      .for_each_hash([&](std::uint64_t word) { out.try_emplace(word, First::kTelling); });
  out.try_emplace(hash_word("the"), First::kArticle);
  return out;
}

First first_of(Text text) {
  static const HashTable<First> firsts = english_firsts();
  constexpr std::size_t kLongestFirst = 16;
  WordHash hash;
  for (std::size_t size = 0; size < text.size() && is_word_char(text[size]); ++size) {
    if (size == kLongestFirst) return First::kPlain;
    hash.add(to_lower(text[size]));
  }
  const First* first = firsts.find(hash.value());
  return first == nullptr ? First::kPlain : *first;
}

bool leans_in_english(const Passage& sentence, bool may_have_quotes) {
  const Text s = sentence.text();
  Text text = s;
  while (!text.empty() && contains(U"\"“”'‘’`([{ "_set, text.front())) text.remove_prefix(1);
  const bool quoted = contains(U"\"“"_set, char_at(s, 0)) && !s.empty();
  if (may_have_quotes && is_attributed_to_pronoun(sentence)) return true;
  const First first = first_of(text);
  if (first == First::kPlain) return false;
  Opening o(text);
  if (first == First::kArticle) return opens_with_definite(o);
  if (first == First::kPreposition) {
    return opens_with_connecting_phrase(o) ? !quoted : opens_with_definite(o);
  }
  if (is_free_pronoun(o) || is_free_connective(o)) return false;
  if (opens_with_connecting_phrase(o)) return !quoted;
  if (opens_with_definite(o)) return true;
  const Text word = o.word(0);
  if (is_connective(word)) return !quoted;
  const bool person = is_person(word);
  const bool group = one_of(word, {U"they"sv, U"their"sv});
  if (!person && !group &&
      !one_of(word, {U"it"sv, U"its"sv, U"this"sv, U"that"sv, U"these"sv, U"those"sv})) {
    return false;
  }
  if (quoted && !person && !group) return false;
  const std::size_t space = text.find(U' ');
  const bool name = space != Text::npos && is_upper(char_at(text, space + 1));
  return person || !name;
}

struct Row {
  std::string_view language;
  std::string_view openings;
};

// clang-format off
constexpr Row kOpenings[] = {
    {"de", "er sie es ihr ihre sein seine aber doch jedoch dieser diese dieses dies zudem außerdem auch deshalb daher dennoch dann so denn dabei dazu damit danach und oder trotzdem allerdings beide dort darum deswegen hingegen dagegen"},
    {"fr", "il elle ils elles ce cela ceci cette ces celui celle son sa ses leur leurs mais et ou donc or ainsi aussi cependant pourtant toutefois puis ensuite enfin alors néanmoins"},
    {"es", "él ella ellos ellas ese esa eso este esta esto estos estas su sus pero y o así también además sin entonces luego por ambos tampoco"},
    {"it", "lui lei loro egli essa essi questo questa questi queste quello quella suo sua ma e o però così anche inoltre quindi poi dunque tuttavia infine entrambi"},
    {"pt", "ele ela eles elas esse essa isso este esta isto seu sua seus suas mas e ou porém assim também além então depois ambos contudo entretanto"},
    {"nl", "hij zij ze dit dat deze hun maar en of dus ook daarom daarna toch toen vervolgens bovendien echter beiden"},
    {"sv", "han hon detta denna dessa hans hennes deras men och eller så också därför sedan dessutom dock båda"},
    {"da", "han hun dette denne disse hans hendes deres men og eller så også derfor siden desuden dog begge"},
    {"nb", "han hun dette denne disse hans hennes deres men og eller så også derfor siden dessuten likevel begge"},
};
// clang-format on

std::map<std::string, WordSet, std::less<>> openings_by_language() {
  std::map<std::string, WordSet, std::less<>> out;
  for (const Row& row : kOpenings) out.emplace(row.language, WordSet(row.openings));
  out.emplace("no", out.at("nb"));
  return out;
}

}  // namespace

bool leans(const Passage& passage, std::string_view language, bool may_have_quotes) {
  if (language == "en") return leans_in_english(passage, may_have_quotes);
  static const auto openings = openings_by_language();
  const auto found = openings.find(language);
  if (found == openings.end()) return false;
  Text sentence = passage.text();
  while (!sentence.empty() && !is_word(sentence.front())) sentence.remove_prefix(1);
  std::size_t end = 0;
  while (end < sentence.size() && end < 20 && is_word(sentence[end])) ++end;
  return found->second.contains(lower(sentence.substr(0, end)));
}

}  // namespace nutgraf::summarizer
