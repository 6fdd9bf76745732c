// The desk between a store in memory, a clock that stands still and a wire that writes down.
#include "daemon/desk/desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "daemon/desk/drafts.h"
#include "daemon/model/json.h"
#include "tests/support/feed_states.h"
#include "tests/support/house.h"
#include "tests/support/story_maker.h"

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

DeskOptions everything() {
  DeskOptions options;
  options.poll.first_poll.kind = FirstPoll::Kind::kAll;
  options.quiet_wait = {};  // The clock stands still, so that company would be waited for in vain.
  return options;
}

std::vector<EventStep> event_steps(const std::vector<TrailEntry>& trail) {
  std::vector<EventStep> steps;
  for (const TrailEntry& entry : trail) {
    if (entry.what == "event") steps.push_back(event_step_from_json(entry.reason).value());
  }
  return steps;
}

class DeskTest : public testing::Test {
 protected:
  std::unique_ptr<House> open(DeskOptions options = everything()) {
    return std::make_unique<House>(store_.ledger(), store_.work(), clock_, std::move(options));
  }
  std::vector<std::string> trail_of(const std::string& guid) {
    std::vector<std::string> what;
    const std::vector<TrailEntry> trail = store_.reader().trail("", guid, "").value();
    for (const TrailEntry& entry : trail) {
      what.push_back(entry.reason.empty() ? entry.what : entry.what + ": " + entry.reason);
    }
    return what;
  }
  /// What happened to the item last.
  std::string fate_of(const WrittenItem& item) {
    auto trail = store_.reader().trail("", item.guid, "").value();
    std::erase_if(trail, [](const TrailEntry& entry) { return entry.what == "event"; });
    return trail.empty() ? "" : trail.back().what;
  }
  /// How its story came into its events.
  std::vector<EventStep> steps_of(const WrittenItem& item) {
    return event_steps(store_.reader().trail("", item.guid, "").value());
  }
  /// Lets it do the housekeeping that is due: the second poll comes back only after it.
  void keep(House& house) {
    house.poll(a_, {});
    house.poll(a_, {});
  }
  static std::ptrdiff_t closes(const House& house) {
    const auto bodies = house.sent.bodies();
    return std::ranges::count_if(
        bodies, [](const auto& body) { return body.find(" close ") != body.npos; });
  }
  std::optional<Story> story_at(const WrittenItem& item) {
    const auto trail = store_.reader().trail("", item.guid, "").value();
    return trail.empty() ? std::nullopt : store_.story(trail.back().story_id).value();
  }

  MemoryStore store_{plain_envelope};
  ManualClock clock_;
  FeedSource a_ = feed_source("a");
  FeedSource b_ = feed_source("b");
};

TEST_F(DeskTest, ANewStoryIsPublishedOnceAndACopyIsCounted) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  EXPECT_EQ(house->work_off(), 1u);
  ASSERT_THAT(house->sent.bodies(), SizeIs(1));
  EXPECT_THAT(house->sent.bodies()[0], HasSubstr(" create "));
  house->poll(b_, {full_item("b", 1)});
  house->work_off();
  EXPECT_THAT(house->sent.bodies(), SizeIs(1));
  EXPECT_EQ(fate_of(full_item("b", 1)), "duplicate");
  const Story story = story_at(full_item("a", 1)).value();
  EXPECT_EQ(story.duplicate_count, 1);
  EXPECT_THAT(story.duplicate_sources, ElementsAre("b.example"));
  EXPECT_EQ(house->metrics.stories_published.get(), 1);
  EXPECT_EQ(house->metrics.stories_duplicate.get(), 1);
}

TEST_F(DeskTest, ACopyThatIsEditedForEverIsOneCopyAndNeverSpeaksForTheOriginal) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->work_off();
  for (int edition = 0; edition < 3; ++edition) {
    WrittenItem copy = full_item("b", 1);
    for (int i = 0; i < edition; ++i) {
      copy.full_html += "<p>" + make_story(100 + static_cast<unsigned>(i)).body[0] + "</p>";
    }
    house->poll(b_, {copy});
    EXPECT_EQ(house->work_off(), 1u);
  }
  EXPECT_THAT(house->sent.bodies(), SizeIs(1));
  const Story story = story_at(full_item("a", 1)).value();
  EXPECT_EQ(story.duplicate_count, 1);
  EXPECT_EQ(story.source.feed_id, "a");
}

TEST_F(DeskTest, AnUpdateIsANewRevisionUnderItsOldIdAndTopic) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->work_off();
  const std::string id = story_at(full_item("a", 1))->id;
  WrittenItem edition = full_item("a", 1);
  edition.full_html += "<p>" + make_story(50).body[0] + "</p><p>" + make_story(50).body[1] + "</p>";
  house->poll(a_, {edition});
  house->work_off();
  ASSERT_THAT(house->sent.bodies(), SizeIs(2));
  EXPECT_THAT(house->sent.bodies()[1], HasSubstr(" update " + id + " "));
  EXPECT_EQ(story_at(edition)->revision, 2);
  EXPECT_THAT(story_at(edition)->changes, Not(IsEmpty()));
}

TEST_F(DeskTest, AnItemThatChangesNothingReadableIsUnchanged) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->work_off();
  WrittenItem same = full_item("a", 1);
  same.full_html += "<p>Updated 12:03</p>";
  house->poll(a_, {same});
  EXPECT_EQ(house->work_off(), 1u);
  EXPECT_EQ(fate_of(same), "unchanged");
  EXPECT_THAT(house->sent.bodies(), SizeIs(1));
  EXPECT_EQ(story_at(same)->duplicate_count, 0);
}

TEST_F(DeskTest, FirstPollPublishesTheNewestAndRemembersTheRest) {
  DeskOptions options;
  options.poll.first_poll = {FirstPoll::Kind::kNewest, 2};
  const auto house = open(options);
  std::vector<WrittenItem> items;
  for (unsigned i = 1; i <= 5; ++i) {
    items.push_back(full_item("a", i));
    items.back().published += i * 60;
  }
  house->poll(a_, items);
  EXPECT_EQ(house->work_off(), 2u);
  EXPECT_EQ(fate_of(items[4]), "published");
  EXPECT_EQ(fate_of(items[3]), "published");
  EXPECT_THAT(trail_of(items[0].guid), ElementsAre(StartsWith("seen: in the feed before")));
  EXPECT_TRUE(story_at(items[4])->backfill);
  items.push_back(full_item("a", 6));
  house->poll(a_, items);
  EXPECT_EQ(house->work_off(), 1u);
  EXPECT_FALSE(story_at(items[5])->backfill);
  items[0].title = "Another headline";  // It was not published when it was new.
  house->poll(a_, items);
  EXPECT_EQ(house->work_off(), 0u);
}

TEST_F(DeskTest, ItemsKeepTheirPlaceWhenTheFeedsGuidsProveUnreliable) {
  DeskOptions options;
  options.poll.first_poll = {FirstPoll::Kind::kNewest, 1};
  auto house = open(options);
  std::vector<WrittenItem> items;
  for (unsigned i = 1; i <= 3; ++i) {
    items.push_back(full_item("a", i));
    items.back().published += i * 60;
  }
  house->poll(a_, items);
  EXPECT_EQ(house->work_off(), 1u);
  // The GUID is used again, while the item that had it is still there.
  items.push_back(full_item("a", 4));
  items.back().guid = items[0].guid;
  house->poll(a_, items);
  EXPECT_EQ(house->work_off(), 1u);
  EXPECT_EQ(house->state("a").identity, 1);
  // Found out once is found out for good, also by the next process.
  house.reset();
  house = open(options);
  items.erase(items.begin());
  house->poll(a_, items);
  EXPECT_EQ(house->work_off(), 0u);
  EXPECT_EQ(house->sent.bodies().size(), 0u);
}

TEST_F(DeskTest, APageThatComesAfterItsTeaserWasPublishedMakesARevisionOfTheStory) {
  const auto house = open();
  const WrittenItem item = teaser_item("a", 1);
  house->poll(a_, {item});
  const auto tell = [&](bool with_page) {
    const auto claimed = store_.work().claim({.now = clock_.utc() + std::chrono::hours(1)}).value();
    ASSERT_THAT(claimed, SizeIs(1));
    StoryJob job{.source = a_, .feed_url = a_.url, .pending = claimed[0]};
    job.page_later = !with_page;
    if (with_page) job.page = response_of(item.link, page_of(1), "text/html");
    house->give(work({0, std::move(job)}, {}).result);
  };
  tell(false);
  EXPECT_EQ(fate_of(item), "published");
  EXPECT_EQ(story_at(item)->text_from, TextFrom::kTeaser);
  EXPECT_EQ(store_.work().backlog(clock_.utc())->pending, 1);
  tell(true);
  EXPECT_EQ(fate_of(item), "updated");
  EXPECT_EQ(story_at(item)->text_from, TextFrom::kPage);
  EXPECT_EQ(story_at(item)->revision, 2);
  EXPECT_EQ(store_.work().backlog(clock_.utc())->pending, 0);
}

TEST_F(DeskTest, AFeedWhoseFirstPollsFailedIsStillNewToUs) {
  DeskOptions options;
  options.poll.first_poll.kind = FirstPoll::Kind::kNone;
  const auto house = open(options);
  PolledFeed failed;
  failed.source = a_;
  failed.outcome.kind = PollOutcome::Kind::kFailed;
  failed.outcome.error = "no route";
  house->give(failed);
  ASSERT_TRUE(house->state("a").first_poll.has_value());
  house->poll(a_, {full_item("a", 1)});
  EXPECT_EQ(house->work_off(), 0u);
  house->poll(a_, {full_item("a", 1), full_item("a", 2)});
  EXPECT_EQ(house->work_off(), 1u);
}

