#include "daemon/event/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "daemon/event/number_words.h"

namespace nutgraf {
namespace {

struct Case {
  const char* sentence;
  const char* what;
  double value;
};

class FiguresOf : public testing::TestWithParam<Case> {};

TEST_P(FiguresOf, ReadsWhatIsCountedAndNothingElse) {
  const Case& c = GetParam();
  const std::vector<Figure> figures = figures_of(c.sentence);
  ASSERT_EQ(figures.size(), 1u) << c.sentence;
  EXPECT_EQ(figures[0].what, c.what) << c.sentence;
  EXPECT_DOUBLE_EQ(figures[0].value, c.value) << c.sentence;
}

INSTANTIATE_TEST_SUITE_P(
    People, FiguresOf,
    testing::Values(Case{"Nine people were killed in the blast.", "killed", 9},
                    Case{"At least 14 were injured.", "injured", 14},
                    Case{"A bomb killed 23 people in the market.", "killed", 23},
                    Case{"The collapse, killing at least 5, came at noon.", "killed", 5},
                    Case{"The death toll rose to 1,204 on Monday.", "killed", 1204},
                    Case{"Police arrested 31 protesters.", "arrested protesters", 31},
                    Case{"12 workers are missing after the flood.", "missing workers", 12},
                    Case{"Twenty-three soldiers died at the bridge.", "killed soldiers", 23},
                    Case{"Two hundred passengers were rescued from the ferry.",
                         "rescued passengers", 200},
                    Case{"A gunman wounded seven others at the station.", "injured", 7},
                    Case{"Twelve people were charged with fraud.", "charged", 12},
                    Case{"The storm left 400 people homeless.", "homeless", 400},
                    Case{"The blast killed 12 people, including children.", "killed", 12},
                    Case{"Nine people, including a nurse, were killed.", "killed", 9},
                    Case{"A total of ten people had been killed.", "killed", 10},
                    Case{"The jet fell, killing all 298 people aboard.", "killed", 298}));

INSTANTIATE_TEST_SUITE_P(
    Measures, FiguresOf,
    testing::Values(
        Case{"The damage was put at $1.2 million.", "money (USD)", 1.2e6},
        Case{"The club paid £50m for him.", "money (GBP)", 50e6},
        Case{"Ministers promised 300 euros a household.", "money (EUR a household)", 300},
        Case{"Drivers earn $19 an hour.", "money (USD a hour)", 19},
        Case{"Schools get $9,000 per student.", "money (USD a student)", 9000},
        Case{"The quake struck 30 miles north of Lundt.", "distance (miles)", 30},
        Case{"The limit is 30 km/h.", "speed (km/h)", 30},
        Case{"Winds of 90 miles per hour were felt.", "speed (mph)", 90},
        Case{"The fire has burned 4,200 acres.", "area (acres)", 4200},
        Case{"It covers 12 square miles of forest.", "area (square miles)", 12},
        Case{"Agents found 300 pounds of cocaine.", "weight (pounds)", 300},
        Case{"The standoff lasted for six hours.", "duration (hours)", 6},
        Case{"A 6.1-magnitude quake struck.", "magnitude", 6.1},
        Case{"A quake of magnitude 6.1 struck.", "magnitude", 6.1},
        Case{"One of magnitude 6.1 and then floods came.", "magnitude", 6.1},
        Case{"The port paid $9,000 a day later.", "money (USD)", 9000},
        Case{"A quake measuring 6.1 struck.", "magnitude", 6.1},
        Case{"The quake was 6.1 on the Richter scale.", "magnitude", 6.1},
        Case{"He was sentenced to 18 years.", "prison term (years)", 18},
        Case{"She served four months in federal prison.", "prison term (months)", 4},
        Case{"A judge gave an 18-year sentence.", "prison term (years)", 18},
        Case{"It burned in the 1200 block of East Elm Street.", "block of elm street", 1200},
        Case{"He lived in the 800 block of W. 23rd Street.", "block of 23rd street", 800}));

INSTANTIATE_TEST_SUITE_P(
    Things, FiguresOf,
    testing::Values(Case{"The 9 dogs barked.", "number of dogs", 9},
                    Case{"The blaze destroyed 22 houses near the harbour.", "number of houses", 22},
                    Case{"Nine gunmen killed a guard.", "number of gunmen", 9},
                    Case{"He asked for returns of eight Trump business entities.",
                         "number of entities", 8},
                    Case{"Some 150,000 people packed the square.", "number of people", 150000},
                    Case{"Marsh was shot seven times.", "times shot", 7},
                    Case{"He had been arrested at least four times.", "times arrested", 4}));

INSTANTIATE_TEST_SUITE_P(
    Persons, FiguresOf,
    testing::Values(Case{"Police named Ann Marsh, 34, on Friday.", "age (Marsh)", 34},
                    Case{"Ann Marsh, aged 34, was named.", "age (Marsh)", 34},
                    Case{"The 34-year-old driver Ann Marsh fell.", "age (Marsh)", 34},
                    Case{"Sixty-year-old Ann Lee Marsh was named.", "age (Marsh)", 60},
                    Case{"Ann Marsh, 34, has led the club since 2014.", "age (Marsh)", 34},
                    Case{"Marsh, a mother of three, fell.", "number of own children", 3},
                    Case{"A father of two, Piet Marsh, was named.", "number of own children", 2}));

class NoFigure : public testing::TestWithParam<const char*> {};

TEST_P(NoFigure, IsReadWhereNothingIsCounted) {
  const std::vector<Figure> figures = figures_of(GetParam());
  EXPECT_TRUE(figures.empty()) << GetParam() << ": " << figures[0].what;
}

INSTANTIATE_TEST_SUITE_P(
    OfTheWhole, NoFigure,
    testing::Values("", "Between 10 and 15 people were killed.", "10 to 15 people were killed.",
                    "Three men and two women were arrested.",
                    "The raid killed three men and two women.",
                    "Hosts asked six men and two women to leave.", "Two of them were injured.",
                    "Another 12 were injured.", "Three other boats fled.",
                    "Nine were killed here and six were killed there.",
                    "The road is 12 miles long and 8 miles from here.",
                    "Rain of 8 to 14 inches fell.", "Rain of 15-20 inches fell.",
                    "They earn between $15 and $19 an hour.",
                    "A deal of $140-$150 million was near."));

INSTANTIATE_TEST_SUITE_P(
    OfThisDay, NoFigure,
    testing::Values("In 2014 people were killed.", "A blast killed 40 people in September.",
                    "A similar blast killed 40 people.",
                    "It was the worst crash since one that killed 40 people.",
                    "Ninety people were killed last year.",
                    "He was arrested three times since the blast.", "The vote is in 13 days.",
                    "It came three hours after the blast.", "Crude oil rose to $62.35 a barrel.",
                    "The clip was viewed 28,000 times."));

INSTANTIATE_TEST_SUITE_P(Certain, NoFigure,
                         testing::Values("The blaze could have killed 200 people.",
                                         "Twelve people are feared dead.",
                                         "He could be sentenced to 18 years.",
                                         "One offer is better than eight years and $184 million.",
                                         "A magnitude 6 quake struck.",
                                         "An aftershock of magnitude 4.5 struck.",
                                         "It had quakes of magnitude 3.0 or greater."));

INSTANTIATE_TEST_SUITE_P(
    Counting, NoFigure,
    testing::Values("40 percent were injured.", "40% of people were injured.",
                    "Support rose to 52 percent.", "Hundreds were arrested.", "He died aged 84.",
                    "A 14-year-old boy was killed.", "Fortune 50 companies pay it.",
                    "Two dozen boats fled.", "They ran 12 trains a day.", "The lead was 12 points.",
                    "One dog barked at houses.", "It was 36 degrees overnight.",
                    "Prices start at $1, 199 in spaced text.",
                    "Knees were on it for 8 minutes, 46 seconds.",
                    "He served 41 / 2 months in prison.", "It was 6. 1 on the Richter scale."));

INSTANTIATE_TEST_SUITE_P(OfAnybody, NoFigure,
                         testing::Values("A 61-year-old Vancouver man was held.",
                                         "Marsh, 34, was named.",
                                         "A 17-year-old Irish League midfielder was held.",
                                         "On Monday, 12, or so, came.",
                                         "The guest was a mother of three."));

TEST(FiguresOf, KnowsMonthsByTheirCapital) {
  EXPECT_TRUE(figures_of("On March 12 people were killed.").empty());
  EXPECT_EQ(figures_of("Twelve people were killed in Mar-a-Lago.").size(), 1u);
}

TEST(FiguresOf, KeepsTheWordingAndThePlace) {
  const std::string sentence = "Repairs will cost about €3.5 million, the port said.";
  const std::vector<Figure> figures = figures_of(sentence);
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_TRUE(figures[0].hedged);
  EXPECT_DOUBLE_EQ(figures[0].grain, 1e5);
  EXPECT_EQ(sentence.substr(figures[0].begin, figures[0].end - figures[0].begin), "€3.5 million");
}

TEST(FiguresOf, TellsWhatElseAFigureIsOf) {
  EXPECT_THAT(figures_of("Police named Ann Lee Marsh, 34, there.").at(0).of,
              testing::ElementsAre("marsh", "lee", "ann"));
  EXPECT_THAT(figures_of("The 34-year-old Ann Marsh fell.").at(0).of,
              testing::ElementsAre("marsh", "ann"));
  EXPECT_THAT(figures_of("Four senior judges left.").at(0).of, testing::ElementsAre("senior"));
}

TEST(FiguresOf, NamesTheYearsThatAFigureIsOf) {
  EXPECT_THAT(figures_of("In 2014 the club owned 22 boats.").at(0).years,
              testing::ElementsAre("2014"));
  EXPECT_THAT(figures_of("The club owned 22 boats in 2014.").at(0).years,
              testing::ElementsAre("2014"));
  EXPECT_THAT(figures_of("The club owned 22 boats, sold off from 2014 on.").at(0).years,
              testing::IsEmpty());
}

TEST(FiguresOf, ReadsVerbsThatHedge) {
  EXPECT_TRUE(figures_of("The death toll surpassed 36,000.").at(0).at_least);
  EXPECT_TRUE(figures_of("The death toll neared 35,000.").at(0).hedged);
  EXPECT_TRUE(figures_of("It sank as many as 12 boats.").at(0).hedged);
}

TEST(MayHoldNumber, SeesFiguresAndWords) {
  for (const char* text : {"9", "a9", "Nine dogs", "dogs: ninety", "twenty-one", "Seventeen."}) {
    EXPECT_TRUE(may_hold_number(text)) << text;
  }
  for (const char* text : {"", "dogs", "someone", "often", "tent", "seventeenth-ish", "\xff"}) {
    EXPECT_FALSE(may_hold_number(text)) << text;
  }
}

TEST(FiguresOf, SurvivesAnyBytes) {
  for (const char* sentence : {"$",
                               "$5",
                               "9",
                               "9 killed",
                               "killed 9",
                               "killed",
                               "5m",
                               "\xff 9 \xfe",
                               "9 and",
                               "at least",
                               "toll to 9",
                               "death toll",
                               "12:30 killed",
                               "aged 9",
                               "9-year-old",
                               "A B, 9,",
                               "A B, 9",
                               "magnitude",
                               "9 on",
                               "9 square",
                               "sentenced to 9 years",
                               "9 years in",
                               "than 9",
                               "as many as 9",
                               "9 houses",
                               "and 9 men and",
                               "9 km/",
                               "of 9",
                               "mother of 9",
                               "9 block of",
                               "9 block of the",
                               "shot 9 times",
                               "9-",
                               "9-9",
                               "and 9",
                               "$9 a",
                               "9 people, including",
                               "9 people, all, were"}) {
    for (const Figure& figure : figures_of(sentence)) {
      EXPECT_LE(figure.begin, figure.end);
      EXPECT_LE(figure.end, std::string(sentence).size());
    }
  }
}

Figure people(double value, double grain = 1) {
  return {Figure::Kind::kPeople, "killed", value, grain, false, false, 0, 0, {}, {}};
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
  return {Figure::Kind::kMoney, "money (USD)", value, grain, false, false, 0, 0, {}, {}};
}

Figure exact(Figure::Kind kind, double value) {
  return {kind, "", value, 0.1, false, false, 0, 0, {}, {}};
}

TEST(Agree, TakesWhatNobodyRoundsAsItIs) {
  EXPECT_TRUE(agree(exact(Figure::Kind::kAge, 34), exact(Figure::Kind::kAge, 34)));
  EXPECT_FALSE(agree(exact(Figure::Kind::kAge, 34), exact(Figure::Kind::kAge, 35)));
  EXPECT_FALSE(agree(exact(Figure::Kind::kMagnitude, 6.1), exact(Figure::Kind::kMagnitude, 6.2)));
  EXPECT_FALSE(agree(exact(Figure::Kind::kTimes, 40), exact(Figure::Kind::kTimes, 41)));
  EXPECT_FALSE(
      agree(exact(Figure::Kind::kStreetNumber, 12000), exact(Figure::Kind::kStreetNumber, 12200)));
}

TEST(Agree, FollowsTheWording) {
  EXPECT_TRUE(agree(people(9), people(9)));
  EXPECT_FALSE(agree(people(9), people(12)));
  EXPECT_TRUE(agree(at_least(10), people(15)));
  EXPECT_TRUE(agree(people(15), at_least(10)));
  EXPECT_FALSE(agree(at_least(10), people(16)));
  EXPECT_TRUE(agree(at_least(3), people(6)));
  EXPECT_FALSE(agree(at_least(3), people(7)));
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
  EXPECT_TRUE(agree(money(26e9, 1e9), money(30e9, 1e10)));
  EXPECT_FALSE(agree(money(25e9, 1e9), money(30e9, 1e10)));
  EXPECT_FALSE(agree(money(5e5, 1e5), money(1e6, 1e6)));
}

}  // namespace
}  // namespace nutgraf
