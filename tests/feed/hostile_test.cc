// A reader that is not linear does not end within the test's time limit.
#include <gtest/gtest.h>

#include <string>

#include "daemon/feed/discovery.h"
#include "daemon/feed/feed_parser.h"
#include "daemon/feed/html_links.h"
#include "daemon/feed/repair.h"
#include "tests/feed/hostile_feeds.h"

namespace nutgraf {
namespace {

class HostileFeed : public testing::TestWithParam<HostileFeedShape> {};

TEST_P(HostileFeed, IsReadToTheEnd) {
  const std::string bytes = GetParam().make();
  const auto feed = parse_feed(bytes, {.base_url = "http://x.example/a"});
  if (!feed) {
    EXPECT_EQ(feed.error().code, ErrorCode::kMalformed);
    return;
  }
  EXPECT_LE(feed->items.size(), 2000U);
  std::size_t total = 0;
  for (const FeedItem& item : feed->items) total += item.summary.size() + item.text.size();
  EXPECT_LE(total, 4 * bytes.size() + (1U << 20));
}

INSTANTIATE_TEST_SUITE_P(Shapes, HostileFeed, testing::ValuesIn(hostile_feeds()),
                         [](const auto& shape) { return std::string(shape.param.name); });

TEST(Hostile, PagesAreScannedOnce) {
  EXPECT_TRUE(feed_links(repeat(1'000'000, "<link <!-"), "").empty());
  EXPECT_TRUE(feed_links(repeat(1'000'000, "<!--"), "").empty());
  EXPECT_TRUE(feed_links(repeat(1'000'000, "<a b='<a'"), "").empty());
}

TEST(Hostile, LinksDoNotMultiply) {
  const std::string html = repeat(100'000, "<a href=x>");
  const std::string base = "http://x.example/" + std::string(7000, 'p') + "/";
  EXPECT_LE(absolute_links(html, base).size(), 4 * html.size());
}

TEST(Hostile, ARepairIsNotMuchLongerThanTheText) {
  const std::string rss = "<rss><channel><item>";
  for (const std::string& text :
       {rss + "<" + repeat(1'000'000, "itemitem") + ">", rss + repeat(1'000'000, "\"\"\"\""),
        rss + "<a b='" + repeat(1'000'000, "\"\"\"\"") + "'>"}) {
    EXPECT_LE(repair_xml(text).size(), text.size() + 1024) << text.substr(0, 40);
  }
}

}  // namespace
}  // namespace nutgraf