TEST_F(DeskTest, RulesAndAgeKeepItemsOutAndSayWhy) {
  DeskOptions options = everything();
  options.poll.max_age = std::chrono::hours(2);
  const auto house = open(options);
  a_.drop = {"title ~ /advertisement/i"};
  WrittenItem dropped = full_item("a", 1);
  dropped.title = "Advertisement: " + dropped.title;
  WrittenItem old = full_item("a", 2);
  old.published -= 3 * 3600;
  house->poll(a_, {dropped, old, full_item("a", 3)});
  EXPECT_EQ(house->work_off(), 1u);
  EXPECT_THAT(trail_of(old.guid), ElementsAre("seen: older than poll.max_age"));
  EXPECT_THAT(trail_of(dropped.guid), ElementsAre(StartsWith("seen: ")));
  EXPECT_EQ(house->metrics.items_recorded.get(), 2);
}

TEST_F(DeskTest, AQuarantinedItemThatIsMendedIsTriedAgain) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  const PendingItem pending = store_.work().claim({.now = clock_.utc()})->at(0);
  house->give(FailedStory{pending, {ErrorCode::kMalformed, "poison"}});
  EXPECT_EQ(fate_of(full_item("a", 1)), "quarantined");
  EXPECT_EQ(house->work_off(), 0u);
  WrittenItem mended = full_item("a", 1);
  mended.title = "Corrected: " + mended.title;
  house->poll(a_, {mended});
  EXPECT_EQ(house->work_off(), 1u);
  EXPECT_EQ(fate_of(mended), "published");
}

TEST_F(DeskTest, ATransientFailureWaitsLongerEachTime) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  for (const int minutes : {1, 2, 4}) {
    const auto items = store_.work().claim({.now = clock_.utc()}).value();
    ASSERT_THAT(items, SizeIs(1));
    house->give(FailedStory{items[0], {ErrorCode::kTransient, "HTTP 503"}});
    clock_.advance(std::chrono::minutes(minutes) - std::chrono::milliseconds(1));
    EXPECT_THAT(store_.work().claim({.now = clock_.utc()}).value(), IsEmpty());
    clock_.advance(std::chrono::milliseconds(1));
  }
  EXPECT_THAT(house->sent.bodies(), IsEmpty());
}

TEST_F(DeskTest, AConsentPageCountsOnceAndThenTheFeedsOwnTextIsPublished) {
  a_.full_text = FullText::kPage;
  const auto house = open();
  std::string consent = "<html><head><title>Notice</title></head><body><article>";
  for (const char* part :
       {"We and our partners store and access information on your device in order to measure how "
        "often advertisements were seen and to develop better products for all of our readers.",
        "You may agree to all purposes at once, or choose for each of them whether personal data "
        "such as identifiers and browsing behaviour may be processed by us and by third parties.",
        "Your choice is remembered for twelve months and may be withdrawn at any moment through "
        "the link at the bottom of every page, without giving reasons and without disadvantage."}) {
    consent += "<p>" + std::string(part) + "</p>";
  }
  consent += "</article></body></html>";
  const std::vector<std::string> titles{"Ferry sunk", "Opera shut", "Walls fell"};
  std::vector<WrittenItem> items;
  for (unsigned i = 1; i <= 3; ++i) {
    items.push_back(teaser_item("a", i));
    items.back().title = titles[i - 1];
    items.back().teaser_html.clear();  // Not enough to contradict the page.
    house->pages[items.back().link] = consent;
  }
  house->poll(a_, items);
  house->work_off();
  EXPECT_EQ(house->metrics.pages_blocked.get(), 2);
  EXPECT_EQ(house->metrics.stories_duplicate.get(), 0);
  ASSERT_THAT(house->sent.bodies(), SizeIs(3));
  int with_consent = 0;
  for (const WrittenItem& item : items) {
    const Story story = story_at(item).value();
    with_consent += story.text_from == TextFrom::kPage;
    EXPECT_EQ(story.title, item.title);
  }
  EXPECT_EQ(with_consent, 1);
}

TEST_F(DeskTest, PagesInWhichSelectorsFindNothingAreCounted) {
  a_.full_text = FullText::kPage;
  a_.page.edit().select = {"p"};
  const auto house = open();
  std::vector<WrittenItem> items;
  for (unsigned i = 1; i <= 3; ++i) {
    items.push_back(teaser_item("a", i));
    house->pages[items.back().link] = page_of(i);
  }
  house->poll(a_, items);
  house->work_off();
  EXPECT_EQ(house->metrics.pages_unselected.get(), 0);
  a_.page.edit().select = {"table.gone"};
  items.assign({teaser_item("a", 4), teaser_item("a", 5)});
  for (unsigned i = 4; i <= 5; ++i) house->pages[items[i - 4].link] = page_of(i);
  house->poll(a_, items);
  house->work_off();
  EXPECT_EQ(house->metrics.pages_unselected.get(), 2);
  EXPECT_THAT(house->sent.bodies(), SizeIs(5));  // Found by rules.
}

TEST_F(DeskTest, ARestartAtAnyStoryGivesTheSameVerdictsAndMessages) {
  std::vector<std::vector<WrittenItem>> polls;
  const std::vector<std::string> feeds{"a", "b", "a", "b", "a", "a", "b", "b"};
  const std::vector<std::uint64_t> numbers{1, 1, 2, 3, 1, 4, 4, 2};
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    WrittenItem item = full_item(feeds[i], numbers[i]);
    if (i == 4) item.full_html += "<p>" + make_story(60).body[0] + make_story(60).body[1] + "</p>";
    polls.push_back({item});
  }
  polls.push_back({report_on(1, 70, "b")});
  polls.push_back({report_on(1, 71, "b")});
  const auto run = [&](std::size_t restart_before) {
    MemoryStore store(plain_envelope);
    ManualClock clock;
    const auto open = [&] {
      return std::make_unique<House>(store.ledger(), store.work(), clock, everything());
    };
    auto house = open();
    std::vector<std::string> sent;
    const auto note = [&] {
      for (const std::string& body : house->sent.bodies()) sent.push_back(body);
    };
    for (std::size_t i = 0; i < polls.size(); ++i) {
      if (i == restart_before || restart_before == polls.size() + 1) {
        note();
        house.reset();
        house = open();
      }
      const std::string feed = i < feeds.size() ? feeds[i] : "b";
      house->poll(feed_source(feed), polls[i]);
      house->work_off();
      clock.advance(std::chrono::minutes(1));
      house->write_events();
    }
    note();
    return sent;
  };
  const std::vector<std::string> never = run(polls.size() + 2);
  EXPECT_GE(never.size(), 8u);
  EXPECT_THAT(never, Contains(HasSubstr(" open ")));
  EXPECT_THAT(never, Contains(HasSubstr(" update ")));
  for (std::size_t at = 0; at <= polls.size() + 1; ++at) EXPECT_EQ(run(at), never) << at;
}

/// A report on paragraphs [begin, end) of the invented story 1, after some of another.
WrittenItem part_of(const std::string& feed, std::uint64_t words, std::size_t begin,
                    std::size_t end) {
  const NewsroomStory event = make_story(1);
  NewsroomStory story = make_story(words);
  story.body.resize(1);
  for (std::size_t i = begin; i < std::min(end, event.body.size()); ++i) {
    story.body.push_back(event.body[i]);
  }
  WrittenItem item = full_item(feed, words);
  item.full_html = story_html(story);
  return item;
}

/// So that the two halves of a story begin as two events.
EventOptions strict() {
  EventOptions options;
  options.join = 0.3;
  options.merge = 0.2;
  return options;
}

const std::vector<std::vector<WrittenItem>>& merging_polls() {
  static const std::vector<std::vector<WrittenItem>> polls = {
      {part_of("a", 80, 0, 3)}, {part_of("b", 81, 3, 9)}, {part_of("a", 82, 0, 3)},
      {part_of("b", 83, 3, 9)}, {part_of("a", 84, 0, 9)}, {part_of("b", 85, 3, 9)}};
  return polls;
}

/// The first five, of which the last shows both events to be one.
void poll_until_merge(House& house) {
  for (std::size_t i = 0; i < 5; ++i) {
    house.poll(feed_source(i % 2 == 0 ? "a" : "b"), merging_polls()[i]);
    house.work_off();
  }
}

/// Messages of the polls in turn; events are written after those whose number is in `writes`.
std::vector<std::string> messages_of_merge(std::size_t restart_before,
                                           const std::vector<std::size_t>& writes) {
  MemoryStore store(plain_envelope);
  ManualClock clock;
  const auto open = [&] {
    return std::make_unique<House>(store.ledger(), store.work(), clock, everything(),
                                   House::Start::kNow, strict());
  };
  auto house = open();
  std::vector<std::string> sent;
  const auto note = [&] {
    for (const std::string& body : house->sent.bodies()) sent.push_back(body);
  };
  for (std::size_t i = 0; i < merging_polls().size(); ++i) {
    if (i == restart_before) {
      note();
      house.reset();
      house = open();
    }
    house->poll(feed_source(i % 2 == 0 ? "a" : "b"), merging_polls()[i]);
    house->work_off();
    clock.advance(std::chrono::minutes(1));
    if (std::find(writes.begin(), writes.end(), i) != writes.end()) house->write_events();
  }
  house->write_events();
  note();
  return sent;
}

