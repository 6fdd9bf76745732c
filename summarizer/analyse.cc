#include <algorithm>
#include <string>
#include <utility>

#include "summarizer/captions.h"
#include "summarizer/datelines.h"
#include "summarizer/faults.h"
#include "summarizer/language.h"
#include "summarizer/leaning.h"
#include "summarizer/lexicon.h"
#include "summarizer/phrases.h"
#include "summarizer/posts.h"
#include "summarizer/sentences.h"
#include "summarizer/summarizer.h"
#include "summarizer/words.h"

namespace nutgraf::summarizer {
namespace {

/// The first `size` bytes, less a character that would be cut in two.
std::string_view first_bytes(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

/// Whether the last double quotation mark of a sentence opens, or the first one closes.
enum class Mark { kNone, kOpens, kCloses };

Mark mark_at(Text s, std::size_t i) {
  if (i == Text::npos) return Mark::kNone;
  const bool space_before = i == 0 || is_space(s[i - 1]);
  const bool space_after = i + 1 == s.size() || is_space(s[i + 1]);
  if (space_before && !space_after) return Mark::kOpens;
  const bool text_after = i + 1 < s.size() && is_alnum(s[i + 1]);
  return !space_before && !text_after ? Mark::kCloses : Mark::kNone;
}

std::size_t last_quote(Text s) {
  for (std::size_t i = s.size(); i-- > 0;) {
    if (is_double_quote(s[i])) return i;
  }
  return Text::npos;
}

/// Which sentences have no quotation mark and stand inside a quotation: the nearest mark before
/// them opens, the nearest after them closes, and no blank line is between.
/// `may_have_quotes`: which ones are worth a look.
std::vector<char> inside_quotations(const std::vector<Piece>& pieces, std::string_view source,
                                    const std::vector<char>& may_have_quotes) {
  std::vector<char> inside(pieces.size());
  const auto parted = [&](std::size_t i) {  // From the sentence before.
    const std::size_t gap = pieces[i - 1].end;
    return source.substr(gap, pieces[i].begin - gap).find("\n\n") != std::string_view::npos;
  };
  Mark last = Mark::kNone;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0 && parted(i)) last = Mark::kNone;
    const std::size_t at =
        may_have_quotes[i] != 0 ? last_quote(pieces[i].passage.text()) : Text::npos;
    if (at == Text::npos) {
      inside[i] = last == Mark::kOpens ? 1 : 0;
    } else {
      last = mark_at(pieces[i].passage.text(), at);
    }
  }
  Mark next = Mark::kNone;
  for (std::size_t i = pieces.size(); i-- > 0;) {
    if (i + 1 < pieces.size() && parted(i + 1)) next = Mark::kNone;
    const std::size_t at =
        may_have_quotes[i] != 0 ? pieces[i].passage.next_double_quote(0) : Text::npos;
    if (at == Text::npos) {
      if (next != Mark::kCloses) inside[i] = 0;
    } else {
      next = mark_at(pieces[i].passage.text(), at);
    }
  }
  return inside;
}

/// Words with a digit, as white space separates words: what follows the last one after a single
/// mark is of the same figure.
int count_figures(std::string_view sentence, std::span<const Word> words) {
  int figures = 0;
  std::size_t end = 0;  // Of the last one.
  for (const Word& word : words) {
    if (!word.number) continue;
    const bool goes_on = figures > 0 && word.begin == end + 1 && sentence[end] != ' ';
    figures += goes_on ? 0 : 1;
    end = word.begin + word.size;
  }
  return figures;
}

/// A sentence without its words, and what else its characters said.
struct Judged {
  Sentence sentence;
  bool may_have_quotes = false;
};

/// `telling`: whether one of the words is.
Judged judge(Sentence s, const Passage& passage, std::span<const Word> words, bool telling,
             std::string_view language, bool first) {
  const Text text = passage.text();
  const bool ascii = s.text.size() == text.size();  // As many bytes as code points.
  Shape shape = ascii ? shape_of_ascii(passage) : shape_of(text);
  s.length = shape.words;
  s.names = shape.names;
  s.figures = count_figures(s.text, words);
  s.quoted = opens_with_quote(text);
  s.terminated = is_terminated(text);
  std::u32string plain_copy;
  Text plain = text;
  if (!ascii && language != "en") {
    plain = plain_copy = plain_quotes(text, language);
    shape = shape_of(plain);
  }
  s.why = fault_of(plain, shape, s.length, telling && may_point(s.text, words));
  // A date has two figures.
  const bool may_be_caption = telling || shape.has_colon || s.figures >= 2;
  if (s.why.empty() && may_be_caption && is_caption(s.text, words, shape, language)) {
    s.why = "caption";
  }
  if (s.why.empty() && language == "en" && is_list_item(text)) s.why = "list item";
  s.bad = !s.why.empty();
  s.torn = s.why == "unbalanced" || s.why == "quotation only";
  s.leaning = !first && leans(passage, language, shape.may_have_quotes);
  if (s.leaning && !s.bad) s.why = "leans on the sentence before it";
  return {std::move(s), shape.may_have_quotes};
}

void mark_quoted(Analysis& a, const std::vector<char>& inside) {
  for (std::size_t i = 0; i < a.sentences.size(); ++i) {
    if (inside[i] == 0 || a.sentences[i].bad) continue;
    a.sentences[i].bad = true;
    a.sentences[i].torn = true;
    a.sentences[i].why = "inside a quotation";
  }
}

/// What somebody posted is a quotation without marks.
void mark_posts(Analysis& a, std::string_view source) {
  std::size_t next = 0;
  for (const Stretch& post : find_posts(source)) {
    while (next < a.sentences.size() && a.sentences[next].end <= post.begin) ++next;
    for (; next < a.sentences.size() && a.sentences[next].begin < post.end; ++next) {
      a.sentences[next].bad = true;
      a.sentences[next].torn = false;
      a.sentences[next].why = "a post of somebody's";
    }
  }
}

/// Share of the words of `a` and `b` that both have, by form.
bool says_the_same(std::span<const Word> a, std::span<const Word> b) {
  constexpr double kSame = 0.8;
  std::vector<std::uint64_t> x;
  std::vector<std::uint64_t> y;
  std::vector<std::uint64_t> both;
  for (const Word& w : a) x.push_back(w.form);
  for (const Word& w : b) y.push_back(w.form);
  std::ranges::sort(x);
  std::ranges::sort(y);
  std::ranges::set_intersection(x, y, std::back_inserter(both));
  const auto together = static_cast<double>(x.size() + y.size() - both.size());
  return !both.empty() && static_cast<double>(both.size()) >= kSame * together;
}

/// The headline once more says nothing beside the headline.
void mark_headline(Analysis& a) {
  if (a.title_words.empty()) return;
  for (std::size_t i = 0; i < a.sentences.size(); ++i) {
    const auto words = a.words_of(i);
    const std::size_t most = 2 * a.title_words.size();
    if (words.size() > most || !says_the_same(words, a.title_words)) continue;
    a.sentences[i].bad = true;
    a.sentences[i].torn = false;
    a.sentences[i].why = "repeats the title";
  }
}

}  // namespace

