#include "summarizer/phrases.h"

#include <algorithm>
#include <string>
#include <vector>

namespace nutgraf::summarizer {
namespace {

char32_t char_at(Text s, std::size_t i) { return i < s.size() ? s[i] : U'\0'; }
bool is_word_char(char32_t c) { return is_word(c) || c == U'_'; }

/// Whether `phrase` stands in `s` from the beginning of a word, and, if asked, to the end of one.
bool has_phrase(Text s, Text phrase, bool whole) {
  for (std::size_t at = s.find(phrase); at != Text::npos; at = s.find(phrase, at + 1)) {
    const bool begins = at == 0 || !is_word_char(s[at - 1]);
    if (begins && (!whole || !is_word_char(char_at(s, at + phrase.size())))) return true;
  }
  return false;
}

bool begins_with_phrase(Text s, Text phrase) {
  return s.starts_with(phrase) && !is_word_char(char_at(s, phrase.size()));
}

/// "Photo: ", "Editor's note:", "Foto:" at the beginning of a lower-case sentence.
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
  const Text label = strip(s.substr(0, colon));
  return std::ranges::find(kLabels, label) != std::end(kLabels);
}

/// "By Jane Doe", "By Jane Doe, CNN", "By Jane Doe for …"; not "By Monday, Ann had left."
bool is_byline(Text s) {
  static constexpr Text kTimes[] = {
      U"January", U"February",  U"March",   U"April",    U"May",      U"June",      U"July",
      U"August",  U"September", U"October", U"November", U"December", U"Christmas", U"Easter"};
  if (!s.starts_with(U"By ")) return false;
  const auto inner = [](char32_t c) { return is_word_char(c) || contains(U"'’-", c); };
  std::size_t i = 3;
  for (int words = 1; words <= 4 && is_upper(char_at(s, i)); ++words) {
    std::size_t end = i + 1;
    while (end < s.size() && inner(s[end])) ++end;
    const Text word = s.substr(i, end - i);
    if (words == 1 &&
        (word.ends_with(U"day") || std::ranges::find(kTimes, word) != std::end(kTimes))) {
      return false;
    }
    const Text rest = s.substr(end);
    if (words >= 2) {
      if (rest.empty() || rest == U"." || begins_with_phrase(rest, U" for")) return true;
      if (rest.starts_with(U" and ") && is_upper(char_at(rest, 5))) return true;
      const Text mark = strip(rest.substr(0, 3));
      if (!mark.empty() && contains(U",|", mark[0])) {
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

bool has_address(Text s) {
  for (std::size_t at = s.find(U'@'); at != Text::npos; at = s.find(U'@', at + 1)) {
    if (at == 0 || !(is_word_char(s[at - 1]) || contains(U".+-", s[at - 1]))) continue;
    std::size_t i = at + 1;
    while (i < s.size() && (is_word_char(s[i]) || s[i] == U'-')) ++i;
    if (i > at + 1 && char_at(s, i) == U'.' && is_word_char(char_at(s, i + 1))) return true;
  }
  for (const Text scheme : {Text(U"http://"), Text(U"https://"), Text(U"www.")}) {
    if (has_phrase(s, scheme, false)) return true;
  }
  return false;
}

/// "10:14 GMT": the head of an entry of a live page.
bool begins_with_clock(Text s) {
  std::size_t i = 0;
  while (i < 2 && is_digit(char_at(s, i))) ++i;
  if (i == 0 || char_at(s, i) != U':' || !is_digit(char_at(s, i + 1))) return false;
  const Text rest = s.substr(std::min(s.size(), i + 3));
  return begins_with_phrase(rest, U" GMT") || begins_with_phrase(rest, U" BST") ||
         begins_with_phrase(rest, U" EST") || begins_with_phrase(rest, U" EDT");
}

bool ends_with_agency(Text s) {
  static constexpr Text kEnds[] = {U"(Reuters)", U"(AFP)",          U"(AP)",
                                   U"(Getty)",   U"(Getty Images)", U"(PA)"};
  return std::ranges::any_of(kEnds, [&](Text end) { return s.ends_with(end); });
}

}  // namespace

bool is_credit(Text s) {
  static constexpr Text kWhole[] = {U"click here", U"click on the link", U"click through to",
                                    U"tap here",   U"tap on the link",   U"tap through to"};
  static constexpr Text kAnywhere[] = {U"contributed to this report", U"contributed to this story",
                                       U"contributed to this article", U"all rights reserved",
                                       U"hide caption"};
  static constexpr Text kOpenings[] = {
      U"read more",         U"read the full",      U"read full",
      U"scroll down",       U"share this",         U"follow us",
      U"email to a friend", U"e-mail to a friend", U"on this page you will"};
  static constexpr Text kShouted[] = {U"READ MORE", U"READ:", U"VIDEO Scroll", U"WATCH", U"MORE:"};
  const std::u32string small = lower(s);
  const auto any = [](const auto& list, auto test) { return std::ranges::any_of(list, test); };
  return contains(s, U'©') || has_label(small) || is_byline(s) || has_address(small) ||
         begins_with_clock(s) || ends_with_agency(s) || has_phrase(s, U"CLICK", true) ||
         small.starts_with(U"follow @") ||
         any(kWhole, [&](Text p) { return has_phrase(small, p, true); }) ||
         any(kAnywhere, [&](Text p) { return has_phrase(small, p, false); }) ||
         any(kOpenings, [&](Text p) { return begins_with_phrase(small, p); }) ||
         any(kShouted, [&](Text p) { return has_phrase(s, p, false); });
}

}  // namespace nutgraf::summarizer
