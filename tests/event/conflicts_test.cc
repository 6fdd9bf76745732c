#include "daemon/event/conflicts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

const Time kStart = Time(hours(24 * 365 * 50));

struct Pair {
  const char* why;
  const char* left;
  const char* right;
  const char* what;  ///< Empty: no conflict.
};

std::vector<Conflict> between(std::string_view left, std::string_view right, hours apart = {}) {
  const summarizer::Analysis a = summarizer::analyse({{}, left, "en"});
  const summarizer::Analysis b = summarizer::analyse({{}, right, "en"});
  return find_conflicts({{&a, "Courier", 0, kStart}, {&b, "Herald", 1, kStart + apart}}, 5);
}

class Conflicts : public testing::TestWithParam<Pair> {};

TEST_P(Conflicts, AreFoundOnlyWhereTwoFiguresAreOfOneThing) {
  const Pair& pair = GetParam();
  for (const auto& [left, right] :
       {std::pair(pair.left, pair.right), std::pair(pair.right, pair.left)}) {
    const std::vector<Conflict> found = between(left, right);
    if (*pair.what == '\0') {
      EXPECT_THAT(found, IsEmpty()) << pair.why;
      continue;
    }
    ASSERT_EQ(found.size(), 1u) << pair.why;
    EXPECT_EQ(found[0].what, pair.what) << pair.why;
    EXPECT_EQ(found[0].claims.size(), 2u) << pair.why;
  }
}

constexpr const char* kNine = "Nine people were killed when a bus hit a bridge near the harbour.";

