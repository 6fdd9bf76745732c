#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "daemon/base/date.h"
#include "daemon/model/feed.h"
#include "daemon/poll/options.h"

namespace nutgraf {

// How a feed fares: what is learned from each poll and story (FeedHabits), and what state that
// makes. Everything here is pure, O(1), and reads no clock, so that a restart decides the same.
//
// The states, the worst loss first; the first that applies is the feed's:
//
//   gone     the server said 410, and no good answer has come since
//   failing  failures >= kFailingFrom; until kWellAfter good polls in a row
//   silent   no new item for longer than patience(); or documents without any item, kEmptyPolls
//            in a row and twice as many as ever ended by themselves; until an item comes
//   blocked  walls stood where pages were wanted: wall_share >= 0.6; until <= 0.3
//   thin     texts collapsed against the feed's own median, or no page could be had and the
//            stories are teasers: short_share or missing_share >= 0.8; until <= 0.4
//   moved    a permanent redirect, pending since kMovedTold equal answers, or believed and not yet
//            written into the configuration
//   ok

/// Failures from which on a feed counts as failing.
inline constexpr double kFailingFrom = 3;
/// Good polls in a row that end it: one may be luck between two errors.
inline constexpr int kWellAfter = 2;
/// Empty documents in a row that are no accident.
inline constexpr int kEmptyPolls = 3;
/// Equal redirects in a row: of a farm of servers one alone may be misconfigured.
inline constexpr int kMovedTold = 3;

/// What a good poll showed.
struct PollFacts {
  std::optional<Time> previous;      ///< Good poll before this one.
  std::optional<Time> last_arrival;  ///< Poll that last brought something new.
  std::optional<std::size_t> items;  ///< In the document; nullopt: not modified.
  std::size_t new_items = 0;
};

/// The mean gap is an exponentially weighted mean over about thirty arrivals [Roberts 1959], each
/// cut at six times the mean, so that one holiday does not spoil it. What was new at the first
/// poll is no arrival: nobody knows when it came. Time that nobody looked counts for one mean gap
/// at most: an outage of ours is no habit of the feed.
FeedHabits after_good_poll(FeedHabits habits, const PollFacts& facts, Time now);

/// What a story turned out to be, told once an item.
struct StoryFacts {
  std::size_t characters = 0;  ///< Of its text.
  bool page_wanted = false;    ///< The feed gives a teaser and the operator wants more.
  bool teaser_only = false;    ///< The text is no more than that teaser.
  Wall wall = Wall::kNone;     ///< What stood in the page's place.
  PageSelection selection = PageSelection::kNotAsked;
};

/// The median of text lengths is followed by stochastic approximation: a bounded step towards
/// each text's length, on a logarithmic scale [Robbins and Monro 1951; Tierney 1983,
/// "A space-efficient recursive procedure for estimating a quantile of an unknown distribution"].
/// Steps shrink as 1/n to g = 4 %, so it follows a feed that changes within some fifty stories;
/// its standard error is sqrt(g / 4f), f the density at the median: 7 to 16 % of the length for
/// texts whose logarithms spread by 0.2 to 1. While texts are collapsed it stands still.
FeedHabits after_story(FeedHabits habits, const StoryFacts& facts, const HealthOptions& options);

/// How long the feed may bring nothing new: the larger of silent_after and silent_gaps mean gaps
/// (or four of its longest gaps of late, if that is less: a clockwork is missed sooner); up to
/// three times that if its longest gap was more than half of it, so that a weekend is no silence;
/// and no less than a month while fewer than five gaps are known.
std::chrono::seconds patience(const FeedHabits& habits, const HealthOptions& options);

/// New items a day, over about the last two weeks; nullopt before a quarter of a day was watched.
std::optional<double> items_per_day(const FeedHabits& habits);

/// Characters of the median text; nullopt before twenty are known.
std::optional<std::size_t> usual_length(const FeedHabits& habits);

struct Diagnosis {
  FeedHealth health = FeedHealth::kOk;
  std::string reason;  ///< For people, one line; empty if there is nothing to say.
};

/// What the facts in `state` amount to. Its own `health` counts as what was said last, so that
/// nothing flaps around a threshold.
Diagnosis diagnose(const FeedState& state, const HealthOptions& options);

/// The state with its diagnosis; `health_since` moves when the health does. A feed that was thin
/// for a month is no longer: that is how it is now, and its lengths are learned anew.
FeedState judged(FeedState state, const HealthOptions& options, Time now);

}  // namespace nutgraf
