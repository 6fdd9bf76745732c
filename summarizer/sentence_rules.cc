#include "summarizer/sentence_rules.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>

#include "summarizer/block.h"
#include "summarizer/sentence_lists.h"
#include "summarizer/sentences.h"

namespace nutgraf::summarizer {
namespace {

using namespace std::string_view_literals;  // The length of a bare literal is counted.

constexpr CharSet kOpen = U"\"'“‘«„([{¿¡‹_*"_set;
constexpr CharSet kClose = U"\"'”’»“)]}›"_set;
constexpr CharSet kTerminators = U".!?…"_set;
constexpr CharSet kWide = U"。！？．｡။۔।؟։"_set;  // These need no space after them.
constexpr CharSet kBullets = U"•⁃·"_set;
/// Words are looked at no further than this: longer ones are no abbreviations.
constexpr std::size_t kMaxWord = 64;

Text closer_of(char32_t c) {
  switch (c) {
    case U'(':
      return U")"sv;
    case U'[':
      return U"]"sv;
    case U'（':
      return U"）"sv;
    case U'《':
      return U"》"sv;
    case U'「':
      return U"」"sv;
    case U'『':
      return U"』"sv;
    case U'“':
      return U"”"sv;
    case U'„':
      return U"“”"sv;
    case U'«':
      return U"»"sv;
    case U'"':
      return U"\""sv;
    case U'‘':
      return U"’"sv;
    default:
      return {};
  }
}

/// Brackets within brackets; more is no text, and would be read again from each of them.
constexpr int kMaxDepth = 8;

struct Span {
  std::size_t begin;
  std::size_t end;
};

char32_t char_at(Text p, std::size_t i) { return i < p.size() ? p[i] : U'\0'; }

/// Whether the straight or single mark at `i` can open a quotation (and is no inch or apostrophe).
bool can_open(Text p, std::size_t i) {
  const bool after = i == 0 || is_space(p[i - 1]) || contains(U"([“—-"_set, p[i - 1]);
  return after && i + 1 < p.size() && !is_space(p[i + 1]);
}

/// Whether the mark at `j` closes what `open` at `i` opened, and is no apostrophe.
bool closes(Text p, std::size_t i, std::size_t j, char32_t open) {
  const char32_t next = char_at(p, j + 1);
  if ((open == U'‘' || open == U'"') && is_alnum(next)) return false;
  if (open != U'‘') return true;
  const bool followed = next != 0 && contains(U" ,.;"_set, next) && j - i > 2;
  return contains(U".,!?…"_set, p[j - 1]) || followed;
}

/// The characters of a paragraph that any rule asks for, found in one pass; the rules then go from
/// one to the next.
struct Landmarks {
  std::vector<std::uint32_t> stops;  ///< Terminators, dashes, brackets, quotation marks, non-ASCII.
  std::vector<std::uint32_t> marks;  ///< Beginnings of words that may be list marks.
};

/// Whether the stop at `i` can end a letter that is a list mark: "a)".
bool ends_letter(Text p, std::size_t i) {
  if (i == 0 || p[i - 1] < U'a' || p[i - 1] > U'h' || (p[i] != U'.' && p[i] != U')')) return false;
  return i == 1 || is_space(p[i - 2]);
}

void find_landmarks(const Passage& p, char32_t question, Landmarks& out) {
  static constexpr CharSet kStops = U"().-!?[]\""_set;
  out.stops.clear();
  out.marks.clear();
  std::uint64_t last_space = 1;  // Whether the character before these 64 is one.
  for (std::size_t begin = 0; begin < p.size(); begin += Block::kSize) {
    const std::uint64_t spaces = p.mask(&Characters::space, begin);
    const std::uint64_t marks = p.mask(&Characters::marks, begin);
    const std::uint64_t begins = spaces << 1 | last_space;
    last_space = spaces >> (Block::kSize - 1);
    for (std::uint64_t left = marks | (begins & p.mask(&Characters::digit, begin)); left != 0;
         left &= left - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(left));
      const auto i = static_cast<std::uint32_t>(begin + bit);
      const char32_t c = p.text()[i];
      if (ends_letter(p.text(), i)) out.marks.push_back(i - 1);
      if ((begins >> bit & 1) != 0 && (c >= 0x80 || is_digit(c))) out.marks.push_back(i);
      if (c >= 0x80 || contains(kStops, c) || c == question) out.stops.push_back(i);
    }
  }
}

/// Where the stretch that begins at `stops[k]` ends; there if it does not within its limit.
std::size_t end_of_stretch(Text p, const std::vector<std::uint32_t>& stops, std::size_t k,
                           Text closer) {
  const std::size_t i = stops[k];
  const char32_t open = p[i];
  const std::size_t limit = contains(U"\"“„«‘"_set, open) ? kMaxQuotation : kMaxBracket;
  int depth = 1;
  for (++k; k < stops.size() && stops[k] - i <= limit; ++k) {
    const std::size_t j = stops[k];
    if (contains(closer, p[j]) && closes(p, i, j, open)) {
      if (--depth == 0) return j;
    } else if (p[j] == open && open != U'"') {
      if (++depth > kMaxDepth) return i;
    }
  }
  return i;
}

/// Stretches in brackets and quotation marks, disjoint and ascending; both marks included.
void find_stretches(Text p, const std::vector<std::uint32_t>& stops, std::vector<Span>& out) {
  out.clear();
  std::size_t done = 0;  // What is before it is in a stretch.
  for (std::size_t k = 0; k < stops.size(); ++k) {
    const std::size_t i = stops[k];
    if (i < done) continue;
    const Text closer = closer_of(p[i]);
    if (closer.empty()) continue;
    if ((p[i] == U'"' || p[i] == U'‘') && !can_open(p, i)) continue;
    const std::size_t end = end_of_stretch(p, stops, k, closer);
    if (end == i) continue;
    out.push_back({i, end});
    done = end + 1;
  }
}

/// A list mark: "• 9. ", "a) ", "1.) ".
struct Mark {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< After its stop or bracket.
  int number = 0;       ///< 'a' is 1.
  Text style;           ///< "." ")" ".)"
};

/// The mark at `i`, of digits or of letters; `end` is 0 if there is none.
Mark mark_at(Text p, std::size_t i, bool letters) {
  Mark m;
  m.begin = i;
  if (contains(kBullets, char_at(p, i))) ++i;
  if (i > m.begin && is_space(char_at(p, i))) ++i;
  if (letters) {
    if (char_at(p, i) < U'a' || char_at(p, i) > U'h') return {};
    m.number = static_cast<int>(p[i++] - U'a') + 1;
  } else {
    const std::size_t first = i;
    while (i < first + 2 && char_at(p, i) >= U'0' && char_at(p, i) <= U'9') {
      m.number = m.number * 10 + static_cast<int>(p[i++] - U'0');
    }
    if (i == first) return {};
  }
  const std::size_t stop = i;
  if (char_at(p, i) == U'.') ++i;
  if (char_at(p, i) == U')') ++i;
  m.style = p.substr(std::min(stop, p.size()), i - stop);
  const char32_t next = char_at(p, i + 1);
  const bool text = letters ? next >= U'A' && next <= U'Z' : next != 0;
  if (m.style.empty() || !is_space(char_at(p, i)) || !text) return {};
  m.end = i;
  return m;
}

/// Whether a list mark can begin at `i`, where a word does.
bool may_be_mark(Text p, std::size_t i, bool letters) {
  const char32_t c = p[i];
  if (contains(kBullets, c)) return true;
  if (letters) return c >= U'a' && c <= U'h' && contains(U".)"_set, char_at(p, i + 1));
  return c >= U'0' && c <= U'9';
}

std::vector<Mark> find_marks(Text p, const std::vector<std::uint32_t>& places, bool letters) {
  std::vector<Mark> out;
  for (const std::uint32_t i : places) {
    if ((!out.empty() && i <= out.back().end) || !may_be_mark(p, i, letters)) continue;
    const Mark m = mark_at(p, i, letters);
    if (m.end != 0) out.push_back(m);
  }
  return out;
}

/// Last stretch of text before `end` and not before `begin` that holds none of `stops` nor a space.
Text word_before(Text p, std::size_t begin, std::size_t end, const CharSet& stops) {
  std::size_t i = end;
  while (i > begin && end - i < kMaxWord && !is_space(p[i - 1]) && !contains(stops, p[i - 1])) --i;
  return p.substr(i, end - i);
}

bool one_of(Text word, std::initializer_list<Text> words) {
  return std::ranges::find(words, word) != words.end();
}

/// "am 1. und 2. Mai", "vom 6. - 7. März": a number with a stop that stands after a short word or
/// a dash is an ordinal where those are written so.
bool is_ordinal(Text p, const Mark& m) {
  if (m.style != U"."sv || m.begin < 2) return false;
  const std::size_t end = m.begin - 1;
  if (contains(U"-–—"_set, p[end - 1])) return true;
  const Text word = word_before(p, 0, end, U""_set);
  if (!std::ranges::all_of(word, is_alpha)) return false;
  constexpr std::size_t kShort = 3;
  return word.size() <= kShort ||
         one_of(word, {U"beim"sv, U"oder"sv, U"nach"sv, U"seit"sv, U"till"sv});
}

/// The marks that stand in consecutive runs of at least two: 1. 2. 3., or a) b).
std::vector<Mark> list_marks(Text p, const std::vector<std::uint32_t>& places, bool ordinals) {
  std::vector<Mark> out;
  if (places.size() < 2) return out;
  for (const bool letters : {false, true}) {
    std::vector<Mark> run;
    const auto close = [&] {
      if (run.size() > 1) out.insert(out.end(), run.begin(), run.end());
      run.clear();
    };
    for (const Mark& m : find_marks(p, places, letters)) {
      if (ordinals && is_ordinal(p, m)) continue;
      const bool next =
          !run.empty() && m.style == run.back().style && m.number == run.back().number + 1;
      // A stray letter ("Vitamin a. The") does not end a run of letters, only an 'a' begins anew.
      if (letters && !next && !run.empty() && m.number != 1) continue;
      if (!next) close();
      run.push_back(m);
    }
    close();
  }
  std::ranges::sort(out, {}, &Mark::begin);
  return out;
}

/// A run of terminators: p[begin, end).
struct Run {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// End of the " . . ." that follows `i`; `i` if there is none.
std::size_t skip_spaced_dots(Text p, std::size_t i) {
  while (char_at(p, i) == U' ' && char_at(p, i + 1) == U'.') i += 2;
  return i;
}

Run run_at(Text p, std::size_t i, char32_t question) {
  const char32_t c = p[i];
  const bool plain = c < 0x80 && c != U'.' && c != U'!' && c != U'?' && c != U'-';
  if (plain && c != question) return {i, i};
  if (c == U'.' && i > 0 && is_space(p[i - 1])) {
    const std::size_t end = skip_spaced_dots(p, i + 1);
    if (end > i + 1) return {i, end};
  }
  if (contains(kTerminators, c)) {
    std::size_t end = i;
    while (contains(kTerminators, char_at(p, end)) && end < p.size()) ++end;
    const std::size_t spaced = skip_spaced_dots(p, end);
    return {i, spaced >= end + 4 ? spaced : end};
  }
  if (c == U'-' && char_at(p, i + 1) == U'-' && contains(U"\"”"_set, char_at(p, i + 2)) &&
      i + 2 < p.size()) {
    return {i, i + 2};
  }
  if (contains(kWide, c)) {
    std::size_t end = i;
    while (end < p.size() && contains(kWide, p[end])) ++end;
    return {i, end};
  }
  if (question != 0 && c == question && (i + 1 == p.size() || is_space(p[i + 1]))) {
    return {i, i + 1};
  }
  return {i, i};
}

/// "U.S", "p.m", "e.V": one or two letters between stops.
bool is_acronym(Text word) {
  std::size_t letters = 0;
  std::size_t stops = 0;
  for (const char32_t c : word) {
    if (c == U'.') {
      if (letters == 0) return false;
      ++stops;
      letters = 0;
    } else if (!is_alpha(c) || ++letters > 2) {
      return false;
    }
  }
  return stops > 0 && letters > 0;
}

bool is_small_number(Text word) {
  return !word.empty() && word.size() <= 2 && std::ranges::all_of(word, is_digit);
}

Text word_after(Text p, std::size_t begin, const CharSet& stops) {
  std::size_t i = begin;
  while (i < p.size() && i - begin < kMaxWord && !is_space(p[i]) && !contains(stops, p[i])) ++i;
  return p.substr(std::min(begin, p.size()), i - begin);
}

}  // namespace

/// One pass over a paragraph: looks at every run of terminators and decides.
class SentenceRules::Splitter {
 public:
  explicit Splitter(const SentenceLists& lists) : lists_(lists) {
    constexpr std::size_t kUsualLandmarks = 256;  // Of a story.
    landmarks_.stops.reserve(kUsualLandmarks);
    landmarks_.marks.reserve(kUsualLandmarks / 4);
    stretches_.reserve(kUsualLandmarks / 4);
    starts_.reserve(kUsualLandmarks / 4);
  }

