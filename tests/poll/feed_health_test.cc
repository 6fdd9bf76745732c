#include "daemon/poll/feed_health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;
using testing::HasSubstr;

const Time kStart = std::chrono::sys_days(std::chrono::year(2026) / 3 / 2);  // A Monday.

/// A feed that is polled well.
struct Watched {
  FeedState state{.feed_id = "f", .first_poll = kStart};
  HealthOptions options;

  FeedHealth poll(Time now, std::optional<std::size_t> items, std::size_t fresh) {
    state.habits = after_good_poll(state.habits,
                                   {.previous = state.last_success,
                                    .last_arrival = state.last_new_item,
                                    .items = items,
                                    .new_items = fresh},
                                   now);
    state.last_success = now;
    if (fresh > 0) state.last_new_item = now;
    state = judged(std::move(state), options, now);
    return state.health;
  }
  FeedHealth story(const StoryFacts& facts, Time now = kStart) {
    state.habits = after_story(state.habits, facts, options);
    state = judged(std::move(state), options, now);
    return state.health;
  }
  /// Such stories in a row until the health is `wanted`; 100: never.
  int stories_until(FeedHealth wanted, const StoryFacts& facts) {
    for (int i = 1; i < 100; ++i) {
      if (story(facts) == wanted) return i;
    }
    return 100;
  }
};

constexpr StoryFacts kLong{.characters = 3000, .page_wanted = true};
constexpr StoryFacts kTeaser{.characters = 150, .page_wanted = true, .teaser_only = true};
constexpr StoryFacts kConsent{
    .characters = 150, .page_wanted = true, .teaser_only = true, .wall = Wall::kConsent};

// ---- precedence

TEST(Diagnose, TheWorstLossComesFirst) {
  FeedState state{.feed_id = "f",
                  .configured_url = "https://a.example/",
                  .url = "https://b.example/",
                  .first_poll = kStart,
                  .last_poll = kStart + 90 * 24h,
                  .last_success = kStart + 90 * 24h,
                  .last_new_item = kStart,
                  .last_status = 410,
                  .last_error = "HTTP 410",
                  .failures = 5};
  state.habits.usual_items = 10;
  state.habits.pages = 50;
  state.habits.wall_share = state.habits.short_share = state.habits.missing_share = 1;
  const auto health = [&] { return diagnose(state, {}).health; };
  EXPECT_EQ(health(), FeedHealth::kGone);
  state.last_status = 500;
  EXPECT_EQ(health(), FeedHealth::kFailing);
  state.failures = 0;
  state.last_error.clear();
  EXPECT_EQ(health(), FeedHealth::kSilent);
  state.last_new_item = state.last_success;
  EXPECT_EQ(health(), FeedHealth::kBlocked);
  state.habits.wall_share = 0;
  EXPECT_EQ(health(), FeedHealth::kThin);
  state.habits.short_share = 0;
  EXPECT_EQ(health(), FeedHealth::kThin);
  state.habits.missing_share = 0;
  EXPECT_EQ(health(), FeedHealth::kMoved);
  state.url = state.configured_url;
  EXPECT_EQ(health(), FeedHealth::kOk);
}

/// Each share's way in and out, so that nothing flaps around one threshold.
TEST(Diagnose, SharesHaveToFallFarBeforeAFeedIsWellAgain) {
  struct Case {
    float FeedHabits::*share;
    FeedHealth ill;
    float in;
    float out;
  };
  for (const Case& c : {Case{&FeedHabits::wall_share, FeedHealth::kBlocked, 0.6F, 0.3F},
                        Case{&FeedHabits::short_share, FeedHealth::kThin, 0.8F, 0.4F},
                        Case{&FeedHabits::missing_share, FeedHealth::kThin, 0.8F, 0.4F}}) {
    FeedState state{.feed_id = "f"};
    state.habits.pages = 100;
    const auto at = [&](float share) {
      state.habits.*c.share = share;
      state = judged(std::move(state), {}, kStart);
      return state.health;
    };
    EXPECT_EQ(at(c.in - 0.01F), FeedHealth::kOk);
    EXPECT_EQ(at(c.in), c.ill);
    EXPECT_EQ(at(c.out + 0.01F), c.ill);
    EXPECT_EQ(at(c.out), FeedHealth::kOk);
    EXPECT_EQ(at(c.in - 0.01F), FeedHealth::kOk);
  }
}

