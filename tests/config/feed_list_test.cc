#include "daemon/config/feed_list.h"

#include <gmock/gmock.h>

#include "daemon/config/config.h"
#include "tests/config/config_files.h"

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class FeedList : public ConfigFiles {};

FeedSource feed(const std::string& url, const std::string& id = {}) {
  FeedSource out;
  out.url = url;
  out.id = id;
  return out;
}

TEST_F(FeedList, WhatIsPrintedIsReadBackTheSame) {
  FeedSource one = feed("https://example.org/a?x=1", "one");
  one.name = "A \"name\"\n\\ of µ";
  one.publisher = "p";
  one.category = "world";
  one.tags = {"a", "b \"c\""};
  one.language = "de";
  one.interval = std::chrono::minutes(7);
  one.full_text = FullText::kPage;
  one.keep = {"tag = sports"};
  one.access.edit().user_agent = "agent/1";
  one.page.edit().select = {"article > p"};
  one.allow_private = true;
  FeedSource two = feed("https://example.org/b", "two");
  two.name = two.publisher = "q";
  for (FeedSource* const each : {&one, &two}) {
    each->access.settle();
    each->page.settle();
  }
  const std::string text = print_feeds({one, two});
  const auto config = load_config(write("n.toml", text));
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_THAT(config->feeds, ElementsAre(one, two)) << text;
}

TEST_F(FeedList, DefaultsAreNotPrinted) {
  EXPECT_EQ(print_feeds({feed("https://example.org/a", "a")}),
            "[[feed]]\nid = \"a\"\nurl = \"https://example.org/a\"\n");
}

TEST_F(FeedList, ConfiguredFeedsAreLeftOutAndIdsAreTheirOwn) {
  const AdoptedFeeds out =
      adopt_feeds({feed("https://a.example/x"), feed("https://a.example/y", "taken"),
                   feed("https://a.example/z", "taken"), feed("https://a.example/there")},
                  {feed("https://a.example/there", "there"), feed("https://b.example/", "taken")});
  ASSERT_THAT(out.feeds, SizeIs(3));
  EXPECT_EQ(out.feeds[0].id, "a-example-x");
  EXPECT_EQ(out.feeds[1].id, "taken-2");
  EXPECT_EQ(out.feeds[2].id, "taken-3");
  EXPECT_EQ(out.present, 1u);
  EXPECT_THAT(out.changed, IsEmpty());
}

TEST_F(FeedList, LongIdsStayShortEnough) {
  const std::string url = "https://example.org/" + std::string(100, 'x');
  const AdoptedFeeds out = adopt_feeds({feed(url + "1"), feed(url + "2")}, {});
  EXPECT_EQ(out.feeds.at(0).id.size(), 64u);
  EXPECT_EQ(out.feeds.at(1).id.size(), 64u);
  EXPECT_NE(out.feeds.at(0).id, out.feeds.at(1).id);
}

TEST_F(FeedList, WhatNoFeedMayHaveIsDroppedAndSaid) {
  FeedSource odd = feed("https://a.example/", "Not An Id");
  odd.category = "a/b";
  odd.language = "no language";
  const AdoptedFeeds out = adopt_feeds({odd}, {});
  ASSERT_THAT(out.feeds, SizeIs(1));
  EXPECT_EQ(out.feeds[0].id, "a-example");
  EXPECT_EQ(out.feeds[0].category, "other");
  EXPECT_EQ(out.feeds[0].language, "");
  EXPECT_THAT(out.changed,
              ElementsAre(HasSubstr("id"), HasSubstr("category"), HasSubstr("language")));
  EXPECT_TRUE(load_config(write("n.toml", print_feeds(out.feeds))).has_value());
}

}  // namespace
}  // namespace nutgraf
