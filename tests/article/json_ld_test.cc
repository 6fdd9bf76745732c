#include "daemon/article/json_ld.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

JsonLd read(std::string_view script) {
  JsonLd ld;
  ld.add(script);
  return ld;
}

TEST(JsonLd, ReadsMembersArraysAndEscapes) {
  const JsonLd ld = read(R"({"@type":"NewsArticle","headline":"A \"b\" \u00e9 \ud83d\ude00","n":12,
                             "image":["first","second"],"author":{"name":"Jane"}})");
  EXPECT_EQ(ld.text(0, "headline"), "A \"b\" \u00e9 \U0001F600");
  EXPECT_EQ(ld.text(0, "n"), "12");
  EXPECT_EQ(ld.text(0, "image"), "first");
  EXPECT_EQ(ld.text(ld.member(0, "author"), "name"), "Jane");
  EXPECT_EQ(ld.member(0, "name"), JsonLd::kNone);
  EXPECT_EQ(ld.text(JsonLd::kNone, "name"), "");
}

TEST(JsonLd, ReadsWhatPagesReallyHave) {
  EXPECT_EQ(read("//<![CDATA[\n{\"a\":\"b\"}\n//]]>").text(0, "a"), "b");
  EXPECT_EQ(read("{\"a\":\"one\ntwo\",}").text(0, "a"), "one\ntwo");
  EXPECT_EQ(read(R"({"a":"b","c":{"d":"e)").text(0, "a"), "b");
  EXPECT_EQ(read(R"({"a":"b"} {"a":"c"})").size(), 2U);
  EXPECT_EQ(read("not json").size(), 0U);
  EXPECT_EQ(read(R"({"a":"\ud83d"})").text(0, "a"), "\uFFFD");
}

TEST(JsonLd, FindsArticlesInGraphs) {
  const JsonLd ld = read(R"({"@graph":[{"@type":"WebPage","name":"page"},
                             {"@type":["Thing","BlogPosting"],"headline":"post"}]})");
  ASSERT_EQ(ld.articles().size(), 1U);
  EXPECT_EQ(ld.text(ld.articles()[0], "headline"), "post");
}

TEST(JsonLd, ResolvesReferences) {
  const JsonLd ld = read(R"([{"author":{"@id":"#p"}},{"@id":"#p","name":"Jane"}])");
  EXPECT_EQ(ld.text(ld.by_id("#p"), "name"), "Jane");
  EXPECT_EQ(ld.by_id("#q"), JsonLd::kNone);
}

TEST(JsonLd, DepthAndSizeAreNoDanger) {
  EXPECT_LE(read(std::string(5'000'000, '[')).size(), 20'000U);
  std::string flat = "[";
  for (int i = 0; i < 100'000; ++i) flat += "{\"a\":1},";
  EXPECT_LE(read(flat).size(), 20'000U);
}

}  // namespace
}  // namespace nutgraf
