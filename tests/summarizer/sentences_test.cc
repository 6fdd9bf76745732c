#include "summarizer/sentences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {
namespace {

using Strings = std::vector<std::string>;

struct Case {
  std::string what;
  std::string language;
  Strings sentences;  ///< Joined by spaces they are the text.
};

std::string joined(const Strings& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : " ") + part;
  return out;
}

class SplitSentences : public testing::TestWithParam<Case> {};

TEST_P(SplitSentences, CutsWhereAReaderWould) {
  const Case& c = GetParam();
  EXPECT_EQ(split_sentences(joined(c.sentences), c.language), c.sentences);
}

TEST(SplitLines, ALineThatEndsASentenceIsNotWrapped) {
  EXPECT_EQ(split_sentences("The mill\nburned down.", "en").size(), 1U);
  EXPECT_EQ(split_sentences("The mill burned down.\nal-Shabaab said it was not theirs.", "en"),
            (Strings{"The mill burned down.", "al-Shabaab said it was not theirs."}));
}

const Case kCases[] = {
    {"Plain", "en", {"The mill burned down.", "Was anyone hurt?", "Nobody was!"}},
    {"Title", "en", {"Mr. Harlow met Sen. Ode and Gen. Pike.", "Dr. Lund was away."}},
    {"Initials", "en", {"Ann K. Harlow wrote to J. R. Moss.", "He never answered."}},
    {"InitialThenPronoun", "en", {"The fruit has plenty of vitamin C.", "He eats it daily."}},
    {"Acronym", "en", {"The U.S. Navy left the U.K. on Friday.", "It sailed north."}},
    {"AcronymEnds", "en", {"They moved to the U.S.", "The family stayed."}},
    {"Company", "en", {"Holt Inc. and Marsh Co. merged.", "Shares rose."}},
    {"Decimal", "en", {"It fell by 3.5 percent to $1.20 a share.", "Traders shrugged."}},
    {"Number", "en", {"He lives at No. 7 Mill Lane.", "She does not."}},
    {"Time", "en", {"The quake struck at 5 p.m. Monday near the coast.", "It was brief."}},
    {"TimeEnds", "en", {"The doors of the hall close at 5 p.m.", "The show starts later."}},
    {"Date", "en", {"It opened on Jan. 5 in the old town.", "Thousands came."}},
    {"Quotation", "en", {"\"It is over. We go home now,\" said Moss.", "The crowd left."}},
    {"QuotedQuestion", "en", {"\"Why us?\" Moss asked.", "No one knew."}},
    {"Brackets", "en", {"The plan (it failed. twice) is back.", "Few believe in it."}},
    {"Ellipsis", "en", {"He paused ... and went on.", "Then he left."}},
    {"Exclaimed", "en", {"Run!", "They ran?!", "They did."}},
    {"Dash", "en", {"He came. -- and saw.", "He left."}},
    {"List", "en", {"1. Wash the rice.", "2. Boil the water.", "3. Wait."}},
    {"ListOfSeveralSentences",
     "en",
     {"1. Wash the rice.", "It is dusty.", "2. Boil the water.", "Wait."}},
    {"Web", "en", {"See example.com for more.", "It is free."}},
    {"TimeZones", "en", {"Polls close at 8 p.m. ET/PT.", "It rose by 4 p.m. New York time."}},
    {"TimeEndsBeforeAName", "en", {"The hall was empty at 9 a.m.", "Moss left it at ten."}},
    {"TitleAfterAPrefix",
     "en",
     {"He beat then-Sen. Ann Lund and then-U.S. envoy Moss.", "It ended."}},
    {"PartyEndsAName", "en", {"\"It is over,\" said Ann Lund, D-Md.", "\"We lost. It hurts.\""}},
    {"Nickname", "en", {"The singers J.P. \"The Big Bell\" Moss and Ann Lund died.", "Many wept."}},
    {"QuotationAfterAnAcronym", "en", {"They left the U.S.", "\"The war is over,\" Moss said."}},
    {"SpeakerWithATitle", "en", {"\"Would he support that?\" Mr. Moss asked.", "He would."}},
    {"NoSpeakerAfterAnd", "en", {"He said, \"We go.\"", "And Dr. Moss said, \"We stay.\""}},
    {"CommaAfterAStop", "en", {"They took the drug Abin. , which has helped few.", "It is new."}},
    {"StrayClosingMark", "en", {"“It has to work. ”", "Moss had no doubt."}},
    {"German", "de", {"Am 3. Mai traf Dr. Vogel z. B. den Bürgermeister.", "Der war froh."}},
    {"GermanOrdinalEnds", "de", {"Sie wurde Vierte mit 12.", "Der Sieger hatte 20."}},
    {"GermanOrdinals",
     "de",
     {"Am 1. und 2. Februar tagt der Rat der Stadt.", "Vom 6. - 7. März ruht er.",
      "Im 17. und 18. Jahrhundert war der Ort reich.", "Die 20. WM kommt nach der 19. WM."}},
    {"GermanList", "de", {"Es gilt:", "1. Wasser kochen;", "2. Reis waschen."}},
    {"GermanVersus", "de", {"Der Abend Moss vs. Lund war lt. Polizei ruhig.", "Er endete spät."}},
    {"FrenchMarks",
     "fr",
     {"Il a dit : « C'est fini. On part. »", "Elle partait.", "« Vraiment ? » dit-il."}},
    {"French", "fr", {"M. Durand a vu Mme. Petit.", "Elle partait."}},
    {"Spanish", "es", {"El Sr. Ruiz llegó tarde.", "¿Qué pasó?", "Nadie lo sabe."}},
    {"Italian", "it", {"Il dott. Neri è partito.", "La città dorme."}},
    {"Russian", "ru", {"Завод стоит на ул. Мира в г. Орле.", "Он закрыт."}},
    {"Greek", "el", {"Τι έγινε;", "Τίποτα."}},
    {"UnknownLanguage", "und", {"Mr. Moss left.", "She stayed."}},
    {"LanguageWithoutLists", "sw", {"Habari ya leo.", "Ni nzuri."}},
};

