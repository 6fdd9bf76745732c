#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Document kReports[] = {
    {.title = {},
     .text =
         "The old mill of Harlow burned down on Friday night. A dog show opened in the town hall "
         "on the same day.",
     .language = "en"},
    {.title = {},
     .text = "Fire destroyed the old mill in Harlow on Friday, police said. Ticket prices of the "
             "railway will rise next year.",
     .language = "en"},
    {.title = {},
     .text =
         "Police in Harlow look for two workers after the mill burned on Friday. The weather was "
         "mild for the season.",
     .language = "en"},
};

TEST(Cluster, PrefersWhatSeveralReportsSay) {
  const Summary s = summarize_cluster(kReports, {.budget = {.sentences = 2}});
  ASSERT_THAT(s.sentences, SizeIs(2));
  for (const Pick& p : s.sentences) EXPECT_EQ(p.position, 0) << p.text;
  EXPECT_LT(s.sentences[0].document, s.sentences[1].document);
  EXPECT_THAT(s.text, HasSubstr("mill"));
}

TEST(Cluster, OfOneOrNoneIsNoSpecialCase) {
  EXPECT_THAT(summarize_cluster(std::span<const Document>{}, {}).sentences, IsEmpty());
  EXPECT_THAT(summarize_cluster(std::span(kReports).first(1), {}).sentences, SizeIs(2));
  const Document empty[2];
  EXPECT_THAT(summarize_cluster(empty, {}).sentences, IsEmpty());
}

TEST(Cluster, IsTheSameOverAnalyses) {
  std::vector<Analysis> analyses;
  for (const Document& d : kReports) analyses.push_back(analyse(d));
  const Analysis* pointers[] = {&analyses[0], &analyses[1], &analyses[2]};
  EXPECT_EQ(summarize_cluster(pointers, {}).text, summarize_cluster(kReports, {}).text);
}

TEST(Cluster, TakesTheFirstSentencesOfVeryManyDocuments) {
  std::string text;
  for (int i = 0; i < 50; ++i)
    text += "The old mill number " + std::to_string(i) + " burned down. ";
  const std::vector<Document> many(300, Document{.title = {}, .text = text, .language = "en"});
  const Summary s = summarize_cluster(many, {.budget = {.sentences = 5}});
  EXPECT_THAT(s.sentences, SizeIs(5));
  for (const Pick& p : s.sentences) EXPECT_LT(p.position, 2);  // 600 / 300
}

}  // namespace
}  // namespace nutgraf::summarizer
