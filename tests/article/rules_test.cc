#include "daemon/article/rules.h"

#include <gtest/gtest.h>

#include <set>

#include "daemon/article/main_text.h"

namespace nutgraf {
namespace {

constexpr int kRules = static_cast<int>(ArticleRule::kCount);

TEST(ArticleRules, EachHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i < kRules; ++i) names.insert(to_string(static_cast<ArticleRule>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kRules));
  EXPECT_FALSE(names.contains(""));
}

TEST(ArticleRules, AllAreInForceButThoseLeftOut) {
  const ArticleRules rules = ArticleRules().without(ArticleRule::kTail);
  for (int i = 0; i < kRules; ++i) {
    const auto rule = static_cast<ArticleRule>(i);
    EXPECT_EQ(rules.has(rule), rule != ArticleRule::kTail) << to_string(rule);
  }
}

constexpr char kPage[] =
    "<body><nav><a href=/>Home</a></nav><article><h1>Bridge closed</h1>"
    "<p>The council decided on Monday that the old bridge must be closed for good this year.</p>"
    "<figure><figcaption>The bridge in May</figcaption></figure>"
    "<p>The ferryman was not surprised by it, and said so to everybody who asked him.</p>"
    "<p>Photo: Jane Doe</p><h2>Related stories</h2><p>Ferry sinks</p></article></body>";

TEST(ArticleRules, WithoutARuleItsFurnitureStays) {
  const HtmlDocument page = HtmlDocument::parse(kPage);
  const auto text_without = [&page](ArticleRule rule) {
    return main_text(page, {}, ArticleRules().without(rule));
  };
  EXPECT_EQ(main_text(page).find("Jane Doe"), std::string::npos);
  EXPECT_NE(text_without(ArticleRule::kJunk).find("Jane Doe"), std::string::npos);
  EXPECT_EQ(main_text(page).find("Ferry sinks"), std::string::npos);
  EXPECT_NE(text_without(ArticleRule::kTail).find("Ferry sinks"), std::string::npos);
  EXPECT_EQ(main_text(page).find("Bridge closed"), std::string::npos);
  EXPECT_NE(text_without(ArticleRule::kHeadline).find("Bridge closed"), std::string::npos);
  EXPECT_EQ(main_text(page).find("in May"), std::string::npos);
  EXPECT_NE(text_without(ArticleRule::kFigure).find("in May"), std::string::npos);
}

TEST(JudgedText, NamesTheRuleBehindEveryStretchInOrder) {
  std::string seen;
  for (const JudgedStretch& stretch : judged_text(HtmlDocument::parse(kPage))) {
    seen += std::string(to_string(stretch.rule)) + ": " + stretch.text.substr(0, 12) + "\n";
  }
  EXPECT_EQ(seen,
            "chrome: Home\n"
            "headline: Bridge close\n"
            "none: The council \n"
            "figure: The bridge i\n"
            "none: The ferryman\n"
            "junk: Photo: Jane \n"
            "tail: Related stor\n"
            "tail: Ferry sinks\n");
}

TEST(JudgedText, WhatIsKeptIsTheMainText) {
  const HtmlDocument page = HtmlDocument::parse(kPage);
  std::string kept;
  for (const JudgedStretch& stretch : judged_text(page)) {
    if (stretch.rule != ArticleRule::kNone) continue;
    kept += (kept.empty() ? "" : "\n\n") + stretch.text;
  }
  EXPECT_EQ(kept, main_text(page));
}

}  // namespace
}  // namespace nutgraf
