#include "daemon/article/boilerplate.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

using Lines = std::vector<std::string>;

const std::string kBody =
    "The council decided on Monday that the old bridge must be closed, and nobody was surprised by "
    "it.\n\n"
    "A new one will be built beside it, the mayor said, but not before the money has been "
    "found.\n\n"
    "Until then a ferry will cross the river twice an hour, as it did a hundred years ago.";

TEST(CleanText, ACleanTextComesBackAsItWas) {
  const Cleaned cleaned = clean_text("Bridge closed", kBody, "en");
  EXPECT_EQ(cleaned.text, kBody);
  EXPECT_EQ(cleaned.title, "Bridge closed");
  EXPECT_TRUE(cleaned.dropped.empty());
}

TEST(CleanText, FindsTheTitleLineAboveTheStory) {
  const std::string menu = "Home World Politics Business Sports Opinion";
  const Cleaned cleaned = clean_text("", menu + "\nOld bridge must close\n\n" + kBody, "");
  EXPECT_EQ(cleaned.title, "Old bridge must close");
  EXPECT_EQ(cleaned.text, kBody);
  EXPECT_EQ(cleaned.dropped, Lines{menu});
}

TEST(CleanText, InventsNoTitle) {
  EXPECT_EQ(clean_text("", kBody, "en").title, "");
  EXPECT_EQ(clean_text("", "", "en").title, "");
}

TEST(CleanText, TheGivenTitlesOwnLineGoes) {
  const Cleaned cleaned =
      clean_text("Old Bridge must close!", "Old bridge must close\n\n" + kBody, "en");
  EXPECT_EQ(cleaned.title, "Old Bridge must close!");
  EXPECT_EQ(cleaned.text, kBody);
  EXPECT_TRUE(cleaned.dropped.empty());
}

TEST(CleanText, CutsAtATailHeading) {
  const Cleaned cleaned =
      clean_text("T", kBody + "\n\nRelated stories\n\nFerry sinks\n\nTown without money", "en");
  EXPECT_EQ(cleaned.text, kBody);
  EXPECT_EQ(cleaned.dropped, (Lines{"Related stories", "Ferry sinks", "Town without money"}));
}

TEST(CleanText, AShortLineWithNoStoryBelowItIsNoHeadline) {
  for (const std::string text :
       {"Just landed in Lisbon.", "Landed in Lisbon today", "One line.\n\nTwo lines are here."}) {
    const Cleaned cleaned = clean_text("", text, "en");
    EXPECT_EQ(cleaned.title, "");
    EXPECT_EQ(cleaned.text, text);
  }
  EXPECT_EQ(clean_text("", "Landed in Lisbon.\n\n" + kBody, "en").title, "Landed in Lisbon.");
}

TEST(CleanText, ButNotWhereTheStoryGoesOn) {
  const std::string text = kBody + "\n\nRelated research\n\n" + kBody + "\n\n" + kBody;
  EXPECT_TRUE(clean_text("T", text, "en").dropped.empty());
}

TEST(CleanText, LinesOfFurnitureGoAnywhere) {
  for (const std::string line :
       {"Posted in: News, Updates", "Edited by: Jane Doe", "Photo by Jane Doe",
        "With inputs from agencies.*", "By Jane Doe", "Advertisement", "© 2021 Example Media",
        "You need to login to leave a comment. Log-in", "Also read: The ferry"}) {
    const Cleaned cleaned = clean_text("T", kBody + "\n\n" + line + "\n\n" + kBody, "en");
    EXPECT_EQ(cleaned.dropped, Lines{line});
  }
}

TEST(CleanText, LinesOfTheStoryStay) {
  for (const std::string line :
       {"What happens next", "By Monday the water had receded.", "‘Sensitive issues’",
        "- Share of voters: 12 %", "Photographs show the damage.", "1. Read the contract first."}) {
    const Cleaned cleaned = clean_text("T", kBody + "\n\n" + line + "\n\n" + kBody, "en");
    EXPECT_TRUE(cleaned.dropped.empty()) << line;
  }
}

TEST(CleanText, OneLineOfTermsBehindTheStoryIsItsTags) {
  const std::string tags = "bridge council ferry mayor river town money traffic Example County";
  EXPECT_EQ(clean_text("T", kBody + "\n\n" + tags, "en").dropped, Lines{tags});
}

TEST(CleanText, HostileTextEndsInTime) {
  std::string lines;
  for (int i = 0; i < 300'000; ++i) lines += "Leave a comment\n";
  EXPECT_EQ(clean_text("", lines, "").text, "");
  clean_text("", std::string(10'000'000, '.'), "");
  clean_text(std::string(1'000'000, 'x'), std::string(5'000'000, '\n'), "xx");
}

}  // namespace
}  // namespace nutgraf