INSTANTIATE_TEST_SUITE_P(Table, SplitSentences, testing::ValuesIn(kCases),
                         [](const auto& tested) { return tested.param.what; });

TEST(Sentences, ScriptsWithoutSpacesNeedNone) {
  EXPECT_EQ(split_sentences("火事があった。誰もいなかった！本当？はい。", "ja"),
            (Strings{"火事があった。", "誰もいなかった！", "本当？", "はい。"}));
}

TEST(Sentences, AParagraphEndsOne) {
  EXPECT_EQ(split_sentences("Mill burns\nThe mill burned down.", "en"),
            (Strings{"Mill burns", "The mill burned down."}));
}

TEST(Sentences, AWrappedLineDoesNot) {
  EXPECT_EQ(split_sentences("The mill burned\ndown on Friday.", "en"),
            Strings{"The mill burned down on Friday."});
}

TEST(Sentences, MendsALostSpace) {
  EXPECT_EQ(split_sentences("The dog ran.The man did not.", "en"),
            (Strings{"The dog ran.", "The man did not."}));
  EXPECT_EQ(split_sentences("Write to ann@mill.Com now.", "en").size(), 1U);
}

TEST(Sentences, SqueezesWhiteSpaceAndKnowsWhereItWas) {
  const std::string text = "  One\u00A0 two.\t Three  four. ";
  const Pieces split_text = split(text, "en");
  const std::vector<Piece>& pieces = split_text.all;
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(encode(pieces[0].passage.text()), "One two.");
  EXPECT_EQ(text.substr(pieces[0].begin, pieces[0].end - pieces[0].begin), "One\u00A0 two.");
  EXPECT_EQ(text.substr(pieces[1].begin, pieces[1].end - pieces[1].begin), "Three  four.");
}

TEST(Sentences, OfNothingAreNone) {
  EXPECT_TRUE(split_sentences("", "en").empty());
  EXPECT_TRUE(split_sentences(" \n\t\n ", "en").empty());
}

std::string without_space(const std::string& text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c != ' ' && c != '\n'; });
  return out;
}

TEST(Sentences, LoseNothing) {
  // Every marks-and-letters soup comes back whole.
  const std::vector<std::string> alphabet{"a", "B",  ".", " ", "!", "?", "\"", "'", "(",
                                          ")", "\n", ",", "-", "1", "“", "”",  "é", "火"};
  std::uint64_t state = 7;
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (int i = 0; i < 60; ++i) {
      state = state * 6364136223846793005 + 1442695040888963407;
      text += alphabet[(state >> 33) % alphabet.size()];
    }
    std::string back;
    for (const std::string& s : split_sentences(text, "en")) back += without_space(s);
    EXPECT_EQ(back, without_space(text));
  }
}

}  // namespace
}  // namespace nutgraf::summarizer
