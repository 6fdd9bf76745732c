#include "daemon/event/event_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace nutgraf {
namespace {

using std::chrono::hours;

const Time kStart = Time(std::chrono::hours(24 * 365 * 50));

StoryVector vector_of(std::string_view title, std::string_view text) {
  return story_vector(summarizer::analyse({title, text, "en"}));
}

EventCandidate candidate(std::string id, Time time, std::string_view title, std::string_view text) {
  return {std::move(id), time, time, vector_of(title, text), {}};
}

bool restore(EventIndex& index, std::string_view event_id, Time decided, Time published,
             std::string_view stored) {
  IndexedReports one;
  const bool sound = one.add(event_id, decided, published, stored);
  index.restore(std::move(one));
  return sound;
}

constexpr const char* kFire =
    "A fire swept through the old harbour warehouse in Port Merrin on Tuesday night. Crews from "
    "four stations fought the flames until dawn, and two warehouse workers were taken to hospital.";
constexpr const char* kFireToo =
    "Four fire stations sent crews to Port Merrin, where flames destroyed a harbour warehouse. Two "
    "workers are in hospital after the blaze on Tuesday night, the fire service said.";
constexpr const char* kVote =
    "Parliament in Lundt voted on Wednesday to raise the tax on sugar. The bill passed by three "
    "votes after a debate that lasted nine hours, and the finance minister welcomed it.";

TEST(EventIndex, GathersReportsOfOneEventOnly) {
  EventIndex index;
  const Assignment first = index.assign(candidate("a", kStart, "Warehouse fire", kFire));
  EXPECT_TRUE(first.opens);
  EXPECT_EQ(first.event_id, event_id("a"));
  const Assignment vote = index.assign(candidate("b", kStart, "Sugar tax passes", kVote));
  EXPECT_TRUE(vote.opens);
  const Assignment second =
      index.assign(candidate("c", kStart + hours(3), "Harbour warehouse burns", kFireToo));
  EXPECT_FALSE(second.opens);
  EXPECT_EQ(second.event_id, first.event_id);
  EXPECT_GT(second.similarity, EventOptions{}.join);
  EXPECT_EQ(index.events(), 2u);
}

TEST(EventIndex, TakesALikeReportOfAnotherWeekForAnotherEvent) {
  EventIndex index;
  index.assign(candidate("a", kStart, "Warehouse fire", kFire));
  EXPECT_TRUE(
      index.assign(candidate("b", kStart + hours(24 * 8), "Warehouse fire", kFireToo)).opens);
}

TEST(EventIndex, EventsOfOtherDaysDoNotCrowdOutTodays) {
  EventIndex index;
  // Each shares more words with the report to come than today's does.
  const std::string same =
      EventIndex().assign(candidate("same", kStart, "Warehouse fire", kFireToo)).stored;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(restore(index, "event " + std::to_string(i), kStart, kStart, same));
  }
  const Time today = kStart + hours(24 * 6);
  const Assignment fire = index.assign(candidate("fire", today, "Warehouse fire", kFire));
  ASSERT_TRUE(fire.opens);
  const Assignment next = index.assign(candidate("next", today, "Warehouse fire", kFireToo));
  EXPECT_EQ(next.event_id, fire.event_id) << next.similarity;
}

/// Only some events are compared word by word: those that share the most leading words, however
/// many of their members have them, and however long ago they grew.
TEST(EventIndex, ManyEventsThatShareAWordDoNotHideTheOneThatSharesMost) {
  constexpr const char* kSold =
      "The museum bought a warehouse for its paintings. Curators praised the ceilings, and a "
      "gallery of sculptures will follow. Visitors may enter from autumn, tickets are cheap.";
  EventIndex index;
  const std::string fire =
      EventIndex().assign(candidate("fire", kStart, "Warehouse fire", kFire)).stored;
  const std::string sold =
      EventIndex().assign(candidate("sold", kStart, "Museum buys warehouse", kSold)).stored;
  ASSERT_TRUE(restore(index, "the fire", kStart, kStart, fire));
  for (int i = 0; i < 12 * 12; ++i) {
    ASSERT_TRUE(restore(index, "event " + std::to_string(i % 12), kStart + hours(1), kStart, sold));
  }
  const Assignment next =
      index.assign(candidate("next", kStart + hours(2), "Harbour warehouse burns", kFireToo));
  EXPECT_EQ(next.event_id, "the fire") << next.similarity;
}

TEST(EventIndex, PutsAnEditionIntoTheEventOfItsTwin) {
  EventIndex index;
  const Assignment first = index.assign(candidate("a", kStart, "Warehouse fire", kFire));
  EventCandidate edition = candidate("b", kStart, "Sugar tax passes", kVote);
  edition.twin_event = first.event_id;
  EXPECT_EQ(index.assign(edition).event_id, first.event_id);
}

