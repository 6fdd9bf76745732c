#include "daemon/base/date.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

struct DateCase {
  const char* text;
  const char* utc;  ///< Empty: no date.
};

std::string read(const char* text) {
  const auto time = parse_date(text);
  return time ? format_rfc3339(*time) : "";
}

class DateTable : public testing::TestWithParam<DateCase> {};

TEST_P(DateTable, IsRead) { EXPECT_EQ(read(GetParam().text), GetParam().utc) << GetParam().text; }

INSTANTIATE_TEST_SUITE_P(
    Rfc822, DateTable,
    testing::Values(DateCase{"Sat, 21 Nov 2026 10:11:12 GMT", "2026-11-21T10:11:12Z"},
                    DateCase{"Sat, 21 Nov 2026 10:11:12 +0200", "2026-11-21T08:11:12Z"},
                    DateCase{"Sat,  1 Nov 2025 10:11:12 -0730", "2025-11-01T17:41:12Z"},
                    DateCase{"21 Nov 26 10:11 UT", "2026-11-21T10:11:00Z"},
                    DateCase{"21 Nov 99 10:11 Z", "1999-11-21T10:11:00Z"},
                    DateCase{"Saturday, 21-Nov-26 10:11:12 GMT", "2026-11-21T10:11:12Z"},
                    DateCase{"Sat Nov 21 10:11:12 2026", "2026-11-21T10:11:12Z"},
                    DateCase{"Sat Nov 21 10:11:12 PST 2026", "2026-11-21T18:11:12Z"},
                    DateCase{"Sat, 21 November 2026 10:11:12 ET", "2026-11-21T15:11:12Z"},
                    DateCase{"Sat,21 Nov 2026 10:11:12 -0000", "2026-11-21T10:11:12Z"},
                    DateCase{"Sat, 21 Nov 2026 10:11:12 GMT-01:30", "2026-11-21T11:41:12Z"},
                    DateCase{"Sat, 21 Nov 2026 10:11:12 MESZ", "2026-11-21T08:11:12Z"},
                    DateCase{"Sat, 21 Nov 2026", "2026-11-21T00:00:00Z"},
                    DateCase{"Sat, 21 Nov 2026 24:00:00 GMT", "2026-11-22T00:00:00Z"},
                    DateCase{"  Sat, 21 Nov 2026 10:11:12 GMT\n", "2026-11-21T10:11:12Z"}));

INSTANTIATE_TEST_SUITE_P(
    Iso8601, DateTable,
    testing::Values(
        DateCase{"2026-11-21T10:11:12Z", "2026-11-21T10:11:12Z"},
        DateCase{"2026-11-21T10:11:12.5+02:00", "2026-11-21T08:11:12.500Z"},
        DateCase{"2026-11-21t10:11:12.123456789z", "2026-11-21T10:11:12.123Z"},
        DateCase{"2026-11-21T10:11:12-0330", "2026-11-21T13:41:12Z"},
        DateCase{"2026-11-21T10:11", "2026-11-21T10:11:00Z"},
        DateCase{"2026-11-21 10:11:12", "2026-11-21T10:11:12Z"},
        DateCase{"2026-11-21 10:11:12 UTC", "2026-11-21T10:11:12Z"},
        DateCase{"2026-11-21 10:11:12 +0100", "2026-11-21T09:11:12Z"},
        DateCase{"20261121T101112Z", "2026-11-21T10:11:12Z"},
        DateCase{"20261121", "2026-11-21T00:00:00Z"}, DateCase{"2026-11", "2026-11-01T00:00:00Z"},
        DateCase{"2026", "2026-01-01T00:00:00Z"}, DateCase{"2026-325", "2026-11-21T00:00:00Z"},
        DateCase{"2026-W47-6", "2026-11-21T00:00:00Z"},
        DateCase{"2026-011-21T10:11:12Z", "2026-11-21T10:11:12Z"},
        DateCase{"26-11-21", "2026-11-21T00:00:00Z"}, DateCase{"-26-11", "2026-11-01T00:00:00Z"}));

INSTANTIATE_TEST_SUITE_P(
    Wild, DateTable,
    testing::Values(DateCase{"Sa, 21 Nov 2026 10:11:12 +0100", "2026-11-21T09:11:12Z"},
                    DateCase{"Nov. 2026", "2026-11-01T00:00:00Z"},
                    DateCase{"11/21/2026 4:20 pm PST", "2026-11-22T00:20:00Z"},
                    DateCase{"11/21/26 21:55:58", "2026-11-21T21:55:58Z"},
                    DateCase{"21/11/2026 21:55", "2026-11-21T21:55:00Z"},
                    DateCase{"21.11.2026 - 21:55", "2026-11-21T21:55:00Z"},
                    DateCase{"21-11-2026 21:55:58", "2026-11-21T21:55:58Z"},
                    DateCase{"2026/11/21 21:55:58 EDT", "2026-11-22T01:55:58Z"},
                    DateCase{"Nov 21, 2026 08:01 GMT", "2026-11-21T08:01:00Z"},
                    DateCase{"November 21 2026 07:02:38 PM", "2026-11-21T19:02:38Z"},
                    DateCase{"Sat, November 21, 2026, 11:12 p.m. EST", "2026-11-22T04:12:00Z"},
                    DateCase{"Nov 21, 2026 12:05 AM", "2026-11-21T00:05:00Z"},
                    DateCase{"Nov 21, 2026 12:05 PM", "2026-11-21T12:05:00Z"},
                    DateCase{"21st of November 2026 at 9 pm", "2026-11-21T21:00:00Z"},
                    DateCase{"1795255872", "2026-11-21T10:11:12Z"},
                    DateCase{"1795255872123", "2026-11-21T10:11:12.123Z"}));

