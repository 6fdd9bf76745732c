// Input that is quadratic, deep or large for a careless reader. Each case has a million of
// something; a reader that is not linear does not end within the test's time limit.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "daemon/feed/discovery.h"
#include "daemon/feed/feed_parser.h"
#include "daemon/feed/html_links.h"
#include "daemon/feed/repair.h"

namespace nutgraf {
namespace {

constexpr int kMany = 1'000'000;

std::string repeat(int count, const std::string& text) {
  std::string out;
  out.reserve(static_cast<std::size_t>(count) * text.size());
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

std::string in_item(const std::string& content) {
  return "<rss><channel><item><title>t</title>" + content + "</item></channel></rss>";
}

struct Hostile {
  const char* name;
  std::function<std::string()> make;
};

class HostileFeed : public testing::TestWithParam<Hostile> {};

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

INSTANTIATE_TEST_SUITE_P(
    Shapes, HostileFeed,
    testing::Values(
        Hostile{"attributes",
                [] {
                  std::string tag = "<item";
                  for (int i = 0; i < kMany; ++i) tag += " a" + std::to_string(i) + "='x'";
                  return "<rss><channel>" + tag + "><title>t</title></item></channel></rss>";
                }},
        Hostile{"unquoted_attributes",
                [] { return "<rss><channel><item " + repeat(kMany, "a=b ") + ">"; }},
        Hostile{"declarations",
                [] {
                  std::string tag = "<rss";
                  for (int i = 0; i < kMany; ++i) tag += " xmlns:a" + std::to_string(i) + "='x'";
                  return tag + "><channel>" + repeat(2000, "<item><a9:t/></item>") +
                         "</channel></rss>";
                }},
        Hostile{"nesting",
                [] {
                  return in_item("<description>" + repeat(kMany, "<b>") + repeat(kMany, "</b>") +
                                 "</description>");
                }},
        Hostile{"nesting_never_closed",
                [] { return "<rss><channel><item><description>" + repeat(kMany, "<b>"); }},
        Hostile{"groups",
                [] {
                  return in_item(repeat(100'000, "<media:group>") +
                                 repeat(100'000, "</media:group>"));
                }},
        Hostile{"channels", [] { return "<rss>" + repeat(kMany, "<channel>"); }},
        Hostile{
            "entities",
            [] { return in_item("<description>" + repeat(kMany, "&amp;") + "</description>"); }},
        Hostile{"entities_in_title",
                [] { return "<rss><channel><title>" + repeat(kMany, "&lt;") + "</title>"; }},
        Hostile{"bare_ampersands",
                [] { return "<rss><channel><item><title>" + repeat(kMany, "&a") + "</b>"; }},
        Hostile{"c1_references",
                [] { return in_item("<title>" + repeat(kMany, "&#146;") + "</title>"); }},
        Hostile{"less_thans", [] { return "<rss><channel><item>" + repeat(kMany, "< "); }},
        Hostile{"open_quotes", [] { return "<rss><channel><item>" + repeat(kMany, "<a b=\"<a"); }},
        Hostile{"quoted_less_thans",
                [] { return "<rss><channel><item>" + repeat(kMany, "<a b=\"<a\" "); }},
        Hostile{"comments", [] { return "<rss><channel>" + repeat(kMany, "<!--"); }},
        Hostile{"cdata", [] { return "<rss><channel><item><title>" + repeat(kMany, "<![CDATA["); }},
        Hostile{"end_tags", [] { return "<rss><channel><item>" + repeat(kMany, "</x>"); }},
        Hostile{"open_and_end_tags",
                [] { return "<rss><channel><item>" + repeat(500'000, "<a><b></a>"); }},
        Hostile{"items", [] { return "<rss><channel>" + repeat(kMany, "<item/>"); }},
        Hostile{"unclosed_items", [] { return "<rss><channel>" + repeat(kMany, "<item>"); }},
        Hostile{"categories",
                [] {
                  std::string items;
                  for (int i = 0; i < kMany / 10; ++i) {
                    items += "<category>" + std::to_string(i) + "</category>";
                  }
                  return in_item(items);
                }},
        Hostile{"authors", [] { return in_item(repeat(kMany / 10, "<author>x y</author>")); }},
        Hostile{"long_base_many_links",
                [] {
                  return "<rss xml:base='http://x.example/" + std::string(7000, 'p') + "/'>" +
                         "<channel><item><description>&lt;p>" +
                         repeat(kMany / 10, "&lt;a href=x>") +
                         "</description></item></channel></rss>";
                }},
        Hostile{"json_nesting", [] { return "{\"items\":" + repeat(kMany, "["); }},
        Hostile{"json_open_items", [] { return "{\"items\":[" + repeat(kMany, "{\"a\":["); }},
        Hostile{"json_open_strings", [] { return "{\"items\":[" + repeat(kMany, "{\"a"); }},
        Hostile{"json_broken_items", [] { return "{\"items\":[" + repeat(kMany, "{,}"); }},
        Hostile{"json_items", [] { return "{\"items\":[" + repeat(kMany, "{},") + "{}]}"; }}),
    [](const auto& shape) { return std::string(shape.param.name); });

TEST(Hostile, PagesAreScannedOnce) {
  EXPECT_TRUE(feed_links(repeat(kMany, "<link <!-"), "").empty());
  EXPECT_TRUE(feed_links(repeat(kMany, "<!--"), "").empty());
  EXPECT_TRUE(feed_links(repeat(kMany, "<a b='<a'"), "").empty());
}

TEST(Hostile, LinksDoNotMultiply) {
  const std::string html = repeat(100'000, "<a href=x>");
  const std::string base = "http://x.example/" + std::string(7000, 'p') + "/";
  EXPECT_LE(absolute_links(html, base).size(), 4 * html.size());
}

}  // namespace
}  // namespace nutgraf