TEST(Diagnose, AFailingFeedIsTrustedAgainAfterTwoGoodPolls) {
  FeedState state{.feed_id = "f", .last_error = "timeout", .failures = kFailingFrom};
  state = judged(std::move(state), {}, kStart);
  EXPECT_EQ(state.health, FeedHealth::kFailing);
  EXPECT_EQ(state.health_reason, "timeout");
  state.failures = 0;
  state.last_error.clear();
  state.habits.good_polls = 1;
  state = judged(std::move(state), {}, kStart + 1h);
  EXPECT_EQ(state.health, FeedHealth::kFailing);
  EXPECT_EQ(state.health_since, kStart);
  state.habits.good_polls = 2;
  EXPECT_EQ(judged(std::move(state), {}, kStart + 2h).health, FeedHealth::kOk);
}

TEST(Diagnose, MovedNamesTheTarget) {
  FeedState state{.feed_id = "f", .configured_url = "https://a.example/"};
  state.url = state.configured_url;
  state.moved_to = "https://b.example/";
  state.moved_seen = kMovedTold - 1;
  EXPECT_EQ(diagnose(state, {}).health, FeedHealth::kOk);
  state.moved_seen = kMovedTold;
  EXPECT_EQ(diagnose(state, {}).health, FeedHealth::kMoved);
  EXPECT_THAT(diagnose(state, {}).reason, HasSubstr("https://b.example/"));
  state.url = std::exchange(state.moved_to, "");
  EXPECT_EQ(diagnose(state, {}).health, FeedHealth::kMoved);
  EXPECT_THAT(diagnose(state, {}).reason, HasSubstr("https://b.example/"));
}

// ---- silence

TEST(Silence, PatienceIsThatOfTheFeedsOwnRhythm) {
  struct Case {
    const char* what;
    FeedHabits habits;
    seconds expected;
  };
  const auto hours = [](double n) { return static_cast<std::uint32_t>(n * 3600); };
  for (const Case& c :
       {Case{"nothing known", {}, 30 * 24h},
        Case{"a busy feed", {.gap_s = hours(0.2), .longest_s = hours(9), .arrivals = 500}, 3 * 24h},
        Case{"a daily feed", {.gap_s = hours(24), .longest_s = hours(60), .arrivals = 9}, 10 * 24h},
        Case{"every day at one hour",
             {.gap_s = hours(24), .longest_s = hours(25), .arrivals = 9},
             100h},
        Case{"busy on weekdays",
             {.gap_s = hours(0.5), .longest_s = hours(62), .arrivals = 500},
             124h},
        Case{"was dead for a year",
             {.gap_s = hours(1), .longest_s = hours(8760), .arrivals = 500},
             9 * 24h},
        Case{"few gaps known", {.gap_s = hours(1), .longest_s = hours(2), .arrivals = 4}, 30 * 24h},
        Case{"few long gaps known",
             {.gap_s = hours(240), .longest_s = hours(240), .arrivals = 2},
             100 * 24h}}) {
    EXPECT_EQ(patience(c.habits, {}), c.expected) << c.what;
  }
}

TEST(Silence, IsToldOnceThePatienceIsOverAndEndsWithAnItem) {
  Watched feed;
  Time now = kStart;
  feed.poll(now, 20, 20);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(feed.poll(now += 6h, 20, 1), FeedHealth::kOk);
  const Time last = now;
  while (feed.poll(now += 1h, std::nullopt, 0) == FeedHealth::kOk) {
  }
  EXPECT_EQ(now - last, 3 * 24h + 1h);
  EXPECT_EQ(feed.state.health_since, now);
  EXPECT_EQ(feed.state.health_reason, "no new item for 3 days; one every 6 hours is usual");
  EXPECT_EQ(feed.poll(now += 1h, 20, 1), FeedHealth::kOk);
  EXPECT_EQ(feed.state.health_reason, "");
}

