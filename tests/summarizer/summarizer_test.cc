#include "summarizer/summarizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/summarizer/story.h"

namespace nutgraf::summarizer {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr Document kStory{.title = {}, .text = test::kStory, .language = "en"};

TEST(Analyse, FindsSentencesWordsAndFlags) {
  const Analysis a = analyse(kStory);
  ASSERT_THAT(a.sentences, SizeIs(9));
  EXPECT_THAT(a.sentences[0].text, StartsWith("The old mill of Harlow"));  // No dateline.
  EXPECT_EQ(a.sentences[0].begin, 0U);                                     // But in the source.
  EXPECT_TRUE(a.sentences[1].leaning);
  EXPECT_EQ(a.sentences[3].why, "short");
  EXPECT_TRUE(a.sentences[6].leaning);
  EXPECT_TRUE(a.sentences[8].bad);
  for (std::size_t i = 0; i < a.sentences.size(); ++i) {
    for (const Word& w : a.words_of(i)) EXPECT_EQ(a.spelling(i, w).size(), w.size);
  }
  EXPECT_EQ(a.words.size(), a.sentences.back().words_end);
}

TEST(Analyse, CountsFiguresAsWhiteSpaceSeparatesThem) {
  const auto figures = [](const char* sentence) {
    return analyse({.title = {}, .text = sentence, .language = "en"}).sentences.at(0).figures;
  };
  EXPECT_EQ(figures("The mill burned down on Friday."), 0);
  EXPECT_EQ(figures("Some 1,200 of the 3.5m tiles fell by 9:30 am."), 3);
  EXPECT_EQ(figures("Harlow won 2-1 in 2014-15, and 4 5 6 is no score."), 5);
  EXPECT_EQ(figures("3 men."), 1);
}

TEST(Score, FiguresGainByTheirShareOfTheWords) {
  const Analysis a = analyse({.title = {},
                              .text = "The mill of Harlow burned down on Friday night again.\n"
                                      "About 20 men fought the fire of Harlow until Saturday noon "
                                      "and then they all of them left it.\n"
                                      "The fire took 20 of them 9 hours and 3 pumps.\n",
                              .language = "en"});
  const std::vector<Score> scores = score_sentences(a);
  ASSERT_THAT(scores, SizeIs(3));
  EXPECT_DOUBLE_EQ(scores[0].figures, 1);
  EXPECT_DOUBLE_EQ(scores[1].figures, 1 + 4.0 / a.sentences[1].length);
  EXPECT_DOUBLE_EQ(scores[2].figures, 1.4);  // At most: three of ten words are more than enough.
}

TEST(Score, NamesGainAndQuotationsAndLooseEndsLose) {
  const Analysis a = analyse({.title = {},
                              .text = "The old mill burned down at night and nobody was hurt.\n"
                                      "The old mill of Harlow was left by Ann Moss to Bob Lund.\n"
                                      "\"The old mill was empty,\" a man of the brigade said.\n"
                                      "The old mill as it was seen from the other bank\n",
                              .language = "en"});
  const std::vector<Score> scores = score_sentences(a);
  ASSERT_THAT(scores, SizeIs(4));
  EXPECT_DOUBLE_EQ(scores[0].names * scores[0].quote * scores[0].terminal, 1);
  EXPECT_GT(scores[1].names, 1);
  EXPECT_LT(scores[2].quote, 1);
  EXPECT_DOUBLE_EQ(scores[2].terminal, 1);
  EXPECT_LT(scores[3].terminal, 1);
  EXPECT_DOUBLE_EQ(scores[3].quote, 1);
}

TEST(Score, WordsThatOtherSentencesHaveAreItsTopic) {
  // A language without stop words and frequencies: every word weighs the same.
  const Analysis a = analyse({.title = {},
                              .text = "Abba ceda efga hiki.\nCeda lomo abba.\nNupu rusu nupu.\n",
                              .language = "qq"});
  const std::vector<Score> scores = score_sentences(a);
  ASSERT_THAT(scores, SizeIs(3));
  EXPECT_NEAR(scores[0].topic, 1 + 0.5 * 2 / 4, 1e-12);
  EXPECT_NEAR(scores[1].topic, 1 + 0.5 * 2 / 3, 1e-12);
  EXPECT_DOUBLE_EQ(scores[2].topic, 1);  // That it repeats itself does not count.
}

TEST(Score, ALongSentenceLoses) {
  std::string longer = "The old mill burned down";
  for (int i = 0; i < 10; ++i) longer += ", and the river rose";
  const Analysis a = analyse({.title = {},
                              .text = "The old mill burned down at night.\n" + longer + ".\n",
                              .language = "en"});
  const std::vector<Score> scores = score_sentences(a);
  ASSERT_THAT(scores, SizeIs(2));
  EXPECT_DOUBLE_EQ(scores[0].length, 1);
  EXPECT_LT(scores[1].length, 1);
}

TEST(Likenesses, AreThoseOfSentencesThatAreAlike) {
  const Analysis a = analyse({.title = {},
                              .text = "The old mill burned down in Harlow.\n"
                                      "Nobody expected rain on Sunday evening.\n"
                                      "The old mill of Harlow had burned before.\n",
                              .language = "en"});
  const std::vector<Likeness> alike = likenesses(a, 0.3);
  ASSERT_THAT(alike, SizeIs(1));
  EXPECT_EQ(alike[0].a, 0);
  EXPECT_EQ(alike[0].b, 2);
  EXPECT_GE(alike[0].cosine, 0.3);
}

TEST(Score, OfOtherMethodsIsTheirRank) {
  for (const Method method : {Method::kTextRank, Method::kLexRank}) {
    for (const Score& s : score_sentences(analyse(kStory), {.method = method})) {
      EXPECT_EQ(s.figures * s.topic * s.names * s.position, 1);
    }
  }
}

TEST(Summarize, GivesWholeSentencesInTheOrderOfTheText) {
  const Summary s = summarize(kStory);
  ASSERT_THAT(s.sentences, SizeIs(3));
  const std::string text = test::kStory;
  int last = -1;
  for (const Pick& p : s.sentences) {
    EXPECT_THAT(text, HasSubstr(p.text));
    EXPECT_GT(p.position, last);
    last = p.position;
  }
  EXPECT_EQ(s.sentences[0].position, 0);
  EXPECT_EQ(s.sentences[0].rank, 0);
  EXPECT_DOUBLE_EQ(s.sentences[0].score, 1);
  EXPECT_THAT(s.text, Not(HasSubstr("(AP)")));
  EXPECT_EQ(s.text, s.sentences[0].text + " " + s.sentences[1].text + " " + s.sentences[2].text);
}

TEST(Summarize, NeverOpensWithWhatLeans) {
  for (int n = 1; n <= 5; ++n) {
    const Analysis a = analyse(kStory);
    const Summary s = summarize(a, {.budget = {.sentences = n}});
    int before = -2;
    for (const Pick& p : s.sentences) {
      if (a.sentences[static_cast<std::size_t>(p.position)].leaning) {
        EXPECT_EQ(p.position, before + 1);
      }
      before = p.position;
    }
  }
}

TEST(Summarize, KeepsToItsBudget) {
  EXPECT_THAT(summarize(kStory, {.budget = {.sentences = 1}}).sentences, SizeIs(1));
  EXPECT_THAT(summarize(kStory, {.budget = {.sentences = 0}}).sentences, SizeIs(0));
  EXPECT_THAT(summarize(kStory, {.budget = {.sentences = 99}}).sentences, SizeIs(9));
  const Summary words = summarize(kStory, {.budget = {.sentences = 0, .words = 20}});
  EXPECT_THAT(words.sentences, SizeIs(2));  // The first has 19.
}

TEST(Summarize, OfNothingIsEmpty) {
  for (const Method method : {Method::kNutgraf, Method::kTextRank, Method::kLexRank}) {
    for (const char* text : {"", " \n ", "..."}) {
      const Summary s =
          summarize({.title = {}, .text = text, .language = "en"}, {.method = method});
      EXPECT_LE(s.sentences.size(), 1U);
    }
  }
  EXPECT_EQ(summarize(Document{}).text, "");
}

TEST(Summarize, EveryMethodRanksTheStory) {
  for (const Method method : {Method::kNutgraf, Method::kTextRank, Method::kLexRank}) {
    const Analysis a = analyse(kStory);
    double sum = 0;
    for (const Score& s : score_sentences(a, {.method = method})) sum += s.rank;
    EXPECT_NEAR(sum, 1, 1e-9);
    EXPECT_THAT(summarize(a, {.method = method}).sentences, SizeIs(3));
  }
}

TEST(Summarize, DoesNotRepeatTheTitle) {
  const std::string text =
      std::string("Old mill of Harlow burns down in the night.\n\n") + test::kStory;
  const Document document{
      .title = "Old mill of Harlow burns down in the night", .text = text, .language = "en"};
  EXPECT_EQ(analyse(document).sentences[0].why, "repeats the title");
  EXPECT_THAT(summarize(document).text, Not(HasSubstr("burns down in the night")));
}

TEST(Summarize, IsDeterministic) { EXPECT_EQ(summarize(kStory).text, summarize(kStory).text); }

TEST(Summarize, JoinsJapaneseWithoutSpaces) {
  const Summary s = summarize(
      {.title = {},
       .text = "東京の古い工場で金曜日の夜に火事がありました。警察によると二人が行方不明です。"
               "工場は来年博物館になる予定でした。",
       .language = "ja"});
  ASSERT_THAT(s.sentences, SizeIs(3));
  EXPECT_THAT(s.text, Not(HasSubstr(" ")));
}

struct Foreign {
  const char* language;
  const char* text;
};

class SummarizeLanguage : public testing::TestWithParam<Foreign> {};

TEST_P(SummarizeLanguage, WorksAndIsDetected) {
  const Summary s = summarize({.title = {}, .text = GetParam().text, .language = {}},
                              {.budget = {.sentences = 2}});
  EXPECT_THAT(s.sentences, SizeIs(2));
  EXPECT_EQ(detect_language(GetParam().text), GetParam().language);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SummarizeLanguage,
    testing::Values(
        Foreign{"de",
                "Die alte Mühle von Harlow ist in der Nacht abgebrannt. Zwei Arbeiter werden nach "
                "dem Brand der Mühle noch vermisst. Der Bürgermeister will das Museum trotzdem "
                "bauen."},
        Foreign{"fr",
                "Le vieux moulin de Harlow a brûlé dans la nuit de vendredi. Deux ouvriers du "
                "moulin sont encore portés disparus. Le maire veut tout de même construire le "
                "musée."},
        Foreign{"es",
                "El viejo molino de Harlow ardió en la noche del viernes. Dos obreros del molino "
                "siguen desaparecidos. El alcalde quiere construir el museo de todos modos."},
        Foreign{"ru",
                "Старая мельница в Харлоу сгорела в ночь на субботу. Двое рабочих мельницы пропали "
                "без вести. Мэр города всё равно хочет построить музей."}),
    [](const auto& tested) { return tested.param.language; });

constexpr std::string_view kTwoSubjects =
    "The council of Harlow met on Monday night. The council approved the budget of the town. The "
    "budget of the town grows by a tenth. Rents at the harbour doubled within a year. Boats left "
    "the harbour for other towns. The council meets again in June.";

Summary about(const std::string& query, Method method = Method::kNutgraf) {
  return summarize(
      Document{.title = "Boats leave the harbour", .text = kTwoSubjects, .language = "en"},
      {.method = method, .budget = {.sentences = 2}, .query = query});
}

TEST(Query, DrawsTheSummaryToItsSubject) {
  EXPECT_EQ(about("").sentences[0].position, 0);
  for (const Method method : {Method::kNutgraf, Method::kLexRank}) {
    const Summary s = about("What happens to boats in the harbour?", method);
    ASSERT_EQ(s.sentences.size(), 2U);
    EXPECT_EQ(s.sentences[0].position, 3) << s.text;
    EXPECT_EQ(s.sentences[1].position, 4) << s.text;
  }
}

TEST(Query, OfWordsThatTheTextLacksChangesNothing) {
  EXPECT_EQ(about("zebra").text, about("").text);
  EXPECT_EQ(about("the of and").text, about("").text);
}

TEST(Query, CanBeTheTitle) {
  const Document document{
      .title = "Boats leave the harbour", .text = kTwoSubjects, .language = "en"};
  const Summary s = summarize(document, {.budget = {.sentences = 2}, .by_title = true});
  EXPECT_EQ(s.text, about("Boats leave the harbour").text);
  EXPECT_NE(s.text, about("").text);
}

}  // namespace
}  // namespace nutgraf::summarizer
