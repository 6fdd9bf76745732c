// The desk on pages that are looked at again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/desk/desk.h"
#include "tests/support/house.h"
#include "tests/support/story_maker.h"

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = LookedAgain::Kind;

class DeskRechecks : public testing::Test {
 protected:
  DeskRechecks() {
    options_.poll.first_poll.kind = FirstPoll::Kind::kAll;
    options_.recheck = {6h, 30min};
  }
  std::unique_ptr<House> open() {
    return std::make_unique<House>(store_.ledger(), store_.work(), clock_, options_);
  }
  /// A house that has told story 1 from its page.
  std::unique_ptr<House> told() {
    auto house = open();
    house->pages[item_.link] = page_of(1);
    house->poll(a_, {item_});
    house->work_off();
    return house;
  }
  /// After so long, the looks that are due.
  std::vector<Recheck> due(std::chrono::seconds after) {
    clock_.advance(after);
    return store_.work().claim_rechecks(clock_.utc(), 9, {}).value();
  }
  void answer(House& house, const Recheck& look, Kind kind) { house.give(LookedAgain{look, kind}); }
  void answer(House& house, const Recheck& look, const std::string& page) {
    StoryJob job;
    job.source = a_;
    job.feed_url = a_.url;
    job.pending = look.item;
    job.recheck = look;
    job.page = response_of(look.item.item.link, page, "text/html");
    job.page->etag = "\"second\"";
    house.give(work({0, std::move(job)}, house.work_options).result);
  }
  std::string id() { return store_.reader().trail("", item_.guid, "").value().back().story_id; }

  MemoryStore store_{plain_envelope};
  ManualClock clock_;
  DeskOptions options_;
  FeedSource a_ = feed_source("a");
  WrittenItem item_ = teaser_item("a", 1);
};

TEST_F(DeskRechecks, AreOfStoriesFromPagesAtTheTimesAskedFor) {
  const auto house = told();
  EXPECT_THAT(due(29min), IsEmpty());
  const auto first = due(1min);
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].story_id, id());
  EXPECT_EQ(first[0].item.item.link, item_.link);
  answer(*house, first[0], Kind::kUnchanged);
  EXPECT_THAT(due(5h), IsEmpty());
  const auto second = due(30min);
  ASSERT_THAT(second, SizeIs(1));
  answer(*house, second[0], Kind::kUnchanged);
  EXPECT_THAT(due(48h), IsEmpty());
  EXPECT_THAT(house->sent.bodies(), SizeIs(1));
}

TEST_F(DeskRechecks, AreNotUnlessAskedForAndNotOfTextsFromTheFeed) {
  options_.recheck.clear();
  told();
  EXPECT_THAT(due(48h), IsEmpty());
  options_.recheck = {30min};
  const auto house = open();
  house->poll(a_, {full_item("a", 2)});
  house->work_off();
  EXPECT_THAT(due(48h), IsEmpty());
}

TEST_F(DeskRechecks, AChangedPageIsARevisionWithWhatChanged) {
  const auto house = told();
  const Recheck look = due(30min).at(0);
  NewsroomStory edition = make_story(1);
  edition.body.insert(edition.body.begin() + 1, make_story(50).body[0]);
  edition.body.insert(edition.body.begin() + 1, make_story(50).body[1]);
  answer(*house, look, story_page(edition, item_.link));
  ASSERT_THAT(house->sent.bodies(), SizeIs(2));
  EXPECT_THAT(house->sent.bodies()[1], HasSubstr(" update " + id() + " "));
  const Story story = store_.story(id()).value().value();
  EXPECT_EQ(story.revision, 2);
  EXPECT_FALSE(story.changes.empty());
  const Recheck next = due(6h).at(0);
  EXPECT_EQ(next.etag, "\"second\"");
  EXPECT_EQ(next.told_at, look.told_at);
  // A restart knows the new text.
  const auto again = open();
  answer(*again, next, story_page(edition, item_.link));
  EXPECT_THAT(again->sent.bodies(), IsEmpty());
}

