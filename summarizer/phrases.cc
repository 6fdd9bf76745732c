#include "summarizer/phrases.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "summarizer/words.h"

namespace nutgraf::summarizer {
namespace {

using namespace std::string_view_literals;  // The length of a bare literal is counted.

char32_t char_at(Text s, std::size_t i) { return i < s.size() ? s[i] : U'\0'; }
bool is_word_char(char32_t c) { return is_word(c) || c == U'_'; }

bool begins_with_phrase(Text s, Text phrase) {
  return s.starts_with(phrase) && !is_word_char(char_at(s, phrase.size()));
}

/// "Photo: ", "Editor's note:", "Foto:" at the beginning.
bool has_label(Text s) {
  static constexpr Text kLabels[] = {
      U"photo",          U"photos",     U"picture",       U"pictured",      U"pictures",
      U"image",          U"watch",      U"video",         U"read more",     U"see also",
      U"related",        U"listen",     U"editor's note", U"editor’s note", U"gallery",
      U"source",         U"updated",    U"published",     U"last updated",  U"opinion",
      U"first look",     U"more",       U"foto",          U"fotos",         U"bild",
      U"quelle",         U"source",     U"fuente",        U"crédit photo",  U"lesen sie auch",
      U"mehr zum thema", U"lire aussi", U"lea también",   U"leia também",   U"leggi anche",
      U"lees ook",       U"läs också",  U"les også",      U"læs også"};
  const std::size_t colon = s.substr(0, 24).find(U':');
  if (colon == Text::npos || (colon + 1 < s.size() && !is_space(s[colon + 1]))) return false;
  const std::u32string label = lower(strip(s.substr(0, colon)));
  return std::ranges::find(kLabels, label) != std::end(kLabels);
}

/// "By Jane Doe", "By Jane Doe, CNN", "By Jane Doe for …"; not "By Monday, Ann had left."
bool is_byline(Text s) {
  static constexpr Text kTimes[] = {
      U"January", U"February",  U"March",   U"April",    U"May",      U"June",      U"July",
      U"August",  U"September", U"October", U"November", U"December", U"Christmas", U"Easter"};
  if (!s.starts_with(U"By "sv)) return false;
  const auto inner = [](char32_t c) { return is_word_char(c) || contains(U"'’-"_set, c); };
  std::size_t i = 3;
  for (int words = 1; words <= 4 && is_upper(char_at(s, i)); ++words) {
    std::size_t end = i + 1;
    while (end < s.size() && inner(s[end])) ++end;
    const Text word = s.substr(i, end - i);
    if (words == 1 &&
        (word.ends_with(U"day"sv) || std::ranges::find(kTimes, word) != std::end(kTimes))) {
      return false;
    }
    const Text rest = s.substr(end);
    if (words >= 2) {
      if (rest.empty() || rest == U"."sv || begins_with_phrase(rest, U" for"sv)) return true;
      if (rest.starts_with(U" and "sv) && is_upper(char_at(rest, 5))) return true;
      const Text mark = strip(rest.substr(0, 3));
      if (!mark.empty() && contains(U",|"_set, mark[0])) {
        const Text after = strip(rest.substr(rest.find(mark[0]) + 1));
        if (after.empty() || is_upper(after[0])) return true;
      }
    }
    while (end < s.size() && s[end] == U'.') ++end;  // Initials.
    if (char_at(s, end) != U' ') return false;
    i = end + 1;
  }
  return false;
}

/// Whether `s` ends in `word`, lower case, in any case and from the beginning of a word.
bool ends_with_word(Text s, Text word) {
  if (s.size() < word.size()) return false;
  const std::size_t begin = s.size() - word.size();
  return starts_with_nocase(s.substr(begin), word) && (begin == 0 || !is_word_char(s[begin - 1]));
}

bool has_address(Text s) {
  for (std::size_t at = s.find(U'@'); at != Text::npos; at = s.find(U'@', at + 1)) {
    if (at == 0 || !(is_word_char(s[at - 1]) || contains(U".+-"_set, s[at - 1]))) continue;
    std::size_t i = at + 1;
    while (i < s.size() && (is_word_char(s[i]) || s[i] == U'-')) ++i;
    if (i > at + 1 && char_at(s, i) == U'.' && is_word_char(char_at(s, i + 1))) return true;
  }
  for (std::size_t at = s.find_first_of(U"/."sv); at != Text::npos;
       at = s.find_first_of(U"/."sv, at + 1)) {
    if (ends_with_word(s.substr(0, at + 1), U"www."sv)) return true;
    const Text so_far = s.substr(0, at + 1);
    if (ends_with_word(so_far, U"http://"sv) || ends_with_word(so_far, U"https://"sv)) return true;
  }
  return false;
}

/// "10:14 GMT": the head of an entry of a live page.
bool begins_with_clock(Text s) {
  std::size_t i = 0;
  while (i < 2 && is_digit(char_at(s, i))) ++i;
  if (i == 0 || char_at(s, i) != U':' || !is_digit(char_at(s, i + 1))) return false;
  const Text rest = s.substr(std::min(s.size(), i + 3));
  return begins_with_phrase(rest, U" GMT"sv) || begins_with_phrase(rest, U" BST"sv) ||
         begins_with_phrase(rest, U" EST"sv) || begins_with_phrase(rest, U" EDT"sv);
}

bool ends_with_agency(Text s) {
  if (!s.ends_with(U')')) return false;
  static constexpr Text kEnds[] = {U"(Reuters)", U"(AFP)",          U"(AP)",
                                   U"(Getty)",   U"(Getty Images)", U"(PA)"};
  return std::ranges::any_of(kEnds, [&](Text end) { return s.ends_with(end); });
}

/// How a sentence opens that is about the page, or asks its reader for something.
constexpr Text kOpenings[] = {U"read more",
                              U"read the full",
                              U"read full",
                              U"scroll down",
                              U"share this",
                              U"follow us",
                              U"email to a friend",
                              U"e-mail to a friend",
                              U"below is",
                              U"below are",
                              U"below you",
                              U"check out",
                              U"continue reading",
                              U"contact us",
                              U"download the",
                              U"follow him on",
                              U"follow her on",
                              U"find out more",
                              U"for more on",
                              U"for more information",
                              U"in this article",
                              U"in this blog",
                              U"in this post",
                              U"in this guide",
                              U"in this tutorial",
                              U"if you enjoyed this",
                              U"if you liked this",
                              U"learn more",
                              U"lorem ipsum",
                              U"on this page you will",
                              U"please note",
                              U"please contact",
                              U"please consider making",
                              U"sign up",
                              U"subscribe to",
                              U"subscribe now",
                              U"subscribe today",
                              U"stay tuned",
                              U"this article",
                              U"this story was",
                              U"this story has been",
                              U"this site is protected",
                              U"thanks for reading",
                              U"thank you for reading",
                              U"view all",
                              U"want the full"};

/// A number below 256 for the first three letters, in any case.
constexpr std::uint32_t beginning_of(Text s) {
  return (((s[0] | 32) * 31 + (s[1] | 32)) * 31 + (s[2] | 32)) % 256;
}

/// Of each such number, whether one of them begins so: hardly any sentence gets past this.
constexpr auto kBeginnings = [] {
  std::array<bool, 256> out{};
  for (const Text opening : kOpenings) out[beginning_of(opening)] = true;
  return out;
}();

bool opens_with_pointer(Text s) {
  if (s.size() < 3 || !kBeginnings[beginning_of(s)]) return false;
  if (starts_with_nocase(s, U"follow @"sv)) return true;
  const char32_t third = s[2] | 32;
  return std::ranges::any_of(kOpenings, [&](Text opening) {
    return opening[2] == third && starts_with_nocase(s, opening) &&
           !is_word_char(char_at(s, opening.size()));
  });
}

/// Whether a pointer or a credit begins with the word at the beginning of `s`.
bool begins_with_pointer(Text s) {
  static constexpr Text kWhole[] = {U"click here",
                                    U"click on the link",
                                    U"click through to",
                                    U"tap here",
                                    U"tap on the link",
                                    U"tap through to",
                                    U"contributed to this report",
                                    U"contributed to this story",
                                    U"contributed to this article",
                                    U"all rights reserved",
                                    U"hide caption"};
  static constexpr Text kShouted[] = {U"READ MORE", U"READ:", U"VIDEO Scroll", U"WATCH", U"MORE:"};
  if (begins_with_phrase(s, U"CLICK"sv)) return true;
  return std::ranges::any_of(kShouted, [&](Text p) { return s.starts_with(p); }) ||
         std::ranges::any_of(kWhole, [&](Text p) {
           return starts_with_nocase(s, p) && !is_word_char(char_at(s, p.size()));
         });
}

constexpr std::uint64_t kAll = hash_word("all");
constexpr std::uint64_t kRights = hash_word("rights");
/// First words of these.
constexpr std::array kFirst = {kAll, hash_word("click"), hash_word("tap"), hash_word("contributed"),
                               hash_word("hide")};
constexpr std::array kShoutedFirst = {hash_word("read"), hash_word("video"), hash_word("more")};

template <std::size_t N>
bool is_one_of(std::uint64_t form, const std::array<std::uint64_t, N>& forms) {
  return std::ranges::find(forms, form) != forms.end();
}

bool begins_shouted(std::string_view s) {
  return s.starts_with("READ") || s.starts_with("VIDEO") || s.starts_with("MORE") ||
         s.starts_with("WATCH");
}

/// Whether a word that begins with these two letters can be a pointer's first.
bool may_begin_pointer(char32_t first, char32_t second) {
  switch (first | 32) {
    case U'c':
      return contains(U"lLoO"_set, second);
    case U't':
    case U'w':
      return contains(U"aA"_set, second);
    case U'a':
      return contains(U"lL"_set, second);
    case U'h':
    case U'v':
      return contains(U"iI"_set, second);
    case U'r':
      return second == U'E';
    case U'm':
      return second == U'O';
    default:
      return false;
  }
}

}  // namespace

bool begins_pointer(std::string_view word, std::uint64_t form) {
  return is_one_of(form, kFirst) || is_one_of(form, kShoutedFirst) || word.starts_with("watch");
}

bool may_point(std::string_view sentence, std::span<const Word> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words[i];
    if (!word.telling) continue;  // Most are done here.
    if (word.form == kAll) {
      if (i + 1 < words.size() && words[i + 1].form == kRights) return true;
    } else if (is_one_of(word.form, kFirst)) {
      return true;
    } else if (word.capitalised && begins_shouted(sentence.substr(word.begin))) {
      return true;
    }
  }
  return false;
}

bool has_pointer(Text s) {
  bool begins = true;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == U'©') return true;
    const bool may = begins && may_begin_pointer(s[i], char_at(s, i + 1));
    if (may && begins_with_pointer(s.substr(i))) return true;
    begins = !is_word_char(s[i]);
  }
  return false;
}

bool is_credit(Text s, bool may_have_address, bool may_have_label) {
  return (may_have_label && has_label(s)) || is_byline(s) || begins_with_clock(s) ||
         ends_with_agency(s) || (may_have_address && has_address(s)) || opens_with_pointer(s);
}

}  // namespace nutgraf::summarizer
