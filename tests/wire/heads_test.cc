#include "daemon/wire/heads.h"

#include <gmock/gmock.h>

namespace nutgraf {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

LogPosition at_five() {
  return {.epoch = "e", .head = 5, .floor = 1, .topics = {{"feed.a.", 3}, {"story.en.x.", 5}}};
}

TEST(Heads, FirstBeatListsEverything) {
  Heads heads(at_five());
  const auto listing = heads.next_beat();
  EXPECT_EQ(listing.beat, 1);
  EXPECT_EQ(listing.after, 0);
  EXPECT_THAT(listing.topics, ElementsAre(Pair("feed.a.", 3), Pair("story.en.x.", 5)));
}

TEST(Heads, ATopicIsListedInTheBeatsThatFollowAChangeAndThenOnlyInFullOnes) {
  Heads heads(at_five());
  heads.next_beat();
  heads.sent({6, "feed.a.", "{}"});
  int listed = 0;
  for (int beat = 2; beat <= 40; ++beat) {
    const auto listing = heads.next_beat();
    if (beat % Heads::kFullBeat == 0) {
      EXPECT_EQ(listing.after, 0);
      EXPECT_EQ(listing.topics.size(), 2u) << beat;
    } else if (!listing.topics.empty()) {
      EXPECT_THAT(listing.topics, ElementsAre(Pair("feed.a.", 6))) << beat;
      ++listed;
    }
  }
  EXPECT_GE(listed, 13);  // 15 beats less the full one among them.
  EXPECT_LE(listed, 15);
}

TEST(Heads, EveryTopicAboveAfterIsListed) {
  Heads heads(at_five());
  for (Sequence seq = 6; seq < 200; ++seq) {
    heads.sent({seq, "feed." + std::to_string(seq % 7) + ".", "{}"});
    const auto listing = heads.next_beat();
    std::size_t above = 0;
    for (const auto& [topic, head] : heads.position().topics) above += head > listing.after;
    EXPECT_EQ(listing.topics.size(), above);
    EXPECT_LE(listing.after, seq);
  }
}

TEST(Heads, AnEmptyLogListsNothing) {
  Heads heads({.epoch = "e", .head = 0, .floor = 1, .topics = {}});
  EXPECT_THAT(heads.next_beat().topics, IsEmpty());
}

}  // namespace
}  // namespace nutgraf