INSTANTIATE_TEST_SUITE_P(
    Found, Conflicts,
    testing::Values(
        Pair{"counts", kNine, "Twelve people were killed when the bus hit the bridge.", "killed"},
        Pair{"word order", kNine, "A bus hit a bridge near the harbour, killing 14 people.",
             "killed"},
        Pair{"no noun is people", kNine, "The bus hit a harbour bridge and killed 14.", "killed"},
        Pair{"at least 9 is not 14", "At least nine people were killed as a bus hit a bridge.",
             "A bus hit a bridge, killing 14 people.", "killed"},
        Pair{"one noun", "Six soldiers were wounded in a mine blast on the border road.",
             "A mine blast on the border road wounded eight soldiers.", "injured soldiers"},
        Pair{"arrests", "Police arrested 31 protesters outside the parliament gates.",
             "Outside the parliament gates 48 protesters were arrested by police.",
             "arrested protesters"},
        Pair{"toll", "The death toll of the harbour bridge collapse rose to 31.",
             "The harbour bridge collapse left 44 people dead.", "killed"},
        Pair{"money", "The harbour fire caused damage of $4.2 million to the timber warehouse.",
             "Damage of $6.9 million was caused to the timber warehouse by the harbour fire.",
             "money (USD)"},
        Pair{"half a unit is no rounding",
             "The bill gives the harbour wall far less than the $25 million that the mayor wants.",
             "A bill would not give the harbour wall the $30 million that the mayor asked for.",
             "money (USD)"},
        Pair{"an amount in the words of a longer sentence",
             "They have reserved $400,000 of airtime in Lundt, West Merrin and Otterby.",
             "The film, to be seen in Merrin, Lundt and the west of the isle soon, praises an old "
             "mill and costs the airtime fund of Otterby $900,000, a speaker said.",
             "money (USD)"},
        Pair{
            "who says it is not whom it is told of",
            "Kern said Marsh had been in hospital for three weeks with a burn before the harbour "
            "fire. The mayor thanked Marsh and Kern.",
            "She had been in hospital in Lundt for four weeks with a burn before the harbour fire. "
            "The town of Lundt mourns.",
            "duration (weeks)"},
        Pair{"other words for people", "At least 15,000 refugees live in the border camp.",
             "A team gives food, blankets, tents and advice to nearly 26,000 refugees in the camp "
             "on "
             "the border, which guards watch from a hill at night.",
             "number of refugees"},
        Pair{"people of whom all is told, but far from the number",
             "In the class picture nearly all of the new guards of the harbour prison — 31 cadets, "
             "an old hand wrote — are raising their right hands and smile.",
             "All 34 cadets who stood in that class picture with the flag of the harbour prison "
             "guards, raising their hands, were dismissed by the mayor.",
             "number of cadets"},
        Pair{"thousands that blanks tear apart",
             "The harbour fire destroyed 12, 000 timber houses along the old quay.",
             "Along the old quay 31, 000 timber houses were destroyed by the harbour fire.",
             "number of houses"},
        Pair{"distance", "The earthquake was centred 30 miles north of the mountain village Lundt.",
             "The earthquake was centred 52 miles north of the mountain village Lundt.",
             "distance (miles)"},
        Pair{"a second role in a sentence goes the same way",
             "Nine people were killed and 20 injured when a bus hit a bridge near the harbour.",
             "The bus hit the harbour bridge, 12 people were killed and 70 injured.", "killed"},
        Pair{"others of another role",
             "Nine people were killed and another 20 were hurt when a bus hit a harbour bridge.",
             "Twelve people were killed when the bus hit the harbour bridge.", "killed"},
        Pair{
            "a longer sentence on the same",
            "The quake shook the coast at dawn and was centred in Lundt, 20 miles north of Merrin.",
            "The quake was centred 26 miles north of Merrin.", "distance (miles)"},
        Pair{"age", "Police named the driver as Ann Marsh, 34, of Lundt.",
             "Ann Lee Marsh, 35, drove the bus.", "age (Marsh)"},
        Pair{"an age is the same in a sentence of another year",
             "The 34-year-old Ann Marsh was first charged in 1998.",
             "Ann Marsh, 35, drove the bus that hit a bridge.", "age (Marsh)"},
        Pair{"children", "The bus hit Ann Marsh, a mother of three, at the bridge.",
             "Police named Marsh, a mother of four.", "number of own children"},
        Pair{"the block of a street", "A blaze broke out in the 1200 block of East Elm Street.",
             "Nobody was hurt in the 1400 block of Elm Street, a captain said.",
             "block of elm street"},
        Pair{"how often", "Ann Marsh was shot seven times at the harbour bridge.",
             "At the harbour bridge Marsh was shot 11 times, a doctor said.", "times shot"},
        Pair{"those among them",
             "Nine people, including a nurse, were killed when a bus hit a harbour bridge.",
             "A bus hit a harbour bridge, killing 14 people, including a nurse.", "killed"},
        Pair{"a name and what is near agree, not much else",
             "The mayor wants no charge but for fraud, and noted that Marsh has 22 timber houses, "
             "while his brother runs an old mill.",
             "The banker Marsh, who has 19 timber houses, spoke of fraud at a dinner of the guild.",
             "number of houses"},
        Pair{"people are called what they are",
             "Some 900 people were sheltering in the school after a raid on the quay, he said.",
             "Three shells fell at dawn at the gate of the school where 400 people were taking "
             "shelter, Lena Holt of the harbour mission wrote.",
             "number of people"},
        Pair{"ages told at one verdict", "A jury found Ann Marsh, 34, guilty of arson.",
             "Ann Marsh, 35, was convicted of arson.", "age (Marsh)"},
        Pair{"the same words on one subject",
             "Lundt will see a storm surge of 9 feet at the harbour wall on Monday.",
             "Lundt will see a storm surge of 13 feet at the harbour wall on Monday.",
             "distance (feet)"},
        Pair{"magnitude", "A 6.1-magnitude earthquake shook the mountain village Lundt.",
             "An earthquake measuring 6.3 shook the mountain village Lundt.", "magnitude"},
        Pair{"prison term", "He served four months in federal prison for fraud at the harbour.",
             "Marsh served five months in federal prison.", "prison term (months)"},
        Pair{"things", "The harbour fire destroyed 22 timber houses along the old quay.",
             "Along the old quay 31 timber houses were destroyed by the harbour fire.",
             "number of houses"},
        Pair{"area", "The forest fire has burned 4,200 acres north of the mountain village.",
             "North of the mountain village 6,000 acres burned in the forest fire.",
             "area (acres)"},
        Pair{"charges", "Twelve people were charged over the harbour bridge collapse.",
             "Police charged 14 people over the harbour bridge collapse.", "charged"},
        Pair{"what is near the figure agrees",
             "The crowded camp was the target of a raid at dawn, less than 50 km from the tense "
             "border with Merrin, an aid worker said, who saw a white aircraft, a deep crater and "
             "an unexploded shell wedged in the wall of a school.",
             "The camp is less than 25 km from the border with Merrin.", "distance (km)"},
        Pair{"a later count in the same words",
             "Four were wounded at once. Nine people were wounded as a bus hit the harbour bridge.",
             "Twelve people were wounded when the bus hit the harbour bridge.", "injured"},
        Pair{"the next weekday", "Nine people were killed when a bus hit a bridge on Sunday night.",
             "A bus hit a bridge, killing 12 people. The mayor spoke on Monday.", "killed"},
        Pair{"same weekday", "On Friday nine people were killed when a bus hit a bridge.",
             "Twelve people were killed on Friday when the bus hit the bridge.", "killed"}));

