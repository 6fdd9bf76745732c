#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "daemon/base/words.h"
#include "daemon/event/number_words.h"

namespace nutgraf {

/// A sentence, its words, and what stands between them, for those who look for figures in it
/// (event/figures.h). English only.
struct Reading {
  std::string_view sentence;
  Words words;

  /// What stands before a word, or behind the last one.
  std::string_view gap(std::size_t before) const;
  /// Whether a phrase can go on into that word: nothing but blanks and hyphens before it.
  bool joined(std::size_t at) const;
  std::string_view word(std::size_t at) const {
    return at < words.size() ? words[at] : std::string_view();
  }
  /// The word so many before `at`, empty before the first.
  std::string_view before(std::size_t at, std::size_t back) const {
    return at >= back ? words[at - back] : std::string_view();
  }
  bool capital(std::size_t at) const { return at < words.size() && words.words[at].capital; }
};

inline bool one_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// The value of a key, empty if it is none.
template <std::size_t N>
std::string_view look_up(const std::pair<std::string_view, std::string_view> (&table)[N],
                         std::string_view word) {
  for (const auto& [key, value] : table) {
    if (key == word) return value;
  }
  return {};
}

/// "May", not "may".
bool is_month(const Reading& read, std::size_t at);
/// "were", "reportedly", "seriously": what stands between those who suffer and what they suffer.
bool is_auxiliary(std::string_view word);
/// Words that end a noun phrase.
bool closes_phrase(std::string_view word);
bool is_year(const Reading& read, std::size_t at, const WrittenNumber& number);

/// Of old events, other incidents and other countings: "in 2014", "meanwhile", "a similar".
bool speaks_of_else(const Reading& read);

/// What has not happened, or nobody knows: said within seven words of the number.
bool is_supposed(const Reading& read, std::size_t at);

/// Where the wording of a number begins: at "at least", "nearly", …, if there is any.
std::size_t wording_begins(const Reading& read, std::size_t at);

/// A number that stands by itself: no part of a range, a share, an age, a date or a total.
bool stands_alone(const Reading& read, std::size_t at, const WrittenNumber& number);

/// A whole number of things that were counted, as far as the words beside it tell.
bool can_count(const Reading& read, std::size_t at, const WrittenNumber& number);

/// One end of "8 to 14 inches", "$140-$150 million", "between $15 and $19".
bool is_range(const Reading& read, std::size_t at, const WrittenNumber& number);

/// Part of a longer figure that blanks tear apart: "1, 199", "6. 1", "41 / 2".
bool is_torn(const Reading& read, std::size_t at, const WrittenNumber& number);

}  // namespace nutgraf
