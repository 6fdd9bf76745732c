#include "daemon/poll/feed_health.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace nutgraf {
namespace {

using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::seconds;

/// Fading of the item rate: two weeks hold every weekday twice.
constexpr double kRateDays = 14;
constexpr double kRateKnownDays = 0.25;

/// Arrivals that the mean gap remembers.
constexpr double kGapGain = 1.0 / 32;
/// Gaps from which on the mean says something, and how long a feed may be quiet before that.
constexpr int kGapsKnown = 5;
constexpr seconds kPatienceUnknown = hours(30 * 24);
/// A gap counts for so many means at most.
constexpr double kGapCut = 6;
/// Polls are at most so far apart in good times.
constexpr std::uint32_t kUnwatched_s = 3600;
/// The longest gap halves in three months, or in so many mean gaps if that is longer.
constexpr double kLongestHalves_s = 90.0 * 24 * 3600;
constexpr double kLongestHalvesGaps = 32;
/// So many longest gaps are never silence, and so many always are: a clockwork is missed earlier
/// than what comes at random.
constexpr int kLongestGaps = 2;
constexpr int kSurelySilentGaps = 4;
/// A rhythm buys a feed no more than this: one that was dead for a year must not be for two.
constexpr int kMostPatience = 3;

/// Longest run of empty documents that is learned to be normal: about a day of polls.
constexpr int kEmptyLearned = 50;

constexpr double kLeastStep = 0.04;
constexpr int kLengthsKnown = 20;
/// Of a flash of news there is nothing to collapse.
constexpr double kWorthMissing = 600;
constexpr hours kThinIsNormal{30 * 24};

constexpr float kTextGain = 1.0F / 10;
constexpr float kWallGain = 1.0F / 5;
/// Stories that want no page say little about pages; many of them say that the trouble is over.
constexpr float kNoPageGain = 1.0F / 40;
constexpr int kPagesKnown = 10;

/// Where a share begins to mean illness, and where that ends.
struct Band {
  float ill;
  float well;
};
constexpr Band kWallBand{0.6F, 0.3F};
constexpr Band kTextBand{0.8F, 0.4F};

bool beyond(float share, Band band, bool ill_already) {
  return share >= (ill_already ? band.well + 1e-6F : band.ill);
}

template <typename Count>
Count one_more(Count count) {
  return count == std::numeric_limits<Count>::max() ? count : static_cast<Count>(count + 1);
}

template <typename Count>
Count saturated(double value) {
  return static_cast<Count>(
      std::clamp<double>(value, 0, static_cast<double>(std::numeric_limits<Count>::max())));
}

void follow(float& share, bool yes, float gain) { share += gain * ((yes ? 1.0F : 0.0F) - share); }

double seconds_between(Time from, Time to) {
  return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

void learn_rate(FeedHabits& habits, double watched_s, std::size_t new_items) {
  const double days = watched_s / 86400;
  const double kept = std::exp(-days / kRateDays);
  habits.watched_days = static_cast<float>(habits.watched_days * kept + kRateDays * (1 - kept));
  // As if they had come in the middle of the time.
  habits.new_items = static_cast<float>(habits.new_items * kept +
                                        static_cast<double>(new_items) * std::sqrt(kept));
}

void learn_gap(FeedHabits& habits, double quiet_s, double unwatched_s) {
  if (habits.arrivals > 0) {
    unwatched_s = std::min<double>(unwatched_s, std::max(habits.gap_s, kUnwatched_s));
  }
  const double gap = std::max(1.0, quiet_s + unwatched_s);
  const double halves = std::max(kLongestHalves_s, kLongestHalvesGaps * habits.gap_s);
  const double faded = habits.longest_s * std::exp2(-gap / halves);
  habits.longest_s = saturated<std::uint32_t>(std::max(gap, faded));
  const double mean = habits.gap_s;
  const double cut = habits.arrivals < kGapsKnown ? gap : std::min(gap, kGapCut * mean);
  const double gain = std::max(kGapGain, 1.0 / (habits.arrivals + 1));
  habits.gap_s = saturated<std::uint32_t>(std::max(1.0, std::round(mean + gain * (cut - mean))));
  habits.arrivals = one_more(habits.arrivals);
}

void learn_emptiness(FeedHabits& habits, std::optional<std::size_t> items) {
  const bool still_empty = !items && habits.empty_polls > 0;
  const bool empty_now = items && *items == 0 && habits.usual_items > 0;
  if (still_empty || empty_now) {
    habits.empty_polls = one_more(habits.empty_polls);
  } else if (items && *items > 0) {
    habits.longest_empty = std::max(habits.longest_empty, habits.empty_polls);
    habits.empty_polls = 0;
    habits.usual_items = saturated<std::uint16_t>(static_cast<double>(*items));
  }
}

/// "3 hours", "6 days": so much that the next smaller unit does not matter.
std::string about(double length_s) {
  struct Unit {
    double s;
    std::string_view name;
  };
  for (const Unit unit : {Unit{86400, "day"}, Unit{3600, "hour"}, Unit{60, "minute"}}) {
    if (length_s < 2 * unit.s && unit.s > 60) continue;
    const auto count = std::max(1LL, std::llround(length_s / unit.s));
    return std::to_string(count) + " " + std::string(unit.name) + (count == 1 ? "" : "s");
  }
  return {};
}

std::string percent(float share) { return std::to_string(std::lround(100 * share)) + " %"; }

std::string_view in_words(Wall wall) {
  switch (wall) {
    case Wall::kNone:
      break;
    case Wall::kChallenge:
      return "a challenge for robots";
    case Wall::kConsent:
      return "a consent form";
    case Wall::kLogin:
      return "a log-in form";
    case Wall::kEmpty:
      return "an empty page";
    case Wall::kOther:
      return "a page about something else";
    case Wall::kSame:
      return "one page at many addresses";
  }
  return "a wall";
}

// One question a state. Each is asked only if none before it was answered with yes.

bool is_gone(const FeedState& state) {
  const bool answered = state.last_error.empty();
  return !answered && (state.last_status == 410 || state.health == FeedHealth::kGone);
}

bool is_failing(const FeedState& state) {
  if (state.failures >= kFailingFrom) return true;
  return state.health == FeedHealth::kFailing && state.habits.good_polls < kWellAfter;
}

bool is_empty(const FeedHabits& habits) {
  const int normal = 2 * std::min<int>(habits.longest_empty, kEmptyLearned);
  return habits.empty_polls >= std::max(kEmptyPolls, normal + 1);
}

/// As of the last time that we could look: while we cannot, nobody knows.
std::optional<double> quiet_s(const FeedState& state) {
  const std::optional<Time> since = state.last_new_item ? state.last_new_item : state.first_poll;
  if (!since || !state.last_success) return std::nullopt;
  return seconds_between(*since, *state.last_success);
}

bool is_silent(const FeedState& state, const HealthOptions& options) {
  const std::optional<double> quiet = quiet_s(state);
  if (!quiet || state.habits.usual_items == 0) return false;
  return *quiet > static_cast<double>(patience(state.habits, options).count());
}

bool is_blocked(const FeedState& state) {
  return beyond(state.habits.wall_share, kWallBand, state.health == FeedHealth::kBlocked);
}

bool is_short(const FeedState& state) {
  return beyond(state.habits.short_share, kTextBand, state.health == FeedHealth::kThin);
}

bool lacks_pages(const FeedState& state) {
  return state.habits.pages >= kPagesKnown &&
         beyond(state.habits.missing_share, kTextBand, state.health == FeedHealth::kThin);
}

bool has_moved(const FeedState& state) {
  return !state.configured_url.empty() && state.url != state.configured_url;
}

bool seems_to_move(const FeedState& state) {
  return !state.moved_to.empty() && state.moved_seen >= kMovedTold;
}

std::string why_silent(const FeedState& state) {
  const std::string quiet = "no new item for " + about(quiet_s(state).value_or(0));
  if (state.habits.arrivals < kGapsKnown) return quiet;
  return quiet + "; one every " + about(state.habits.gap_s) + " is usual";
}

std::string why_empty(const FeedHabits& habits) {
  return "answers without any item, " + std::to_string(habits.empty_polls) + " polls in a row; " +
         std::to_string(habits.usual_items) + " were usual";
}

std::string why_blocked(const FeedHabits& habits) {
  return percent(habits.wall_share) + " of the recent pages were walls, the last one " +
         std::string(in_words(habits.wall)) + "; the feed's own text is published";
}

std::string why_short(const FeedHabits& habits) {
  return percent(habits.short_share) + " of the recent texts are far shorter than the usual " +
         std::to_string(usual_length(habits).value_or(0)) + " characters";
}

std::string why_without_pages(const FeedHabits& habits) {
  return "teasers only: no page for " + percent(habits.missing_share) +
         " of the recent stories that want one";
}

}  // namespace

FeedHabits after_good_poll(FeedHabits habits, const PollFacts& facts, Time now) {
  habits.good_polls = one_more(habits.good_polls);
  learn_emptiness(habits, facts.items);
  if (!facts.previous) return habits;
  const double unwatched = seconds_between(*facts.previous, now);
  learn_rate(habits, unwatched, facts.new_items);
  if (facts.new_items > 0 && facts.last_arrival) {
    learn_gap(habits, seconds_between(*facts.last_arrival, *facts.previous), unwatched);
  }
  return habits;
}

FeedHabits after_story(FeedHabits habits, const StoryFacts& facts, const HealthOptions& options) {
  const double length = std::log(std::max<double>(1, static_cast<double>(facts.characters)));
  const double usual = habits.usual_log_length;
  const double limit = usual + std::log(std::max(1e-9, options.thin_percent / 100.0));
  const bool comparable = habits.stories >= kLengthsKnown && usual >= std::log(kWorthMissing);
  const bool collapsed = comparable && length < limit;
  follow(habits.short_share, collapsed, kTextGain);
  if (habits.stories == 0) {
    habits.usual_log_length = static_cast<float>(length);
  } else if (!collapsed || habits.short_share < 0.5F) {
    const double step = std::max(kLeastStep, 1.0 / (habits.stories + 1));
    const double way = length - usual;
    habits.usual_log_length = static_cast<float>(usual + std::clamp(way, -step, step));
  }
  habits.stories = one_more(habits.stories);

  const bool wall = facts.wall != Wall::kNone;
  follow(habits.wall_share, wall, facts.page_wanted ? kWallGain : kNoPageGain);
  follow(habits.missing_share, facts.page_wanted && facts.teaser_only && !wall,
         facts.page_wanted ? kTextGain : kNoPageGain);
  if (facts.page_wanted) habits.pages = one_more(habits.pages);
  if (wall) habits.wall = facts.wall;
  return habits;
}

seconds patience(const FeedHabits& habits, const HealthOptions& options) {
  const seconds longest(habits.longest_s);
  const seconds usual = options.silent_gaps * seconds(habits.gap_s);
  if (habits.arrivals < kGapsKnown) {
    return std::max({options.silent_after, usual, seconds(kPatienceUnknown)});
  }
  const seconds base = std::max(options.silent_after, std::min(usual, kSurelySilentGaps * longest));
  return std::clamp(kLongestGaps * longest, base, kMostPatience * base);
}

std::optional<double> items_per_day(const FeedHabits& habits) {
  if (habits.watched_days < kRateKnownDays) return std::nullopt;
  return static_cast<double>(habits.new_items) / static_cast<double>(habits.watched_days);
}

std::optional<std::size_t> usual_length(const FeedHabits& habits) {
  if (habits.stories < kLengthsKnown) return std::nullopt;
  return static_cast<std::size_t>(std::llround(std::exp(habits.usual_log_length)));
}

Diagnosis diagnose(const FeedState& state, const HealthOptions& options) {
  const FeedHabits& habits = state.habits;
  if (is_gone(state)) return {FeedHealth::kGone, "the server says 410 Gone"};
  if (is_failing(state)) {
    return {FeedHealth::kFailing,
            state.last_error.empty() ? "answers again; not yet trusted" : state.last_error};
  }
  if (is_empty(habits)) return {FeedHealth::kSilent, why_empty(habits)};
  if (is_silent(state, options)) return {FeedHealth::kSilent, why_silent(state)};
  if (is_blocked(state)) return {FeedHealth::kBlocked, why_blocked(habits)};
  if (is_short(state)) return {FeedHealth::kThin, why_short(habits)};
  if (lacks_pages(state)) return {FeedHealth::kThin, why_without_pages(habits)};
  if (has_moved(state)) {
    return {FeedHealth::kMoved, "moved for good to " + state.url + "; read from there"};
  }
  if (seems_to_move(state)) {
    return {FeedHealth::kMoved, "permanent redirect to " + state.moved_to + ", not yet believed"};
  }
  return {};
}

FeedState judged(FeedState state, const HealthOptions& options, Time now) {
  if (state.health == FeedHealth::kThin && is_short(state) && state.health_since &&
      now - *state.health_since > kThinIsNormal) {
    state.habits.stories = 0;
    state.habits.short_share = 0;
  }
  Diagnosis diagnosis = diagnose(state, options);
  if (state.health != diagnosis.health || !state.health_since) state.health_since = now;
  state.health = diagnosis.health;
  state.health_reason = std::move(diagnosis.reason);
  return state;
}

}  // namespace nutgraf
