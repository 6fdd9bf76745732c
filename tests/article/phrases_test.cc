#include "daemon/article/phrases.h"

#include <gtest/gtest.h>

#include <string>

#include "daemon/article/furniture.h"

namespace nutgraf {
namespace {

constexpr std::string_view kPhrases[] = {"leave|post a comment|reply ~10",
                                         "# min|mins read?",
                                         "related stories|posts?",
                                         "share this|on|via*",
                                         "photo : ~20",
                                         "follow .. on twitter"};

TEST(PhraseSet, MatchesWholeLinesWordByWord) {
  const PhraseSet set(kPhrases);
  EXPECT_TRUE(set.matches("Leave a Comment"));
  EXPECT_TRUE(set.matches("Post a reply below"));
  EXPECT_FALSE(set.matches("Leave a comment if you want to be heard"));  // Rest over 10 bytes.
  EXPECT_FALSE(set.matches("Leave a"));
  EXPECT_TRUE(set.matches("5 min read"));
  EXPECT_TRUE(set.matches("5 mins"));
  EXPECT_FALSE(set.matches("five min read"));
}

TEST(PhraseSet, OptionalAndRepeatedElements) {
  const PhraseSet set(kPhrases);
  EXPECT_TRUE(set.matches("RELATED:"));
  EXPECT_TRUE(set.matches("Related posts"));
  EXPECT_FALSE(set.matches("Related party"));
  EXPECT_TRUE(set.matches("Share"));
  EXPECT_TRUE(set.matches("Share this via on this"));
  EXPECT_FALSE(set.matches("Share prices"));
}

TEST(PhraseSet, AMarkIsNeededWhereThePhraseHasOne) {
  const PhraseSet set(kPhrases);
  EXPECT_TRUE(set.matches("Photo: Jane Doe"));
  EXPECT_FALSE(set.matches("Photo Jane Doe"));
  EXPECT_FALSE(set.matches("Photo: " + std::string(40, 'x')));
}

TEST(PhraseSet, CountsDifferentPhrasesInRunningText) {
  const PhraseSet set(kPhrases);
  EXPECT_EQ(set.count("It is a 5 min read, then leave a comment, then another 7 min read.", 9), 2U);
  EXPECT_EQ(set.count("Nothing of the kind.", 9), 0U);
  EXPECT_TRUE(set.contains("you may leave a comment"));
}

TEST(PhraseSet, DotsStandForAnyWords) {
  const PhraseSet set(kPhrases);
  EXPECT_TRUE(set.contains("Please follow our woman in Rome on Twitter today"));
  EXPECT_TRUE(set.matches("Follow on Twitter"));
  EXPECT_FALSE(set.contains("He wrote on Twitter that they follow him"));
}

TEST(Furniture, LinesThatNoStoryHas) {
  for (const std::string_view line :
       {"Advertisement", "ANZEIGE", "Leave a comment", "12 Comments", "Share this article",
        "Follow us on Twitter", "Photo: Jane Doe/AP", "Lire aussi : Le gouvernement recule",
        "Tags: politics, economy", "© 2021 Example Media", "Read more: What we know so far",
        "Published on 5 May 2021", "Your email address will not be published.",
        "Don\u2019t miss: the ten best", "Subscribe to our newsletter", "читайте также: новости"}) {
    EXPECT_TRUE(junk_lines().matches(line)) << line;
  }
}

TEST(Furniture, LinesThatAStoryMayHave) {
  for (const std::string_view line :
       {"The photo shows a street in Lyon.", "Related parties must register with the court.",
        "Reading is a skill.", "Comments by the minister drew criticism.",
        "In pictures we see what words hide.", "Home prices fell again.",
        "Follow the money, investigators say.", "More than 40 people were hurt.",
        "Ad revenue fell by a third.", "Next week the court will decide.",
        "Copy that, said the pilot.", "Top officials resigned on Monday."}) {
    EXPECT_FALSE(junk_lines().matches(line)) << line;
  }
}

}  // namespace
}  // namespace nutgraf
