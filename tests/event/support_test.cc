#include "daemon/event/support.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

Statement statement(std::string_view sentence) {
  const summarizer::Analysis analysis = summarizer::analyse({{}, sentence, "en"});
  EXPECT_EQ(analysis.sentences.size(), 1u) << sentence;
  return statement_of(analysis, 0);
}

struct Case {
  const char* what;
  const char* claim;
  const char* witness;
  bool supported;
};

class Supports : public testing::TestWithParam<Case> {};

TEST_P(Supports, JudgesByFiguresNamesAndClauses) {
  EXPECT_EQ(supports(statement(GetParam().witness), statement(GetParam().claim)),
            GetParam().supported);
}

constexpr Case kCases[] = {
    {"the same words", "The warehouse fire in Port Merrin killed nine dock workers on Tuesday.",
     "The warehouse fire in Port Merrin killed nine dock workers on Tuesday.", true},
    {"a figure in digits", "The warehouse fire in Port Merrin killed nine dock workers.",
     "A fire at a warehouse in Port Merrin killed 9 dock workers, the mayor said.", true},
    {"another figure", "The warehouse fire in Port Merrin killed nine dock workers.",
     "The warehouse fire in Port Merrin killed 12 dock workers.", false},
    {"no figure", "The warehouse fire in Port Merrin killed nine dock workers.",
     "The warehouse fire in Port Merrin killed dock workers.", false},
    {"another town", "The fire at the Merrin harbour destroyed a warehouse and two cranes.",
     "The fire at the Lundt harbour destroyed a warehouse and two cranes.", false},
    {"names of the event alone", "President Arda Venn met Chancellor Ilse Moor in Lundt to end it.",
     "Chancellor Ilse Moor and President Arda Venn both once studied in Lundt.", false},
    {"a clause more",
     "The council approved the new harbour bridge, and opponents promised to take the plan to "
     "court within a month.",
     "The council approved the new harbour bridge after a long night of debate.", false},
    {"less than the witness", "The council approved the plan for a new harbour bridge.",
     "The council approved the plan for a new harbour bridge, and opponents promised to sue.",
     true},
    {"too little to tell", "The bridge is open.", "The bridge is open.", false},
    {"a quotation under another name",
     "\u201cWith due respect, I wholly disagree with the plan for the old bridge,\u201d President "
     "Otto Kern said on Wednesday.",
     "\u201cWith due respect, I wholly disagree with the new plan for the old bridge,\u201d wrote "
     "the "
     "leader of the party, O. Kern.",
     true},
    {"a quotation in straight marks",
     "\"In a wild scene, a helicopter flew low over the park as 150 to 200 guards moved in,\" the "
     "Merrin Courier reported from Lundt.",
     "In a wild scene, a helicopter flew low over the park as 150 to 200 guards moved in.", true},
    {"a quotation with another figure",
     "\"In a wild scene, a helicopter flew low over the park as 150 to 200 guards moved in,\" the "
     "Merrin Courier reported from Lundt.",
     "In a wild scene, a helicopter flew low over the park as 400 guards moved in.", false},
    {"a few quoted words in a longer claim",
     "The mayor of Merrin, who had promised a bridge and a school before the vote, called the "
     "long night of the harbour workers a \u201cdark hour of our old town\u201d and left for "
     "Lundt.",
     "It was a dark hour of our old town, the guards said.", false},
    {"what the witness denies", "The state lists the harbour gang of Merrin among armed bands.",
     "The state did not put the harbour gang of Merrin on the list of armed bands.", false},
    {"denied elsewhere in the witness",
     "The state lists the harbour gang of Merrin among armed bands.",
     "The state lists the harbour gang of Merrin among armed bands, but will not seize its boats.",
     true},
    {"both deny", "The state will not list the harbour gang of Merrin among armed bands.",
     "The state will not list the harbour gang of Merrin among the armed bands.", true},
    {"a figure more in the witness", "The flood closed schools in the whole valley for a week.",
     "The flood of 2 May closed 14 schools in the whole valley for a week.", true},
};

INSTANTIATE_TEST_SUITE_P(Sentences, Supports, testing::ValuesIn(kCases),
                         [](const testing::TestParamInfo<Case>& of) {
                           std::string name = of.param.what;
                           for (char& c : name) c = c == ' ' ? '_' : c;
                           return name;
                         });

TEST(Statement, HasWhatIsQuoted) {
  EXPECT_EQ(
      statement("The \u201cold bridge\u201d of Lundt is \u201cclosed\u201d today.").quote.size(),
      3u);
  EXPECT_EQ(statement("He said \"the bridge is closed\" and left.").quote.size(), 2u);
  EXPECT_EQ(statement("The bridge is closed.").quote.size(), 0u);
  EXPECT_EQ(
      statement("\u201cThe bridge of Lundt is closed and will stay so for years.").quote.size(),
      5u);
}

TEST(Statement, HasClausesOfThreeStemsAndMore) {
  const Statement said = statement(
      "On Monday, the council approved the new harbour bridge, and opponents promised to sue.");
  EXPECT_EQ(said.clauses.size(), 2u);
}

// A megabyte in which no clause ever has the stems of one: were each read with all that stand
// before it, this took longer than a test may.
TEST(Statement, OfManyClausesThatSayNothingIsReadOnce) {
  std::string text;
  for (int i = 0; i < 174'000; ++i) text += "10:30 ";
  EXPECT_EQ(statement(text).clauses.size(), 1u);
  text = "The mill burned";
  for (int i = 0; i < 174'000; ++i) text += ", mill";
  EXPECT_EQ(statement(text + ".").clauses.size(), 1u);
}

TEST(Statement, OfLettersThatAreReadInPairsIsReadOnce) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "火";
  EXPECT_LE(statement(text).clauses.size(), 1u);
}

}  // namespace
}  // namespace nutgraf