  std::span<const std::size_t> starts(const Passage& paragraph) {
    read(paragraph);
    std::size_t done = 0;  // What is before it is in a run.
    for (const std::size_t i : landmarks_.stops) {
      if (i < done) continue;
      const Run run = run_at(p_, i, lists_.question);
      if (run.end == run.begin) continue;
      pass_marks(run.begin);
      if (!visit(run)) break;
      done = run.end;
    }
    pass_marks(p_.size() - 1);
    return starts_;
  }

 private:
  /// What is around a run that may end a sentence.
  struct Place {
    Run run;
    Text t;             ///< The run itself.
    std::size_t close;  ///< After the closing marks.
    std::size_t next;   ///< The next character that is not white space.
    bool closed;        ///< Has closing marks.
    char32_t c;         ///< First character after opening marks.
    Text next_token;    ///< From there to white space or a comma.
    Text next_word;     ///< … less its terminators, apostrophes straight; in next_word_.
    Text word;          ///< Before the run.
    Text lower_word;    ///< In lower_word_.
  };

  void read(const Passage& paragraph) {
    p_ = paragraph.text();
    find_landmarks(paragraph, lists_.question, landmarks_);
    find_stretches(p_, landmarks_.stops, stretches_);
    marks_ = list_marks(p_, landmarks_.marks, lists_.ordinals);
    starts_.clear();
    begin_ = content_ = stretch_ = mark_ = ended_ = 0;
  }

