#include "summarizer/words.h"

#include <algorithm>

namespace nutgraf::summarizer {
namespace {

bool is_apostrophe(char32_t c) { return c == U'\'' || c == U'’'; }

/// End of the run of word characters at `i`, which is one; scripts without spaces end it.
std::size_t end_of_run(Text s, std::size_t i) {
  while (i < s.size() && is_word(s[i]) && !is_unspaced(s[i])) ++i;
  return i;
}

bool elides(std::string_view language) {
  return language == "fr" || language == "it" || language == "ca";
}

}  // namespace

std::uint64_t hash_word(std::string_view word) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (const char c : word) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  h ^= h >> 32;
  h *= 0x9e3779b97f4a7c15;
  h ^= h >> 29;
  return h == 0 ? 1 : h;
}

Tokenizer::Tokenizer(std::string_view language)
    : stop_(stop_words(language)), stemmer_(language), elides_(elides(language)) {}

void Tokenizer::append(Text s, std::vector<Word>& out) {
  std::size_t byte = 0;
  for (std::size_t i = 0; i < s.size();) {
    if (!is_word(s[i])) {
      byte += utf8_size(s[i++]);
      continue;
    }
    if (is_unspaced(s[i])) {
      const std::size_t end = append_pairs(s, i, byte, out);
      for (; i < end; ++i) byte += utf8_size(s[i]);
      continue;
    }
    std::size_t end = end_of_run(s, i);
    if (!elides_ && end + 1 < s.size() && is_apostrophe(s[end]) && is_alpha(s[end + 1])) {
      end = end_of_run(s, end + 1);
    }
    Word word{.begin = static_cast<std::uint32_t>(byte), .capitalised = is_upper(s[i])};
    spelling_.clear();
    for (; i < end; ++i) {
      word.number = word.number || is_digit(s[i]);
      byte += utf8_size(s[i]);
      append_utf8(spelling_, s[i] == U'’' ? U'\'' : to_lower(s[i]));
    }
    word.size = static_cast<std::uint32_t>(byte) - word.begin;
    word.form = hash_word(spelling_);
    word.stem = stem_of(spelling_, word.form);
    out.push_back(word);
  }
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

std::uint64_t Tokenizer::stem_of(std::string_view word, std::uint64_t form) {
  const auto [known, fresh] = stems_.try_emplace(form, 0);
  if (!fresh) return *known;
  if (stop_.contains(form)) return 0;
  if (word.ends_with("'s")) {
    word.remove_suffix(2);
    if (stop_.contains(hash_word(word))) return 0;
  }
  const std::size_t letters = static_cast<std::size_t>(
      std::ranges::count_if(word, [](char c) { return (c & 0xC0) != 0x80; }));
  if (letters < 2) return 0;
  return *known = hash_word(stemmer_.stem(word));
}

}  // namespace nutgraf::summarizer