INSTANTIATE_TEST_SUITE_P(
    NotFound, Conflicts,
    testing::Values(
        Pair{"equal", kNine, "The bus hit the harbour bridge, killing nine people.", ""},
        Pair{"at least", "At least nine people were killed as a bus hit a bridge.",
             "A bus hit a bridge, killing 12 people.", ""},
        Pair{"hedged", "About 100 people were injured when the stand at the stadium fell.",
             "When the stadium stand fell, 93 people were injured.", ""},
        Pair{"rounded", "The flood displaced people: 5,000 people were displaced in the valley.",
             "In the valley 5,204 people were displaced by the flood.", ""},
        Pair{"other nouns", "Six soldiers were killed in a mine blast on the border road.",
             "A mine blast on the border road killed eight children.", ""},
        Pair{"other roles", kNine, "A bus hit a harbour bridge, injuring 14 people.", ""},
        Pair{"other weekdays", "On Friday nine people were killed when a bus hit a bridge.",
             "On Sunday 12 people were killed when a bus hit a bridge.", ""},
        Pair{"other dates", "On March 3 nine people were killed when a bus hit a bridge.",
             "On March 9 a bus hit a bridge and killed 12 people.", ""},
        Pair{"one count up, the other down",
             "Nine people were killed and 31 injured when a bus hit a bridge near the harbour.",
             "A bus hit a bridge near the harbour, killing 12 people and injuring 20.", ""},
        Pair{"a part and the rest",
             "Police arrested 31 on the steps of the parliament and another 12 who shouted inside.",
             "Police arrested 44 on the steps of the parliament and inside.", ""},
        Pair{"a month", kNine, "In September a bus hit a bridge near the harbour, killing 14.", ""},
        Pair{"meanwhile", kNine, "Meanwhile, a bus hit a harbour bridge, killing 14 people.", ""},
        Pair{"one of several", kNine,
             "In one attack, a bus hit a bridge near the harbour, killing 14 people.", ""},
        Pair{"besides", kNine,
             "Police also said 14 people were killed when a bus hit a bridge near the harbour.",
             ""},
        Pair{"an amount in a longer sentence on more",
             "While the mayor took care not to ask for it, his speaker said an hour later that he "
             "would refuse every law on the timber warehouse fund of $4.2 million at the harbour.",
             "The law gives the timber warehouse fund at the harbour $6.9 million.", ""},
        Pair{"other times", "At 9:30 nine people were killed when a bus hit a bridge.",
             "At 11:15 a bus hit a bridge and killed 12 people.", ""},
        Pair{"other names", "A bus hit a bridge in Lundt, killing nine people.",
             "A bus hit a bridge in Merrin, killing 12 people.", ""},
        Pair{"too far apart", kNine, "A bus hit a bridge near the harbour, killing 40 people.", ""},
        Pair{"too little shared", kNine, "The crash killed 14 people.", ""},
        Pair{"history", kNine, "A bus hit a bridge near the harbour in 1998, killing 14 people.",
             ""},
        Pair{"last year", kNine,
             "A bus hit a bridge near the harbour last year, killing 14 people.", ""},
        Pair{"age", "A 14-year-old died when a bus hit a bridge near the harbour.", kNine, ""},
        Pair{"parts", kNine,
             "Four men and two women were killed when a bus hit a bridge near the harbour.", ""},
        Pair{"share", "Nine percent were killed when a bus hit a bridge near the harbour.",
             "When a bus hit a bridge near the harbour 12 people were killed.", ""},
        Pair{"said elsewhere too", kNine,
             "Six people were killed at once when a bus hit a bridge near the harbour. In the end "
             "nine people were killed there.",
             ""},
        Pair{"the first count speaks", kNine,
             "Nine people died as the bus hit a harbour bridge. At the harbour bridge, a doctor "
             "wrote, 14 people were killed by the bus.",
             ""},
        Pair{"within 5 %", "The harbour fire caused damage of $4.21 million to the warehouse.",
             "Damage of $4.37 million was caused to the warehouse by the harbour fire.", ""},
        Pair{"coarser rounding", "The harbour fire caused damage of $4 million to the warehouse.",
             "Damage of $4.4 million was caused to the warehouse by the harbour fire.", ""},
        Pair{"other units", "The earthquake was centred 30 miles north of the mountain village.",
             "The earthquake was centred 52 km north of the mountain village.", ""},
        Pair{
            "not the sole amount",
            "The harbour fire caused damage of $4 million to the warehouse and $2 million to cars.",
            "Damage of $7 million was caused to the warehouse by the harbour fire.", ""},
        Pair{"another amount", "The mayor promised $4.2 million for new schools in the old port.",
             "Damage of $6.9 million was caused to the warehouse by the harbour fire.", ""},
        Pair{"a sum over several", "Bus attacks at the bridge and the harbour killed 12 people.",
             "Nine people were killed in the bus attack at the harbour bridge.", ""},
        Pair{"a small minimum soon grows",
             "At least three people were killed as a bus hit a bridge.",
             "A bus hit a bridge, killing six people.", ""},
        Pair{"ages at the deed and at the verdict",
             "Police named the driver as Ann Marsh, 34, of Lundt.",
             "A jury found Ann Marsh, 35, guilty.", ""},
        Pair{
            "ages when the trial was set and when it began",
            "Ann Marsh, 34, pleaded not guilty to arson at the harbour. Her trial is set for June.",
            "The trial of the driver is underway. Ann Marsh, 35, is charged with arson.", ""},
        Pair{"a form by its lead",
             "Lundt and Merrin met at Lundt Park on Sunday before a large crowd. Piet Holt scored "
             "soon. The referee showed 3 yellow cards in the second half.",
             "Lundt and Otterby met at Lundt Park on Sunday before a large crowd. Otto Kern scored "
             "soon. After half-time the home side came close with a header from a corner, and the "
             "referee showed 5 yellow cards in the second half.",
             ""},
        Pair{"populations", "The quake shook the isle of Merrin, home to 20,000 people, at dawn.",
             "The quake at dawn shook Lundt near Merrin, a city of 50,000 people.", ""},
        Pair{"a window that moves with the day",
             "In the last 10 days five earthquakes shook the mountain village Lundt.",
             "In the last 10 days eight earthquakes shook the mountain village Lundt.", ""},
        Pair{"a row of a table", "Net 229,000 vs 201,000 trams in the old harbour of Lundt.",
             "Net 184,000 vs 387,000 trams in the old harbour of Lundt.", ""},
        Pair{"children of another", "The bus hit Ann Marsh, a mother of three, at the bridge.",
             "Police named Lena Holt, a mother of four.", ""},
        Pair{"the block of another street",
             "A blaze broke out in the 1200 block of East Elm Street.",
             "A blaze broke out in the 1400 block of Oak Street.", ""},
        Pair{"a form filled in for another town",
             "Snow is on its way to Lundt. Skies will be grey, and snow of 9 inches will fall at "
             "the harbour.",
             "Snow is on its way to Merrin. Skies will be grey, and snow of 5 inches will fall at "
             "the harbour.",
             ""},
        Pair{"a form of another firm, in a sentence without names",
             "On Monday Brisk Foods told of its year. The company posted revenue of $42 million in "
             "the period, which topped forecasts.",
             "On Monday Harbour Mills told of its year. The company posted revenue of $67 million "
             "in the period, which missed forecasts.",
             ""},
        Pair{"what is paid for each", "The harbour fire cost the timber warehouse $42 million.",
             "The harbour fire cost the timber warehouse $69 million a year.", ""},
        Pair{"another of that surname", "Police named the driver as Ann Marsh, 34, of Lundt.",
             "Her son Piet Marsh, 12, was on the bus.", ""},
        Pair{"days that the openings name",
             "A bus hit a bridge near the harbour on Monday. Nine people were killed by the bus.",
             "A bus hit a harbour bridge on Thursday. The bus killed 12 people.", ""},
        Pair{"dates that the openings name",
             "June 25, 2005 A bus hit a bridge near the harbour. Ann Marsh, 34, drove it.",
             "March 20, 2007 The driver Ann Marsh, 35, was found guilty.", ""},
        Pair{"another quake by its magnitude",
             "A 5.6-magnitude earthquake shook the isle. The earthquake injured five people there.",
             "On Merrin a magnitude of 5.2 was felt. The earthquake injured three people there.",
             ""},
        Pair{"a magnitude that the other knows",
             "A 5.6-magnitude earthquake shook the isle of Lundt.",
             "A 5.2-magnitude earthquake shook the isle of Lundt. A day ago a 5.6 quake shook it.",
             ""},
        Pair{"things of another year",
             "In 2014 the harbour fire destroyed 22 timber houses along the old quay.",
             "The harbour fire destroyed 31 timber houses along the old quay.", ""},
        Pair{"things of another sort",
             "The harbour fire destroyed 22 brick houses along the old quay.",
             "The harbour fire destroyed 31 timber houses along the old quay.", ""},
        Pair{"things of which else is said",
             "The harbour fire destroyed 22 houses, and the mayor promised help to all who live "
             "there.",
             "The mayor said of the harbour fire that 31 houses would be built in spring.", ""},
        Pair{"who it is told of",
             "Lena Holt, who has worked at the harbour mill for 37 years, was on the third floor.",
             "Otto Kern, at the harbour mill for 30 years, was on the third floor.", ""},
        Pair{"who did it, though other names are the same",
             "Before dark Lena Holt drove 12 miles on the coast road to the harbour of Lundt.",
             "Before dark Otto Kern drove 15 miles on the coast road to the harbour of Lundt.", ""},
        Pair{
            "the first of a sentence is a name, too",
            "Old Merrin fears little. Merrin spends 120 million euros on its harbour defence wall.",
            "Old Lundt fears little. Lundt spends 230 million euros on its harbour defence wall.",
            ""},
        Pair{"there and back",
             "The bombers flew 6,500 miles from the base in the hills to drop munitions on the "
             "isle.",
             "The bombers flew a 13,000-mile round trip from the base in the hills to drop "
             "munitions "
             "on the isle.",
             ""},
        Pair{"the other figure is there, too",
             "Marsh ran for 226 yards and Holt for 101 in the cup final at the harbour stadium.",
             "Holt ran for 101 yards in the cup final at the harbour stadium.", ""}));