  bool starts_sentence(Text word) const { return lists_.start.contains(word); }

  void cut(std::size_t where) {
    starts_.push_back(where);
    begin_ = where;
    content_ = where;
  }

  /// Cuts before the list marks up to `end`.
  void pass_marks(std::size_t end) {
    for (; mark_ < marks_.size() && marks_[mark_].begin <= end; ++mark_) {
      if (marks_[mark_].begin > begin_) cut(marks_[mark_].begin);
    }
  }

  bool ends_mark(const Run& run) {
    while (ended_ < marks_.size() && marks_[ended_].end < run.end) ++ended_;
    if (ended_ == marks_.size()) return false;
    const std::size_t end = marks_[ended_].end;
    return end == run.end ||
           (end == run.end + 1 && run.end - run.begin == 1 && p_[run.begin] == U'.');
  }

  bool is_protected(const Run& run, std::size_t close) {
    while (stretch_ < stretches_.size() && stretches_[stretch_].end < close) ++stretch_;
    return stretch_ < stretches_.size() && stretches_[stretch_].begin < run.begin;
  }

  /// " »" as French has it, or a stray " ”": what closes the sentence before it.
  bool is_detached_close(std::size_t i) const {
    if (i + 1 >= p_.size() || !contains(U"»”"_set, p_[i + 1]) || !is_space(p_[i])) return false;
    return i + 2 == p_.size() || contains(U" ,.;:"_set, p_[i + 2]);
  }