/// Two reports that share few words, one that tells what both tell, and nothing that is of another
/// event.
constexpr const char* kMineShut =
    "The Corvale copper mine shut its northern shaft after gas alarms rang on Monday. Miners were "
    "brought up in cages, engineers measured methane, and ventilation fans ran through the night.";
constexpr const char* kMineTalks =
    "Unions and the owner of the Corvale mine met in the capital over wages lost while miners "
    "wait. Ministers promised compensation, and shares of the owner fell by nine percent.";
constexpr const char* kMineBoth =
    "The Corvale copper mine shut its northern shaft after gas alarms, and miners were brought up "
    "in cages. Engineers measured methane while ventilation fans ran. Unions and the owner met in "
    "the capital over wages lost; ministers promised compensation, and shares fell nine percent.";

TEST(EventIndex, MergesTwoEventsThatAReportShowsToBeOne) {
  EventOptions options;
  options.join = 0.3;
  EventIndex index(options);
  const Assignment shut =
      index.assign(candidate("a", kStart, "Alarms shut copper mine", kMineShut));
  const Assignment talks =
      index.assign(candidate("b", kStart, "Owner and unions talk wages", kMineTalks));
  ASSERT_TRUE(talks.opens) << talks.similarity;
  EXPECT_EQ(talks.nearest, shut.event_id);
  EXPECT_GT(talks.similarity, 0);
  EXPECT_LT(talks.similarity, options.join);
  const Assignment both =
      index.assign(candidate("c", kStart, "Gas alarms shut copper mine, unions talk", kMineBoth));
  ASSERT_EQ(both.absorbed.size(), 1u) << both.similarity;
  EXPECT_NE(both.absorbed.front(), both.event_id);
  EXPECT_EQ(index.events(), 1u);
  const Assignment late =
      index.assign(candidate("d", kStart, "Owner and unions talk wages", kMineTalks));
  EXPECT_EQ(late.event_id, both.event_id);
  EXPECT_TRUE(late.absorbed.empty());
  index.expire(kStart + hours(1));
  EXPECT_EQ(index.events(), 0u);
}

TEST(EventIndex, CountsMoreOfWhatATeaserShares) {
  const auto likeness_of = [](const Assignment& story, const Assignment& event) {
    const PackedStory member = known_story(event.stored);
    const Products dots = StoryProbe(known_story(story.stored)).dot(member);
    return likeness(dots, Extent{1, squares(member)});
  };
  EventIndex index;
  const std::string fire = std::string(kFire) + " " + kVote + " " + kMineShut + " " + kMineTalks;
  ASSERT_GE(vector_of("Warehouse fire", fire).body.size(), 60u);
  const Assignment event = index.assign(candidate("a", kStart, "Warehouse fire", fire));
  const Assignment teaser = index.assign(candidate("b", kStart, "", kFireToo));
  EXPECT_DOUBLE_EQ(teaser.similarity, 1.25 * likeness_of(teaser, event));
  EventIndex another;
  const Assignment same = another.assign(candidate("a", kStart, "Warehouse fire", fire));
  const Assignment whole = another.assign(candidate("c", kStart, "Sugar and fire", fire));
  EXPECT_DOUBLE_EQ(whole.similarity, likeness_of(whole, same));
}

TEST(EventIndex, ADigestOfTwoEventsDoesNotMergeThem) {
  EventIndex index;
  index.assign(candidate("a", kStart, "Warehouse fire", kFire));
  index.assign(candidate("b", kStart, "Sugar tax passes", kVote));
  const std::string day = std::string(kFire) + " " + kVote;
  const Assignment digest = index.assign(candidate("c", kStart, "Fire, and a sugar tax", day));
  EXPECT_FALSE(digest.opens);
  EXPECT_TRUE(digest.absorbed.empty());
  EXPECT_EQ(index.events(), 2u);
}

/// A local paper names its town in every story: in general the name is rare, here it is not.
TEST(EventIndex, ARareNameIsNoEventWhileLittleWasSeen) {
  constexpr const char* kOpera =
      "Four barges moored above the lock at Ellerholm will carry an orchestra, a choir and "
      "two soloists on Saturday evening. The composer wrote the piece for the echo of the "
      "old canal walls and rehearsed it all summer with amateurs from the rowing club. The "
      "audience will sit on straw bales along the towpath and follow the boats downstream, "
      "and the last act is sung while the water in the chamber rises. Tickets sold out "
      "within an hour. A second performance is planned for spring if the theatre finds the "
      "money, its director said, and if the swans of Ellerholm agree to be quiet.";
  constexpr const char* kFerry =
      "The ferry between the islands and Ellerholm will stop sailing at night from next "
      "month because fuel has become too expensive, the shipping line announced. Nurses "
      "and bakers who work early shifts protested outside its office with lanterns. The "
      "mayor offered to pay for a smaller boat until a new contract is signed in autumn, "
      "and fishermen said they could take a dozen passengers at a time. The line carried "
      "fewer than thirty people on most nights last winter. Trains from Ellerholm to the "
      "capital will be held for a quarter of an hour so that nobody misses them.";
  EventIndex index;
  index.assign(candidate("a", kStart, "An opera for four barges and a lock keeper", kOpera));
  EXPECT_TRUE(
      index.assign(candidate("b", kStart + hours(1), "Ferry drops its night crossing", kFerry))
          .opens);
}

