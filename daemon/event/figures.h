#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// A number that a sentence gives, with what it counts or measures.
struct Figure {
  enum class Kind { kPeople, kMoney, kDistance };
  Kind kind = Kind::kPeople;
  std::string what;  ///< "killed", "killed soldiers", "money (USD)", "distance (km)".
  double value = 0;
  double grain = 1;  ///< Place of the last digit that is not zero: how coarsely it is rounded.
  bool at_least = false;
  bool hedged = false;    ///< "about", "nearly", "up to".
  std::size_t begin = 0;  ///< Bytes of the sentence that write it, with its currency or unit.
  std::size_t end = 0;
};

/// How many people were killed, injured, arrested, missing, rescued, evacuated, … and amounts of
/// money and distances. Keyed by what happened and to whom: "nine soldiers" and "nine people" are
/// two matters, no noun is people.
///
/// Left out, because they are no counts of this event or not the whole of one: what sentences on
/// the past ("in 2014", "in September", "a similar", "since") or of one incident among others say
/// ("meanwhile", "in one attack"), what may be or is feared, years, ages, shares, ranges, "two of",
/// "12 more", "31 here and another 12 there", "three men and two women", and a unit that a sentence
/// gives twice.
/// English only. Pure. Linear; the first 200 words are looked at.
std::vector<Figure> figures_of(std::string_view sentence);

/// Whether two figures can both be true as they are worded: equal; "at least N" up to 1.5 N;
/// hedged and within 10 %; equal when rounded as coarsely as the coarser (not small counts of
/// people: 18 dead and 20 dead are two counts); amounts and distances within 5 %.
bool agree(const Figure& a, const Figure& b);

}  // namespace nutgraf
