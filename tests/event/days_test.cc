#include "daemon/event/days.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

Opening opening(std::string_view text) { return opening_of(summarizer::analyse({{}, text, "en"})); }

bool apart(std::string_view a, std::string_view b) {
  const bool found = days_apart(opening(a), opening(b));
  EXPECT_EQ(days_apart(opening(b), opening(a)), found) << a << " / " << b;
  return found;
}

TEST(DaysApart, ComparesWeekdays) {
  EXPECT_FALSE(apart("It rained on Monday.", "It rained on Monday."));
  EXPECT_FALSE(apart("It rained on Sunday.", "It rained on Monday."));
  EXPECT_FALSE(apart("It rained on Saturday.", "It rained on Sunday."));
  EXPECT_TRUE(apart("It rained on Monday.", "It rained on Wednesday."));
  EXPECT_FALSE(apart("It rained on Monday and Thursday.", "It rained on Wednesday."));
  EXPECT_FALSE(apart("It rained.", "It rained on Wednesday."));
  EXPECT_FALSE(apart("", ""));
}

TEST(DaysApart, ComparesDatesOfAYear) {
  EXPECT_FALSE(apart("June 26, 2005 It rained.", "26 June 2005 It rained."));
  EXPECT_FALSE(apart("Jun 26, 2005 It rained.", "It rained on June 28, 2005."));
  EXPECT_TRUE(apart("June 26, 2005 It rained.", "It rained on June 29, 2005."));
  EXPECT_FALSE(apart("June 26, 2005 It rained.", "It rained on June 29."));
  EXPECT_FALSE(apart("June 26, 2005 It rained.", "In May 2004 it rained, and June 26, 2005."));
  EXPECT_FALSE(apart("June 26, 2005 It rained.", "June 31, 2007 It rained."));
}

TEST(OpeningOf, ReadsSixSentences) {
  std::string text;
  for (int i = 0; i < 6; ++i) text += "Rain fell in the old harbour town all day.\n\n";
  EXPECT_TRUE(opening(text + "On Monday the rain stopped.").weekdays.empty());
  EXPECT_EQ(opening("On Monday the rain stopped.\n\n" + text).weekdays.size(), 1u);
}

TEST(OpeningOf, HearsACourt) {
  EXPECT_TRUE(opening("The jury found the driver guilty.").verdict);
  EXPECT_TRUE(opening("It rained. He was convicted of arson.").verdict);
  EXPECT_FALSE(opening("The driver pleaded not guilty.").verdict);
}

TEST(WeekdayOf, KnowsNoShortForms) {
  EXPECT_EQ(weekday_of("monday"), 0u);
  EXPECT_EQ(weekday_of("sunday"), 6u);
  EXPECT_EQ(weekday_of("sun"), std::nullopt);
  EXPECT_EQ(english_month("sept"), 9u);
  EXPECT_EQ(english_month("mai"), std::nullopt);
}

}  // namespace
}  // namespace nutgraf