Analysis Summarizer::analyse(const Document& document) {
  const std::string_view text = first_bytes(document.text, kMaxText);
  Analysis a;
  a.language = primary_language(document.language);
  if (a.language == "und") a.language = detect_language(text);
  Pieces split_text = split(text, a.language);
  std::vector<Piece>& pieces = split_text.all;
  if (pieces.size() > kMaxSentences) pieces.erase(pieces.begin() + kMaxSentences, pieces.end());

  Lexicon& lexicon = lexicons_->of(a.language);
  lexicon.begin_text();
  Tokenizer tokenizer(a.language, lexicon);
  const std::u32string title = squeeze(decode(first_bytes(document.title, kMaxTitle)));
  a.title = encode(title);
  tokenizer.append(title, a.title_words);

  a.sentences.reserve(pieces.size());
  a.words.reserve(text.size() / 5 + 1);  // A space and four or five letters each.
  std::vector<char> may_have_quotes;
  may_have_quotes.reserve(pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Passage& whole = pieces[i].passage;
    const std::size_t dateline = dateline_size(whole);
    const Passage rest = dateline < whole.size() ? whole.substr(dateline) : whole;
    const bool ascii = rest.is_ascii();
    const auto words = static_cast<std::uint32_t>(a.words.size());
    const bool telling =
        ascii ? tokenizer.append_ascii(rest, a.words) : tokenizer.append(rest.text(), a.words);
    const auto words_end = static_cast<std::uint32_t>(a.words.size());
    auto [sentence, quotes] =
        judge({.text = ascii ? std::string(rest.bytes()) : encode(rest.text()),
               .begin = pieces[i].begin,
               .end = pieces[i].end,
               .words = words,
               .words_end = words_end,
               .why = {}},
              rest, std::span(a.words).subspan(words), telling, a.language, i == 0);
    may_have_quotes.push_back(static_cast<char>(quotes || dateline != 0));
    a.sentences.push_back(std::move(sentence));
  }
  a.terms = lexicon.number_terms(a.words);
  mark_quoted(a, inside_quotations(pieces, text, may_have_quotes));
  mark_posts(a, text);
  mark_headline(a);
  return a;
}

}  // namespace nutgraf::summarizer
