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
  EXPECT_TRUE(opening("The jury found the driver guilty.").trial);
  EXPECT_TRUE(opening("It rained. He was convicted of arson.").trial);
  EXPECT_TRUE(opening("The murder trial of the driver is underway.").trial);
  EXPECT_TRUE(opening("A trial began on Monday. It rained.").trial);
  EXPECT_FALSE(opening("The driver pleaded not guilty.").trial);
  EXPECT_FALSE(opening("Trial is set for June 17. A search began.").trial);
}

std::string period(std::string_view url) {
  const auto found = period_of(url);
  if (!found) return "";
  const auto text = [](std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    return std::to_string(static_cast<int>(date.year())) + "-" +
           std::to_string(static_cast<unsigned>(date.month())) + "-" +
           std::to_string(static_cast<unsigned>(date.day()));
  };
  return text(found->first) + (found->first == found->last ? "" : " " + text(found->last));
}

TEST(PeriodOf, ReadsTheDateInAnAddress) {
  EXPECT_EQ(period("https://courier.example/2013/09/14/bus"), "2013-9-14");
  EXPECT_EQ(period("https://courier.example/news/2013/9/4/bus.html"), "2013-9-4");
  EXPECT_EQ(period("https://courier.example/world/2013/sep/14/bus"), "2013-9-14");
  EXPECT_EQ(period("https://courier.example/2013-09-14-bus"), "2013-9-14");
  EXPECT_EQ(period("https://courier.example/news/20130914/bus"), "2013-9-14");
  EXPECT_EQ(period("courier.example/2013/09/14"), "2013-9-14");
  EXPECT_EQ(period("https://courier.example/2013/02/bus"), "2013-2-1 2013-2-28");
  EXPECT_EQ(period("https://courier.example/2013/02/"), "2013-2-1 2013-2-28");
  EXPECT_EQ(period("https://courier.example/2013/02/3021/bus"), "2013-2-1 2013-2-28");
  EXPECT_EQ(period("https://courier.example/2013/02/30/bus"), "2013-2-1 2013-2-28");
}

TEST(PeriodOf, TakesNoOtherNumberForADate) {
  for (const char* url :
       {"", "/", "https://courier.example", "https://courier.example/2013",
        "https://courier.example/2013/", "https://courier.example/2013/13/14/bus",
        "https://courier.example/2013/0914/bus", "https://courier.example/2013/marching-on",
        "https://courier.example/201309/bus", "https://courier.example/2013091/bus",
        "https://courier.example/201309145/bus", "https://courier.example/2012-2013/cup",
        "https://courier.example/2013-09/bus", "https://courier.example/1013/09/14/bus",
        "https://courier.example/article/2048912", "https://courier.example/bus?day=/2013/09/14/",
        "https://courier.example/2013/09a/14"}) {
    EXPECT_EQ(period(url), "") << url;
  }
}

TEST(PeriodsApart, AllowsTwoDays) {
  const auto apart = [](std::string_view a, std::string_view b) {
    return periods_apart(*period_of(a), *period_of(b)) &&
           periods_apart(*period_of(b), *period_of(a));
  };
  EXPECT_FALSE(apart("/2013/09/14/", "/2013/09/16/"));
  EXPECT_TRUE(apart("/2013/09/14/", "/2013/09/17/"));
  EXPECT_FALSE(apart("/2013/09/14/", "/2013/09/"));
  EXPECT_FALSE(apart("/2013/08/31/", "/2013/09/"));
  EXPECT_TRUE(apart("/2012/09/", "/2013/09/"));
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