std::size_t place_of(const std::vector<std::string>& messages, const std::string& part) {
  return static_cast<std::size_t>(
      std::find_if(messages.begin(), messages.end(),
                   [&](const auto& body) { return body.find(part) != body.npos; }) -
      messages.begin());
}

TEST(DeskMerge, IsToldAtOnceAndNamedByTheSurvivorsNextMessage) {
  const std::vector<std::string> sent = messages_of_merge(99, {3});
  const std::size_t merge = place_of(sent, " merge ");
  ASSERT_LT(merge, sent.size());
  EXPECT_THAT(sent[merge - 1], HasSubstr(" create ")) << "in the transaction of that story";
  const std::string gone = sent[merge].substr(sent[merge].find(" merge ") + 7, 32);
  const std::size_t named = place_of(sent, "\"absorbed\":[\"" + gone + "\"]");
  ASSERT_LT(named, sent.size());
  EXPECT_GT(named, merge);
  EXPECT_THAT(sent[named], HasSubstr(" grow "));
  EXPECT_THAT(sent[named], HasSubstr("2 stories joined, 1 event became part of it"));
  EXPECT_THAT(sent[named], HasSubstr("\"size\":6"));
}

TEST(DeskMerge, OfEventsThatWereNeverToldNamesAllTheirStoriesOnce) {
  const std::vector<std::string> sent = messages_of_merge(99, {4});
  EXPECT_EQ(place_of(sent, " merge "), sent.size());
  const std::size_t opened = place_of(sent, " open ");
  ASSERT_LT(opened, sent.size());
  EXPECT_THAT(sent[opened], HasSubstr("\"absorbed\""));
  const Event event = event_from_json(sent[opened].substr(sent[opened].find('{'))).value();
  EXPECT_THAT(event.added, SizeIs(5));
  EXPECT_EQ(event.size, 5);
}

TEST(DeskMerge, ARestartAtAnyStoryGivesTheSameVerdictsAndMessages) {
  for (const std::vector<std::size_t>& writes :
       {std::vector<std::size_t>{3}, {2}, {4}, {}, {1, 3, 4}}) {
    const std::vector<std::string> never = messages_of_merge(99, writes);
    EXPECT_THAT(never, Contains(HasSubstr("absorbed")));
    for (std::size_t at = 0; at < merging_polls().size(); ++at) {
      EXPECT_EQ(messages_of_merge(at, writes), never) << at;
    }
  }
}

/// The event rows in the trails of all items, with a restart before one of the polls, and a store
/// that refuses to commit the story of one at first.
std::vector<std::vector<EventStep>> steps_of_merge(std::size_t restart_before,
                                                   std::size_t fail_at) {
  MemoryStore store(plain_envelope);
  ManualClock clock;
  const auto open = [&] {
    return std::make_unique<House>(store.ledger(), store.work(), clock, everything(),
                                   House::Start::kNow, strict());
  };
  auto house = open();
  for (std::size_t i = 0; i < merging_polls().size(); ++i) {
    if (i == restart_before) {
      house.reset();
      house = open();
    }
    house->poll(feed_source(i % 2 == 0 ? "a" : "b"), merging_polls()[i]);
    if (i == fail_at) store.fail_commits(1);
    house->work_off();
    clock.advance(std::chrono::minutes(1));
  }
  std::vector<std::vector<EventStep>> steps;
  for (const auto& poll : merging_polls()) {
    steps.push_back(event_steps(store.reader().trail("", poll.front().guid, "").value()));
  }
  return steps;
}

TEST(DeskMerge, StandsInTheTrailsOfAllThatMoved) {
  const auto steps = steps_of_merge(99, 99);
  const EventStep& merging = steps[4].at(0);
  EXPECT_EQ(merging.how, EventStep::How::kJoined);
  ASSERT_THAT(merging.absorbed, SizeIs(1));
  int moved = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_THAT(steps[i], Not(IsEmpty()));
    if (steps[i][0].event_id == merging.event_id) {
      EXPECT_THAT(steps[i], SizeIs(1));
      continue;
    }
    ASSERT_THAT(steps[i], SizeIs(2));
    EXPECT_EQ(steps[i][1].how, EventStep::How::kMoved);
    EXPECT_EQ(steps[i][1].event_id, merging.event_id);
    EXPECT_EQ(steps[i][1].from, steps[i][0].event_id);
    EXPECT_THAT(steps[i][1].because_of, Not(IsEmpty()));
    ++moved;
  }
  EXPECT_EQ(moved, 2);
}

TEST(DeskMerge, IsToldOnceInTheTrailsWhateverRestartsOrFails) {
  const auto never = steps_of_merge(99, 99);
  for (std::size_t at = 0; at < merging_polls().size(); ++at) {
    EXPECT_EQ(steps_of_merge(at, 99), never) << at;
  }
  EXPECT_EQ(steps_of_merge(99, 4), never);
}

/// A story of an event that was never told, and is part of another by then, is withdrawn; with a
/// restart after it or without.
std::vector<std::string> messages_of_retract_after_merge(bool restart) {
  MemoryStore store(plain_envelope);
  ManualClock clock;
  const auto open = [&] {
    return std::make_unique<House>(store.ledger(), store.work(), clock, everything(),
                                   House::Start::kNow, strict());
  };
  auto house = open();
  poll_until_merge(*house);
  const WrittenItem gone = merging_polls()[1].front();
  const std::string id = store.reader().trail("", gone.guid, "")->back().story_id;
  EXPECT_TRUE(house->desk->retract({.story_id = id, .reason = "r"}, std::chrono::seconds(60)));
  house->wait_for_all();
  std::vector<std::string> sent = house->sent.bodies();
  if (restart) {
    house.reset();
    house = open();
    sent.clear();
  }
  house->write_events();
  const auto more = house->sent.bodies();
  sent = restart ? more
                 : std::vector(more.begin() + static_cast<std::ptrdiff_t>(sent.size()), more.end());
  EXPECT_THAT(sent, testing::Each(Not(HasSubstr(id))));
  return sent;
}

TEST(DeskMerge, ARetractBeforeTheFirstMessageLeavesTheStoryOutAlsoAfterARestart) {
  const std::vector<std::string> sent = messages_of_retract_after_merge(false);
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_THAT(sent.front(), HasSubstr(" open "));
  const Event event = event_from_json(sent.front().substr(sent.front().find('{'))).value();
  EXPECT_THAT(event.added, SizeIs(4));
  EXPECT_THAT(event.absorbed, SizeIs(1));
  EXPECT_EQ(messages_of_retract_after_merge(true), sent);
}

TEST(DeskMerge, RetractingAllOfItsStoriesBeforeTheFirstMessageEndsTheEvent) {
  MemoryStore store(plain_envelope);
  ManualClock clock;
  House house(store.ledger(), store.work(), clock, everything(), House::Start::kNow, strict());
  poll_until_merge(house);
  ASSERT_THAT(store.live_events().value(), SizeIs(1));
  for (std::size_t i = 0; i < 5; ++i) {
    const auto trail = store.reader().trail("", merging_polls()[i].front().guid, "").value();
    house.desk->retract({.story_id = trail.back().story_id, .reason = "wrong"}, 60s).value();
  }
  EXPECT_THAT(store.live_events().value(), IsEmpty());
}

TEST(DeskMerge, AnEditionOfAMovedStoryTouchesTheSurvivor) {
  MemoryStore store(plain_envelope);
  ManualClock clock;
  House house(store.ledger(), store.work(), clock, everything(), House::Start::kNow, strict());
  poll_until_merge(house);
  house.write_events();
  ASSERT_THAT(store.live_events().value(), SizeIs(1));
  const std::string survivor = store.live_events()->front().event.id;
  for (std::size_t i = 0; i < 2; ++i) {
    WrittenItem edition = merging_polls()[i].front();
    edition.full_html += "<p>" + make_story(60).body[0] + " " + make_story(60).body[1] + "</p>";
    house.poll(feed_source(i % 2 == 0 ? "a" : "b"), {edition});
    house.work_off();
    EXPECT_TRUE(house.dirty.contains(survivor)) << i;
    house.dirty.clear();
  }
}

/// A line that ends every story of a feed but says nothing of it.
constexpr const char* kPrompt = "Read Valley Post on paper every morning";

/// So that the event index tells the invented stories' events apart, and the days differ.
constexpr std::chrono::hours kApart{100};

WrittenItem item_with_prompt(const std::string& feed, std::uint64_t number) {
  WrittenItem item = full_item(feed, number);
  item.published += static_cast<std::int64_t>(number) * kApart / std::chrono::seconds(1);
  item.full_html += "<p>" + std::string(kPrompt) + "</p>";
  return item;
}

TEST_F(DeskTest, FurnitureIsLearnedAndLeftOut) {
  const auto house = open();
  for (std::uint64_t number = 1; number <= 7; ++number) {
    clock_.advance(kApart);
    WrittenItem item = item_with_prompt("a", number);
    house->poll(a_, {item});
    house->work_off();
    const std::string text = story_at(item)->text;
    EXPECT_EQ(text.find(kPrompt) == std::string::npos, number > 5) << number;
  }
  const Furniture learned = store_.reader().furniture("a").value();
  ASSERT_THAT(learned.lines, SizeIs(1));
  EXPECT_EQ(learned.lines[0].text, kPrompt);
  EXPECT_EQ(learned.version, 1);
  EXPECT_THAT(store_.reader().furniture("b")->lines, IsEmpty());
}