  /// False when the paragraph has no more text.
  bool visit(const Run& run) {
    if (ends_mark(run)) return true;
    std::size_t close = run.end;
    while (close < p_.size() && contains(kClose, p_[close])) ++close;
    if (is_detached_close(close)) close += 2;
    if (is_protected(run, close)) return true;
    const bool wide = contains(kWide, p_[run.begin]);
    if (close < p_.size() && !is_space(p_[close]) && !wide) {
      if (lost_space(run, close)) cut(run.end);
      return true;
    }
    std::size_t next = close;
    while (next < p_.size() && is_space(p_[next])) ++next;
    if (next >= p_.size()) return false;
    if (wide || (lists_.question != 0 && p_[run.begin] == lists_.question)) {
      if (!wide || !contains(U"）」』"_set, p_[next])) cut(next);
      return true;
    }
    decide(look(run, close, next));
    return true;
  }

  /// "ran.The man": the space that should follow the stop is missing.
  bool lost_space(const Run& run, std::size_t close) const {
    if (run.end - run.begin != 1 || p_[run.begin] != U'.' || close != run.end) return false;
    std::size_t end = run.end;
    while (end - run.end < kMaxWord && is_alpha(char_at(p_, end))) ++end;
    const Text after = p_.substr(run.end, end - run.end);
    if (after.empty() || !is_space(char_at(p_, end)) || !is_upper(after[0])) return false;
    const bool small = std::ranges::all_of(after.substr(1), is_lower);
    if (!small && after.size() <= 4) return false;
    const Text before = word_before(p_, begin_, run.begin, U""_set);
    const auto letter = [](char32_t c) { return is_alpha(c) && !(c >= U'A' && c <= U'Z'); };
    const auto tail = [&](std::size_t n, auto accepts) {
      return before.size() >= n && std::ranges::all_of(before.substr(before.size() - n), accepts);
    };
    if (!tail(2, letter) && !tail(3, is_digit)) return false;
    if (before.find_first_of(U"@/"sv) != Text::npos || before.find(U"www"sv) != Text::npos)
      return false;
    const std::uint64_t word = WordSet::hash(lower(before));
    return !lists_.never.contains(word) && !lists_.maybe.contains(word);
  }