TEST(FindConflicts, TakesALaterFigureForAChange) {
  const char* later = "Twelve people were killed when the bus hit the bridge.";
  EXPECT_EQ(between(kNine, later, hours(12)).size(), 1u);
  EXPECT_THAT(between(kNine, later, hours(13)), IsEmpty());
}

TEST(FindConflicts, TakesAnOldPageForWhatItIs) {
  const summarizer::Analysis a = summarizer::analyse({{}, kNine, "en"});
  const summarizer::Analysis b =
      summarizer::analyse({{}, "Twelve people were killed when the bus hit the bridge.", "en"});
  const auto found = [&](const char* left, const char* right) {
    return find_conflicts({{&a, "A", 0, kStart, left}, {&b, "B", 1, kStart, right}}, 5).size();
  };
  EXPECT_EQ(found("https://a.example/2013/09/14/bus", "https://b.example/2013/sep/15/bus"), 1u);
  EXPECT_EQ(found("https://a.example/2013/09/14/bus", "https://b.example/bus"), 1u);
  EXPECT_EQ(found("https://a.example/2013/09/14/bus", "https://b.example/2013/09/28/bus"), 0u);
}

TEST(FindConflicts, HearsOneSourceOnceAndEnglishOnly) {
  const summarizer::Analysis a = summarizer::analyse({{}, kNine, "en"});
  const summarizer::Analysis b =
      summarizer::analyse({{}, "Twelve people were killed when the bus hit the bridge.", "en"});
  EXPECT_EQ(find_conflicts({{&a, "A", 0, kStart}, {&b, "B", 1, kStart}}, 5).size(), 1u);
  EXPECT_THAT(find_conflicts({{&a, "A", 0, kStart}, {&b, "B", 0, kStart}}, 5), IsEmpty());
  EXPECT_THAT(find_conflicts({{&a, "A", 0, kStart}, {&b, "B", 1, kStart}}, 0), IsEmpty());
  summarizer::Analysis other = b;
  other.language = "sv";
  EXPECT_THAT(find_conflicts({{&a, "A", 0, kStart}, {&other, "B", 1, kStart}}, 5), IsEmpty());
  EXPECT_THAT(find_conflicts({}, 5), IsEmpty());
}