TEST_F(DeskTest, CopiesEditionsAndLiveBlogsTeachNothing) {
  const auto house = open();
  for (int edition = 0; edition < 12; ++edition) {
    clock_.advance(kApart);
    WrittenItem item = item_with_prompt("a", 1);
    for (int i = 0; i <= edition; ++i) {
      item.full_html =
          "<p>" + make_story(100 + static_cast<unsigned>(i)).body[0] + "</p>" + item.full_html;
    }
    house->poll(a_, {item});
    house->work_off();
  }
  EXPECT_GE(house->metrics.stories_updated.get(), 5);
  EXPECT_THAT(store_.reader().furniture("a")->lines, IsEmpty());
}

TEST_F(DeskTest, FurnitureIsNotLearnedWhereItIsTurnedOff) {
  DeskOptions options = everything();
  options.learn_furniture = false;
  const auto house = open(options);
  for (std::uint64_t number = 1; number <= 7; ++number) {
    clock_.advance(kApart);
    house->poll(a_, {item_with_prompt("a", number)});
    house->work_off();
  }
  EXPECT_EQ(store_.line_counts("a").value(), "");
}

TEST_F(DeskTest, WhatWasLearnedSinceHasNotGoneFromAStory) {
  const auto house = open();
  for (std::uint64_t number = 1; number <= 6; ++number) {
    clock_.advance(kApart);
    house->poll(a_, {item_with_prompt("a", number)});
    house->work_off();
  }
  WrittenItem edited = item_with_prompt("a", 5);
  edited.full_html =
      "<p>" + make_story(60).body[0] + make_story(60).body[1] + "</p>" + edited.full_html;
  clock_.advance(kApart);
  house->poll(a_, {edited});
  house->work_off();
  EXPECT_EQ(fate_of(edited), "updated");
  const Story story = story_at(edited).value();
  EXPECT_THAT(story.text, Not(HasSubstr(kPrompt)));
  EXPECT_THAT(story.changes, Not(IsEmpty()));
  for (const Change& change : story.changes) EXPECT_THAT(change.was, Not(HasSubstr("on paper")));
}

/// Whenever the process dies, also with the item in hand, every story has the text that it would
/// have had.
TEST(DeskRestart, AtAnyStoryGivesTheSameTexts) {
  constexpr std::size_t kStories = 24;
  const auto run = [&](std::size_t restart_before) {
    MemoryStore store(plain_envelope);
    ManualClock clock;
    const auto open = [&] {
      return std::make_unique<House>(store.ledger(), store.work(), clock, everything());
    };
    auto house = open();
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < kStories; ++i) {
      clock.advance(kApart);
      WrittenItem item = item_with_prompt("a", i + 1);
      if (i % 2 == 0) item.full_html = "<p>VALLEY POST</p>" + item.full_html;
      house->poll(feed_source("a"), {item});
      if (i == restart_before || restart_before == kStories + 1) {
        std::ignore = store.claim({.now = clock.utc() + std::chrono::hours(1), .per_host = 10});
        house.reset();
        store.clear_claims();
        house = open();
      }
      house->work_off();
      const auto trail = store.trail("", item.guid, "").value();
      texts.push_back(store.story(trail.back().story_id).value().value().text);
    }
    return texts;
  };
  const std::vector<std::string> never = run(kStories + 2);
  EXPECT_THAT(never.front(), HasSubstr(kPrompt));
  EXPECT_THAT(never.back(), Not(HasSubstr(kPrompt)));
  EXPECT_THAT(never[kStories - 2], Not(HasSubstr("VALLEY POST")));
  for (std::size_t at = 0; at <= kStories + 1; ++at) EXPECT_EQ(run(at), never) << at;
}

/// However late an item is worked on, it is judged by what was known when it came.
TEST_F(DeskTest, AnItemThatWaitedIsJudgedAsIfItHadNot) {
  const auto house = open();
  const auto tell = [&](std::uint64_t number) {
    clock_.advance(kApart);
    house->poll(a_, {item_with_prompt("a", number)});
    house->work_off();
  };
  for (std::uint64_t number = 1; number <= 4; ++number) tell(number);
  clock_.advance(kApart);
  house->poll(a_, {item_with_prompt("a", 50)});
  const PendingItem waits = store_.claim({.now = clock_.utc(), .per_host = 10})->at(0);
  for (std::uint64_t number = 5; number <= 8; ++number) tell(number);
  ASSERT_THAT(house->book.furniture("a").lines, SizeIs(1));
  StoryJob job{.source = a_, .feed_url = a_.url, .pending = waits};
  job.furniture = house->book.furniture("a");
  const Outcome outcome = work({1, job}, {});
  EXPECT_THAT(std::get<AnalysedStory>(outcome.result).story.text, HasSubstr(kPrompt));
}

/// A ledger that refuses so often, and writes down what it is asked.
class Stubborn final : public Ledger {
 public:
  explicit Stubborn(Ledger& ledger) : ledger_(ledger) {}

  int refuse = 0;
  ErrorCode code = ErrorCode::kTransient;
  std::vector<std::string> batches;
  std::function<void()> on_commit = [] {};

  Result<std::vector<Publication>> commit(const Batch& batch, Time now) override {
    std::string said;
    for (const PollCommit& poll : batch.polls) said += to_json(poll.state) + poll.state.etag;
    for (const StoryCommit& story : batch.stories) {
      said += story.item_key + story.story_id + story.fingerprint +
              (story.message ? story.message->payload : "");
    }
    batches.push_back(said);
    on_commit();
    if (refuse-- > 0) return fail(code, "told to refuse");
    return ledger_.commit(batch, now);
  }
  Result<LogPosition> position() override { return ledger_.position(); }
  Result<std::vector<KnownItem>> known_items(std::string_view feed,
                                             std::span<const std::string> keys) override {
    if (refuse_reads > 0) {
      --refuse_reads;
      return fail(code, "cannot read");
    }
    return ledger_.known_items(feed, keys);
  }
  int refuse_reads = 0;
  Result<std::optional<FeedState>> feed_state(std::string_view id) override {
    return ledger_.feed_state(id);
  }
  Result<std::string> line_counts(std::string_view id) override { return ledger_.line_counts(id); }
  Result<void> each_furniture(
      const std::function<void(const std::string& feed_id, Furniture)>& visit) override {
    return ledger_.each_furniture(visit);
  }
  Result<std::optional<Story>> story(std::string_view id) override { return ledger_.story(id); }
  Result<std::optional<StoredMember>> member(std::string_view id) override {
    if (refuse_members > 0) {
      --refuse_members;
      return fail(code, "cannot read");
    }
    return ledger_.member(id);
  }
  int refuse_members = 0;
  Result<std::vector<StoredMember>> members_of(std::string_view id) override {
    return ledger_.members_of(id);
  }
  Result<std::optional<StoredEvent>> event(std::string_view id) override {
    return ledger_.event(id);
  }
  Result<std::optional<std::string>> story_by_url_key(std::string_view key) override {
    return ledger_.story_by_url_key(key);
  }
  Result<std::optional<std::string>> story_by_text_hash(std::uint64_t hash) override {
    return ledger_.story_by_text_hash(hash);
  }
  Result<void> fingerprints_since(Time since,
                                  const std::function<bool(StoredFingerprint&)>& row) override {
    return ledger_.fingerprints_since(since, [&](StoredFingerprint& stored) {
      on_row();
      return row(stored);
    });
  }
  std::function<void()> on_row = [] {};
  Result<void> members_since(Time since, const std::function<bool(StoredMember&)>& row) override {
    return ledger_.members_since(since, row);
  }
  Result<std::vector<StoredEvent>> live_events() override { return ledger_.live_events(); }
  Result<bool> prune(const Retention& retention) override {
    ++prunes;
    asked = retention;
    const Result<bool> more = ledger_.prune(retention);
    return more_to_prune ? Result<bool>(true) : more;
  }
  int prunes = 0;
  Retention asked;
  bool more_to_prune = false;
  bool note_poll(const FeedState&, const FeedState&) override { return notes; }
  void forget_notes() override { ++forgotten; }
  bool notes = false;
  int forgotten = 0;

 private:
  Ledger& ledger_;
};

TEST_F(DeskTest, AStopWhileItRestoresEndsItAtOnceAndNothingIsDecided) {
  Stubborn ledger(store_.ledger());
  {
    House house(ledger, store_.work(), clock_, everything());
    house.poll(a_, {full_item("a", 1), full_item("b", 2), full_item("c", 3)});
    house.work_off();
  }
  House house(ledger, store_.work(), clock_, everything(), House::Start::kLater);
  ledger.batches.clear();
  int rows = 0;
  ledger.on_row = [&] {
    if (++rows == 2) house.desk->stop_restoring();
  };
  house.push(PolledFeed{.source = b_, .state = {}});
  house.desk->restore_and_run();
  EXPECT_EQ(rows, 2);
  EXPECT_THAT(ledger.batches, IsEmpty());
  EXPECT_FALSE(house.desk->damage());
}

