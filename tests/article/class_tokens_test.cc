#include "daemon/article/class_tokens.h"

#include <gtest/gtest.h>

namespace nutgraf {
namespace {

bool is_furniture(std::string_view name) { return !class_tokens(name).empty(); }

TEST(ClassTokens, StrongWordsCountAnywhere) {
  for (const std::string_view name :
       {"newsletter", "c-newsletter-box-wide", "relatedPosts", "story_related_links_list",
        "main breadcrumbs", "post-meta", "you-may-also-like", "wp-caption-text"}) {
    EXPECT_TRUE(is_furniture(name)) << name;
  }
}

TEST(ClassTokens, WeakWordsCountAtTheEdgeOfShortNames) {
  EXPECT_TRUE(is_furniture("share"));
  EXPECT_TRUE(is_furniture("share-buttons"));
  EXPECT_TRUE(is_furniture("story-share"));
  EXPECT_FALSE(is_furniture("story-share-price"));
  EXPECT_FALSE(is_furniture("share-of-the-market"));
}

TEST(ClassTokens, NamesOfThePageAreNotItsParts) {
  for (const std::string_view name :
       {"tag-newsletter", "category-sponsored", "has-sidebar", "no-comments", "elementor-widget",
        "md:hidden", "block--related", "story", ""}) {
    EXPECT_FALSE(is_furniture(name)) << name;
  }
}

TEST(ClassTokens, SomeWordsNeedProof) {
  EXPECT_EQ(class_tokens("sidebar").at(0).kind, ClassToken::Kind::kLinky);
  EXPECT_EQ(class_tokens("comments").at(0).kind, ClassToken::Kind::kComment);
  EXPECT_EQ(class_tokens("newsletter").at(0).kind, ClassToken::Kind::kFurniture);
}

TEST(ClassTokens, KnowsTheStorysOwnText) {
  EXPECT_TRUE(names_content("entry-content"));
  EXPECT_TRUE(names_content("x articleBody y"));
  EXPECT_TRUE(names_content("c-article__body"));
  EXPECT_FALSE(names_content("content"));
}

}  // namespace
}  // namespace nutgraf
