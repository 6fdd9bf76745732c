#include "daemon/event/figures.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nutgraf {
namespace {

struct Case {
  const char* sentence;
  const char* what;  ///< Empty: the sentence gives no figure.
  double value;
};

class FiguresOf : public testing::TestWithParam<Case> {};

TEST_P(FiguresOf, ReadsWhatIsCountedAndNothingElse) {
  const Case& c = GetParam();
  const std::vector<Figure> figures = figures_of(c.sentence);
  if (*c.what == '\0') {
    EXPECT_TRUE(figures.empty()) << c.sentence << ": " << figures[0].what;
    return;
  }
  ASSERT_EQ(figures.size(), 1u) << c.sentence;
  EXPECT_EQ(figures[0].what, c.what) << c.sentence;
  EXPECT_DOUBLE_EQ(figures[0].value, c.value) << c.sentence;
}

INSTANTIATE_TEST_SUITE_P(
    Counts, FiguresOf,
    testing::Values(
        Case{"Nine people were killed in the blast.", "killed", 9},
        Case{"At least 14 were injured.", "injured", 14},
        Case{"A bomb killed 23 people in the market.", "killed", 23},
        Case{"The collapse, killing at least 5, came at noon.", "killed", 5},
        Case{"The death toll rose to 1,204 on Monday.", "killed", 1204},
        Case{"Police arrested 31 protesters.", "arrested protesters", 31},
        Case{"Two firefighters were hurt.", "injured firefighters", 2},
        Case{"12 workers are missing after the flood.", "missing workers", 12},
        Case{"Twenty-three soldiers died at the bridge.", "killed soldiers", 23},
        Case{"Two hundred passengers were rescued from the ferry.", "rescued passengers", 200},
        Case{"Some 4,000 residents were evacuated overnight.", "evacuated residents", 4000},
        Case{"A gunman wounded seven others at the station.", "injured", 7}));

INSTANTIATE_TEST_SUITE_P(
    Measures, FiguresOf,
    testing::Values(Case{"The damage was put at $1.2 million.", "money (USD)", 1.2e6},
                    Case{"The club paid £50m for him.", "money (GBP)", 50e6},
                    Case{"Ministers promised 300 euros a household.", "money (EUR)", 300},
                    Case{"The quake struck 30 miles north of Lundt.", "distance (miles)", 30},
                    Case{"The slick is 2.5 kilometres long.", "distance (km)", 2.5}));

INSTANTIATE_TEST_SUITE_P(
    NoCounts, FiguresOf,
    testing::Values(Case{"In 2014 people were killed.", "", 0},
                    Case{"A blast killed 40 people in September.", "", 0},
                    Case{"In September, 40 people were killed.", "", 0},
                    Case{"He died aged 84.", "", 0}, Case{"A 14-year-old boy was killed.", "", 0},
                    Case{"A similar blast killed 40 people.", "", 0},
                    Case{"It was the worst crash since one that killed 40 people.", "", 0},
                    Case{"Ninety people were killed last year.", "", 0},
                    Case{"40 percent were injured.", "", 0}, Case{"Hundreds were arrested.", "", 0},
                    Case{"40% of people were injured.", "", 0},
                    Case{"Between 10 and 15 people were killed.", "", 0},
                    Case{"10 to 15 people were killed.", "", 0},
                    Case{"Three men and two women were arrested.", "", 0},
                    Case{"The raid killed three men and two women.", "", 0},
                    Case{"Two of them were injured.", "", 0},
                    Case{"Another 12 were injured.", "", 0},
                    Case{"Nine gunmen killed a guard.", "", 0},
                    Case{"The blaze could have killed 200 people.", "", 0},
                    Case{"Twelve people are feared dead.", "", 0},
                    Case{"Nine were killed here and six were killed there.", "", 0},
                    Case{"The road is 12 miles long and 8 miles from here.", "", 0},
                    Case{"Prices start at $1, 199 in spaced text.", "", 0},
                    Case{"The limit is 30 km/h.", "", 0}, Case{"The 9 dogs barked.", "", 0},
                    Case{"", "", 0}));

TEST(FiguresOf, KeepsTheWordingAndThePlace) {
  const std::string sentence = "Repairs will cost about €3.5 million, the port said.";
  const std::vector<Figure> figures = figures_of(sentence);
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_TRUE(figures[0].hedged);
  EXPECT_DOUBLE_EQ(figures[0].grain, 1e5);
  EXPECT_EQ(sentence.substr(figures[0].begin, figures[0].end - figures[0].begin), "€3.5 million");
}

TEST(FiguresOf, SurvivesAnyBytes) {
  for (const char* sentence :
       {"$", "$5", "9", "9 killed", "killed 9", "killed", "5m", "\xff 9 \xfe", "9 and", "at least",
        "toll to 9", "death toll", "12:30 killed"}) {
    for (const Figure& figure : figures_of(sentence)) {
      EXPECT_LE(figure.begin, figure.end);
      EXPECT_LE(figure.end, std::string(sentence).size());
    }
  }
}

Figure people(double value, double grain = 1) {
  return {Figure::Kind::kPeople, "killed", value, grain, false, false, 0, 0};
}
Figure at_least(double value) {
  Figure figure = people(value);
  figure.at_least = true;
  return figure;
}
Figure about(double value) {
  Figure figure = people(value);
  figure.hedged = true;
  return figure;
}
Figure money(double value, double grain) {
  return {Figure::Kind::kMoney, "money (USD)", value, grain, false, false, 0, 0};
}

TEST(Agree, FollowsTheWording) {
  EXPECT_TRUE(agree(people(9), people(9)));
  EXPECT_FALSE(agree(people(9), people(12)));
  EXPECT_TRUE(agree(at_least(10), people(15)));
  EXPECT_TRUE(agree(people(15), at_least(10)));
  EXPECT_FALSE(agree(at_least(10), people(16)));
  EXPECT_FALSE(agree(people(10), at_least(15)));
  EXPECT_TRUE(agree(about(100), people(91)));
  EXPECT_FALSE(agree(about(100), people(85)));
  EXPECT_TRUE(agree(people(1000, 1000), people(987)));
  EXPECT_FALSE(agree(people(1000, 1000), people(930, 10)));
  EXPECT_TRUE(agree(people(5000, 1000), people(5204)));
  EXPECT_FALSE(agree(people(20, 10), people(18)));
  EXPECT_TRUE(agree(money(1e6, 1e6), money(1.2e6, 1e5)));
  EXPECT_TRUE(agree(money(1.24e6, 1e4), money(1.2e6, 1e5)));
  EXPECT_TRUE(agree(money(104, 1), money(100, 100)));
  EXPECT_FALSE(agree(money(2.1e6, 1e5), money(1.2e6, 1e5)));
}

}  // namespace
}  // namespace nutgraf