TEST_F(DeskTest, ARefusedCommitIsRepeatedWordForWordAndNothingIsTakenMeanwhile) {
  Stubborn ledger(store_.ledger());
  {
    House house(ledger, store_.work(), clock_, everything());
    house.poll(a_, {full_item("a", 1)});
    ledger.batches.clear();
    ledger.refuse = 2;
    std::vector<std::size_t> waiting;
    ledger.on_commit = [&] {
      clock_.advance(std::chrono::seconds(1));  // Time goes on; the batch does not.
      if (waiting.empty()) house.push(PolledFeed{.source = b_, .state = {}});
      waiting.push_back(house.outcomes.size());
      if (ledger.batches.size() > 3) return;
      EXPECT_THAT(house.sent.bodies(), IsEmpty());
    };
    EXPECT_EQ(house.work_off(), 1u);
    house.wait_for_all();
    ASSERT_GE(ledger.batches.size(), 3u);
    EXPECT_EQ(ledger.batches[0], ledger.batches[1]);
    EXPECT_EQ(ledger.batches[0], ledger.batches[2]);
    EXPECT_EQ(waiting[1], 1u);
    EXPECT_EQ(waiting[2], 1u);
    EXPECT_THAT(house.sent.bodies(), SizeIs(1));
    EXPECT_EQ(house.metrics.store_failing.get(), 0);
    EXPECT_EQ(house.metrics.commits_failed.get(), 2);
  }
}

TEST_F(DeskTest, ADamagedStoreStopsTheDeskAndNothingIsSent) {
  Stubborn ledger(store_.ledger());
  House house(ledger, store_.work(), clock_, everything());
  ledger.code = ErrorCode::kStorage;
  ledger.refuse = 1;
  house.push(work({0, feed_job(a_, {}, {full_item("a", 1)})}, {}).result);
  house.join();
  ASSERT_TRUE(house.desk->damage().has_value());
  EXPECT_EQ(house.desk->damage()->code, ErrorCode::kStorage);
  EXPECT_THAT(ledger.batches, SizeIs(1));
  EXPECT_THAT(feed_states(store_), IsEmpty());
}

TEST_F(DeskTest, WhatCouldNotBeLookedUpIsNotCommittedEvenAtTheEndOfAFullBatch) {
  Stubborn ledger(store_.ledger());
  std::vector<Outcome> outcomes;
  House house(ledger, store_.work(), clock_, everything(), House::Start::kLater);
  for (std::size_t i = 0; i + 1 < Desk::kBatch; ++i) {
    house.push(PolledFeed{.source = feed_source("f" + std::to_string(i)), .state = {}});
  }
  ledger.code = ErrorCode::kStorage;
  ledger.refuse_reads = 1;
  house.push(work({0, feed_job(a_, {}, {full_item("a", 1)})}, {}).result);
  house.start();
  house.join();
  EXPECT_THAT(ledger.batches, IsEmpty());  // Or a 304 would hide the item for ever.
}

TEST_F(DeskTest, AWithdrawalThatCouldNotBeLookedUpIsNotCommitted) {
  Stubborn ledger(store_.ledger());
  House house(ledger, store_.work(), clock_, everything());
  house.poll(a_, {full_item("a", 1)});
  house.work_off();
  const std::string id = story_at(full_item("a", 1))->id;
  ledger.batches.clear();
  ledger.code = ErrorCode::kStorage;
  ledger.refuse_members = 1;
  EXPECT_FALSE(house.desk->retract({.story_id = id, .reason = "wrong"}, std::chrono::seconds(0)));
  house.join();
  EXPECT_THAT(ledger.batches, IsEmpty());  // Or its event would keep it for ever.
  EXPECT_EQ(store_.story(id).value()->retracted, "");
  EXPECT_THAT(house.sent.bodies(), SizeIs(1));
}

TEST_F(DeskTest, NothingIsForgottenBecauseTheClockLeapt) {
  Stubborn ledger(store_.ledger());
  House house(ledger, store_.work(), clock_, everything());
  const auto prunes_after = [&](std::chrono::minutes wait) {
    clock_.advance(wait);
    // When the second is decided, the housekeeping behind the first is over.
    for (int i = 0; i < 2; ++i) house.give(PolledFeed{.source = b_, .state = {}});
    return ledger.prunes;
  };
  house.give(PolledFeed{.source = b_, .state = {}});  // It runs, and has looked at the clock.
  EXPECT_EQ(prunes_after(std::chrono::minutes(11)), 1);
  clock_.set(clock_.utc() + std::chrono::years(50));
  EXPECT_EQ(prunes_after(std::chrono::minutes(11)), 1);
  EXPECT_EQ(prunes_after(std::chrono::hours(23)), 1);
  EXPECT_EQ(prunes_after(std::chrono::hours(1)), 2);
}

TEST_F(DeskTest, HousekeepingComesAsOftenAsConfigured) {
  Stubborn ledger(store_.ledger());
  DeskOptions options = everything();
  options.prune_every = std::chrono::hours(2);
  House house(ledger, store_.work(), clock_, options);
  const auto prunes_after = [&](std::chrono::minutes wait) {
    clock_.advance(wait);
    for (int i = 0; i < 2; ++i) house.give(PolledFeed{.source = b_, .state = {}});
    return ledger.prunes;
  };
  house.give(PolledFeed{.source = b_, .state = {}});  // It runs, and has looked at the clock.
  EXPECT_EQ(prunes_after(std::chrono::minutes(119)), 0);
  EXPECT_EQ(prunes_after(std::chrono::minutes(2)), 1);
}

TEST_F(DeskTest, WhatIsKeptIsAsConfigured) {
  Stubborn ledger(store_.ledger());
  DeskOptions options = everything();
  options.log_age = std::chrono::hours(1);
  options.log_count = 5;
  options.log_bytes = 6;
  options.stories_age = std::chrono::hours(2);
  options.items_age = std::chrono::hours(3);
  House house(ledger, store_.work(), clock_, options);
  house.book.configure({a_});
  for (std::uint64_t i = 1; i <= 7; ++i) house.poll(a_, {full_item("a", i)});
  house.work_off();
  clock_.advance(options.prune_every);
  keep(house);
  ASSERT_EQ(ledger.prunes, 1);
  const Time now = clock_.utc();
  EXPECT_EQ(ledger.asked.log_before, now - options.log_age);
  EXPECT_EQ(ledger.asked.log_count, 5);
  EXPECT_EQ(ledger.asked.log_bytes, 6);
  EXPECT_EQ(ledger.asked.stories_before, now - options.stories_age);
  EXPECT_EQ(ledger.asked.items_before, now - options.items_age);
  EXPECT_EQ(ledger.asked.last_shown_before, now - std::chrono::days(730));
  EXPECT_EQ(ledger.asked.feeds_before, now - std::chrono::days(30));
  ASSERT_TRUE(ledger.asked.is_configured);
  EXPECT_TRUE(ledger.asked.is_configured("a"));
  EXPECT_FALSE(ledger.asked.is_configured("removed"));
  EXPECT_EQ(house.metrics.log_floor.get(), store_.position()->floor);
  EXPECT_GT(house.metrics.log_floor.get(), 1);
}

TEST_F(DeskTest, WhatOnePruningLeavesIsDoneASecondLater) {
  Stubborn ledger(store_.ledger());
  House house(ledger, store_.work(), clock_, everything());
  const auto prunes_after = [&](std::chrono::seconds wait) {
    clock_.advance(wait);
    keep(house);
    return ledger.prunes;
  };
  ledger.more_to_prune = true;
  keep(house);
  EXPECT_EQ(prunes_after(std::chrono::seconds(600)), 1);
  EXPECT_EQ(prunes_after(std::chrono::seconds(1)), 2);
  ledger.more_to_prune = false;
  EXPECT_EQ(prunes_after(std::chrono::seconds(1)), 3);
  EXPECT_EQ(prunes_after(std::chrono::seconds(599)), 3);
  EXPECT_EQ(prunes_after(std::chrono::seconds(1)), 4);
}

TEST_F(DeskTest, HousekeepingIsDoneAlsoUnderALoadThatNeverEnds) {
  Stubborn ledger(store_.ledger());
  House house(ledger, store_.work(), clock_, everything(), House::Start::kLater);
  int left = 900;
  ledger.on_commit = [&] {
    clock_.advance(std::chrono::minutes(11));
    // For each outcome that is taken another comes in.
    for (std::size_t i = 0; i < Desk::kBatch && left > 0; ++i, --left) {
      house.push(PolledFeed{.source = b_, .state = {}});
    }
    if (left > 0) {
      EXPECT_GE(ledger.prunes + 2, static_cast<int>(ledger.batches.size()));
    }
  };
  for (std::size_t i = 0; i < 2 * Desk::kBatch; ++i) {
    house.push(PolledFeed{.source = a_, .state = {}});
  }
  house.start();
  house.wait_for_all();
}

TEST_F(DeskTest, AnEventIsSummarizedAfterItsDebounceAndOnceForAllThatJoinedMeanwhile) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->work_off();
  EXPECT_THAT(house->dirty, IsEmpty());  // One report is no event yet.
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  ASSERT_THAT(house->dirty, SizeIs(1));
  const DirtyEvent first = house->dirty.begin()->second;
  EXPECT_EQ(first.size, 2);
  EXPECT_EQ(first.due, clock_.utc() + DeskOptions{}.event_debounce);
  clock_.advance(std::chrono::seconds(10));
  house->poll(b_, {report_on(1, 71, "b")});
  house->work_off();
  const DirtyEvent second = house->dirty.begin()->second;
  EXPECT_EQ(second.due, first.due);  // Not put off by what comes later.
  EXPECT_EQ(second.dirty_revision, first.dirty_revision + 1);
  house->write_events();
  const auto bodies = house->sent.bodies();
  EXPECT_EQ(std::count_if(bodies.begin(), bodies.end(),
                          [](const auto& body) { return body.find(" open ") != body.npos; }),
            1);
  EXPECT_THAT(house->dirty, IsEmpty());
  const Event event = store_.published_event(first.event_id).value().value();
  EXPECT_EQ(event.size, 3);
  EXPECT_THAT(event.added, SizeIs(3));
  EXPECT_EQ(event.revision, 1);
  EXPECT_FALSE(store_.live_events()->front().due.has_value());
}

