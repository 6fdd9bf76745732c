#include "summarizer/words.h"

#include <algorithm>
#include <span>

namespace nutgraf::summarizer {
namespace {

bool is_apostrophe(char32_t c) { return c == U'\'' || c == U'’'; }

bool elides(std::string_view language) {
  return language == "fr" || language == "it" || language == "ca";
}

}  // namespace

Tokenizer::Tokenizer(std::string_view language, Lexicon& lexicon)
    : lexicon_(lexicon), elides_(elides(language)) {}

bool Tokenizer::append(Text s, std::vector<Word>& out) {
  bool telling = false;
  std::size_t byte = 0;
  for (std::size_t i = 0; i < s.size();) {
    if (!is_word(s[i])) {
      byte += utf8_size(s[i++]);
    } else if (is_unspaced(s[i])) {
      const std::size_t end = append_pairs(s, i, byte, out);
      for (; i < end; ++i) byte += utf8_size(s[i]);
    } else {
      out.push_back(read_word(s, i, byte));
      telling |= out.back().telling;
    }
  }
  return telling;
}

bool Tokenizer::append_ascii(const Passage& p, std::vector<Word>& out) {
  const std::string_view s = p.bytes();
  lower_.resize(s.size() + SpellingTable::kLongest);
  std::ranges::transform(s, lower_.begin(), [](char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });

  bool telling = false;
  std::size_t digit = p.next(&Characters::digit, 0);
  const std::span edges = edges_of(p, &Characters::alnum, edges_);
  for (std::size_t k = 0; k < edges.size(); k += 2) {
    const std::uint32_t begin = edges[k];
    std::uint32_t end = edges[k + 1];
    if (lower_[end] == '\'' && !elides_ && k + 2 < edges.size() && edges[k + 2] == end + 1 &&
        is_alpha(static_cast<unsigned char>(s[end + 1]))) {
      k += 2;
      end = edges[k + 1];
    }
    if (digit < begin) digit = p.next(&Characters::digit, begin);
    const LexiconEntry& entry = lexicon_.of(lower_.data() + begin, end - begin);
    out.push_back({.form = entry.form,
                   .stem = entry.stem,
                   .begin = begin,
                   .size = end - begin,
                   .term = entry.number,
                   .capitalised = s[begin] != lower_[begin],
                   .number = digit < end,
                   .telling = entry.telling});
    telling |= entry.telling;
  }
  return telling;
}

Word Tokenizer::read_word(Text s, std::size_t& i, std::size_t& byte) {
  Word word{.begin = static_cast<std::uint32_t>(byte), .capitalised = is_upper(s[i])};
  spelling_.clear();
  bool apostrophe = elides_;  // Where one would end the word: it has had its one.
  for (; i < s.size(); ++i) {
    const char32_t c = s[i];
    if (is_word(c) && !is_unspaced(c)) {
      word.number = word.number || is_digit(c);
      append_utf8(spelling_, to_lower(c));
    } else if (!apostrophe && is_apostrophe(c) && i + 1 < s.size() && is_alpha(s[i + 1])) {
      apostrophe = true;
      spelling_.push_back('\'');
    } else {
      break;
    }
    byte += utf8_size(c);
  }
  word.size = static_cast<std::uint32_t>(byte) - word.begin;
  const std::size_t size = spelling_.size();
  spelling_.append(SpellingTable::kLongest, '\0');
  const LexiconEntry& entry = lexicon_.of(spelling_.data(), size);
  word.form = entry.form;
  word.stem = entry.stem;
  word.term = entry.number;
  word.telling = entry.telling;
  return word;
}

std::size_t Tokenizer::append_pairs(Text s, std::size_t i, std::size_t byte,
                                    std::vector<Word>& out) {
  std::size_t end = i;
  while (end < s.size() && is_unspaced(s[end]) && is_word(s[end])) ++end;
  do {
    const std::size_t size = std::min<std::size_t>(2, end - i);
    spelling_ = encode(s.substr(i, size));
    const LexiconEntry& entry = lexicon_.of_pair(spelling_);
    out.push_back({.form = entry.form,
                   .stem = entry.stem,
                   .begin = static_cast<std::uint32_t>(byte),
                   .size = static_cast<std::uint32_t>(spelling_.size()),
                   .term = entry.number});
    byte += utf8_size(s[i++]);
  } while (i + 1 < end);
  return end;
}

}  // namespace nutgraf::summarizer