TEST(EventIndex, KeepsLanguagesApart) {
  EventIndex index;
  EventCandidate english = candidate("a", kStart, "Warehouse fire", kFire);
  EventCandidate other = candidate("b", kStart, "Warehouse fire", kFire);
  other.vector.language = "sv";
  index.assign(english);
  EXPECT_TRUE(index.assign(other).opens);
  EventCandidate unknown = candidate("c", kStart, "Warehouse fire", kFire);
  unknown.vector.language = "";
  EXPECT_FALSE(index.assign(unknown).opens);
}

TEST(EventIndex, RestoresALanguageOfAnyLength) {
  for (const char* language : {"", "en", "12345678", "longer-than-any"}) {
    EventCandidate story = candidate("a", kStart, "Warehouse fire", kFire);
    story.vector.language = language;
    const Assignment told = EventIndex().assign(story);
    EventIndex index;
    EXPECT_TRUE(restore(index, told.event_id, kStart, kStart, told.stored)) << language;
  }
}

TEST(EventIndex, GivesAStoryWithoutWordsNoEvent) {
  EventIndex index;
  EXPECT_EQ(index.assign(candidate("a", kStart, "", "")).event_id, "");
  EXPECT_EQ(index.stories(), 0u);
}

TEST(EventIndex, ForgetsStoriesBeyondTheWindowAndTheCap) {
  EventOptions options;
  options.max_stories = 3;
  EventIndex index(options);
  for (int i = 0; i < 5; ++i) index.assign(candidate(std::to_string(i), kStart, "Fire", kFire));
  EXPECT_EQ(index.stories(), 3u);
  index.assign(candidate("late", kStart + hours(24 * 15), "Vote", kVote));
  EXPECT_EQ(index.stories(), 1u);
  EXPECT_EQ(index.events(), 1u);
}

TEST(EventIndex, TakesNoMoreMemoryInSixtyDays) {
  constexpr int kADay = 60;
  std::mt19937 random(9);
  EventIndex index;
  std::size_t early = 0;
  for (int i = 0; i < 60 * kADay; ++i) {
    const int subject = i / kADay * 10 + static_cast<int>(random() % 10);
    std::string text;
    for (int w = 0; w < 50; ++w) {
      text += w % 3 == 0 ? " Subj" + std::to_string(subject * 40 + static_cast<int>(random() % 40))
                         : " common" + std::to_string(random() % 3000);
    }
    index.assign(candidate(std::to_string(i), kStart + std::chrono::minutes(24 * 60) * i / kADay,
                           "News", text));
    if (i == 20 * kADay) early = index.memory_bytes();
  }
  EXPECT_EQ(index.stories(), 14u * kADay + 1);
  EXPECT_LE(index.memory_bytes(), early + early / 10);
}

TEST(EventIndex, RefusesStoredBytesThatAreNone) {
  EventIndex index;
  const std::string stored = index.assign(candidate("a", kStart, "Fire", kFire)).stored;
  EventIndex other;
  EXPECT_FALSE(restore(other, "e", kStart, kStart, ""));
  for (std::size_t cut = 0; cut < stored.size(); cut += 7) {
    EXPECT_FALSE(restore(other, "e", kStart, kStart, stored.substr(0, cut))) << cut;
  }
  EXPECT_FALSE(restore(other, "e", kStart, kStart, stored + "x"));
  std::string of_another_version = stored;
  of_another_version[0] ^= 1;
  EXPECT_FALSE(restore(other, "e", kStart, kStart, of_another_version));
  EXPECT_EQ(other.stories(), 0u);
  EXPECT_TRUE(restore(other, "e", kStart, kStart, stored));
}

/// Stories on a few dozen subjects, in a made-up vocabulary.
std::vector<EventCandidate> stream(std::size_t count) {
  std::mt19937 random(7);
  std::vector<EventCandidate> stories;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned subject = random() % 30;
    std::string text = "Reports";
    for (int w = 0; w < 60; ++w) {
      const bool own = random() % 3 == 0;
      text += own ? " Subj" + std::to_string(subject * 40 + random() % 40)
                  : " common" + std::to_string(random() % 400);
      if (w % 12 == 11) text += ".";
    }
    const Time time = kStart + hours(i * 2);
    stories.push_back(
        candidate("s" + std::to_string(i), time, "Subj" + std::to_string(subject), text));
    // Some are published long before they are seen.
    if (random() % 5 == 0) stories.back().published -= hours(random() % 100);
  }
  return stories;
}

