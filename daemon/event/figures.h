#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// A number that a sentence gives, with what it counts or measures.
struct Figure {
  enum class Kind {
    kPeople,
    kThings,
    kTimes,
    kMoney,
    kMeasure,
    kDuration,
    kMagnitude,
    kTerm,
    kAge,
    kChildren,
    kStreetNumber
  };
  Kind kind = Kind::kPeople;
  /// "killed", "killed soldiers", "number of houses", "money (USD)", "distance (km)", "magnitude",
  /// "age (Marsh)", "prison term (years)", "block of elm street".
  std::string what;
  double value = 0;
  double grain = 1;  ///< Place of the last digit that is not zero: how coarsely it is rounded.
  bool at_least = false;
  bool hedged = false;    ///< "about", "nearly", "up to".
  std::size_t begin = 0;  ///< Bytes of the sentence that write it, with its currency or unit.
  std::size_t end = 0;
  /// Words that tell what else it is of: a person's names, what things are called beside their
  /// noun.
  std::vector<std::string> of;
  std::vector<std::string> years;  ///< That the sentence names, sorted: what it is of was then.
  bool persons = false;            ///< Of kThings: "students", "refugees".
};

/// Known by whose or where it is, whatever else the sentence says.
bool is_of_one(Figure::Kind kind);

/// What the numbers of a sentence count or measure:
///   - people killed, injured, arrested, charged, missing, rescued, homeless, …, keyed by what
///     happened and to whom: "nine soldiers" and "nine people" are two matters, no noun is people;
///   - other things, keyed by their noun in the plural: "22 timber houses"; how often something
///     was done: "shot 11 times";
///   - the age of a person named in full: "Ann Marsh, 34,", "the 34-year-old Ann Marsh"; how many
///     children a person has who is named beside it: "Marsh, a mother of three";
///   - money, keyed by currency and for what each it is ("a year"); distance, speed, area, weight
///     and duration, keyed by unit; prison terms; the magnitude of an earthquake, with its decimal;
///   - the block of a street: "the 1200 block of Elm Street".
///
/// Left out, because they are no counts of this event or not the whole of one: what sentences
/// on the past ("in September", "a similar", "since") or of one incident among others say
/// ("meanwhile", "in one attack") but for what is_of_one(), counts of people in a sentence that
/// names a year, what may be or is feared, years, shares, ranges, "two of", "12 more", "31 here
/// and another 12 there", "three men and two women", "12 a day", "in 13 days", what was "in the
/// last 10 days", tables ("12 vs 9"), populations ("a city of 9,000 people"), what is compared with
/// ("better than $184 million"), market prices ("$62 a barrel"), bounds ("magnitude 3.0 or
/// greater"), and a unit that a sentence gives twice. English only. Pure. Linear but for the years;
/// the first 200 words are looked at.
std::vector<Figure> figures_of(std::string_view sentence);

/// Whether two figures can both be true as they are worded: equal; "at least N" up to 1.5 N or
/// N + 3; hedged and within 10 %; equal when rounded as coarsely as the coarser (not small
/// counts: 18 dead and 20 dead are two counts); amounts and measures within 5 % or less than
/// half a unit of the coarser. Ages, children, street numbers, magnitudes and times only if
/// equal.
bool agree(const Figure& a, const Figure& b);

}  // namespace nutgraf