TEST(Silence, OurOwnAbsenceIsNotTheFeeds) {
  Watched feed;
  Time now = kStart;
  feed.poll(now, 20, 20);
  for (int i = 0; i < 30; ++i) feed.poll(now += 1h, 20, 1);
  const FeedHabits before = feed.state.habits;
  // A week without a network: nobody knows what the feed did.
  now += 7 * 24h;
  feed.state = judged(std::move(feed.state), feed.options, now);
  EXPECT_EQ(feed.state.health, FeedHealth::kOk);
  EXPECT_EQ(feed.poll(now, 20, 20), FeedHealth::kOk);
  EXPECT_LE(feed.state.habits.gap_s, before.gap_s * 11 / 10);
  EXPECT_LE(feed.state.habits.longest_s, before.longest_s * 21 / 10);
}

TEST(Silence, AFeedThatNeverBroughtAnythingIsToldAfterAMonth) {
  Watched feed;
  Time now = kStart;
  feed.poll(now, 20, 20);
  while (feed.poll(now += 24h, std::nullopt, 0) == FeedHealth::kOk) {
  }
  EXPECT_EQ(now - kStart, 31 * 24h);
  EXPECT_EQ(feed.state.health_reason, "no new item for 31 days");
}

TEST(Silence, DocumentsThatLostAllTheirItems) {
  Watched feed;
  Time now = kStart;
  feed.poll(now, 25, 25);
  EXPECT_EQ(feed.poll(now += 1h, 0, 0), FeedHealth::kOk);
  EXPECT_EQ(feed.poll(now += 1h, std::nullopt, 0), FeedHealth::kOk);  // 304: as empty as before.
  EXPECT_EQ(feed.poll(now += 1h, 0, 0), FeedHealth::kSilent);
  EXPECT_EQ(feed.state.health_reason, "answers without any item, 3 polls in a row; 25 were usual");
  EXPECT_EQ(feed.poll(now += 1h, 25, 0), FeedHealth::kOk);
  // A feed of warnings: it was empty for three polls before, and that was nothing.
  for (int i = 0; i < 6; ++i) EXPECT_EQ(feed.poll(now += 1h, 0, 0), FeedHealth::kOk);
  EXPECT_EQ(feed.poll(now += 1h, 0, 0), FeedHealth::kSilent);
}

TEST(Silence, AFeedThatNeverHadItemsLacksNone) {
  Watched feed;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(feed.poll(kStart + i * 24h, 0, 0), FeedHealth::kOk);
}

// ---- texts and pages

TEST(Texts, ACollapseIsToldAfterSixteenStoriesAndEndsAfterSome) {
  Watched feed;
  EXPECT_EQ(feed.stories_until(FeedHealth::kThin, kLong), 100);
  constexpr StoryFacts kShort{.characters = 300, .page_wanted = true};
  EXPECT_EQ(feed.stories_until(FeedHealth::kThin, kShort), 16);
  EXPECT_THAT(feed.state.health_reason, HasSubstr("far shorter than the usual 2"));
  EXPECT_EQ(feed.stories_until(FeedHealth::kOk, kLong), 7);
}

TEST(Texts, AnOddShortOneIsNothing) {
  Watched feed;
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    const bool flash = random() % 10 < 4;  // 40 % of the items are a line of breaking news.
    EXPECT_EQ(feed.story({.characters = flash ? 200U : 3000U, .page_wanted = true}),
              FeedHealth::kOk);
  }
}

TEST(Texts, FlashesOfNewsHaveNothingToLose) {
  Watched feed;
  for (int i = 0; i < 100; ++i) feed.story({.characters = 300});
  EXPECT_EQ(feed.stories_until(FeedHealth::kThin, {.characters = 20}), 100);
}

TEST(Texts, TheOperatorMaySwitchItOff) {
  Watched feed{.options = {.thin_percent = 0}};
  for (int i = 0; i < 100; ++i) feed.story(kLong);
  EXPECT_EQ(feed.stories_until(FeedHealth::kThin, {.characters = 10, .page_wanted = true}), 100);
}