  Place look(const Run& run, std::size_t close, std::size_t next) {
    Place at{.run = run,
             .t = p_.substr(run.begin, run.end - run.begin),
             .close = close,
             .next = next,
             .closed = close > run.end,
             .c = 0,
             .next_token = {},
             .next_word = {},
             .word = {},
             .lower_word = {}};
    std::size_t open = next;
    while (open < p_.size() && contains(kOpen, p_[open])) ++open;
    if (open < p_.size()) {
      at.c = p_[open];
      at.next_token = word_after(p_, open, U",;:"_set);
    }
    Text bare = at.next_token;
    while (!bare.empty() && contains(U".!?\"”)"_set, bare.back())) bare.remove_suffix(1);
    at.next_word = respelled(
        bare, [](char32_t c) { return c == U'’' ? U'\'' : c; }, next_word_);
    at.word = word_before(p_, begin_, run.begin, U"([\"“„«"_set);
    while (!at.word.empty() && contains(U"'‘•⁃"_set, at.word.front())) at.word.remove_prefix(1);
    remove_prefix(at);
    at.lower_word = respelled(at.word, to_lower, lower_word_);
    if (lists_.elides) remove_elided_article(at);
    return at;
  }

  using Letters = std::array<char32_t, kMaxWord>;
  /// `word`, which is no longer than that, letter by letter; in `memory`.
  template <typename Spell>
  static Text respelled(Text word, Spell spell, Letters& memory) {
    std::ranges::transform(word, memory.begin(), spell);
    return {memory.data(), word.size()};
  }

  /// "then-Sen.", "then-U.S.", "White/U.S.", but not "D-Md.", which ends a name.
  static void remove_prefix(Place& at) {
    const std::size_t mark = at.word.find_last_of(U"-–—/"sv);
    if (mark == Text::npos || mark + 2 >= at.word.size() || !is_upper(at.word[mark + 1])) return;
    if (mark != 1) at.word.remove_prefix(mark + 1);
  }

  static void remove_elided_article(Place& at) {
    const std::size_t mark = at.lower_word.find_first_of(U"'’"sv);
    if (mark == Text::npos || mark + 1 >= at.lower_word.size()) return;
    if (!one_of(at.lower_word.substr(0, mark),
                {U"d"sv, U"l"sv, U"un"sv, U"all"sv, U"dell"sv, U"nell"sv, U"sull"sv, U"qu"sv})) {
      return;
    }
    at.word.remove_prefix(mark + 1);
    at.lower_word.remove_prefix(mark + 1);
  }

