#include "daemon/article/page_date.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

std::string found(std::string_view text, DayOrder order = DayOrder::kDayFirst) {
  const auto date = find_date(text, order);
  return date ? format_rfc3339(*date).substr(0, 10) : "";
}

TEST(FindDate, ReadsDatesInRunningText) {
  struct Case {
    std::string_view text;
    std::string_view date;
  };
  for (const Case& c :
       {Case{"Published 2021-03-05 at noon", "2021-03-05"},
        Case{"Updated on 5. März 2021, 12:03", "2021-03-05"}, Case{"March 5th, 2021", "2021-03-05"},
        Case{"Friday, 5 mars 2021", "2021-03-05"}, Case{"5 de marzo de 2021", "2021-03-05"},
        Case{"05.03.2021", "2021-03-05"}, Case{"5.3.21", "2021-03-05"},
        Case{"2021年3月5日", "2021-03-05"}, Case{"5 марта 2021", "2021-03-05"},
        Case{"31/12/2020", "2020-12-31"}, Case{"12/31/2020", "2020-12-31"}}) {
    EXPECT_EQ(found(c.text), c.date) << c.text;
  }
}

TEST(FindDate, ThePagesHabitDecidesWhichIsTheMonth) {
  EXPECT_EQ(found("03/04/2021", DayOrder::kDayFirst), "2021-04-03");
  EXPECT_EQ(found("03/04/2021", DayOrder::kMonthFirst), "2021-03-04");
}

TEST(FindDate, NumbersThatAreNoDates) {
  for (const std::string_view text : {"", "2021", "March 2021", "5 March", "1-2-3", "30.02.2021",
                                      "call 555-12-2021", "13/13/2013", "version 1.2.3456"}) {
    EXPECT_EQ(found(text), "") << text;
  }
}

TEST(ReadDate, KeepsTheTimeOfDay) {
  EXPECT_EQ(format_rfc3339(*read_date("2021-03-05T23:30:00-05:00", DayOrder::kDayFirst)),
            "2021-03-06T04:30:00Z");
  EXPECT_EQ(format_rfc3339(*read_date("5 March 2021", DayOrder::kDayFirst)),
            "2021-03-05T00:00:00Z");
  EXPECT_EQ(format_rfc3339(*read_date("Published on March 5, 2021 by Jane", DayOrder::kDayFirst)),
            "2021-03-05T00:00:00Z");
  EXPECT_FALSE(read_date("soon", DayOrder::kDayFirst));
  EXPECT_FALSE(read_date("", DayOrder::kDayFirst));
}

TEST(ReadDate, ThePagesHabitDecidesWhichIsTheMonth) {
  const auto day = [](DayOrder order) {
    return format_rfc3339(*read_date("03/04/2021 10:00", order)).substr(0, 10);
  };
  EXPECT_EQ(day(DayOrder::kDayFirst), "2021-04-03");
  EXPECT_EQ(day(DayOrder::kMonthFirst), "2021-03-04");
}

TEST(DateInPath, TheYearStandsFirst) {
  const auto found = [](std::string_view path) {
    const auto date = date_in_path(path);
    return date ? format_rfc3339(*date).substr(0, 10) : "";
  };
  EXPECT_EQ(found("/2019/11/18/bridge"), "2019-11-18");
  EXPECT_EQ(found("/news/bridge-2019-11-18.html"), "2019-11-18");
  EXPECT_EQ(found("/news/20191118/bridge"), "2019-11-18");
  EXPECT_EQ(found("/2019-11/18/bridge"), "2019-11-18");
  EXPECT_EQ(found("/2017/7/2/bridge"), "2017-07-02");
  for (const std::string_view path :
       {"", "/", "/2019/", "/2019/11/", "/2017-7-2", "/2017/7/2", "/201911181/x", "/2019/13/18/x",
        "/20191", "/id/12019/11/18/x"}) {
    EXPECT_EQ(found(path), "") << path;
  }
}

TEST(DateInPath, TheYearStandsLast) {
  const auto found = [](std::string_view path, DayOrder order = DayOrder::kDayFirst) {
    const auto date = date_in_path_year_last(path, order);
    return date ? format_rfc3339(*date).substr(0, 10) : "";
  };
  EXPECT_EQ(found("/29-10-2021"), "2021-10-29");
  EXPECT_EQ(found("/~02-01-2022-bridge"), "2022-01-02");
  EXPECT_EQ(found("/02-01-2022", DayOrder::kMonthFirst), "2022-02-01");
  EXPECT_EQ(found("/08112021-bridge"), "2021-11-08");
  for (const std::string_view path : {"", "/1-2-2021", "/a08112021", "/081120211", "/40-40-2021"}) {
    EXPECT_EQ(found(path), "") << path;
  }
}

}  // namespace
}  // namespace nutgraf
