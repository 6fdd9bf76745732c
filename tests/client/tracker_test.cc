#include "daemon/client/tracker.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace nutgraf {
namespace {

using Arrival = Tracker::Arrival;
using Beat = Tracker::Beat;
using Topics = std::vector<std::pair<std::string, Sequence>>;

TEST(Tracker, AcceptsMessagesWhoseForerunnerIsKnown) {
  Tracker tracker({}, 10);
  EXPECT_EQ(tracker.live("a.", 11, 0), Arrival::kNew);  // A new topic.
  EXPECT_EQ(tracker.live("b.", 12, 7), Arrival::kNew);  // Its forerunner is below the cursor.
  EXPECT_EQ(tracker.live("a.", 14, 11), Arrival::kNew);
}

TEST(Tracker, DropsWhatItHas) {
  Tracker tracker({}, 10);
  EXPECT_EQ(tracker.live("a.", 10, 3), Arrival::kSeen);
  EXPECT_EQ(tracker.live("a.", 11, 10), Arrival::kNew);
  EXPECT_EQ(tracker.live("a.", 11, 10), Arrival::kSeen);
  EXPECT_FALSE(tracker.fetched("a.", 11));
  EXPECT_TRUE(tracker.fetched("b.", 12));
  EXPECT_EQ(tracker.live("b.", 12, 0), Arrival::kSeen);
}

TEST(Tracker, AForerunnerThatNeverCameIsALoss) {
  Tracker tracker({}, 10);
  EXPECT_EQ(tracker.live("a.", 13, 11), Arrival::kLoss);  // Also for a topic never seen.
  EXPECT_EQ(tracker.live("a.", 11, 3), Arrival::kNew);
  EXPECT_EQ(tracker.live("a.", 15, 13), Arrival::kLoss);
  EXPECT_EQ(tracker.known("a."), 11);
}

TEST(Tracker, ABeatRevealsALossAtTheTail) {
  Tracker tracker({"a."}, 10);
  EXPECT_EQ(tracker.beat(12, 0, Topics{{"a.", 11}, {"b.", 12}}), Beat::kLoss);
  EXPECT_EQ(tracker.complete(), 10);
  EXPECT_EQ(tracker.live("a.", 11, 9), Arrival::kNew);
  EXPECT_EQ(tracker.beat(12, 0, Topics{{"a.", 11}, {"b.", 12}}), Beat::kComplete);
  EXPECT_EQ(tracker.complete(), 12);  // b. was not subscribed to.
}

TEST(Tracker, ABeatThatDoesNotReachBackProvesNothing) {
  Tracker tracker({}, 10);
  EXPECT_EQ(tracker.beat(30, 25, Topics{}), Beat::kUnknown);
  EXPECT_EQ(tracker.complete(), 10);
  EXPECT_EQ(tracker.beat(30, 10, Topics{}), Beat::kComplete);
  EXPECT_EQ(tracker.complete(), 30);
}

TEST(Tracker, WhatIsCompleteIsKnownOfEveryTopic) {
  Tracker tracker({}, 10);
  EXPECT_EQ(tracker.live("a.", 11, 0), Arrival::kNew);
  tracker.complete_to(20);
  EXPECT_EQ(tracker.known("a."), 20);
  EXPECT_EQ(tracker.live("a.", 20, 11), Arrival::kSeen);
  EXPECT_EQ(tracker.live("a.", 25, 18), Arrival::kNew);
}

TEST(Tracker, NeverMovesBack) {
  Tracker tracker({}, 10);
  tracker.complete_to(5);
  EXPECT_EQ(tracker.beat(7, 0, Topics{{"a.", 7}}), Beat::kComplete);
  EXPECT_EQ(tracker.complete(), 10);
}

/// Messages of five topics over a channel that loses some; whatever is lost, the tracker never
/// calls anything complete that did not come, and by the next full beat it has noticed.
TEST(Tracker, NoLossGoesUnnoticedOnARandomChannel) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    Tracker tracker({}, 0);
    std::map<std::string, Sequence> heads;
    std::vector<std::pair<std::string, Sequence>> log;
    std::set<Sequence> applied;
    const auto fetch = [&] {
      for (const auto& [topic, seq] : log) {
        if (seq <= tracker.complete() || !tracker.fetched(topic, seq)) continue;
        ASSERT_TRUE(applied.insert(seq).second) << "twice";
      }
      tracker.complete_to(static_cast<Sequence>(log.size()));
    };
    for (Sequence seq = 1; seq <= 300; ++seq) {
      const std::string topic(1, static_cast<char>('a' + random() % 5));
      const Sequence prev = heads[topic];
      heads[topic] = seq;
      log.emplace_back(topic, seq);
      if (random() % 4 != 0) {
        const Arrival arrival = tracker.live(topic, seq, prev);
        if (arrival == Arrival::kNew) {
          ASSERT_TRUE(applied.insert(seq).second);
        } else {
          ASSERT_EQ(arrival, Arrival::kLoss);
          fetch();
        }
      }
      if (random() % 8 == 0) {
        const Beat beat = tracker.beat(seq, 0, Topics(heads.begin(), heads.end()));
        if (beat == Beat::kLoss) fetch();
        ASSERT_EQ(static_cast<Sequence>(applied.size()), seq);
      }
      for (Sequence below = 1; below <= tracker.complete(); ++below) {
        ASSERT_TRUE(applied.contains(below)) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace nutgraf
