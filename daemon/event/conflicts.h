#pragma once

#include <string_view>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/event/figures.h"
#include "daemon/model/event.h"
#include "summarizer/summarizer.h"

namespace nutgraf {

/// A report as conflicts are looked for in it.
struct Testimony {
  const summarizer::Analysis* analysis = nullptr;
  std::string_view publisher;
  std::size_t source = 0;  ///< Independent source (event/independence.h).
  Time time{};
};

/// Where independent sources disagree on a figure (event/figures.h): how many were killed, injured,
/// arrested, …, an amount of money, a distance. English only, precision before recall: two figures
/// are about one thing only if
///   - the reports are at most 12 hours apart: later, the count has changed;
///   - the sentences share enough: 3 stems and 30 % for people; 5 stems, 60 % and two fifths of the
///     longer one for amounts and distances, and of those 2 stems within 45 characters of the
///     figures;
///   - they name no other weekday, day of the month or time of day, and not only other names, and
///     not one of them speaks of several incidents ("the attacks");
///   - no other count moves against theirs ("9 killed, 31 injured", "12 killed, 20 injured");
///   - one is at most three times the other;
///   - neither report gives a figure of that kind elsewhere that agrees with the other's, and
///     neither sentence writes the other's number at all.
/// Of counts of people each report's first one speaks. At most `most`, what most sources speak on
/// first. Quadratic in the figures, of which the first kMaxFigures of a report are taken.
std::vector<Conflict> find_conflicts(const std::vector<Testimony>& reports, std::size_t most);
inline constexpr std::size_t kMaxFigures = 64;

}  // namespace nutgraf