TEST_F(DeskTest, TheTrailSaysWhyThatEvent) {
  const auto house = open();
  const std::vector<WrittenItem> items = {full_item("a", 1), report_on(1, 70, "b")};
  house->poll(a_, {items[0]});
  house->work_off();
  house->poll(b_, {items[1]});
  house->work_off();
  const std::string event = event_id(story_at(items[0])->id);
  const std::vector<EventStep> opened = steps_of(items[0]);
  ASSERT_THAT(opened, SizeIs(1));
  EXPECT_EQ(in_words(opened[0]), "opened " + event + ": no other is like it");
  const std::vector<EventStep> joined = steps_of(items[1]);
  ASSERT_THAT(joined, SizeIs(1));
  EXPECT_EQ(joined[0].how, EventStep::How::kJoined);
  EXPECT_EQ(joined[0].event_id, event);
  EXPECT_EQ(joined[0].threshold, EventOptions{}.join);
  EXPECT_GE(joined[0].similarity, EventOptions{}.join);
  EXPECT_LE(joined[0].similarity, 1);
  // An edition stays where the story is: nothing is decided of events.
  WrittenItem edition = items[0];
  edition.full_html += "<p>" + make_story(50).body[0] + "</p><p>" + make_story(50).body[1] + "</p>";
  house->poll(a_, {edition});
  house->work_off();
  EXPECT_EQ(fate_of(edition), "updated");
  EXPECT_EQ(steps_of(edition), opened);
}

TEST_F(DeskTest, AnEventThatGrewWhileItWasWrittenStaysDirtyAndNamesEachStoryOnce) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  const DirtyEvent dirty = house->dirty.begin()->second;
  EventJob job{dirty.event_id, dirty.dirty_revision,
               store_.event_stories(dirty.event_id, 24).value(), dirty.size, std::nullopt};
  house->poll(b_, {report_on(1, 71, "b")});
  house->work_off();
  house->give(work({0, job}, {}).result);
  const std::string opened = house->sent.bodies().back();
  EXPECT_THAT(event_from_json(opened.substr(opened.find('{'))).value().added, SizeIs(2));
  ASSERT_TRUE(store_.live_events()->front().due.has_value());
  ASSERT_THAT(house->dirty, SizeIs(1));
  house->write_events();
  const Event event = store_.published_event(dirty.event_id).value().value();
  EXPECT_THAT(event.added, ElementsAre(story_at(report_on(1, 71, "b"))->id));
  EXPECT_EQ(event.changed_because, "1 story joined");
  EXPECT_EQ(event.revision, 2);
  EXPECT_FALSE(store_.live_events()->front().due.has_value());
}

TEST_F(DeskTest, AnEventOfWhichOnlyPartIsAtHandNamesOnlyWhatJoined) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  house->write_events();
  Event before = store_.live_events()->front().event;
  house->poll(b_, {report_on(1, 71, "b")});
  house->work_off();
  const DirtyEvent dirty = house->dirty.begin()->second;
  EventJob job{dirty.event_id, dirty.dirty_revision,
               store_.event_stories(dirty.event_id, 24).value(), 40, before};
  job.previous->stories.clear();  // Of a large event not all are listed.
  job.previous->sources = 9;
  house->give(work({0, job}, {}).result);
  const Event event = store_.published_event(dirty.event_id).value().value();
  EXPECT_THAT(event.added, SizeIs(1));
  EXPECT_EQ(event.size, 40);
  EXPECT_EQ(event.sources, 9);
}

TEST_F(DeskTest, ALateReportGrowsAnEventThatWasClosed) {
  DeskOptions options = everything();
  options.event_close_after = std::chrono::hours(12);
  const auto house = open(options);
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  house->write_events();
  EXPECT_EQ(house->metrics.events_live.get(), 1);
  clock_.advance(std::chrono::hours(13));
  keep(*house);
  ASSERT_EQ(closes(*house), 1);
  EXPECT_EQ(house->metrics.events_live.get(), 0);
  const Event closed = store_.event(story_at(full_item("a", 1))->event_id).value()->event;
  house->poll(b_, {report_on(1, 71, "b")});
  house->work_off();
  house->write_events();
  EXPECT_EQ(house->metrics.events_live.get(), 1);
  EXPECT_EQ(store_.published_event(closed.id).value()->revision, closed.revision + 1);
  EXPECT_THAT(house->sent.bodies().back(), HasSubstr(" grow "));
  EXPECT_THAT(store_.live_events().value(), SizeIs(1));
}

TEST_F(DeskTest, ALateReportGrowsAnEventThatWasClosedAlsoAfterRestarts) {
  DeskOptions options = everything();
  options.event_close_after = std::chrono::hours(12);
  auto house = open(options);
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  house->write_events();
  const std::string id = store_.live_events()->front().event.id;
  clock_.advance(std::chrono::hours(13));
  keep(*house);
  ASSERT_EQ(closes(*house), 1);
  const int revision = store_.published_event(id).value()->revision;
  house.reset();
  house = open(options);
  EXPECT_EQ(house->metrics.events_live.get(), 0);
  house->poll(b_, {report_on(1, 71, "b")});
  house->work_off();
  // It is open, and to be written, from the report on.
  EXPECT_THAT(store_.live_events().value(), SizeIs(1));
  house.reset();
  house = open(options);
  house->write_events();
  ASSERT_THAT(house->sent.bodies(), SizeIs(1));
  EXPECT_THAT(house->sent.bodies().back(), HasSubstr(" grow " + id));
  const Event event = store_.published_event(id).value().value();
  EXPECT_EQ(event.size, 3);
  EXPECT_EQ(event.revision, revision + 1);
  EXPECT_THAT(event.added, ElementsAre(story_at(report_on(1, 71, "b"))->id));
  ASSERT_THAT(store_.live_events().value(), SizeIs(1));
  EXPECT_FALSE(store_.live_events()->front().due.has_value());
}

TEST_F(DeskTest, ALateReportOfALoneStoryThatWasClosedOpensItsEventWithBoth) {
  for (const bool restart : {false, true}) {
    MemoryStore store{plain_envelope};
    DeskOptions options = everything();
    options.event_close_after = std::chrono::hours(12);
    const auto enter = [&] {
      return std::make_unique<House>(store.ledger(), store.work(), clock_, options);
    };
    auto house = enter();
    house->poll(a_, {full_item("a", 1)});
    house->work_off();
    clock_.advance(std::chrono::hours(13));
    keep(*house);
    ASSERT_THAT(store.live_events().value(), IsEmpty());
    if (restart) {
      house.reset();
      house = enter();
    }
    house->poll(b_, {report_on(1, 71, "b")});
    house->work_off();
    house->write_events();
    EXPECT_THAT(house->sent.bodies().back(), HasSubstr(" open "));
    ASSERT_THAT(store.live_events().value(), SizeIs(1));
    const Event event = store.live_events()->front().event;
    EXPECT_EQ(event.size, 2);
    EXPECT_EQ(event.revision, 1);
    EXPECT_THAT(event.added, SizeIs(2));
  }
}

TEST_F(DeskTest, WhatJoinedWhileAnEventWasWrittenIsNamedAlsoAfterARestart) {
  auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  const DirtyEvent dirty = house->dirty.begin()->second;
  EventJob job{dirty.event_id, dirty.dirty_revision,
               store_.event_stories(dirty.event_id, 24).value(), dirty.size, std::nullopt};
  clock_.advance(std::chrono::seconds(1));
  house->poll(b_, {report_on(1, 71, "b")});
  house->work_off();
  clock_.advance(std::chrono::seconds(1));
  house->give(work({0, job}, {}).result);
  house.reset();
  house = open();
  house->write_events();
  const Event event = store_.published_event(dirty.event_id).value().value();
  EXPECT_EQ(event.revision, 2);
  EXPECT_THAT(event.added, ElementsAre(story_at(report_on(1, 71, "b"))->id));
  EXPECT_EQ(event.changed_because, "1 story joined");
}

TEST_F(DeskTest, AnEventIsNotLateBecauseTheClockWasSetBack) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  clock_.set(clock_.utc() - std::chrono::hours(20));
  house->poll(b_, {report_on(1, 71, "b")});
  house->work_off();
  ASSERT_THAT(house->dirty, SizeIs(1));
  const Time latest = clock_.utc() + everything().event_debounce;
  EXPECT_EQ(house->dirty.begin()->second.due, latest);
  EXPECT_EQ(store_.live_events()->front().due, latest);
}

