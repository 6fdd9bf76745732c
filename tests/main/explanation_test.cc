#include "daemon/main/explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

namespace nutgraf::tool {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kText =
    "The old mill of Harlow burned down on Friday night, police said.\n"
    "But the fire at the mill had been out by noon.\n"
    "Smith & Sons <owners> of the mill want to build \"Harlow Court\" there.\n"
    "READ MORE: the history of the mill in Harlow.";

Explanation explained() { return explain("mill.txt", kText, "en", {}); }

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

TEST(Explanation, NamesTheReasonsOfEverySentence) {
  const Explanation e = explained();
  ASSERT_EQ(e.scores.size(), 4U);
  EXPECT_THAT(reasons(e, 1), Contains("only with the sentence before it"));
  EXPECT_THAT(reasons(e, 1), Contains("place 2: × 0.81"));
  EXPECT_THAT(reasons(e, 0), Contains(StartsWith("words that others have, too: × 1.")));
  EXPECT_THAT(reasons(e, 3), Contains(StartsWith("never picked: credit")));
  EXPECT_EQ(e.by_score().front(), 0U);
}

TEST(Explanation, FactorsAndRankMakeTheScore) {
  const Explanation e = explained();
  double best = 0;
  const auto product = [](const summarizer::Score& s) {
    return s.rank * s.position * s.quote * s.terminal * s.brevity * s.length * s.names * s.figures *
           s.topic;
  };
  for (const auto& s : e.scores) best = std::max(best, product(s));
  for (const auto& s : e.scores) EXPECT_NEAR(s.score, product(s) / best, 1e-12);
}

TEST(ExplanationPage, FetchesNothingAndEscapesTheText) {
  const std::string page = to_html(explained());
  EXPECT_THAT(page, HasSubstr("Smith &amp; Sons &lt;owners&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("<owners>")));
  // The name of SVG's vocabulary is not even needed within HTML.
  EXPECT_FALSE(std::regex_search(page, std::regex("https?://|src=|@import|url\\(|<link")));
}

TEST(ExplanationPage, HasEverySentenceInGraphStoryAndRanking) {
  const Explanation e = explained();
  const std::string page = to_html(e);
  EXPECT_EQ(count(page, "<g class='node "), 4U);
  EXPECT_EQ(count(page, "<tr class="), 4U);
  EXPECT_EQ(count(page, "<sup>"), 4U);
  EXPECT_EQ(count(page, "<p>"), 4U);  // Every sentence is a line of its own.
  EXPECT_GT(count(page, "<path class=arc"), 0U);
}

TEST(ExplanationPage, OfNothingSaysSo) {
  const std::string page = to_html(explain("", "", "en", {}));
  EXPECT_THAT(page, HasSubstr("The text has no sentences."));
  EXPECT_THAT(page, Not(HasSubstr("<h2>The ranking")));  // No empty frames.
}

TEST(ExplanationGraph, DrawsOnlyTheLikestOfManyNeighbours) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "The mill of Harlow burned again in year " + std::to_string(1800 + i) + ".\n";
  const std::string svg = graph_svg(explain("", text, "en", {}));
  EXPECT_EQ(count(svg, "<g class='node "), 200U);
  EXPECT_LE(count(svg, "<path class=arc"), 600U);
  EXPECT_LE(count(svg, "<text "), 43U);  // Every fifth, and the picks.
  EXPECT_GE(count(svg, "<text "), 37U);
}

}  // namespace
}  // namespace nutgraf::tool