struct Kept {
  EventCandidate story;
  Assignment assignment;
};

EventIndex restored(const std::vector<Kept>& kept, const EventOptions& options, Time now) {
  EventIndex index(options);
  for (const Kept& k : kept) {
    if (k.story.decided < now - options.window) continue;
    EXPECT_TRUE(restore(index, k.assignment.event_id, k.story.decided, k.story.published,
                        k.assignment.stored));
  }
  index.settle();
  return index;
}

/// What an event absorbed is in it from now on.
void move_absorbed(const Assignment& by, std::vector<Kept>& kept) {
  for (Kept& k : kept) {
    if (std::ranges::find(by.absorbed, k.assignment.event_id) != by.absorbed.end()) {
      k.assignment.event_id = by.event_id;
    }
  }
}

void restart_at_any_story(EventOptions options) {
  options.join = 0.17;  // So that some subjects begin as several events.
  options.merge = 0.12;
  const std::vector<EventCandidate> stories = stream(240);
  EventIndex whole(options);
  std::vector<Kept> kept;
  std::map<std::string, int> sizes;
  int merges = 0;
  for (const EventCandidate& story : stories) {
    EventIndex again = restored(kept, options, story.decided);
    const Assignment expected = whole.assign(story);
    const Assignment got = again.assign(story);
    ASSERT_EQ(got.event_id, expected.event_id) << story.story_id;
    ASSERT_EQ(got.similarity, expected.similarity) << story.story_id;
    ASSERT_EQ(got.stored, expected.stored) << story.story_id;
    ASSERT_EQ(got.absorbed, expected.absorbed) << story.story_id;
    merges += static_cast<int>(expected.absorbed.size());
    move_absorbed(expected, kept);
    ++sizes[expected.event_id];
    kept.push_back({story, expected});
  }
  EXPECT_GT(merges, 0);
  EXPECT_GT(sizes.size(), 20u);
  EXPECT_LT(sizes.size(), stories.size());
}

TEST(EventIndex, IsAfterARemovalAsIfTheStoryHadNeverBeenRestored) {
  EventOptions options;
  options.window = hours(24 * 5);
  const std::vector<EventCandidate> stories = stream(240);
  EventIndex whole(options);
  std::vector<Kept> kept;
  std::mt19937 random(5);
  int removed = 0;
  for (const EventCandidate& story : stories) {
    EventIndex again = restored(kept, options, story.decided);
    const Assignment expected = whole.assign(story);
    ASSERT_EQ(again.assign(story).stored, expected.stored) << story.story_id;
    ASSERT_EQ(again.stories(), whole.stories());
    ASSERT_EQ(again.events(), whole.events());
    move_absorbed(expected, kept);
    kept.push_back({story, expected});
    if (random() % 3 != 0) continue;
    const auto victim = kept.begin() + static_cast<std::ptrdiff_t>(random() % kept.size());
    const bool in_window = victim->story.decided >= story.decided - options.window;
    EXPECT_EQ(whole.remove(victim->assignment.event_id, victim->story.published,
                           victim->assignment.stored),
              in_window);
    EXPECT_FALSE(whole.remove(victim->assignment.event_id, victim->story.published,
                              victim->assignment.stored));
    kept.erase(victim);
    removed += in_window ? 1 : 0;
  }
  EXPECT_GT(removed, 20);
}

TEST(EventIndex, RemovesWhatWasOnlyJustRestored) {
  const Assignment told = EventIndex().assign(candidate("a", kStart, "Warehouse fire", kFire));
  EventIndex index;
  ASSERT_TRUE(restore(index, told.event_id, kStart, kStart, told.stored));
  EXPECT_TRUE(index.remove(told.event_id, kStart, told.stored));
  EXPECT_EQ(index.stories(), 0u);
  EXPECT_FALSE(index.holds(told.event_id));
  const Assignment next = index.assign(candidate("b", kStart, "Warehouse fire", kFireToo));
  EXPECT_TRUE(next.opens);
  EXPECT_EQ(next.nearest, "");
}

TEST(EventIndex, DecidesTheSameAfterARestartAtAnyStory) {
  EventOptions options;
  options.window = hours(24 * 5);
  restart_at_any_story(options);
}

TEST(EventIndex, DecidesTheSameAfterARestartWithMoreStoriesThanItKeeps) {
  EventOptions options;
  options.max_stories = 40;
  restart_at_any_story(options);
}

}  // namespace
}  // namespace nutgraf
