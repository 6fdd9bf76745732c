#include <algorithm>
#include <string>
#include <utility>

#include "summarizer/datelines.h"
#include "summarizer/faults.h"
#include "summarizer/language.h"
#include "summarizer/leaning.h"
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

/// Which sentences have no quotation mark and stand inside a quotation: the nearest mark before
/// them opens, the nearest after them closes, and no blank line is between.
std::vector<char> inside_quotations(const std::vector<Piece>& pieces, std::string_view source) {
  std::vector<char> inside(pieces.size());
  const auto marks = Text(U"\"“”");
  const auto parted = [&](std::size_t i) {  // From the sentence before.
    const std::size_t gap = pieces[i - 1].end;
    return source.substr(gap, pieces[i].begin - gap).find("\n\n") != std::string_view::npos;
  };
  Mark last = Mark::kNone;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0 && parted(i)) last = Mark::kNone;
    const std::size_t at = pieces[i].text.find_last_of(marks);
    if (at == Text::npos) {
      inside[i] = last == Mark::kOpens ? 1 : 0;
    } else {
      last = mark_at(pieces[i].text, at);
    }
  }
  Mark next = Mark::kNone;
  for (std::size_t i = pieces.size(); i-- > 0;) {
    if (i + 1 < pieces.size() && parted(i + 1)) next = Mark::kNone;
    const std::size_t at = pieces[i].text.find_first_of(marks);
    if (at == Text::npos) {
      if (next != Mark::kCloses) inside[i] = 0;
    } else {
      next = mark_at(pieces[i].text, at);
    }
  }
  return inside;
}

Sentence judge(Text text, const Piece& piece, std::string_view language, bool first) {
  Sentence s;
  s.text = encode(text);
  s.begin = piece.begin;
  s.end = piece.end;
  s.length = count_words(text);
  s.names = count_names(text);
  s.quoted = opens_with_quote(text);
  s.terminated = is_terminated(text);
  std::u32string plain_copy;
  Text plain = text;
  if (language != "en") plain = plain_copy = plain_quotes(text, language);
  s.why = fault_of(plain, s.length);
  s.bad = !s.why.empty();
  s.leaning = !first && leans(plain, language);
  if (s.leaning && !s.bad) s.why = "leans on the sentence before it";
  return s;
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
    a.sentences[i].why = "repeats the title";
  }
}

}  // namespace

Analysis analyse(const Document& document) {
  const std::string_view text = first_bytes(document.text, kMaxText);
  Analysis a;
  a.language = primary_language(document.language);
  if (a.language == "und") a.language = detect_language(text);
  std::vector<Piece> pieces = split(text, a.language);
  if (pieces.size() > kMaxSentences) pieces.resize(kMaxSentences);

  Tokenizer tokenizer(a.language);
  const std::u32string title = squeeze(decode(first_bytes(document.title, kMaxTitle)));
  a.title = encode(title);
  tokenizer.append(title, a.title_words);

  const std::vector<char> inside = inside_quotations(pieces, text);
  a.sentences.reserve(pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Text whole = pieces[i].text;
    const std::size_t dateline = dateline_size(whole);
    const Text rest = dateline < whole.size() ? whole.substr(dateline) : whole;
    Sentence s = judge(rest, pieces[i], a.language, i == 0);
    if (inside[i] && !s.bad) {
      s.bad = true;
      s.why = "inside a quotation";
    }
    s.words = static_cast<std::uint32_t>(a.words.size());
    tokenizer.append(rest, a.words);
    s.words_end = static_cast<std::uint32_t>(a.words.size());
    a.sentences.push_back(std::move(s));
  }
  mark_headline(a);
  return a;
}

}  // namespace nutgraf::summarizer