  void decide(const Place& at) {
    if (at.t.find(U" ."sv) != Text::npos) return decide_spaced_dots(at);
    if (contains(U"-–—―,;:"_set, p_[at.next])) return;
    const bool dots_next = p_.substr(at.next, 2) == U".."sv;
    if (dots_next || p_[at.next] == U'…') {
      if (dots_next && begins_with_ellipsis(at)) cut(at.next);
      return;
    }
    if (at.c == 0 || is_lower(at.c)) return;
    if (p_[at.next] == U'(' && (at.closed || at.t != U"."sv) && is_citation(at.next)) return;
    if (at.t[0] == U'…' || at.t.starts_with(U".."sv)) {
      if (at.t.size() == 3 || at.t[0] == U'…') {
        const bool begins =
            starts_sentence(at.next_word) && !one_of(at.next_word, {U"I"sv, U"I'm"sv, U"I've"sv});
        if (!begins && !(at.closed && is_upper(at.c))) return;
      }
    } else if (at.t == U"."sv && !at.closed && (stop_goes_on(at) || nickname_follows(at))) {
      return;
    }
    if (at.closed && contains(U"\"”'’"_set, p_[at.close - 1]) && speaker_follows(at)) return;
    cut(at.next);
  }

  /// "word. . . . Next": four dots are a stop and an ellipsis, three are an ellipsis.
  void decide_spaced_dots(const Place& at) {
    const auto dots = std::ranges::count(at.t, U'.');
    if (dots < 4 || !is_upper(at.c)) return;
    const bool attached = at.run.begin > 0 && !is_space(p_[at.run.begin - 1]);
    if (!attached) return cut(at.next);
    cut(p_[at.run.begin + 1] == U' ' ? at.run.begin + 2 : at.run.end);
  }

  /// "He left. ..and so on": dots that open the next sentence.
  bool begins_with_ellipsis(const Place& at) const {
    std::size_t i = at.next;
    while (i - at.next < kMaxWord && i < p_.size() && contains(U".… "_set, p_[i])) ++i;
    return at.t == U"."sv && is_alpha(char_at(p_, i)) && !is_space(char_at(p_, at.next + 3));
  }

  /// `"…" (Smith 55).`
  bool is_citation(std::size_t i) const {
    std::size_t end = i + 1;
    while (end - i <= 60 && !contains(U"()"_set, char_at(p_, end)) && end < p_.size()) ++end;
    return char_at(p_, end) == U')' && end > i + 1 && contains(U".!?"_set, char_at(p_, end + 1)) &&
           end + 1 < p_.size();
  }

  /// Whether a plain full stop belongs to the word before it.
  bool stop_goes_on(const Place& at) {
    const bool begins = starts_sentence(at.next_word);
    if ((at.word.size() == 1 || is_small_number(at.word)) && is_first(at)) return true;
    // A lone v or s is a title in some languages and the end of "5 s." in all.
    const bool unit = at.lower_word == U"s"sv || at.lower_word == U"v"sv;
    const std::uint64_t hash = WordSet::hash(at.lower_word);
    if (lists_.never.contains(hash) && !(unit && begins)) return true;
    const bool abbreviation = lists_.maybe.contains(hash) || is_acronym(at.word);
    if (is_digit(at.c) && (abbreviation || numbered_abbreviations().contains(hash))) {
      return true;
    }
    if (at.lower_word == U"n°"sv) return true;
    if (at.word.size() == 1 && is_upper(at.word[0])) return initial_goes_on(at, begins);
    if (at.lower_word == U"a.m"sv || at.lower_word == U"p.m"sv) {
      return is_digit(at.c) || is_time_zone(at) || (!begins && opens_with_few_words(at.run.begin));
    }
    if (abbreviation) return !begins;
    return lists_.ordinals && is_small_number(at.word) && !begins;
  }

  /// "5 p.m. ET/PT", "5 p.m. New York time".
  bool is_time_zone(const Place& at) const {
    if (time_companions().contains(at.next_word.substr(0, at.next_word.find(U'/')))) return true;
    std::size_t i = at.next;
    for (int names = 0; names < 3 && i < p_.size() && is_upper(p_[i]); ++names) {
      i += word_after(p_, i, U""_set).size() + 1;
    }
    const Text word = word_after(p_, i, U".,;:"_set);
    return i > at.next && word == U"time"sv;
  }

  /// "George W. Bush" goes on; "vitamin C. He" does not.
  bool initial_goes_on(const Place& at, bool begins) const {
    if (!begins) return true;
    const std::size_t word_begin = at.run.begin - 1;
    std::size_t end = word_begin;
    while (end > begin_ && is_space(p_[end - 1])) --end;
    const Text before = word_before(p_, begin_, end, U""_set);
    const char32_t first = before.empty() ? U'\0' : before[0];
    const bool pronoun =
        one_of(at.next_word, {U"He"sv, U"She"sv, U"They"sv, U"It"sv, U"But"sv, U"The"sv});
    if (!is_lower(first) && !is_digit(first) && !(pronoun && at.word != U"I"sv)) return true;
    const bool next_is_initial = at.next_token.size() >= 2 && at.next_token[1] == U'.';
    const bool after_initial = before.size() == 2 && before[1] == U'.' && is_upper(first);
    return next_is_initial || after_initial;
  }