TEST_F(DeskTest, ARestartPutsNoEventOffAndNoneForEver) {
  auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  ASSERT_THAT(house->dirty, SizeIs(1));
  const Time due = house->dirty.begin()->second.due;
  const auto due_after_a_restart = [&] {
    house.reset();
    house = open();
    house->work_off();
    EXPECT_THAT(house->dirty, SizeIs(1));
    return house->dirty.empty() ? Time{} : house->dirty.begin()->second.due;
  };
  clock_.advance(everything().event_debounce / 2);
  EXPECT_EQ(due_after_a_restart(), due);
  clock_.set(clock_.utc() - std::chrono::hours(20));
  EXPECT_EQ(due_after_a_restart(), clock_.utc() + everything().event_debounce);
}

TEST_F(DeskTest, WhatWasWrittenIsNotWrittenAgainAfterARestart) {
  auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  house->write_events();
  house.reset();
  house = open();
  house->work_off();
  EXPECT_THAT(house->dirty, IsEmpty());
}

TEST_F(DeskTest, NoEventIsOverBecauseTheClockLeapt) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  house->write_events();
  clock_.advance(std::chrono::minutes(11));
  keep(*house);
  clock_.set(clock_.utc() + std::chrono::years(1));
  clock_.advance(std::chrono::minutes(11));
  keep(*house);
  EXPECT_EQ(closes(*house), 0);
  EXPECT_THAT(store_.live_events().value(), SizeIs(1));
}

TEST_F(DeskTest, ASilentEventIsClosedOnce) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  house->write_events();
  for (int i = 0; i < 2; ++i) {
    clock_.advance(std::chrono::hours(7 * 24 + 1));
    keep(*house);
  }
  EXPECT_EQ(closes(*house), 1);
  EXPECT_THAT(house->sent.bodies(),
              Contains(AllOf(HasSubstr(" close "), HasSubstr("no new report"))));
  EXPECT_THAT(store_.live_events().value(), IsEmpty());
}

TEST_F(DeskTest, AnEventWhoseReportsTheCapHasForgottenIsClosedAndCostsNothing) {
  EventOptions two;
  two.max_stories = 2;
  two.join = 0.3;  // In a window of two every word is rare.
  const auto house = std::make_unique<House>(store_.ledger(), store_.work(), clock_, everything(),
                                             House::Start::kNow, two);
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  house->write_events();
  house->poll(a_, {full_item("a", 2), full_item("a", 3)});
  house->work_off();
  EXPECT_THAT(store_.live_events().value(), SizeIs(3));
  for (int i = 0; i < 2; ++i) {
    clock_.advance(std::chrono::minutes(11));
    keep(*house);
  }
  EXPECT_EQ(closes(*house), 1);
  EXPECT_THAT(
      house->sent.bodies(),
      Contains(AllOf(HasSubstr(" close "), HasSubstr("its reports are no longer remembered"))));
  EXPECT_THAT(store_.live_events().value(), SizeIs(2));
  EXPECT_EQ(house->metrics.events_live.get(), 2);
}

TEST_F(DeskTest, AnEventThatCouldNotBeWrittenIsNotTriedForEver) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {report_on(1, 70, "b")});
  house->work_off();
  const DirtyEvent dirty = house->dirty.begin()->second;
  WrittenEvent nothing;
  nothing.event_id = nothing.event.id = dirty.event_id;
  nothing.dirty_revision = dirty.dirty_revision;
  house->give(nothing);
  EXPECT_FALSE(store_.live_events()->front().due.has_value());
}

/// A 304 for the feed.
PolledFeed unchanged(const FeedSource& source) {
  PolledFeed polled;
  polled.source = source;
  polled.state.configured_url = source.url;
  polled.outcome.kind = PollOutcome::Kind::kNotModified;
  polled.outcome.status = 304;
  return polled;
}

TEST_F(DeskTest, PollsThatBroughtNothingAreCommittedInCompanyButHoldNobodyUp) {
  DeskOptions options = everything();
  options.quiet_wait = std::chrono::hours(1);  // The clock stands still, so: for ever.
  const auto house = open(options);
  for (const char* id : {"c", "d", "e"}) {
    house->push(unchanged(feed_source(id)));
    while (house->outcomes.size() > 0) std::this_thread::yield();
  }
  EXPECT_EQ(house->metrics.commits.get(), 0);
  house->poll(a_, {full_item("a", 1)});
  EXPECT_EQ(house->metrics.commits.get(), 1);
  EXPECT_THAT(feed_states(store_), SizeIs(4));
}

TEST_F(DeskTest, AFullBatchOfPollsAndTheLastOnesAtTheEndAreCommittedWithoutWaiting) {
  DeskOptions options = everything();
  options.quiet_wait = std::chrono::hours(1);
  auto house = open(options);
  for (std::size_t i = 0; i < Desk::kBatch; ++i) {
    house->push(unchanged(feed_source("f" + std::to_string(i))));
  }
  house->wait_for_all();
  EXPECT_THAT(feed_states(store_), SizeIs(Desk::kBatch));
  house->push(unchanged(a_));
  house.reset();
  EXPECT_THAT(feed_states(store_), SizeIs(Desk::kBatch + 1));
}

TEST_F(DeskTest, QuietPollsAreDecidedOnWhatTheBookKnowsAndCostNoLookUp) {
  Stubborn ledger(store_.ledger());
  House house(ledger, store_.work(), clock_, everything());
  house.poll(a_, {full_item("a", 1)});
  PollOutcome outcome;
  outcome.kind = PollOutcome::Kind::kNotModified;
  outcome.status = 304;
  ledger.refuse_reads = 1;
  house.book.configure({a_});
  house.give_quietly({quiet_poll(a_, outcome)});
  EXPECT_EQ(ledger.refuse_reads, 1);
  const FeedState state = house.state("a");
  EXPECT_EQ(state.polls, 2);
  EXPECT_EQ(state.not_modified, 1);
  EXPECT_EQ(state.etag, "\"1\"");
  EXPECT_EQ(store_.ledger().feed_state("a").value(), state);
}

TEST_F(DeskTest, AQuietPollIsNotedAtOnceAndCommittedWhenTheDeskStops) {
  Stubborn ledger(store_.ledger());
  ledger.notes = true;
  DeskOptions options = everything();
  options.quiet_wait = std::chrono::hours(1);
  PollOutcome outcome;
  outcome.kind = PollOutcome::Kind::kNotModified;
  outcome.status = 304;
  FeedState state;
  {
    House house(ledger, store_.work(), clock_, options);
    house.poll(a_, {full_item("a", 1)});
    house.book.configure({a_});
    const std::size_t commits = ledger.batches.size();
    house.give_quietly({quiet_poll(a_, outcome)});  // Returns: it waits for nothing.
    EXPECT_EQ(ledger.batches.size(), commits);
    state = house.state("a");
    EXPECT_EQ(state.polls, 2);
    EXPECT_EQ(store_.ledger().feed_state("a").value()->polls, 1);
    EXPECT_THAT(house.book.noted(), ElementsAre("a"));
  }
  EXPECT_EQ(store_.ledger().feed_state("a").value(), state);
  EXPECT_EQ(ledger.forgotten, 1);
}

TEST_F(DeskTest, AnAnswerToAnotherUrlOrForARemovedFeedSaysNothing) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  const FeedState before = house->state("a");
  FeedSource moved = a_;
  moved.url = "http://elsewhere.example/feed";
  house->book.configure({moved});
  house->give_quietly({quiet_poll(a_, {}), quiet_poll(feed_source("gone"), {})});
  EXPECT_EQ(store_.ledger().feed_state("a").value(), before);
  EXPECT_EQ(store_.ledger().feed_state("gone").value(), std::nullopt);
}

/// A consent form that names none of the words it is known by.
std::string notice_page() {
  std::string page = "<html><head><title>Notice</title></head><body><article>";
  for (const char* part :
       {"Information is stored and read on this device in order to measure how often each notice "
        "was seen, and so that better products can be made for everybody who reads us every day.",
        "All purposes may be agreed to at once, or each of them may be looked at, and whether an "
        "identifier or the way through the pages is worked on by ourselves or by third parties.",
        "The answer is remembered for twelve months and can be taken back at any moment by way of "
        "the line at the bottom of every page, without giving a reason and without any "
        "drawback."}) {
    page += "<p>" + std::string(part) + "</p>";
  }
  return page + "</article></body></html>";
}

TEST_F(DeskTest, ThirtyAddressesThatServeOneConsentPageAreThirtyStoriesOfTheFeedsOwnText) {
  a_.full_text = FullText::kPage;
  auto house = open();
  std::vector<WrittenItem> items;
  for (unsigned i = 1; i <= 30; ++i) {
    items.push_back(full_item("a", i));
    house->pages[items.back().link] = notice_page();
  }
  house->poll(a_, items);
  house->work_off();
  EXPECT_EQ(house->metrics.stories_published.get(), 30);
  EXPECT_EQ(house->metrics.stories_duplicate.get(), 0);
  for (const WrittenItem& item : items) {
    const Story story = story_at(item).value();
    EXPECT_EQ(story.text_from, TextFrom::kFeed) << item.link;
    EXPECT_THAT(story.text, Not(HasSubstr("twelve months")));
    EXPECT_EQ(story.duplicate_count, 0);
  }
  EXPECT_EQ(house->state("a").health, FeedHealth::kBlocked);
}

