// Long feeds are parsed some items at a time; nobody may be able to tell.
#include "daemon/feed/item_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "daemon/feed/feed_parser.h"

namespace nutgraf {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr int kItems = 600;

std::string item(int n, const std::string& extra = "") {
  const std::string number = std::to_string(n);
  return "<item><title>t" + number + "</title><link>/" + number + "</link><description>" +
         std::string(300, 'x') + "</description>" + extra + "</item>\n";
}

/// Of kItems items; `extra` goes into the 200th, `between` behind it, `behind` behind the last.
std::string feed_with(const std::string& extra, const std::string& between = "",
                      const std::string& behind = "") {
  std::string feed =
      "<?xml version='1.0'?><rss version='2.0' xmlns:q='http://purl.org/dc/elements/1.1/'>"
      "<channel><title>News</title>\n";
  for (int n = 0; n < kItems; ++n) {
    feed += item(n, n == 200 ? extra : "");
    if (n == 200) feed += between;
  }
  return feed + behind + "<link>http://a.example/</link></channel></rss>";
}

void expect_all(const std::string& text, const std::string& what) {
  const auto feed = parse_feed(text, {});
  ASSERT_TRUE(feed.has_value()) << what;
  EXPECT_EQ(feed->title, "News") << what;
  EXPECT_EQ(feed->link, "http://a.example/") << what;
  EXPECT_THAT(feed->repairs, IsEmpty()) << what;
  EXPECT_FALSE(feed->cut_off);
  ASSERT_THAT(feed->items, SizeIs(kItems)) << what;
  for (int n = 0; n < kItems; ++n) {
    const FeedItem& read = feed->items[static_cast<std::size_t>(n)];
    ASSERT_EQ(read.title, "t" + std::to_string(n)) << what;
    ASSERT_EQ(read.link, "http://a.example/" + std::to_string(n)) << what;
  }
}

TEST(ItemRuns, APlainFeedIsCutAndItsFrameIsSmall) {
  const std::string text = feed_with("");
  const auto cut = cut_items(text);
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(cut->name, "item");
  EXPECT_GT(cut->runs.size(), 2u);
  EXPECT_LT(cut->frame.size(), 400u);
  std::size_t all = 0;
  for (const auto& run : cut->runs) {
    EXPECT_TRUE(text.substr(run.begin).starts_with("<item>"));
    EXPECT_TRUE(text.substr(0, run.begin + run.size).ends_with("</item>"));
    all += run.size;
  }
  EXPECT_LT(text.size() - all, 400u);
  expect_all(text, "plain");
}

TEST(ItemRuns, WhatOnlyLooksLikeTagsOfItemsMisleadsNobody) {
  for (const char* inside :
       {"<x><![CDATA[</item>]]></x>", "<x><![CDATA[<item>]]></x>", "<!-- </item> -->",
        "<!-- <item> -->", "<x y='</item>'/>", "<x y='<item>'/>", "<?p </item> ?>",
        "<x><item/></x>", "<x><item><title>no</title></item></x>", "<items/>", "<itemx></itemx>",
        "<item-x>y</item-x>", "<q:creator>who</q:creator>"}) {
    expect_all(feed_with(inside), inside);
  }
  for (const char* between :
       {"<!-- <item></item> -->", "<!-- <item> -->", "<!-- </item> -->", "<x y='<item></item>'/>",
        "<x><![CDATA[<item></item>]]></x>", "<x><item></item></x>", "<ttl>5</ttl>", "text",
        "<image><title>x</title><item></item></image>", "<items></items>"}) {
    expect_all(feed_with("", between), between);
    expect_all(feed_with("", "", between), between);
  }
}

TEST(ItemRuns, ItemsWithoutContentCountAsEver) {
  for (const char* empty : {"<item/>", "<item />", "<item></item>", "<item\n></item\n>"}) {
    const auto feed = parse_feed(feed_with("", empty), {});
    ASSERT_TRUE(feed.has_value());
    EXPECT_THAT(feed->items, SizeIs(kItems + 1)) << empty;
    EXPECT_THAT(feed->repairs, IsEmpty()) << empty;
  }
}

TEST(ItemRuns, WhatIsIllFormedIsMendedAsAWhole) {
  for (const char* broken : {"<b>", "&", "</x>", "<x y=z/>"}) {
    const auto feed = parse_feed(feed_with(broken), {});
    ASSERT_TRUE(feed.has_value());
    EXPECT_GE(feed->items.size(), kItems - 1u) << broken;
  }
  const std::string whole = feed_with("");
  const auto cut = parse_feed(whole.substr(0, whole.size() / 2), {});
  ASSERT_TRUE(cut.has_value());
  EXPECT_TRUE(cut->cut_off);
  EXPECT_GT(cut->items.size(), kItems / 3u);
}

TEST(ItemRuns, NoMoreThanTheFirstItemsAreRead) {
  const auto feed = parse_feed(feed_with(""), {.max_items = 250});
  ASSERT_TRUE(feed.has_value());
  ASSERT_THAT(feed->items, SizeIs(250));
  EXPECT_EQ(feed->items.back().title, "t249");
}

TEST(ItemRuns, EntriesOfAtomAndItemsBesideTheChannelAreFoundWhereTheyAre) {
  std::string atom =
      "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://a.example/'>"
      "<title>News</title><author><name>All</name></author>";
  std::string rdf =
      "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
      "xmlns='http://purl.org/rss/1.0/'><channel rdf:about='http://a.example/'>"
      "<title>News</title><link>http://a.example/</link><items/></channel>";
  for (int n = 0; n < kItems; ++n) {
    const std::string number = std::to_string(n);
    atom += "<entry><title>t" + number + "</title><id>" + number + "</id><link href='" + number +
            "'/><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'> <b>b</b> " +
            std::string(200, 'x') + "</div></content></entry>";
    rdf += item(n);
  }
  const auto entries = parse_feed(atom + "</feed>", {});
  ASSERT_TRUE(entries.has_value());
  ASSERT_THAT(entries->items, SizeIs(kItems));
  EXPECT_EQ(entries->items[599].link, "http://a.example/599");
  EXPECT_EQ(entries->items[599].text.substr(0, 10), " <b>b</b> ");
  EXPECT_THAT(entries->items[599].authors, testing::ElementsAre("All"));
  const auto items = parse_feed(rdf + "</rdf:RDF>", {});
  ASSERT_TRUE(items.has_value());
  ASSERT_THAT(items->items, SizeIs(kItems));
  EXPECT_EQ(items->items[599].title, "t599");
  EXPECT_THAT(items->repairs, IsEmpty());
}

}  // namespace
}  // namespace nutgraf
