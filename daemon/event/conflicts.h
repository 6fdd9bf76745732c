#pragma once

#include <string_view>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/model/event.h"
#include "summarizer/summarizer.h"

namespace nutgraf {

/// A report as conflicts are looked for in it.
struct Testimony {
  const summarizer::Analysis* analysis = nullptr;
  std::string_view publisher;
  std::size_t source = 0;  ///< As credited (event/independence.h).
  Time time{};
  std::string_view url{};  ///< Its address may tell its day.
};

/// Where independent sources disagree on a figure (event/figures.h): how many were killed, injured,
/// arrested, …, someone's age or children, an earthquake's magnitude, a prison term, an amount of
/// money, what was measured, a number of things or of times, the numbers of a street. English only,
/// precision before recall: two figures are about one thing only if
///   - the reports are at most 12 hours apart, as later the count has changed, and neither their
///     openings nor the dates in their addresses tell of other days (event/days.h);
///   - the sentences share enough: 3 stems and 30 % of the shorter one for people, magnitudes and
///     (with 2 stems within 45 characters of the figures) times, 4 and 50 % for prison terms;
///     5 stems, 60 %, two fifths of the longer one and 2 near stems for money and measures, or (not
///     durations) 45 % and a third of the longer one, or 4 and 35 % with 3 near ones; for things 3
///     near ones and 5 and 50 % with three tenths of the longer one, 4 and 35 % with a fifth and a
///     name before both figures, or 3 and 40 % if they are people, who also are counted together
///     with 7 and 40 % and a third of the longer one, none near. For an age a surname and one more
///     name have to be the same, for children a name, for street numbers the street, and of what
///     follows only the last two points count; ages are not compared between a report on the deed
///     and one on the trial;
///   - the sentences name the same years, no other weekday, day of the month or time of day, and
///     not only other names (but for who said it), either in all or (but for people) before the
///     figure; and not one of
///     them speaks of several incidents ("the attacks");
///   - they are not one form filled in twice: two thirds of the words but for names and numbers the
///     same, there or in the first two sentences, and each report begins with names that the other
///     does not have (there: does not begin with);
///   - no other count moves against theirs ("9 killed, 31 injured", "12 killed, 20 injured"), and
///     the reports do not give all other magnitudes: they tell of two earthquakes;
///   - one is at most three times the other;
///   - neither report gives a figure of that kind elsewhere that agrees with the other's, and
///     neither sentence (of a magnitude: report) writes the other's number at all.
/// Of counts of people each report's first one speaks, and a later one of which the other tells in
/// the same words (5 stems, 50 %). At most `most`, what most sources speak on first. Quadratic in
/// the figures, of which the first kMaxFigures (event/findings.h) of a report are taken.
std::vector<Conflict> find_conflicts(const std::vector<Testimony>& reports, std::size_t most);

}  // namespace nutgraf
