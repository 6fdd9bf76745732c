#include "daemon/feed/size_guard.h"

#include <gtest/gtest.h>

#include <string>

#include "daemon/feed/feed_parser.h"

namespace nutgraf {
namespace {

constexpr std::size_t kBytes = 8u << 20;

std::string many(std::string_view head, std::string_view piece) {
  std::string text(head);
  while (text.size() < kBytes) text += piece;
  return text;
}

constexpr std::string_view kHead = "<rss version='2.0'><channel><title>t</title>";

TEST(SizeGuard, CutsWhatWouldMakeTooLargeATree) {
  // A node of pugixml has 64 bytes, an attribute 40.
  struct Piece {
    std::string_view text;
    std::size_t nodes;
  };
  for (const auto& [piece, nodes] :
       {Piece{"<item/>", 1}, {"<a>", 1}, {"x<a/>", 2}, {"<![CDATA[ never <b> ends ", 1}}) {
    const std::string text = many(kHead, piece);
    EXPECT_LE(affordable(text).size() / piece.size() * nodes * 64, kMaxTree + 1024) << piece;
  }
  // The repair writes "&amp;" for it, into a string that doubles.
  EXPECT_LE(affordable(many(kHead, "& ")).size() / 2 * 12, kMaxTree + 1024);
  const std::string attributes = many("<rss ", "b='' ");
  EXPECT_LE(affordable(attributes).size() / 5 * 40, kMaxTree + 1024);
}

TEST(SizeGuard, LeavesWhatFeedsAreMadeOfAlone) {
  const std::string escaped = many(kHead, "A text &lt;b&gt; with escaped markup and its words. ");
  EXPECT_EQ(affordable(escaped).size(), escaped.size());
  const std::string section =
      many(std::string(kHead) + "<item><description><![CDATA[", "<p class='x'>a</p>") + "]]>";
  EXPECT_EQ(affordable(section).size(), section.size());
  const std::string item =
      "<item><title>Title</title><link>http://a.example/1</link><guid>1</guid>"
      "<pubDate>x</pubDate><description>" +
      std::string(900, 'd') + "</description></item>";
  const std::string items = many(kHead, item);
  EXPECT_EQ(affordable(items).size(), items.size());
}

TEST(SizeGuard, TheFirstItemsAreReadAllTheSame) {
  const std::string first = "<item><guid>first</guid><title>First</title></item>";
  const auto feed = parse_feed(many(std::string(kHead) + first, "<item/>"), {});
  ASSERT_TRUE(feed) << feed.error().message;
  EXPECT_EQ(feed->items.front().guid, "first");
}

}  // namespace
}  // namespace nutgraf