TEST(Texts, AfterAMonthShortIsHowTheFeedIs) {
  Watched feed;
  for (int i = 0; i < 100; ++i) feed.story(kLong);
  constexpr StoryFacts kShort{.characters = 300};
  Time now = kStart;
  int thin_days = 0;
  for (int day = 0; day < 100; ++day)
    thin_days += feed.story(kShort, now += 24h) == FeedHealth::kThin;
  EXPECT_EQ(thin_days, 31);
  EXPECT_EQ(feed.state.health, FeedHealth::kOk);
  EXPECT_NEAR(static_cast<double>(*usual_length(feed.state.habits)), 300, 30);
}

TEST(Texts, PagesThatCannotBeHadLeaveTeasers) {
  Watched feed;
  EXPECT_EQ(feed.stories_until(FeedHealth::kThin, kTeaser), 16);
  EXPECT_THAT(feed.state.health_reason, HasSubstr("teasers only"));
  EXPECT_EQ(feed.stories_until(FeedHealth::kOk, kLong), 7);
  // A feed that is to be taken as it is has no page to miss.
  Watched content;
  EXPECT_EQ(content.stories_until(FeedHealth::kThin, {.characters = 150, .teaser_only = true}),
            100);
}

TEST(Pages, WallsAreToldAfterFiveStoriesAndOneOrTwoAreNothing) {
  Watched feed;
  for (int i = 0; i < 50; ++i) feed.story(kLong);
  for (int round = 0; round < 20; ++round) {
    EXPECT_EQ(feed.story(kConsent), FeedHealth::kOk);
    EXPECT_EQ(feed.story(kConsent), FeedHealth::kOk);
    for (int i = 0; i < 8; ++i) EXPECT_EQ(feed.story(kLong), FeedHealth::kOk);
  }
  EXPECT_EQ(feed.stories_until(FeedHealth::kBlocked, kConsent), 4);
  EXPECT_THAT(feed.state.health_reason, HasSubstr("a consent form"));
  EXPECT_LE(feed.stories_until(FeedHealth::kOk, kLong), 4);
  Watched fresh;
  EXPECT_EQ(fresh.stories_until(FeedHealth::kBlocked, kConsent), 5);
}

TEST(Pages, AWallIsSeenThoughHalfOfTheItemsNeedNoPage) {
  Watched feed;
  for (int i = 0; i < 20; ++i) {
    feed.story(kConsent);
    feed.story({.characters = 3000});
  }
  EXPECT_EQ(feed.state.health, FeedHealth::kBlocked);
  // The operator takes the feed's text instead.
  EXPECT_LT(feed.stories_until(FeedHealth::kOk, {.characters = 150, .teaser_only = true}), 60);
}

TEST(Texts, TheMediansErrorIsAsStated) {
  std::mt19937_64 random(1);
  for (const double spread : {0.2, 0.6, 1.0}) {
    std::lognormal_distribution<double> length(std::log(2500), spread);
    FeedHabits habits;
    double squares = 0;
    const int count = 20'000;
    for (int i = 0; i < 200 + count; ++i) {
      habits = after_story(habits, {.characters = static_cast<std::size_t>(length(random))},
                           {.thin_percent = 0});
      const double error = habits.usual_log_length - std::log(2500);
      if (i >= 200) squares += error * error / count;
    }
    const double density = 1 / (spread * std::sqrt(2 * M_PI));
    EXPECT_LT(std::sqrt(squares), 1.15 * std::sqrt(0.04 / (4 * density))) << spread;
  }
}

TEST(Rate, IsThatOfTheLastWeeks) {
  for (const int per_day : {1, 4, 24}) {
    Watched feed;
    EXPECT_FALSE(items_per_day(feed.state.habits).has_value());
    feed.poll(kStart, 30, 30);
    for (int i = 1; i <= per_day * 60; ++i) feed.poll(kStart + i * 24h / per_day, 30, 1);
    EXPECT_NEAR(*items_per_day(feed.state.habits), per_day, per_day * 0.01);
  }
}

// ---- simulation

/// When items come, from a seeded source.
using Rhythm = std::function<double(double hour, std::mt19937_64&)>;  ///< Hour of the next item.

double exponential(double mean, std::mt19937_64& random) {
  return std::exponential_distribution<double>(1 / mean)(random);
}

