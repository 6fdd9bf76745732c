#include "daemon/article/merge.h"

#include <gtest/gtest.h>

namespace nutgraf {
namespace {

Time at(std::string_view text) { return parse_rfc3339(text).value(); }

std::string sentences(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out +=
        "The council decided that the bridge across the river must be closed for repairs this "
        "winter. ";
  }
  return out;
}

FeedItem item() {
  FeedItem item;
  item.guid = "g1";
  item.link = "https://news.example/a?utm_source=rss";
  item.title = "Bridge across the river closed for repairs";
  item.summary =
      "<p>The council decided that the bridge across the river must be closed this winter.</p>";
  return item;
}

Article page() {
  Article page;
  page.meta.title = "Bridge across the river closed for repairs until spring";
  page.meta.authors = {"Jane Doe"};
  page.meta.canonical_url = "https://news.example/a";
  page.meta.published = at("2021-03-05T10:00:00Z");
  page.meta.modified = at("2021-03-05T12:00:00Z");
  page.meta.image = "https://news.example/a.jpg";
  page.meta.kind = StoryKind::kOpinion;
  page.meta.paywall = true;
  page.text = sentences(10);
  return page;
}

TEST(MergeStory, ThePageFillsWhatTheFeedLeavesOpen) {
  const Article article = page();
  FeedItem feed = item();
  feed.categories = {"Bridges"};
  const Story story = merge_story(feed, &article);
  EXPECT_EQ(story.title, "Bridge across the river closed for repairs");
  EXPECT_EQ(story.url, "https://news.example/a");
  EXPECT_EQ(story.authors, std::vector<std::string>{"Jane Doe"});
  EXPECT_EQ(story.tags, std::vector<std::string>{"Bridges"});
  EXPECT_EQ(story.published_at, at("2021-03-05T10:00:00Z"));
  EXPECT_EQ(story.published_from, "page");
  EXPECT_EQ(story.image, "https://news.example/a.jpg");
  EXPECT_EQ(story.language, "en");
  EXPECT_EQ(story.kind, StoryKind::kOpinion);
  EXPECT_TRUE(story.paywall);
  EXPECT_EQ(story.text, article.text);
  EXPECT_EQ(story.text_from, TextFrom::kPage);
  EXPECT_EQ(story.word_count, 160);
}

TEST(MergeStory, TheFeedIsBelievedFirst) {
  FeedItem feed = item();
  feed.authors = {"John Smith"};
  feed.published = at("2021-03-05T09:00:00Z");
  feed.updated = at("2021-03-05T11:00:00Z");
  feed.image = "https://news.example/b.jpg";
  const Article article = page();
  const Story story = merge_story(feed, &article);
  EXPECT_EQ(story.authors, std::vector<std::string>{"John Smith"});
  EXPECT_EQ(story.published_at, at("2021-03-05T09:00:00Z"));
  EXPECT_EQ(story.published_from, "feed");
  EXPECT_EQ(story.modified_at, at("2021-03-05T12:00:00Z"));
  EXPECT_EQ(story.image, "https://news.example/b.jpg");
}

TEST(MergeStory, OnlyAddressesOfTheWebArePassedOn) {
  FeedItem feed = item();
  for (const char* const link : {"javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x",
                                 "file:///etc/passwd", "http:/", "rel/a"}) {
    feed.link = feed.image = link;
    EXPECT_EQ(merge_story(feed, nullptr, {}).url, "") << link;
    EXPECT_EQ(merge_story(feed, nullptr, {}).image, "") << link;
    EXPECT_EQ(merge_story(feed, nullptr, {}).title, feed.title);
  }
  feed.link = feed.image = "HTTPS://news.example/b";
  EXPECT_EQ(merge_story(feed, nullptr, {}).url, feed.link);
  EXPECT_EQ(merge_story(feed, nullptr, {}).image, feed.image);
}

TEST(MergeStory, ATitleThatIsCutOffIsThePages) {
  FeedItem feed = item();
  feed.title = "Bridge across the river…";
  const Article article = page();
  EXPECT_EQ(merge_story(feed, &article).title, article.meta.title);
  EXPECT_EQ(merge_story(feed, nullptr).title, feed.title);
}

TEST(MergeStory, WithoutAPageTheFeedsTextIsAllThereIs) {
  FeedItem feed = item();
  EXPECT_EQ(merge_story(feed, nullptr).text_from, TextFrom::kTeaser);
  EXPECT_EQ(merge_story(feed, nullptr).url, feed.link);
  feed.text = "<p>" + sentences(10) + "</p><p>Leave a comment</p>";
  const Story story = merge_story(feed, nullptr);
  EXPECT_EQ(story.text_from, TextFrom::kFeed);
  EXPECT_EQ(story.text.find("Leave a comment"), std::string::npos);
}

TEST(MergeStory, ABlockedPageIsNotBelievedInAnything) {
  Article article = page();
  article.blocked = true;
  const Story story = merge_story(item(), &article);
  EXPECT_EQ(story.text_from, TextFrom::kTeaser);
  EXPECT_FALSE(story.published_at);
  EXPECT_TRUE(story.authors.empty());
  EXPECT_EQ(story.kind, StoryKind::kReport);
}

TEST(MergeStory, NorIsAPageAboutSomethingElse) {
  Article article = page();
  article.meta.title = "Your privacy matters";
  article.text =
      "Please accept that our partners store cookies on your device before you continue reading.";
  EXPECT_TRUE(contradicts_teaser(item(), article));
  EXPECT_EQ(merge_story(item(), &article).text_from, TextFrom::kTeaser);
  EXPECT_FALSE(contradicts_teaser(item(), page()));
  EXPECT_FALSE(contradicts_teaser(FeedItem{}, article));
}

TEST(MergeStory, NorAShortPageWithoutAWordOfTheHeadline) {
  FeedItem headline;
  headline.title = "Ferry runs aground";
  Article wall;
  wall.meta.title = "Notice";
  wall.text = "You may agree to all purposes at once, or choose for each of them.";
  EXPECT_TRUE(contradicts_teaser(headline, wall));
  EXPECT_EQ(merge_story(headline, &wall).text_from, TextFrom::kTeaser);

  Article article = wall;
  article.text = "Nobody was hurt when the ferry of Lower Fenn hit a rock.";
  EXPECT_FALSE(contradicts_teaser(headline, article));
  article = wall;
  article.meta.title = "FERRY hits a rock";
  EXPECT_FALSE(contradicts_teaser(headline, article));
  article = wall;
  for (int i = 0; i < 20; ++i)
    article.text += " Nobody was hurt, it was said after another hour of work.";
  EXPECT_FALSE(contradicts_teaser(headline, article));
  headline.title = "Oil up on war";  // No word to go by.
  EXPECT_FALSE(contradicts_teaser(headline, wall));
  headline.title = "渡船在下芬触礁搁浅 无人受伤的消息";
  article = wall;
  article.text = "渡船触礁,无人受伤。";
  EXPECT_FALSE(contradicts_teaser(headline, article));
}

TEST(MergeStory, AnItemWithoutATitleHasThePages) {
  FeedItem feed = item();
  feed.title.clear();
  const Article article = page();
  EXPECT_EQ(merge_story(feed, &article).title, article.meta.title);
}

TEST(MergeStory, TheLanguageIsTheTextsThenThePagesThenTheItems) {
  FeedItem feed = item();
  feed.language = "FR-ca";
  Article article = page();
  article.meta.language = "de";
  EXPECT_EQ(merge_story(feed, &article).language, "en") << "as the text is written";
  feed.title = feed.summary = "";
  article.text = "12 : 7";
  EXPECT_EQ(merge_story(feed, &article).language, "de");
  article.meta.language.clear();
  EXPECT_EQ(merge_story(feed, &article).language, "fr");
  feed.language.clear();
  EXPECT_EQ(merge_story(feed, &article).language, "und");
}

TEST(MergeStory, TheAgencyIsTheTextsElseThePages) {
  Article article = page();
  article.meta.agency = "dpa";
  EXPECT_EQ(merge_story(item(), &article).origin_agency, "dpa");
  article.text = "LONDON (Reuters) - " + article.text;
  EXPECT_EQ(merge_story(item(), &article).origin_agency, "Reuters");
  article.blocked = true;
  EXPECT_EQ(merge_story(item(), &article).origin_agency, "") << "nothing of a blocked page";
}

TEST(MergeStory, TheOperatorChoosesTheText) {
  FeedItem feed = item();
  feed.text = sentences(8);
  const Article article = page();
  EXPECT_EQ(merge_story(feed, &article, {.text = TextChoice::kFeed}).text_from, TextFrom::kFeed);
  EXPECT_EQ(merge_story(feed, &article, {.text = TextChoice::kAuto}).text_from, TextFrom::kPage);
  feed.text = sentences(30);
  EXPECT_EQ(merge_story(feed, &article, {.text = TextChoice::kAuto}).text_from, TextFrom::kFeed);
  EXPECT_EQ(merge_story(feed, &article, {.text = TextChoice::kPage}).text_from, TextFrom::kPage);
  EXPECT_EQ(merge_story(feed, &article, {.language = "de"}).language, "de");
}

}  // namespace
}  // namespace nutgraf
