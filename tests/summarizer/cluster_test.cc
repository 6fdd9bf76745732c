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

TEST(Cluster, TakesTheFirstSentencesOfVeryManyDocumentsAndSaysNothingTwice) {
  const std::string text =
      "The old mill of Harlow burned down on Friday. Police look for two workers of the night "
      "shift. Smoke hung over the river for hours afterwards.";
  const std::vector<Document> many(300, Document{.title = {}, .text = text, .language = "en"});
  const Summary s = summarize_cluster(many, {.budget = {.sentences = 5}});
  EXPECT_THAT(s.sentences, SizeIs(2));  // 600 / 300 of each, and all say the same.
  for (const Pick& p : s.sentences) EXPECT_LT(p.position, 2);
}

/// Two reports that share most of what a second sentence says, which leans on its first.
std::vector<Document> reports_with(const std::string& second) {
  static std::string texts[2];
  texts[0] = "A dog show opened in the town hall at noon. " + second;
  texts[1] = "Harlow mourns its old mill and the workers who ran the mill. The weather was mild.";
  return {{.title = {}, .text = texts[0], .language = "en"},
          {.title = {}, .text = texts[1], .language = "en"}};
}

TEST(Cluster, BringsWhatASentenceLeansOnOrIsTornFrom) {
  for (const std::string second : {"But the old mill of Harlow and its workers burned too.",
                                   "\"The old mill of Harlow and the workers are gone.\""}) {
    const Summary s = summarize_cluster(reports_with(second), {.budget = {.words = 30}});
    bool picked = false;
    bool before = false;
    for (const Pick& p : s.sentences) {
      picked = picked || (p.document == 0 && p.position == 1);
      before = before || (p.document == 0 && p.position == 0);
    }
    EXPECT_TRUE(picked && before) << s.text;
    const Summary one = summarize_cluster(reports_with(second), {.budget = {.sentences = 1}});
    ASSERT_THAT(one.sentences, SizeIs(1));
    EXPECT_EQ(one.sentences[0].position, 0) << one.text;
  }
}

TEST(Cluster, TakesNothingThatIsTornFromWhatNobodyCanRead) {
  std::vector<Document> reports(std::begin(kReports), std::end(kReports));
  reports[1].text =
      "HarlowToday\n\nThe police of Harlow say the old mill burned down on Friday \"from two "
      "sides.''";
  for (int sentences = 1; sentences <= 5; ++sentences) {
    for (const Pick& p :
         summarize_cluster(reports, {.budget = {.sentences = sentences}}).sentences) {
      EXPECT_NE(p.text, "HarlowToday") << sentences;
    }
  }
}

TEST(Cluster, BearsLongSentencesWhereThereIsRoomForThem) {
  std::string words;
  for (int i = 0; i < 42; ++i) words += " of";
  const std::string text = "The mill in Harlow burned" + words + " Friday night.";  // 49 words.
  const Document reports[] = {
      {.title = {}, .text = text, .language = "en"},
      {.title = {},
       .text = "Police in Harlow look for workers after the mill burned.",
       .language = "en"},
      {.title = {}, .text = "A dog show opened at noon. It rained all day.", .language = "en"}};
  const Summary roomy = summarize_cluster(reports, {.budget = {.words = 250}});
  const Summary tight = summarize_cluster(reports, {.budget = {.words = 100}});
  const auto score_of = [](const Summary& s) {
    for (const Pick& p : s.sentences) {
      if (p.document == 0) return p.score;
    }
    return 0.0;
  };
  EXPECT_GT(score_of(roomy), 10 * score_of(tight));
}

TEST(Cluster, OpensWithAQuotationIfTheOtherReportsHaveItToo) {
  const Document reports[] = {
      {.title = {},
       .text = "\"The old mill of Harlow has to close on Friday,\" said Ann Lee, the mayor.",
       .language = "en"},
      {.title = {},
       .text = "The old mill of Harlow closes this week, mayor Ann Lee has said.",
       .language = "en"},
      {.title = {},
       .text = "Harlow lost its mill, and workers were told by Ann Lee on Friday.",
       .language = "en"}};
  const Summary s = summarize_cluster(reports, {.budget = {.sentences = 1}});
  ASSERT_THAT(s.sentences, SizeIs(1));
  EXPECT_EQ(s.sentences[0].document, 0) << s.text;
}

}  // namespace
}  // namespace nutgraf::summarizer