INSTANTIATE_TEST_SUITE_P(
    Languages, DateTable,
    testing::Values(DateCase{"Sáb, 21 Set 2026 10:11:12 -0300", "2026-09-21T13:11:12Z"},
                    DateCase{"samedi 21 août 2026", "2026-08-21T00:00:00Z"},
                    DateCase{"mar. 3 févr. 2026 10:11:12", "2026-02-03T10:11:12Z"},
                    DateCase{"21. März 2026, 10:11", "2026-03-21T10:11:00Z"},
                    DateCase{"21 de diciembre de 2026", "2026-12-21T00:00:00Z"},
                    DateCase{"21 października 2026", "2026-10-21T00:00:00Z"},
                    DateCase{"21 ноября 2026 10:11", "2026-11-21T10:11:00Z"},
                    DateCase{"Σάβ, 21 Νοέ 2026 10:11:12 EET", "2026-11-21T08:11:12Z"},
                    DateCase{"21 Kasım 2026", "2026-11-21T00:00:00Z"},
                    DateCase{"2026년 11월 21일 오후 11:31:15", "2026-11-21T23:31:15Z"},
                    DateCase{"2026-11-21 오전 08:31:15", "2026-11-21T08:31:15Z"},
                    DateCase{"2026年11月21日 10時11分", "2026-11-21T10:11:00Z"},
                    DateCase{"21 tháng 11 2026", "2026-11-21T00:00:00Z"}));

INSTANTIATE_TEST_SUITE_P(
    NoDate, DateTable,
    testing::Values(DateCase{"", ""}, DateCase{"yesterday", ""}, DateCase{"may", ""},
                    DateCase{"31 Feb 2026 10:00:00 GMT", ""}, DateCase{"2026-13-01", ""},
                    DateCase{"2026-00-10", ""}, DateCase{"Sat, 21 Nov 1926 10:11:12 GMT", ""},
                    DateCase{"2300-01-01T00:00:00Z", ""}, DateCase{"10:11:12", ""},
                    DateCase{"21 jui 2026", ""}, DateCase{"12345", ""}));

TEST(ParseDate, KnowsEveryEnglishMonth) {
  int month = 0;
  for (const char* name :
       {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}) {
    const std::string number = std::to_string(++month);
    const std::string padded = (number.size() < 2 ? "0" : "") + number;
    for (const std::string& text : {"Sa, 21 " + std::string(name) + " 2026 19:53 +0000",
                                    std::string(name) + ". 21, 2026, 7:53 PM"}) {
      EXPECT_EQ(read(text.c_str()), "2026-" + padded + "-21T19:53:00Z") << text;
    }
  }
}

TEST(ParseDate, LooksAtTwoHundredBytesOnly) {
  EXPECT_FALSE(parse_date(std::string(200, 'x') + " 21 Nov 2026"));
  EXPECT_FALSE(parse_date(std::string(1 << 20, '9')));
}

TEST(ParseHttpDate, TakesTheThreeFormsOfRfc9110) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994"}) {
    const auto time = parse_http_date(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_rfc3339(*time), "1994-11-06T08:49:37Z");
  }
}

TEST(ParseHttpDate, TakesNothingElse) {
  for (const char* text : {"", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 +0000",
                           "Sun, 6 Nov 1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT",
                           "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT "}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

TEST(Rfc3339, ReadsWhatItWrites) {
  for (const int64_t ms : {int64_t{0}, int64_t{1795255872123}, int64_t{1795255872000}}) {
    const Time time{std::chrono::milliseconds(ms)};
    EXPECT_EQ(parse_rfc3339(format_rfc3339(time)), time);
  }
}

TEST(Rfc3339, IsStrict) {
  EXPECT_TRUE(parse_rfc3339("2026-11-21T10:11:12+01:00"));
  for (const char* text :
       {"2026-11-21", "2026-11-21T10:11Z", "2026-11-21 10:11:12Z", "2026-11-21T10:11:12",
        "2026-11-21T10:11:12+0100", "2026-11-21T25:11:12Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace nutgraf