  /// `J.P. "The Big Bopper" Richardson`: up to four capitalised words in marks between initials and
  /// a surname.
  bool nickname_follows(const Place& at) const {
    constexpr std::size_t kLongestNickname = 40;
    if (!contains(U"\"“(\'‘"_set, p_[at.next]) || !is_acronym(at.word)) return false;
    int words = 0;
    std::size_t i = at.next + 1;
    for (; i - at.next < kLongestNickname && (is_alpha(char_at(p_, i)) || char_at(p_, i) == U' ');
         ++i) {
      const bool begins = !is_alpha(p_[i - 1]) && p_[i] != U' ';
      if (begins && !is_upper(p_[i])) return false;
      words += begins;
    }
    return words > 0 && words <= 4 && i + 2 < p_.size() && contains(U"\"”)\'’"_set, p_[i]) &&
           p_[i + 1] == U' ' && is_upper(p_[i + 2]);
  }

  /// Whether `word` opens the sentence, marks aside.
  bool is_first(const Place& at) {
    while (content_ < p_.size() && contains(U"\"'“‘( •⁃"_set, p_[content_])) ++content_;
    return content_ >= at.run.begin - at.word.size();
  }

  /// Fewer than four words before `end` in this sentence.
  bool opens_with_few_words(std::size_t end) const {
    constexpr std::size_t kFar = 4 * kMaxWord;
    if (end - begin_ > kFar) return false;
    return std::ranges::count_if(p_.substr(begin_, end - begin_), is_space) < 3;
  }

  /// "Mr."
  bool is_title(Text word) const {
    if (!word.ends_with(U'.') || !is_upper(word[0])) return false;
    return lists_.never.contains(WordSet::hash(lower(word.substr(0, word.size() - 1))));
  }

  /// `"Why?" Mr. Smith asked`: up to three capitalised words and a verb of speech.
  bool speaker_follows(const Place& at) const {
    if (contains(kOpen, p_[at.next])) return false;
    if (one_of(at.next_word, {U"He"sv, U"She"sv, U"They"sv, U"I"sv, U"It"sv, U"We"sv}))
      return false;
    std::size_t i = at.next;
    Text word;
    for (int names = 0; i < p_.size() && i - at.next < kMaxWord; ++names) {
      word = word_after(p_, i, U""_set);
      if (word.empty()) return false;
      const bool name = names < 3 && is_upper(word[0]) &&
                        (!contains(U",."_set, word.back()) || (names == 0 && is_title(word)));
      if (!name) break;
      i += word.size() + 1;
      word = {};
    }
    if (i == at.next || word.empty()) return false;
    const bool ends = contains(U",."_set, word.back());
    while (!word.empty() && contains(U",."_set, word.back())) word.remove_suffix(1);
    return speech_verbs().contains(word) && (contains(U"!?"_set, at.t[0]) || ends);
  }

  const SentenceLists& lists_;
  // Of the paragraph at hand.
  Text p_;
  Landmarks landmarks_;
  std::vector<Span> stretches_;
  std::vector<Mark> marks_;

  std::vector<std::size_t> starts_;
  std::size_t begin_ = 0;    // Of the sentence at hand.
  std::size_t content_ = 0;  // Its first character that may be more than a mark.
  // Of the place that was looked at last.
  Letters next_word_{};
  Letters lower_word_{};
  // How far the pass has come in stretches_ and marks_.
  std::size_t stretch_ = 0;
  std::size_t mark_ = 0;
  std::size_t ended_ = 0;
};

SentenceRules::SentenceRules(std::string_view language)
    : splitter_(std::make_unique<Splitter>(sentence_lists(language))) {}

SentenceRules::~SentenceRules() = default;

std::span<const std::size_t> SentenceRules::starts(const Passage& paragraph) {
  if (paragraph.empty()) return {};
  return splitter_->starts(paragraph);
}

}  // namespace nutgraf::summarizer
