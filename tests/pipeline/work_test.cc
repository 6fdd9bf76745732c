// What a worker makes of each kind of job.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/dedup/identity.h"
#include "daemon/model/packed_feed.h"
#include "daemon/pipeline/pipeline.h"
#include "tests/support/house.h"
#include "tests/support/story_maker.h"

namespace nutgraf {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

template <typename Kind>
Kind done(decltype(Job::work) job, const WorkOptions& options = {}) {
  Outcome outcome = work({7, std::move(job)}, options);
  EXPECT_EQ(outcome.job_id, 7u);
  return std::get<Kind>(std::move(outcome.result));
}

PendingItem pending_of(const WrittenItem& item, FullText full_text = FullText::kAuto) {
  FeedSource source = feed_source("a");
  source.full_text = full_text;
  const auto polled = done<PolledFeed>(feed_job(source, {}, {item}));
  PendingItem pending;
  pending.id = 1;
  pending.feed_id = "a";
  pending.item_key = polled.items.at(0).key;
  pending.item = polled.items.at(0).item;
  pending.page_host = polled.items.at(0).page_host;
  pending.attempts = 1;
  pending.first_seen = ManualClock().utc();
  return pending;
}

StoryJob story_job(const WrittenItem& item) {
  StoryJob job;
  job.source = feed_source("a");
  job.feed_url = job.source.url;
  job.pending = pending_of(item);
  return job;
}

TEST(Work, ADocumentBecomesItemsWithTheirIdentity) {
  FeedSource source = feed_source("a");
  source.drop = {"title ~ /sponsored/i"};
  WrittenItem sponsored = full_item("a", 3);
  sponsored.title = "Sponsored: " + sponsored.title;
  FeedJob job = feed_job(source, {}, {full_item("a", 1), teaser_item("a", 2), sponsored});
  job.state.feed_id = "a";
  job.state.polls = 3;
  job.response.took = std::chrono::milliseconds(7);
  job.response.received_at = ManualClock().utc() + std::chrono::seconds(5);
  const auto polled = done<PolledFeed>(job);
  EXPECT_EQ(polled.outcome.kind, PollOutcome::Kind::kItems);
  EXPECT_EQ(polled.source.id, "a");
  EXPECT_EQ(polled.state, job.state);
  EXPECT_EQ(polled.took, job.response.took);
  EXPECT_EQ(polled.received_at, job.response.received_at);
  EXPECT_EQ(polled.bytes, job.response.body.size());
  EXPECT_EQ(polled.outcome.etag, "\"3\"");
  ASSERT_THAT(polled.items, SizeIs(3));
  EXPECT_EQ(polled.items[0].page_host, "");  // The feed gives it whole.
  EXPECT_EQ(polled.items[1].page_host, "a.example");
  EXPECT_NE(polled.items[0].key, polled.items[1].key);
  EXPECT_NE(polled.items[0].content_hash, polled.items[1].content_hash);
  EXPECT_EQ(polled.items[0].item.language, "en");
  EXPECT_FALSE(polled.items[0].refusal.has_value());
  EXPECT_TRUE(polled.items[2].refusal.has_value());
  // The same bytes are the same items.
  const auto again = done<PolledFeed>(feed_job(source, {}, {full_item("a", 1)}));
  EXPECT_EQ(again.items[0].key, polled.items[0].key);
  EXPECT_EQ(again.items[0].content_hash, polled.items[0].content_hash);
}

TEST(Work, AnItemThatSaysNothingIsNone) {
  FeedJob job = feed_job(feed_source("a"), {}, {full_item("a", 1)});
  std::string& body = job.response.body;
  body.insert(body.find("<item>"), "<item/><item><guid isPermaLink=\"false\">only</guid></item>");
  EXPECT_THAT(done<PolledFeed>(job).items, SizeIs(1));
}

TEST(Work, TheItemThatADocumentBreaksOffInWaitsUntilItIsWhole) {
  const FeedSource source = feed_source("a");
  FeedJob job = feed_job(source, {}, {full_item("a", 1), full_item("a", 2)});
  std::string& body = job.response.body;
  body.resize(body.rfind("</item>") - 40);
  const auto torn = done<PolledFeed>(job);
  EXPECT_THAT(torn.items, SizeIs(1));
  EXPECT_NE(torn.outcome.cut_off, 0u);
  job.state.cut_off = torn.outcome.cut_off;
  const auto again = done<PolledFeed>(job);
  EXPECT_THAT(again.items, SizeIs(2));
  EXPECT_EQ(again.outcome.cut_off, torn.outcome.cut_off);
}

TEST(Work, BytesThatAreNoFeedAreAFailureWithoutValidators) {
  for (const std::string& body :
       {std::string(), std::string("\0\xff\xfe", 3), std::string("<html><body>Moved</body></html>"),
        std::string(1 << 20, '<')}) {
    FeedJob job = feed_job(feed_source("a"), {}, {});
    job.response.body = body;
    const auto polled = done<PolledFeed>(job);
    EXPECT_EQ(polled.outcome.kind, PollOutcome::Kind::kFailed) << body.substr(0, 20);
    EXPECT_THAT(polled.outcome.error, Not(IsEmpty()));
    EXPECT_THAT(polled.outcome.etag, IsEmpty());
    EXPECT_THAT(polled.items, IsEmpty());
  }
}

TEST(Work, AStoryIsMadeFromItsPage) {
  StoryJob job = story_job(teaser_item("a", 1));
  job.page = response_of(job.pending.item.link, page_of(1), "text/html");
  const auto told = done<AnalysedStory>(job);
  const NewsroomStory written = make_story(1);
  EXPECT_EQ(told.story.text_from, TextFrom::kPage);
  EXPECT_EQ(told.story.title, written.title);
  EXPECT_THAT(told.story.text, HasSubstr(written.body.back()));
  EXPECT_THAT(told.story.summary.sentences, SizeIs(3));
  EXPECT_EQ(told.story.summary.method, "nutgraf");
  EXPECT_THAT(told.story.keywords, Not(IsEmpty()));
  EXPECT_EQ(told.story.language, "en");
  EXPECT_EQ(told.story.source.publisher, "a.example");
  EXPECT_EQ(told.text_hash, told.fingerprint.text_hash);
  EXPECT_NE(told.text_hash, 0u);
  EXPECT_EQ(told.url_key, url_key(told.story.url));
  EXPECT_EQ(told.pending.id, 1);
}

TEST(Work, AFeedsSelectorsReachItsPages) {
  StoryJob job = story_job(teaser_item("a", 1));
  job.page = response_of(job.pending.item.link, page_of(1), "text/html");
  EXPECT_EQ(done<AnalysedStory>(job).facts.selection, PageSelection::kNotAsked);
  const NewsroomStory written = make_story(1);
  job.source.page.edit() = {.select = {"p:first-child, p"}, .drop = {"//p[last()]"}};
  job.source = unpack_source(pack(job.source));  // As the feed book hands it out.
  const auto told = done<AnalysedStory>(job);
  EXPECT_EQ(told.facts.selection, PageSelection::kSelected);
  EXPECT_THAT(told.story.text, HasSubstr(written.body.front()));
  EXPECT_THAT(told.story.text, Not(HasSubstr(written.body.back())));
  job.source.page.edit() = {.select = {"table.gone"}};
  const auto missed = done<AnalysedStory>(job);
  EXPECT_EQ(missed.facts.selection, PageSelection::kNothing);
  EXPECT_THAT(missed.story.text, HasSubstr(written.body.back()));
}

TEST(Work, AStoryIsMadeFromTheFeedWhereThereIsNoPage) {
  const auto whole = done<AnalysedStory>(story_job(full_item("a", 1)));
  EXPECT_EQ(whole.story.text_from, TextFrom::kFeed);
  EXPECT_THAT(whole.story.text, HasSubstr(make_story(1).body.back()));
  const auto teaser = done<AnalysedStory>(story_job(teaser_item("a", 1)));
  EXPECT_EQ(teaser.story.text_from, TextFrom::kTeaser);
  // The id is the item's, whatever the text was made from.
  EXPECT_EQ(whole.story.id, teaser.story.id);
}

TEST(Work, APageOfSomethingElseIsNotBelieved) {
  StoryJob job = story_job(teaser_item("a", 1));
  job.page = response_of(job.pending.item.link,
                         "<html><title>Before you continue</title><body><p>We use cookies to "
                         "measure and improve. Accept all or manage choices.</p></body></html>",
                         "text/html");
  const auto told = done<AnalysedStory>(job);
  EXPECT_EQ(told.story.text_from, TextFrom::kTeaser);
  EXPECT_EQ(told.story.title, make_story(1).title);
}

TEST(Work, AnyBytesForAPageStillMakeAStory) {
  for (const std::string& body :
       {std::string(), std::string("\0\x80\xff<", 4), std::string(200'000, '<'),
        page_of(1).substr(0, 700), std::string("%PDF-1.7 \x01\x02")}) {
    StoryJob job = story_job(teaser_item("a", 1));
    job.page = response_of(job.pending.item.link, body, "text/html");
    EXPECT_EQ(done<AnalysedStory>(job).story.title, make_story(1).title) << body.substr(0, 20);
  }
}

TEST(Work, TheOperatorsChoiceOfTextHolds) {
  WorkOptions page{.full_text = FullText::kPage};
  StoryJob job = story_job(full_item("a", 1));
  job.page = response_of(job.pending.item.link, page_of(1), "text/html");
  EXPECT_EQ(done<AnalysedStory>(job, page).story.text_from, TextFrom::kPage);
  job.source.full_text = FullText::kFeed;
  EXPECT_EQ(done<AnalysedStory>(job, page).story.text_from, TextFrom::kFeed);
}

TEST(Work, AnEventIsWrittenFromItsMembers) {
  EventJob job{.event_id = "e", .dirty_revision = 5, .members = {}, .size = 40, .previous = {}};
  for (const std::string& feed : {std::string("a"), std::string("b")}) {
    StoryJob story = story_job(full_item(feed, feed == "a" ? 1 : 2));
    story.source = feed_source(feed);
    job.members.push_back(done<AnalysedStory>(story).story);
  }
  const auto written = done<WrittenEvent>(job);
  EXPECT_EQ(written.event_id, "e");
  EXPECT_EQ(written.event.id, "e");
  EXPECT_EQ(written.dirty_revision, 5);
  EXPECT_EQ(written.event.size, 40);
  EXPECT_EQ(written.event.sources, 2);
  EXPECT_THAT(written.event.summary, Not(IsEmpty()));
  const auto empty = done<WrittenEvent>(EventJob{.event_id = "e", .members = {}, .previous = {}});
  EXPECT_EQ(empty.event.id, "e");
}

TEST(Work, WhatWasGivenUpPassesThrough) {
  PendingItem pending;
  pending.id = 3;
  const auto failed = done<FailedStory>(GiveUpJob{pending, {ErrorCode::kMalformed, "why"}});
  EXPECT_EQ(failed.pending.id, 3);
  EXPECT_EQ(failed.error.message, "why");
}

TEST(NeedsPage, ByWhatTheFeedGives) {
  FeedItem item;
  item.link = "https://a.example/1";
  item.summary = "A teaser.";
  EXPECT_TRUE(needs_page(item, FullText::kAuto));
  EXPECT_FALSE(needs_page(item, FullText::kFeed));
  item.text = std::string(2000, 'x') + ".";
  EXPECT_FALSE(needs_page(item, FullText::kAuto));
  EXPECT_TRUE(needs_page(item, FullText::kPage));
  item.text += " Read more";  // It breaks off.
  EXPECT_TRUE(needs_page(item, FullText::kAuto));
  for (const char* link : {"", "ftp://a.example/1", "mailto:a@b", "not a link"}) {
    item.link = link;
    EXPECT_FALSE(needs_page(item, FullText::kPage)) << link;
  }
}

}  // namespace
}  // namespace nutgraf