TEST_F(DeskTest, AConsentPageWithoutATeaserToContradictItIsBlockedBySayingTheSameUnderManyTitles) {
  a_.full_text = FullText::kPage;
  const auto house = open();
  std::vector<WrittenItem> items;
  for (unsigned i = 1; i <= 30; ++i) {
    items.push_back(teaser_item("a", i));
    items.back().title = "Report" + std::to_string(i) + " of" + std::to_string(i);
    items.back().teaser_html.clear();
    house->pages[items.back().link] = notice_page();
  }
  house->poll(a_, items);
  house->work_off();
  EXPECT_EQ(house->metrics.pages_blocked.get(), 29);
  EXPECT_EQ(house->metrics.stories_duplicate.get(), 0);
  EXPECT_EQ(house->metrics.stories_published.get(), 30);
  EXPECT_EQ(house->state("a").health, FeedHealth::kBlocked);
  EXPECT_THAT(house->state("a").health_reason, HasSubstr("one page at many addresses"));
}

/// What subscribers were told about feeds: "state" of each message, in order.
std::vector<std::string> health_said(const std::vector<std::string>& bodies) {
  std::vector<std::string> said;
  for (const std::string& body : bodies) {
    if (!body.starts_with("feed.")) continue;
    const auto begin = body.find("\"state\":\"") + 9;
    said.push_back(body.substr(begin, body.find('"', begin) - begin));
  }
  return said;
}

/// A feed's life, restarted before step `restart` (99: before each): blocked and well again,
/// failing and well again, silent and well again.
std::vector<std::string> life_of_a_feed(int restart) {
  MemoryStore store(plain_envelope);
  ManualClock clock;
  FeedSource source = feed_source("a");
  source.full_text = FullText::kPage;
  std::unique_ptr<House> house;
  std::vector<std::string> said;
  unsigned number = 0;
  int step = 0;
  const auto next_step = [&] {
    clock.advance(std::chrono::hours(6));
    if (house && restart != 99 && step != restart) {
      ++step;
      return;
    }
    if (house) {
      for (std::string& each : health_said(house->sent.bodies())) said.push_back(std::move(each));
      house.reset();
    }
    house = std::make_unique<House>(store.ledger(), store.work(), clock, everything());
    ++step;
  };
  const auto stories = [&](int times, bool walled) {
    for (int i = 0; i < times; ++i) {
      next_step();
      const WrittenItem item = teaser_item("a", ++number);
      house->pages[item.link] = walled ? notice_page() : page_of(number);
      house->poll(source, {item});
      house->work_off();
    }
  };
  const auto answers = [&](int times, int status) {
    for (int i = 0; i < times; ++i) {
      next_step();
      PollOutcome outcome;
      outcome.status = status;
      outcome.failure = FailureClass::kHard;
      outcome.error = "HTTP " + std::to_string(status);
      house->book.configure({source});
      house->give_quietly({quiet_poll(source, std::move(outcome))});
    }
  };
  const auto polls_without_items = [&](int times) {
    for (int i = 0; i < times; ++i) {
      next_step();
      house->poll(source, {});
    }
  };
  stories(12, false);
  stories(12, true);
  stories(12, false);
  answers(6, 500);
  stories(6, false);
  polls_without_items(5);
  stories(3, false);
  for (std::string& each : health_said(house->sent.bodies())) said.push_back(std::move(each));
  return said;
}

TEST_F(DeskTest, APausedFeedThatMovedMeanwhileStaysPaused) {
  const auto house = open();
  house->book.configure({a_});
  house->poll(a_, {});
  StateJob pause{house->state("a"), FeedRequest::Kind::kPause};
  house->give(pause);
  FeedSource moved = a_;
  moved.url = "http://a.example/other";
  house->book.configure({moved});
  PollOutcome outcome;
  outcome.kind = PollOutcome::Kind::kNotModified;
  house->give_quietly({quiet_poll(a_, outcome)});
  ASSERT_TRUE(house->times.contains("a"));
  EXPECT_TRUE(house->times["a"].paused);
}

TEST_F(DeskTest, AFeedThatCameBackWhileItsAnswerWasDecidedOnIsPolled) {
  const auto house = open();
  house->book.configure({});
  PollOutcome outcome;
  outcome.kind = PollOutcome::Kind::kNotModified;
  house->give_quietly({quiet_poll(a_, outcome)});
  // The fetcher drops it if the feed is still gone.
  ASSERT_TRUE(house->times.contains("a"));
  EXPECT_EQ(house->times["a"].next_poll, clock_.utc());
}

TEST_F(DeskTest, AResetHoldsAgainstA304ThatWasOnItsWay) {
  const auto house = open();
  house->book.configure({a_});
  house->poll(a_, {full_item("a", 1)});
  house->give(StateJob{house->state("a"), FeedRequest::Kind::kReset});
  PollOutcome outcome;
  outcome.kind = PollOutcome::Kind::kNotModified;
  outcome.etag = "\"1\"";
  house->give_quietly({quiet_poll(a_, outcome)});
  EXPECT_EQ(house->book.remembered("a")->etag, "");
  EXPECT_EQ(house->times["a"].next_poll, clock_.utc());
}

TEST_F(DeskTest, HealthIsToldOnceWhenItChangesAlsoOverRestarts) {
  const std::vector<std::string> expected{"blocked", "ok", "failing", "ok", "silent", "ok"};
  EXPECT_EQ(life_of_a_feed(-1), expected);
  EXPECT_EQ(life_of_a_feed(99), expected);
  for (int restart = 1; restart < 56; ++restart) {
    EXPECT_EQ(life_of_a_feed(restart), expected) << restart;
  }
}

TEST_F(DeskTest, WhatStoriesTeachIsOneRowOfAFeedInABatchAndHoldsAgainstAPollThatWasOnItsWay) {
  Stubborn ledger(store_.ledger());
  House house(ledger, store_.work(), clock_, everything());
  house.poll(a_, {full_item("a", 1), full_item("a", 2), full_item("a", 3)});
  const FeedJob poll = feed_job(a_, house.state("a"), {full_item("a", 1)});
  house.work_off();
  EXPECT_EQ(store_.ledger().feed_state("a").value()->habits.stories, 3);
  house.give(work({0, poll}, {}).result);
  EXPECT_EQ(house.state("a").habits.stories, 3);
  EXPECT_EQ(house.state("a").polls, 2);
}

TEST_F(DeskTest, APauseHoldsAgainstAPollThatWasOnItsWay) {
  const auto house = open();
  const FeedJob poll = feed_job(a_, house->state("a"), {full_item("a", 1)});
  house->give(StateJob{{.feed_id = "a", .url = a_.url}, FeedRequest::Kind::kPause});
  EXPECT_TRUE(house->state("a").paused);
  house->give(work({0, poll}, {}).result);
  EXPECT_TRUE(house->state("a").paused);
  EXPECT_FALSE(house->state("a").etag.empty());
  // And a change that was made from what was known before the poll takes nothing of it back.
  house->give(StateJob{{.feed_id = "a", .url = a_.url}, FeedRequest::Kind::kResume});
  EXPECT_FALSE(house->state("a").paused);
  EXPECT_FALSE(house->state("a").etag.empty());
  EXPECT_TRUE(house->state("a").last_success.has_value());
}

TEST_F(DeskTest, AResetForgetsTheValidatorsAndTheFailuresAndPollsNow) {
  const auto house = open();
  FeedJob poll = feed_job(a_, house->state("a"), {full_item("a", 1), full_item("b", 2)});
  poll.response.etag = "\"1\"";
  poll.response.last_modified = "then";
  house->give(work({0, poll}, {}).result);
  const FeedState before = house->state("a");
  EXPECT_EQ(before.items, 2);
  EXPECT_EQ(before.etag, "\"1\"");
  EXPECT_EQ(before.last_modified, "then");
  FeedState failing = before;
  failing.failures = 2;
  failing.last_error = "HTTP 500";
  house->give(StateJob{failing, FeedRequest::Kind::kReset});
  const FeedState after = house->state("a");
  EXPECT_EQ(after.etag, "");
  EXPECT_EQ(after.last_modified, "");
  EXPECT_EQ(after.failures, 0);
  EXPECT_EQ(after.last_error, "");
  EXPECT_EQ(after.next_poll, clock_.utc());
  EXPECT_EQ(after.items, 2);
}

TEST(Drafts, SayWhatTheyAreOf) {
  Event event;
  event.id = "e";
  const Draft told = event_draft(event, "open");
  EXPECT_EQ(told.type, "event/1");
  EXPECT_EQ(told.name, "event");
  EXPECT_EQ(told.op, "open");
  EXPECT_EQ(told.subject, "e");
  Story story;
  story.id = "s";
  story.text = "Words.";
  story.retracted = "wrong";
  const Draft back = retract_draft(story);
  EXPECT_EQ(back.type, "story/1");
  EXPECT_EQ(back.name, "story");
  EXPECT_EQ(back.op, "retract");
  EXPECT_EQ(back.reason, "wrong");
  EXPECT_EQ(back.subject, "s");
  EXPECT_THAT(back.payload, Not(HasSubstr("Words.")));
  const Draft feed = feed_draft({.feed_id = "a"});
  EXPECT_EQ(feed.type, "feed/1");
  EXPECT_EQ(feed.name, "feed");
}

TEST_F(DeskTest, ADuplicatesRowsNameItsOwnPublisher) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  house->poll(b_, {full_item("b", 1)});
  house->work_off();
  std::vector<std::string> publishers;
  ASSERT_TRUE(store_.fingerprints_since({}, [&](const StoredFingerprint& row) {
    publishers.push_back(row.publisher);
    return true;
  }));
  EXPECT_THAT(publishers, testing::UnorderedElementsAre("a.example", "b.example"));
}

}  // namespace
}  // namespace nutgraf