TEST(FindConflicts, EndsOnAnyText) {
  std::string text;
  for (int i = 0; i < 400; ++i) {
    const std::string count = std::to_string(100 + i * 37 % 150);
    text += "The harbour fire at the old quay cost $" + count + " million, wounded " + count +
            " people, destroyed " + count +
            " timber houses and shook the isle with a magnitude of " + std::to_string(1 + i % 8) +
            "." + std::to_string(i % 10) + ".\n\n";
  }
  std::vector<summarizer::Analysis> analyses;
  for (int i = 0; i < 12; ++i) analyses.push_back(summarizer::analyse({{}, text, "en"}));
  std::vector<Testimony> reports;
  for (std::size_t i = 0; i < analyses.size(); ++i) {
    reports.push_back({&analyses[i], "Outlet", i, kStart});
  }
  EXPECT_LE(find_conflicts(reports, 5).size(), 5u);
}

// Thousands of figures that may all contradict one another, but for the form that they fill in:
// were that asked of the whole texts for each pair of them, this took hours.
TEST(FindConflicts, EndsOnLongFormsFilledIn) {
  std::vector<summarizer::Analysis> analyses;
  for (int report = 0; report < 12; ++report) {
    const char letter = static_cast<char>('a' + report);
    const std::string made = ", said it made $" + std::to_string(100 + 10 * report);
    std::string text = std::string("The firm Abcd") + letter + " of Ulm" + made + " million. ";
    for (int i = 0; i < 5000; ++i) {
      text += "The firm of Ulm, Mill" + std::to_string(i) + "x" + made + " million there. ";
    }
    analyses.push_back(summarizer::analyse({{}, text, "en"}));
  }
  std::vector<Testimony> reports;
  for (std::size_t i = 0; i < analyses.size(); ++i) {
    reports.push_back({&analyses[i], "Outlet", i, kStart});
  }
  EXPECT_THAT(find_conflicts(reports, 5), IsEmpty());
}

TEST(FindConflicts, NamesWhoSaysWhatAsItIsWritten) {
  const std::vector<Conflict> found =
      between("The harbour fire caused damage of about $4.2 million to the timber warehouse.",
              "Damage of $6.9 million was caused to the timber warehouse by the harbour fire.");
  ASSERT_EQ(found.size(), 1u);
  ASSERT_EQ(found[0].claims.size(), 2u);
  EXPECT_EQ(found[0].claims[0].value, "about $4.2 million");
  EXPECT_EQ(found[0].claims[1].value, "$6.9 million");
  EXPECT_THAT(found[0].claims[0].publishers, ElementsAre("Courier"));
  EXPECT_THAT(found[0].claims[1].publishers, ElementsAre("Herald"));
}

}  // namespace
}  // namespace nutgraf
