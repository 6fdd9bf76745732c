#include "summarizer/captions.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "summarizer/words.h"

namespace nutgraf::summarizer {
namespace {

constexpr std::size_t kMaxLabel = 48;
constexpr std::size_t kMaxLabelWords = 5;
/// Bytes of a bracket that says where somebody is: "(second from left, in the blue shirt)".
constexpr std::size_t kMaxBracket = 48;

/// Words that make what is before a colon a sentence of its own.
bool says_something(const Word& word) {
  static constexpr FewWords kVerbs("is", "are", "was", "were", "said", "says", "added", "adds",
                                   "told", "asks", "asked", "wrote");
  return kVerbs.contains(word.form);
}

constexpr std::array kPlaces = {hash_word("left"),  hash_word("right"),  hash_word("above"),
                                hash_word("below"), hash_word("centre"), hash_word("center")};
constexpr std::uint64_t kPictured = hash_word("pictured");
constexpr std::uint64_t kHere = hash_word("here");
constexpr std::uint64_t kFile = hash_word("file");

bool is_place(std::uint64_t form) { return std::ranges::find(kPlaces, form) != kPlaces.end(); }

bool is_upper_or_digit(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// Whether a letter or figure that may begin a sentence stands at `i`; of letters that are not
/// ASCII, the word there knows.
bool begins_text(std::string_view s, std::size_t i, std::span<const Word> words) {
  if (i >= s.size()) return false;
  if (static_cast<unsigned char>(s[i]) < 0x80) return is_upper_or_digit(s[i]);
  const auto at = std::ranges::lower_bound(words, i, {}, &Word::begin);
  return at != words.end() && at->begin == i && at->capitalised;
}

bool has_label(std::string_view s, std::span<const Word> words) {
  const std::size_t colon = s.substr(0, kMaxLabel).find(": ");
  if (colon == std::string_view::npos || words.empty() || words[0].stem == 0) return false;
  if (!words[0].capitalised && !words[0].number) return false;
  std::size_t label = 0;
  while (label < words.size() && words[label].begin < colon) ++label;
  if (label == 0 || label > kMaxLabelWords) return false;
  return std::ranges::none_of(words.first(label), says_something) &&
         begins_text(s, colon + 2, words.subspan(label));
}

/// "(left)", "(pictured left)", "(second from right)", "(above with his wife)", "(left, in blue)".
bool is_in_bracket(std::string_view s, const Word& place) {
  const std::size_t end = place.begin + place.size;
  const std::size_t from = place.begin < kMaxBracket ? 0 : place.begin - kMaxBracket;
  const std::size_t open = s.substr(0, place.begin).find_last_of("()");
  if (open == std::string_view::npos || open < from || s[open] != '(') return false;
  const std::string_view rest = s.substr(end);
  const bool opens = open + 1 == place.begin;
  if (rest.starts_with(')')) {
    // Parties, too, are left and right of the centre.
    const std::string_view before = s.substr(open, place.begin - open);
    return opens || (s[place.begin] != 'c' && std::ranges::count(before, ' ') < 3);
  }
  return opens && (rest.starts_with(',') || rest.starts_with(" with ")) &&
         rest.substr(0, kMaxBracket).find(')') != std::string_view::npos;
}

/// "Rush Limbaugh, 61, left, …", "… and Kate Hopkins, right."
bool is_between_commas(std::string_view s, const Word& place, const Word& before) {
  const std::size_t gap = before.begin + before.size;
  const std::size_t end = place.begin + place.size;
  return (before.capitalised || before.number) && s.substr(gap, place.begin - gap) == ", " &&
         end < s.size() && (s[end] == ',' || s[end] == '.');
}

/// "Pictured are the …"; "Roy Moore pictured at a rally", "Ann Lee pictured holding …"; "pictured
/// here". Not: "He was pictured", "Lee, pictured at home, said", "Lee pictured the mill as a
/// hotel".
bool is_picture_of(std::string_view s, std::span<const Word> words, std::size_t i) {
  static constexpr std::array kAfter = {
      hash_word("at"),     hash_word("in"),    hash_word("on"),      hash_word("with"),
      hash_word("after"),  hash_word("near"),  hash_word("outside"), hash_word("before"),
      hash_word("beside"), hash_word("above"), hash_word("below"),   hash_word("during")};
  if (words[i].form != kPictured) return false;
  if (i == 0) return words[i].capitalised;
  if (!words[i - 1].capitalised || i + 1 == words.size()) return false;
  const std::size_t end = words[i - 1].begin + words[i - 1].size;
  const Word& next = words[i + 1];
  return s.substr(end, words[i].begin - end) == " " &&
         (s.substr(next.begin, next.size).ends_with("ing") ||
          std::ranges::find(kAfter, next.form) != kAfter.end());
}

/// "In this March 6, 2015, file photo, …", "FILE PHOTO: …".
bool is_file_photo(std::span<const Word> words, std::size_t i) {
  static constexpr std::array kPhotos = {hash_word("photo"), hash_word("photograph"),
                                         hash_word("picture"), hash_word("image")};
  return words[i].form == kFile && i + 1 < words.size() &&
         std::ranges::find(kPhotos, words[i + 1].form) != kPhotos.end();
}

/// "… speaks in Altamira, Brazil, July 29, 2019.": where and when, as agencies end a caption; prose
/// has "on" before a date. The last three words are a month, a day and a year.
bool ends_in_place_and_date(std::string_view s, std::span<const Word> words) {
  static constexpr FewWords kMonths("january", "february", "march", "april", "may", "june", "july",
                                    "august", "september", "october", "november", "december", "jan",
                                    "feb", "mar", "apr", "aug", "sept", "sep", "oct", "nov", "dec");
  static constexpr FewWords kWeekdays("monday", "tuesday", "wednesday", "thursday", "friday",
                                      "saturday", "sunday");
  constexpr std::size_t kDate = 3;
  if (words.size() < kDate + 2) return false;
  const Word& year = words.back();
  const std::size_t end = year.begin + year.size;
  if (!year.number || year.size != 4 || (end != s.size() && s.substr(end) != ".")) return false;
  std::size_t first = words.size() - kDate;
  if (!words[first + 1].number || !kMonths.contains(words[first].form)) return false;
  if (kWeekdays.contains(words[first - 1].form)) --first;
  const std::size_t before = words[first - 1].begin + words[first - 1].size;
  const std::string_view gap = s.substr(before, words[first].begin - before);
  // "…, U.S. May 3, 2019" is what one agency writes.
  return gap == ", " || gap == "., " || (gap == ". " && s.substr(0, before).ends_with("U.S"));
}

bool points_into_picture(std::string_view s, std::span<const Word> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].telling) continue;  // Most are done here.
    const bool place = is_place(words[i].form);
    if (place && is_in_bracket(s, words[i])) return true;
    if (is_picture_of(s, words, i) || is_file_photo(words, i)) return true;
    if (i == 0) continue;
    if (place && is_between_commas(s, words[i], words[i - 1])) return true;
    if ((place || words[i].form == kHere) && words[i - 1].form == kPictured) return true;
  }
  return false;
}

}  // namespace

bool tells_caption(std::uint64_t form) {
  return is_place(form) || form == kHere || form == kPictured || form == kFile;
}

bool is_caption(std::string_view sentence, std::span<const Word> words, const Shape& shape,
                std::string_view language) {
  if (language == "en" &&
      (points_into_picture(sentence, words) || ends_in_place_and_date(sentence, words))) {
    return true;
  }
  return shape.has_colon && language != "de" && language != "lb" && has_label(sentence, words);
}

}  // namespace nutgraf::summarizer
