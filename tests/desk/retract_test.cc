// The desk on stories that are withdrawn.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/desk/desk.h"
#include "tests/support/house.h"
#include "tests/support/story_maker.h"

namespace nutgraf {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::chrono::seconds kPatience{60};

class DeskRetract : public testing::Test {
 protected:
  std::unique_ptr<House> open() {
    DeskOptions options;
    options.poll.first_poll.kind = FirstPoll::Kind::kAll;
    return std::make_unique<House>(store_.ledger(), store_.work(), clock_, options);
  }
  /// A house that has told story 1, and so many other reports on it by another paper.
  std::unique_ptr<House> told(std::uint64_t others) {
    auto house = open();
    house->poll(a_, {full_item("a", 1)});
    house->work_off();
    for (std::uint64_t i = 0; i < others; ++i) {
      house->poll(b_, {report_on(1, 70 + i, "b")});
      house->work_off();
    }
    house->write_events();
    return house;
  }
  std::string id_of(const WrittenItem& item) {
    const auto trail = store_.reader().trail("", item.guid, "").value();
    return trail.empty() ? "" : trail.back().story_id;
  }
  std::string fate_of(const WrittenItem& item) {
    const auto trail = store_.reader().trail("", item.guid, "").value();
    return trail.empty() ? "" : trail.back().what + ": " + trail.back().reason;
  }
  std::string id() { return id_of(full_item("a", 1)); }
  Result<Retracted> retract(House& house, bool purge = false) {
    auto done =
        house.desk->retract({.story_id = id(), .reason = "wrong", .purge_text = purge}, kPatience);
    house.wait_for_all();  // Takes the mail, too.
    return done;
  }
  std::size_t count(House& house, const std::string& what) {
    const auto bodies = house.sent.bodies();
    return static_cast<std::size_t>(std::ranges::count_if(
        bodies, [&](const std::string& body) { return body.find(what) != body.npos; }));
  }

