#include "daemon/article/main_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nutgraf {
namespace {

std::string text_of(const std::string& body, const MainTextHints& hints = {}) {
  return main_text(HtmlDocument::parse("<html><body>" + body + "</body></html>"), hints);
}

/// A paragraph that counts as running text, told apart by its subject.
std::string sentence(const std::string& subject) {
  return subject +
         " decided on Monday that the old bridge must be closed, and nobody was surprised.";
}

std::string paragraph(const std::string& subject) { return "<p>" + sentence(subject) + "</p>"; }

const std::string kStory = paragraph("The mayor") + paragraph("The council") +
                           paragraph("The engineer") + paragraph("The ferryman") +
                           paragraph("The court");
const std::string kText = sentence("The mayor") + "\n\n" + sentence("The council") + "\n\n" +
                          sentence("The engineer") + "\n\n" + sentence("The ferryman") + "\n\n" +
                          sentence("The court");

TEST(MainText, TheStoryIsWhereTheGoodTextIs) {
  EXPECT_EQ(
      text_of("<div id=a><ul><li><a href=x>Home</a></ul></div><div id=b>" + kStory + "</div>"),
      kText);
}

TEST(MainText, TheArticleElementHoldsTheStory) {
  EXPECT_EQ(text_of("<div><article>" + kStory + kStory + "</article>" + paragraph("The publisher") +
                    "</div>"),
            kText + "\n\n" + kText);
}

TEST(MainText, AStoryInSeveralLikeBoxesIsWhole) {
  std::string story;
  std::string text;
  for (int i = 0; i < 10; ++i) {
    story += kStory;
    text += kText + "\n\n";
  }
  EXPECT_EQ(
      text_of("<div><section><div class=part>" + story + "</div></section><ul><li><a href=x>" +
              "Ferry sinks</a></ul><section><div class=part>" + kStory + "</div></section></div>"),
      text + kText);
}

TEST(MainText, FurnitureByNameGoes) {
  for (const std::string name :
       {"newsletter-box", "share", "relatedPosts", "wp-caption-text", "c-promo"}) {
    EXPECT_EQ(text_of("<div>" + kStory + "<div class='" + name +
                      "'><a href=x>Ferry sinks</a></div></div>"),
              kText)
        << name;
  }
}

TEST(MainText, WhatRepublishersAreToldGoes) {
  EXPECT_EQ(text_of("<div>" + kStory + "<div class='republication-tracker-tool'>" +
                    paragraph("The publisher") + "</div></div>"),
            kText);
}

TEST(MainText, ANameIsNotBelievedAgainstTheText) {
  EXPECT_EQ(text_of("<div class='newsletter-box'>" + kStory + "</div>"), kText);
  EXPECT_EQ(text_of("<div class='sidebar'>" + kStory + "</div>"), kText);
  EXPECT_EQ(text_of("<form>" + kStory + "</form>"), kText);
  std::string each;
  for (const char* const who :
       {"The mayor", "The council", "The engineer", "The ferryman", "The court"}) {
    each += "<div class='promo'>" + paragraph(who) + "</div>";
  }
  EXPECT_EQ(text_of(each), kText);
}

TEST(MainText, HiddenTextGoes) {
  EXPECT_EQ(text_of("<div>" + kStory + "<p style='color:red; display: none'>" + sentence("Nobody") +
                    "</p></div>"),
            kText);
  EXPECT_EQ(text_of("<div>" + kStory + "<p hidden>" + sentence("Nobody") + "</p></div>"), kText);
}

TEST(MainText, CommentsGoUnlessTheyAreTheStory) {
  EXPECT_EQ(text_of("<div>" + kStory + "</div><div class='comments'>" + paragraph("A reader") +
                    paragraph("Another") + paragraph("A third") + "</div>"),
            kText);
  EXPECT_EQ(text_of("<h2>Forum</h2><div class='comments'>" + kStory + "</div>"), kText);
}

TEST(MainText, TheLeadOutsideTheContainerIsFound) {
  const std::string lead =
      "The old bridge over the river has been closed since Monday, and the town does not know "
      "how to pay for a new one, or when.";
  const std::string body = "<div class='entry-content'>" + kStory + "</div>";
  EXPECT_EQ(
      text_of("<header><h1>Bridge</h1><p>" + lead + "</p></header><section>" + body + "</section>"),
      lead + "\n\n" + kText);
}

const MainTextHints kBridgeHints{.title = "Bridge closed", .description = {}};
const std::string kShortLead = "Ferries run from noon to midnight, the harbour office said today.";

TEST(MainText, ABoxInTheHeadlineIsPartOfIt) {
  const std::string lead = paragraph("The governor, who had long resisted the harbour office,");
  EXPECT_EQ(text_of("<h1><div>Bridge closed</div></h1><div>" + lead + "</div><section><div>" +
                        kStory + "</div></section>",
                    kBridgeHints),
            sentence("The governor, who had long resisted the harbour office,") + "\n\n" + kText);
}

TEST(MainText, AHeadingThatWasLeftOpenTakesNothing) {
  EXPECT_EQ(text_of("<h2><div>" + kStory + kStory + "</div>"), kText + "\n\n" + kText);
}

TEST(MainText, ALeadInLargeLettersIsNoHeading) {
  const std::string lead = sentence("The governor, who had long resisted,") + " " + kShortLead;
  EXPECT_EQ(
      text_of("<h1>Bridge closed</h1><div><h2>" + lead + "</h2></div><div>" + kStory + "</div>",
              kBridgeHints),
      lead + "\n\n" + kText);
}

TEST(MainText, ALeadMayHaveAShortSecondParagraph) {
  const std::string lead = "The governor, who had long resisted the harbour office,";
  const auto text_with = [&](const std::string& above) {
    return text_of("<h1>Bridge closed</h1>" + above + "<div>" + kStory + kStory + "</div>",
                   kBridgeHints);
  };
  const std::string second = "<p>" + kShortLead + "</p>";
  const std::string story = kText + "\n\n" + kText;
  EXPECT_EQ(text_with("<div>" + paragraph(lead) + second + "</div>"),
            sentence(lead) + "\n\n" + kShortLead + "\n\n" + story);
  EXPECT_EQ(text_with("<div>" + paragraph(lead) + "</div><div>" + second + "</div>"),
            sentence(lead) + "\n\n" + story);
}

TEST(MainText, AListThatRepeatsTheHeadlineHidesNoLead) {
  const MainTextHints hints{.title = "Bridge closed",
                            .description = "Ferries run from noon to midnight, it was said"};
  const std::string lead = "Ferries run from noon to midnight, it was said";
  EXPECT_EQ(text_of("<h1>Bridge closed</h1><div>" + lead + "</div><section><h3>Bridge closed</h3>" +
                        "<h3>Tunnel opened</h3></section><div>" + kStory + "</div>",
                    hints),
            lead + "\n\n" + kText);
}

TEST(MainText, TheLeadIsBelowTheNearestHeadlineOfTheContainer) {
  const auto headed = [](const std::string& who) {
    return "<div><h2>Bridge closed</h2>" + paragraph(who) + "</div>";
  };
  const std::string lead = "The governor, who had long resisted the harbour office,";
  const std::string story = "<section><div>" + kStory + kStory + "</div></section>";
  const std::string text = sentence(lead) + "\n\n" + kText + "\n\n" + kText;
  EXPECT_EQ(text_of(headed(lead) + story, kBridgeHints), text);
  EXPECT_EQ(
      text_of(headed("The museum, which has another story of that name,") + headed(lead) + story,
              kBridgeHints),
      text);
}

TEST(MainText, NamesInsideCodeAreNoFurniture) {
  EXPECT_EQ(text_of("<div>" + kStory + "<pre><span class='hl-comment'># fetch</span> git fetch" +
                    "</pre></div>"),
            kText + "\n\n# fetch git fetch");
}

TEST(MainText, AFigureWithATableIsNoPicture) {
  EXPECT_EQ(
      text_of("<div>" + kStory + "<figure><table><tr><td>Ferries</td><td>12</td></tr></table>" +
              "<figcaption>Source: the harbour</figcaption></figure></div>"),
      kText + "\n\nFerries\n12");
  EXPECT_EQ(text_of("<div>" + kStory + "<figure><div>The ferry</div></figure></div>"), kText);
  // Wherever it is on the page, and what stands before it is not in it.
  const std::string table = "<table><tr><td>Ferries</td><td>12</td></tr></table>";
  std::string story;
  std::string text;
  for (int i = 0; i < 8; ++i) {
    story += kStory;
    text += kText + "\n\n";
  }
  EXPECT_EQ(text_of("<div>" + story + "<figure>" + table + "</figure></div>"),
            text + "Ferries\n12");
  EXPECT_EQ(text_of("<div>" + kStory + table + "<figure><div>The ferry</div></figure></div>"),
            kText + "\n\nFerries\n12");
}

TEST(MainText, TheAuthorsNameAndBiographyAreNoPartOfTheStory) {
  const std::vector<std::string> authors = {"Jane Doe", "Ed"};
  const MainTextHints hints{.title = {}, .description = {}, .authors = authors};
  const std::string life = "<p>Jane Doe is a writer who lives by the river and bakes bread.</p>";
  for (const std::string line : {"<p>By Jane Doe</p>", "<div>Jane Doe</div>"}) {
    EXPECT_EQ(text_of("<div>" + line + kStory + "</div>", hints), kText) << line;
    EXPECT_EQ(text_of("<div>" + kStory + line + life + "</div>", hints), kText) << line;
  }
  // Of a story about the author, and of a name of one word, all stays.
  EXPECT_NE(text_of("<div>" + life + kStory + "</div>", hints), kText);
  EXPECT_NE(text_of("<div>" + kStory + "<p>Ed is where the river ends.</p></div>", hints), kText);
  EXPECT_NE(text_of("<div>" + kStory + life + "</div>"), kText);
}

TEST(MainText, TheLastParagraphsAreTheStorysUnlessTheyAreABiography) {
  const std::vector<std::string> authors = {"Jane Doe"};
  const MainTextHints hints{.title = {}, .description = {}, .authors = authors};
  std::string more = "Jane Doe saw it, and the court waits";
  for (int i = 0; i < 40; ++i) more += ", and the old bridge is closed";
  EXPECT_EQ(text_of("<div>" + kStory + "<p>" + more + ".</p></div>", hints),
            kText + "\n\n" + more + ".");
  const std::string life = "<p>Jane Doe is a writer who lives by the river and bakes bread.</p>";
  const std::string notes = paragraph("The printer") + paragraph("The baker");
  EXPECT_EQ(text_of("<div>" + kStory + life + notes + "</div>", hints),
            kText + "\n\n" + sentence("The printer") + "\n\n" + sentence("The baker"));
}

TEST(MainText, TheHeadlineIsNoPartOfTheText) {
  EXPECT_EQ(text_of("<article><h1>Bridge closed</h1>" + kStory + "</article>"), kText);
  EXPECT_EQ(text_of("<article><h2>Bridge closed</h2>" + kStory + "</article>",
                    {.title = "Bridge closed"}),
            kText);
}

TEST(MainText, TheTailIsCut) {
  EXPECT_EQ(text_of("<article>" + kStory + "<h3>Related stories</h3>" + paragraph("Somebody else") +
                    "</article>"),
            kText);
  EXPECT_EQ(text_of("<article>" + kStory +
                    "<p>Sign up for our newsletter, it is free.</p><h2>More</h2></article>"),
            kText);
}

TEST(MainText, WhatAWallOrAFormSaysToItsReadersGoes) {
  for (const std::string line :
       {"By signing up, you agree to receive messages from the Example at the number given.",
        "Thanks for signing up!", "Thank you for subscribing.", "Already have an account? Log in",
        "Already a subscriber?", "This article is exclusive to Example+ subscribers",
        "Unlock this article — plus newsletters and events.", "Republish this story",
        "Bereits Abonnent?", "Sie haben bereits ein Abo?", "Déjà abonné ?",
        "¿Ya eres suscriptor?"}) {
    EXPECT_EQ(text_of("<div>" + kStory + "<p>" + line + "</p></div>"), kText) << line;
  }
}

TEST(MainText, WhatABlogsSoftwareAddsGoes) {
  for (const std::string line :
       {"This entry was posted on Monday, March 1st, 2021 at 10:00 and is filed under Rivers.",
        "You can follow any responses to this entry through the RSS 2.0 feed.",
        "Bookmark the permalink.", "Like this:", "Like Loading...",
        "Gefällt mir:", "Gefällt mir Wird geladen …", "J'aime chargement…",
        "Dieser Eintrag wurde am 1. März 2021 unter Flüsse abgelegt."}) {
    EXPECT_EQ(text_of("<div>" + kStory + "<p>" + line + "</p></div>"), kText) << line;
  }
}

TEST(MainText, AStoryMaySpeakOfSubscribers) {
  for (const std::string line :
       {"Like this bridge, the ferry is old, and nobody on the river is surprised by that.",
        "By signing the treaty, the two countries agreed that the bridge is to be closed.",
        "Already a member of the council, she was asked to lead it, which she did not.",
        "Sie haben bereits ein Tor geschossen, und danach noch zwei, wie man hört."}) {
    EXPECT_EQ(text_of("<div><p>" + line + "</p>" + kStory + "</div>"), line + "\n\n" + kText);
  }
}

TEST(MainText, ATailHeadingAboveTheStoryIsASubhead) {
  EXPECT_EQ(text_of("<article><h3>Related stories</h3>" + kStory + "</article>").substr(0, 4),
            "The ");
}

TEST(MainText, RepeatedParagraphsComeOnce) {
  const std::string quote = "<p>" + sentence("The engineer") + " " + sentence("The diver") + "</p>";
  const std::string once = text_of("<article>" + kStory + quote + "</article>");
  EXPECT_EQ(text_of("<article>" + kStory + quote + quote + "</article>"), once);
}

TEST(MainText, AShortLastParagraphBesideALongBoxIsStillInTheStory) {
  EXPECT_EQ(text_of("<div class='entry-content'><div>" + kStory +
                    "</div><p>Thank you for reading this far.</p></div>"),
            kText + "\n\nThank you for reading this far.");
}

TEST(MainText, ATeaserWithoutALinkIsTheLead) {
  EXPECT_EQ(text_of("<article><div class='teaser-text'>" + sentence("The region") + "</div>" +
                    kStory + "</article>"),
            sentence("The region") + "\n\n" + kText);
  EXPECT_EQ(text_of("<article><div class='teaser-text'><a href=x>" + sentence("The region") +
                    "</a></div>" + kStory + "</article>"),
            kText);
}

TEST(MainText, AnIdThatSpellsAHeadingIsNoName) {
  EXPECT_EQ(text_of("<article>" + kStory + "<section id='a-menu-for-the-ferry'>" +
                    paragraph("The cook") + "</section></article>"),
            kText + "\n\n" + sentence("The cook"));
  EXPECT_EQ(text_of("<article>" + kStory + "<section id='ferry-menu'>" + paragraph("The cook") +
                    "</section></article>"),
            kText);
}

TEST(MainText, WhatStandsAboveAnotherHeadingThanTheHeadlineStays) {
  const std::string body = "<article><h3>First question</h3>" + kStory + "<h1>An afterword</h1>" +
                           paragraph("The end") + "</article>";
  EXPECT_EQ(text_of(body, {.title = "Bridge closed"}).substr(0, 14), "First question");
  EXPECT_EQ(text_of("<article><p>Politics</p><h1>Bridge closed</h1>" + kStory + "</article>",
                    {.title = "Bridge closed"}),
            kText);
}

TEST(MainText, ListsKeepTheirLinesTogether) {
  const std::string list =
      "<ul><li>The first point of the plan, which is short.</li><li>The second.</li></ul>";
  EXPECT_EQ(text_of("<article>" + kStory + list + paragraph("The end") + "</article>"),
            kText + "\n\nThe first point of the plan, which is short.\nThe second.\n\n" +
                sentence("The end"));
}

TEST(MainText, ListsOfLinksGoUnlessASentenceAnnouncesThem) {
  const std::string links =
      "<ul><li><a href=1>The report of the engineer</a></li><li><a href=2>The plan</a></li></ul>";
  EXPECT_EQ(text_of("<article>" + kStory + links + paragraph("The end") + "</article>"),
            kText + "\n\n" + sentence("The end"));
  const std::string with = text_of("<article>" + kStory + "<p>Two papers say how:</p>" + links +
                                   paragraph("The end") + "</article>");
  EXPECT_NE(with.find("The report of the engineer\nThe plan"), std::string::npos);
}

TEST(MainText, LineBreaksEndLinesAndParagraphs) {
  EXPECT_EQ(text_of("<div>" + sentence("One") + "<br>" + sentence("Two") + "<br><br>" +
                    sentence("Three") + "</div>"),
            sentence("One") + "\n" + sentence("Two") + "\n\n" + sentence("Three"));
}

}  // namespace
}  // namespace nutgraf
