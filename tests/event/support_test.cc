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
    {"a figure more in the witness", "The flood closed schools in the whole valley for a week.",
     "The flood of 2 May closed 14 schools in the whole valley for a week.", true},
};

INSTANTIATE_TEST_SUITE_P(Sentences, Supports, testing::ValuesIn(kCases),
                         [](const testing::TestParamInfo<Case>& of) {
                           std::string name = of.param.what;
                           for (char& c : name) c = c == ' ' ? '_' : c;
                           return name;
                         });

TEST(Statement, HasClausesOfThreeStemsAndMore) {
  const Statement said = statement(
      "On Monday, the council approved the new harbour bridge, and opponents promised to sue.");
  EXPECT_EQ(said.clauses.size(), 2u);
}

}  // namespace
}  // namespace nutgraf