Rhythm poisson(double mean_hours) {
  return [=](double hour, auto& random) { return hour + exponential(mean_hours, random); };
}

/// Two an hour from eight to eighteen, no item on weekends, and on `free_mondays` of the Mondays.
Rhythm office(double free_mondays) {
  return [=](double hour, auto& random) {
    while (true) {
      hour += exponential(0.5, random);
      const auto day = static_cast<std::int64_t>(hour / 24);
      const double of_day = hour - 24 * static_cast<double>(day);
      const bool monday_off = day % 7 == 0 && (day / 7 * 2654435761U) % 1000 < 1000 * free_mondays;
      if (day % 7 < 5 && of_day >= 8 && of_day < 18 && !monday_off) return hour;
    }
  };
}

/// At a fixed hour of every day, or of every seventh, with an hour of jitter.
Rhythm every(double hours) {
  return [=](double hour, auto& random) {
    return (std::floor(hour / hours) + 1) * hours +
           std::uniform_real_distribution(0.0, 1.0)(random);
  };
}

/// Most gaps short and a few very long: their logarithms spread by `spread`.
Rhythm bursts(double median_hours, double spread) {
  return [=](double hour, auto& random) {
    return hour + std::lognormal_distribution<double>(std::log(median_hours), spread)(random);
  };
}

struct Figures {
  double alarms_a_year = 0;     ///< A feed; each is followed by an item, so each is false.
  double found_after_days = 0;  ///< Mean from a feed's last item to "silent".
};

Figures simulate(const Rhythm& rhythm, int feeds, int hours) {
  std::mt19937_64 random(20261122);
  int alarms = 0;
  double found = 0;
  for (int n = 0; n < feeds; ++n) {
    Watched feed;
    double next = rhythm(0, random);
    FeedHealth health = feed.poll(kStart, 10, 10);
    double last = 0;
    for (int hour = 1; health != FeedHealth::kSilent || hour <= hours; ++hour) {
      std::size_t fresh = 0;
      for (; hour <= hours && next <= hour; next = rhythm(next, random)) ++fresh;
      if (fresh > 0) last = hour;
      const FeedHealth before = std::exchange(health, feed.poll(kStart + hour * 1h, 10, fresh));
      if (before != FeedHealth::kSilent && health == FeedHealth::kSilent) {
        if (hour <= hours)
          ++alarms;
        else
          found += (hour - last) / 24;
      }
      if (hour > hours + 400 * 24) break;
    }
  }
  return {.alarms_a_year = alarms / (feeds * (hours / 8760.0)), .found_after_days = found / feeds};
}

TEST(Simulation, FalseAlarmsAreRareAndTheDeadAreFound) {
  struct Case {
    const char* what;
    Rhythm rhythm;
    double most_alarms;
    double most_days;
  };
  const int feeds = 40;
  std::printf("%-28s %22s %16s\n", "items come", "false alarms/feed-year", "found after days");
  for (const Case& c :
       {Case{"at random, 100 a day", poisson(0.24), 0.0, 4},
        Case{"at random, 10 a day", poisson(2.4), 0.0, 4},
        Case{"at random, 1 a day", poisson(24), 0.1, 12},
        Case{"at random, 1 a week", poisson(168), 0.1, 80},
        Case{"in office hours", office(0), 0.0, 6},
        Case{"and 1 Monday in 5 is off", office(0.2), 0.0, 7.5},
        Case{"every day at one hour", every(24), 0.0, 9}, Case{"every Friday", every(168), 0.0, 60},
        Case{"in bursts, spread 1", bursts(4, 1), 1.2, 9},
        Case{"in bursts, spread 1.5", bursts(4, 1.5), 3, 12}}) {
    const Figures figures = simulate(c.rhythm, feeds, 2 * 8760);
    std::printf("%-28s %22.3f %16.1f\n", c.what, figures.alarms_a_year, figures.found_after_days);
    EXPECT_LE(figures.alarms_a_year, c.most_alarms) << c.what;
    EXPECT_LE(figures.found_after_days, c.most_days) << c.what;
    EXPECT_GT(figures.found_after_days, 2) << c.what;
  }
}

}  // namespace
}  // namespace nutgraf
