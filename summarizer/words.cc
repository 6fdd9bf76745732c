#include "summarizer/words.h"

#include <algorithm>
#include <span>

#include "summarizer/background.h"

namespace nutgraf::summarizer {
namespace {

/// Distinct words of a long story that are not common ones.
constexpr std::size_t kUsualWords = 256;

bool is_apostrophe(char32_t c) { return c == U'\'' || c == U'’'; }

bool elides(std::string_view language) {
  return language == "fr" || language == "it" || language == "ca";
}

}  // namespace

const Tokenizer::Stems& Tokenizer::common_stems(std::string_view language) {
  static const Stems none;
  static const Stems english = [] {
    Stems out;
    Stemmer stemmer("en");
    stop_words("en").words().for_each_key([&](std::uint64_t form) { out.try_emplace(form, 0); });
    for (const std::string_view word : Background::words("en")) {
      if (word.size() > 1) out.try_emplace(hash_word(word), hash_word(stemmer.stem(word)));
    }
    return out;
  }();
  return language == "en" ? english : none;
}

Tokenizer::Tokenizer(std::string_view language)
    : common_(common_stems(language)),
      stop_(stop_words(language)),
      stemmer_(language),
      elides_(elides(language)) {
  stems_.reserve(kUsualWords);
}

void Tokenizer::append(Text s, std::vector<Word>& out) {
  std::size_t byte = 0;
  for (std::size_t i = 0; i < s.size();) {
    if (!is_word(s[i])) {
      byte += utf8_size(s[i++]);
    } else if (is_unspaced(s[i])) {
      const std::size_t end = append_pairs(s, i, byte, out);
      for (; i < end; ++i) byte += utf8_size(s[i]);
    } else {
      out.push_back(read_word(s, i, byte));
    }
  }
}

void Tokenizer::append_ascii(const Passage& p, std::vector<Word>& out) {
  const std::string_view s = p.bytes();
  lower_.resize(s.size());
  std::ranges::transform(s, lower_.begin(), [](char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });

  const std::size_t first = out.size();
  std::size_t digit = p.next(&Characters::digit, 0);
  Edges edges(p, &Characters::alnum);
  for (std::size_t i = edges.next(); i < s.size();) {
    std::size_t end = edges.next();
    std::size_t next = edges.next();
    const bool goes_on = next == end + 1 && next < s.size() && s[end] == '\'' && !elides_ &&
                         is_alpha(static_cast<unsigned char>(s[next]));
    if (goes_on) {
      end = edges.next();
      next = edges.next();
    }
    if (digit < i) digit = p.next(&Characters::digit, i);
    out.push_back({.form = hash_word({lower_.data() + i, end - i}),
                   .begin = static_cast<std::uint32_t>(i),
                   .size = static_cast<std::uint32_t>(end - i),
                   .capitalised = s[i] != lower_[i],
                   .number = digit < end});
    // The table is larger than the fastest cache: its slots arrive while the next words are read.
    common_.prefetch(out.back().form);
    i = next;
  }
  for (Word& word : std::span(out).subspan(first)) {
    word.stem =
        stem_of(word.form, [&] { return std::string_view(lower_).substr(word.begin, word.size); });
  }
}

Word Tokenizer::read_word(Text s, std::size_t& i, std::size_t& byte) {
  Word word{.begin = static_cast<std::uint32_t>(byte), .capitalised = is_upper(s[i])};
  const std::size_t begin = i;
  WordHash hash;
  bool apostrophe = elides_;  // Where one would end the word: it has had its one.
  for (; i < s.size(); ++i) {
    const char32_t c = s[i];
    if (c < 0x80 && (ascii_class(c) & kWordBits) != 0) {
      const std::uint8_t bits = ascii_class(c);
      word.number = word.number || (bits & kDigitBit) != 0;
      hash.add(static_cast<char>((bits & kUpperBit) != 0 ? c + 32 : c));
      ++byte;
    } else if (c >= 0x80 && is_word(c) && !is_unspaced(c)) {
      word.number = word.number || is_digit(c);
      spelling_.clear();
      append_utf8(spelling_, to_lower(c));
      for (const char b : spelling_) hash.add(b);
      byte += utf8_size(c);
    } else if (!apostrophe && is_apostrophe(c) && i + 1 < s.size() && is_alpha(s[i + 1])) {
      apostrophe = true;
      hash.add('\'');
      byte += utf8_size(c);
    } else {
      break;
    }
  }
  word.size = static_cast<std::uint32_t>(byte) - word.begin;
  word.form = hash.value();
  const Text letters = s.substr(begin, i - begin);
  word.stem = stem_of(word.form, [&] {
    spelling_.clear();
    for (const char32_t l : letters) append_utf8(spelling_, l == U'’' ? U'\'' : to_lower(l));
    return std::string_view(spelling_);
  });
  return word;
}

std::size_t Tokenizer::append_pairs(Text s, std::size_t i, std::size_t byte,
                                    std::vector<Word>& out) {
  std::size_t end = i;
  while (end < s.size() && is_unspaced(s[end]) && is_word(s[end])) ++end;
  do {
    const std::size_t size = std::min<std::size_t>(2, end - i);
    spelling_ = encode(s.substr(i, size));
    Word word{.begin = static_cast<std::uint32_t>(byte),
              .size = static_cast<std::uint32_t>(spelling_.size())};
    word.form = hash_word(spelling_);
    word.stem = word.form;
    out.push_back(word);
    byte += utf8_size(s[i++]);
  } while (i + 1 < end);
  return end;
}

template <typename Spell>
std::uint64_t Tokenizer::stem_of(std::uint64_t form, Spell spell) {
  if (const std::uint64_t* common = common_.find(form)) return *common;
  const auto [known, fresh] = stems_.try_emplace(form, 0);
  if (!fresh || stop_.contains(form)) return *known;
  return *known = new_stem(spell());
}

std::uint64_t Tokenizer::new_stem(std::string_view word) {
  if (word.ends_with("'s")) {
    word.remove_suffix(2);
    if (stop_.contains(hash_word(word))) return 0;
  }
  const std::size_t letters = static_cast<std::size_t>(
      std::ranges::count_if(word, [](char c) { return (c & 0xC0) != 0x80; }));
  return letters < 2 ? 0 : hash_word(stemmer_.stem(word));
}

}  // namespace nutgraf::summarizer