TEST_F(DeskRechecks, APageThatSaysTheSameOrSomethingElseIsNothing) {
  const auto house = told();
  const Recheck look = due(30min).at(0);
  NewsroomStory later = make_story(1);
  later.body.push_back("Updated 12:03");
  answer(*house, look, story_page(later, item_.link));
  answer(*house, look, page_of(99));
  EXPECT_THAT(house->sent.bodies(), SizeIs(1));
  EXPECT_EQ(store_.story(id()).value()->revision, 1);
  EXPECT_EQ(due(6h).at(0).etag, "\"second\"");
}

TEST_F(DeskRechecks, APageThatIsGoneTakesItsStoryBack) {
  const auto house = told();
  const Recheck look = due(30min).at(0);
  answer(*house, look, Kind::kGone);
  ASSERT_THAT(house->sent.bodies(), SizeIs(2));
  EXPECT_THAT(house->sent.bodies()[1], HasSubstr(" retract " + id()));
  EXPECT_EQ(store_.story(id()).value()->retracted, "its page is gone (HTTP 410)");
  EXPECT_THAT(due(48h), IsEmpty());
}

TEST_F(DeskRechecks, NotFoundIsGoneOnlyIfItIsSaidTwiceInARow) {
  const auto house = told();
  answer(*house, due(30min).at(0), Kind::kMissing);
  EXPECT_THAT(house->sent.bodies(), SizeIs(1));
  answer(*house, due(1h).at(0), Kind::kUnchanged);
  answer(*house, due(6h).at(0), Kind::kMissing);
  EXPECT_THAT(house->sent.bodies(), SizeIs(1));
  answer(*house, due(1h).at(0), Kind::kMissing);
  ASSERT_THAT(house->sent.bodies(), SizeIs(2));
  EXPECT_EQ(store_.story(id()).value()->retracted, "its page is gone (HTTP 404, twice)");
}

TEST_F(DeskRechecks, APageThatIsThereAgainTakesNotFoundBack) {
  const auto house = told();
  answer(*house, due(30min).at(0), Kind::kMissing);
  answer(*house, due(1h).at(0), page_of(1));
  answer(*house, due(6h).at(0), Kind::kMissing);
  EXPECT_THAT(house->sent.bodies(), SizeIs(1));
  EXPECT_EQ(store_.story(id()).value()->retracted, "");
}

TEST_F(DeskRechecks, BeginWithTheValidatorsOfThePage) {
  const auto house = open();
  house->poll(a_, {item_});
  StoryJob job;
  job.source = a_;
  job.feed_url = a_.url;
  job.pending = store_.work().claim({.now = clock_.utc()}).value().at(0);
  job.page = response_of(item_.link, page_of(1), "text/html");
  job.page->etag = "\"first\"";
  job.page->last_modified = "then";
  house->give(work({0, std::move(job)}, house->work_options).result);
  const Recheck look = due(30min).at(0);
  EXPECT_EQ(look.etag, "\"first\"");
  EXPECT_EQ(look.last_modified, "then");
}

TEST_F(DeskRechecks, AFailureEndsTheLookAndAPostponedOneComesSoon) {
  const auto house = told();
  const Recheck look = due(30min).at(0);
  answer(*house, look, Kind::kLater);
  const auto soon = due(10min);
  ASSERT_THAT(soon, SizeIs(1));
  answer(*house, soon[0], Kind::kFailed);
  EXPECT_THAT(due(5h), IsEmpty());
  EXPECT_THAT(due(1h), SizeIs(1));
}

TEST_F(DeskRechecks, GoOnWhenTheClockIsSetBackWhileAPageIsLookedAt) {
  const auto house = told();
  const Recheck look = due(30min).at(0);
  clock_.set(clock_.utc() - std::chrono::years(1));
  answer(*house, look, Kind::kUnchanged);
  EXPECT_THAT(due(30min), SizeIs(1));
}

TEST_F(DeskRechecks, OfWhatWasRetractedMeanwhileIsNothing) {
  const auto house = told();
  const Recheck look = due(30min).at(0);
  house->desk->retract({.story_id = id(), .reason = "wrong"}, 60s).value();
  NewsroomStory edition = make_story(1);
  edition.body[0] = make_story(50).body[0];
  answer(*house, look, story_page(edition, item_.link));
  EXPECT_THAT(house->sent.bodies(), SizeIs(2));
}

}  // namespace
}  // namespace nutgraf