  MemoryStore store_{plain_envelope};
  ManualClock clock_;
  FeedSource a_ = feed_source("a");
  FeedSource b_ = feed_source("b");
};

TEST_F(DeskRetract, IsSentOnceWithoutTheTextAndMarksTheStory) {
  const auto house = told(0);
  EXPECT_EQ(retract(*house).value(), Retracted::kNow);
  ASSERT_THAT(house->sent.bodies(), SizeIs(2));
  EXPECT_THAT(house->sent.bodies()[1], HasSubstr(" retract " + id()));
  EXPECT_THAT(house->sent.bodies()[1], HasSubstr(R"("revision":2)"));
  EXPECT_THAT(house->sent.bodies()[1], Not(HasSubstr("sentences")));
  const Story story = store_.story(id()).value().value();
  EXPECT_EQ(story.retracted, "wrong");
  EXPECT_FALSE(story.text.empty());
  EXPECT_EQ(retract(*house).value(), Retracted::kBefore);
  EXPECT_THAT(house->sent.bodies(), SizeIs(2));
  EXPECT_EQ(house->metrics.stories_retracted.get(), 1);
  EXPECT_THAT(store_.live_events().value(), IsEmpty());
}

TEST_F(DeskRetract, OfAnUnknownStoryIsRefusedAndChangesNothing) {
  const auto house = told(0);
  const auto refused = house->desk->retract({.story_id = "x", .reason = "r"}, kPatience);
  EXPECT_EQ(refused.error().code, ErrorCode::kMalformed);
  EXPECT_THAT(house->sent.bodies(), SizeIs(1));
}

TEST_F(DeskRetract, ThatNobodyDecidesOnIsNotWaitedForForEver) {
  const auto house = told(0);
  house->outcomes.close();
  const auto refused = house->desk->retract({.story_id = id(), .reason = "r"}, kPatience);
  EXPECT_EQ(refused.error().code, ErrorCode::kTransient);
}

TEST_F(DeskRetract, TheEventLosesTheReportAtOnceAndIsWrittenAnew) {
  const auto house = told(2);
  const std::string event_id = store_.live_events()->front().event.id;
  const Event before = store_.published_event(event_id).value().value();
  ASSERT_EQ(before.size, 3);
  ASSERT_EQ(before.sources, 2);
  retract(*house).value();
  const Event at_once = store_.published_event(event_id).value().value();
  EXPECT_EQ(at_once.size, 2);
  EXPECT_EQ(at_once.sources, 1);
  EXPECT_EQ(at_once.independent, 1);
  EXPECT_EQ(at_once.revision, before.revision + 1);
  EXPECT_EQ(at_once.changed_because, "a story was retracted");
  EXPECT_TRUE(std::ranges::none_of(at_once.stories, [&](const auto& s) { return s.id == id(); }));
  EXPECT_TRUE(
      std::ranges::none_of(at_once.summary, [&](const auto& s) { return s.story_id == id(); }));
  EXPECT_THAT(house->dirty, SizeIs(1));
  EXPECT_EQ(store_.live_events()->front().due, clock_.utc() + DeskOptions{}.event_debounce);
  house->write_events();
  const Event anew = store_.published_event(event_id).value().value();
  EXPECT_EQ(anew.size, 2);
  EXPECT_EQ(anew.sources, 1);
  EXPECT_FALSE(anew.keywords.empty());
  EXPECT_FALSE(store_.live_events()->front().due.has_value());
}

TEST_F(DeskRetract, TheNextReportOfTheEventCountsWithoutTheStory) {
  const auto house = told(2);
  retract(*house).value();
  const WrittenItem next = report_on(1, 75, "b");
  house->poll(b_, {next});
  house->work_off();
  EXPECT_EQ(store_.story(id_of(next)).value()->event_size, 3);
  house->write_events();
  EXPECT_EQ(store_.published_event(store_.live_events()->front().event.id).value()->size, 3);
}

TEST_F(DeskRetract, TheFirstMessageOfAnEventDoesNotNameTheStory) {
  const auto house = open();
  house->poll(a_, {full_item("a", 1)});
  for (std::uint64_t i = 0; i < 2; ++i) house->poll(b_, {report_on(1, 70 + i, "b")});
  house->work_off();
  retract(*house).value();
  house->write_events();
  ASSERT_EQ(count(*house, " open "), 1u);
  const Event event =
      store_.published_event(store_.live_events()->front().event.id).value().value();
  EXPECT_EQ(event.size, 2);
  EXPECT_THAT(event.added, SizeIs(2));
  EXPECT_THAT(event.added, Not(testing::Contains(id())));
}

TEST_F(DeskRetract, WhatWasBeingWrittenWithTheStoryIsNotPublished) {
  const auto house = told(1);
  house->poll(b_, {report_on(1, 75, "b")});
  house->work_off();
  const DirtyEvent dirty = house->dirty.begin()->second;
  EventJob job{dirty.event_id, dirty.dirty_revision,
               store_.event_stories(dirty.event_id, 24).value(), dirty.size,
               store_.published_event(dirty.event_id).value()};
  retract(*house).value();
  const std::size_t sent = house->sent.bodies().size();
  house->give(work({0, std::move(job)}, house->work_options).result);
  EXPECT_THAT(house->sent.bodies(), SizeIs(sent));
  house->write_events();
  const Event event = store_.published_event(dirty.event_id).value().value();
  EXPECT_EQ(event.size, 2);
  EXPECT_TRUE(std::ranges::none_of(event.stories, [&](const auto& s) { return s.id == id(); }));
}

TEST_F(DeskRetract, AnEventWithoutReportsIsOverAndOneWithASingleReportStays) {
  const auto house = told(1);
  const std::string event_id = store_.live_events()->front().event.id;
  retract(*house).value();
  EXPECT_EQ(store_.published_event(event_id).value()->size, 1);
  house->write_events();
  EXPECT_EQ(store_.published_event(event_id).value()->size, 1);
  const std::string other = id_of(report_on(1, 70, "b"));
  house->desk->retract({.story_id = other, .reason = "too"}, kPatience).value();
  EXPECT_EQ(store_.published_event(event_id).value()->size, 0);
  EXPECT_THAT(store_.live_events().value(), IsEmpty());
  EXPECT_EQ(count(*house, " close " + event_id), 1u);
  house->write_events();
  EXPECT_EQ(count(*house, " close " + event_id), 1u);
}

TEST_F(DeskRetract, OfAnEventThatIsOverTellsItOnceMore) {
  const auto house = told(2);
  const std::string event_id = store_.live_events()->front().event.id;
  DeskOptions options;
  options.event_close_after = std::chrono::seconds(1);
  house->desk->configure(options);
  clock_.advance(std::chrono::minutes(11));
  house->give(PolledFeed{.source = b_, .state = {}});
  ASSERT_EQ(count(*house, " close " + event_id), 1u);
  retract(*house).value();
  EXPECT_EQ(count(*house, " close " + event_id), 2u);
  EXPECT_EQ(store_.published_event(event_id).value()->size, 2);
  EXPECT_THAT(store_.live_events().value(), IsEmpty());
}

TEST_F(DeskRetract, OfAnEventThatIsOverIsRememberedIfALateReportOpensIt) {
  const auto house = told(2);
  const std::string event_id = store_.live_events()->front().event.id;
  DeskOptions options;
  options.poll.first_poll.kind = FirstPoll::Kind::kAll;
  options.event_close_after = std::chrono::hours(1);
  house->desk->configure(options);
  clock_.advance(std::chrono::hours(2));
  // When the second is decided, the housekeeping behind the first is over.
  for (int i = 0; i < 2; ++i) house->give(PolledFeed{.source = b_, .state = {}});
  ASSERT_EQ(count(*house, " close " + event_id), 1u);
  retract(*house).value();
  const int revision = store_.published_event(event_id).value()->revision;
  house->poll(b_, {report_on(1, 75, "b")});
  house->work_off();
  house->write_events();
  const Event event = store_.published_event(event_id).value().value();
  EXPECT_EQ(event.size, 3);
  EXPECT_EQ(event.revision, revision + 1);
}

TEST_F(DeskRetract, TheItemItsEditionsAndItsCopiesStayOutAlsoAfterARestart) {
  WrittenItem edition = full_item("a", 1);
  edition.full_html += "<p>" + make_story(50).body[0] + "</p><p>" + make_story(50).body[1] + "</p>";
  {
    const auto house = told(0);
    retract(*house).value();
    house->poll(a_, {edition});
    house->work_off();
    EXPECT_EQ(fate_of(edition), "dropped: of a retracted story: guid");
    EXPECT_THAT(house->sent.bodies(), SizeIs(2));
  }
  const auto house = open();
  EXPECT_EQ(retract(*house).value(), Retracted::kBefore);
  house->poll(b_, {full_item("b", 1)});
  house->work_off();
  EXPECT_THAT(fate_of(full_item("b", 1)), HasSubstr("dropped: of a retracted story: "));
  EXPECT_THAT(house->sent.bodies(), IsEmpty());
  EXPECT_EQ(house->metrics.stories_dropped.get(), 1);
}

TEST_F(DeskRetract, APurgeTakesTheWordsAndMayComeLater) {
  const auto house = told(0);
  retract(*house).value();
  EXPECT_EQ(retract(*house, /*purge=*/true).value(), Retracted::kBefore);
  EXPECT_THAT(house->sent.bodies(), SizeIs(2));
  const Story story = store_.story(id()).value().value();
  EXPECT_EQ(story.text, "");
  EXPECT_EQ(story.title, "");
  EXPECT_EQ(story.revision, 2);
  EXPECT_EQ(story.retracted, "wrong");
}

}  // namespace
}  // namespace nutgraf
