#include "daemon/main/since.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace nutgraf::tool {
namespace {

/// A zone of our own, so that the machine's does not matter.
class Since : public ::testing::Test {
 protected:
  Since() {
    ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    ::tzset();
  }
  ~Since() override {
    ::unsetenv("TZ");
    ::tzset();
  }

  static std::string at(const char* text) {
    const auto time = moment(text, *parse_rfc3339("2026-11-23T07:30:15Z"));
    return time ? format_rfc3339(*time) : "none";
  }
};

TEST_F(Since, TakesWhatJournalctlTakes) {
  struct Case {
    const char* text;
    const char* time;
  };
  for (const Case& each : {Case{"90s", "2026-11-23T07:28:45Z"},
                           {"2h", "2026-11-23T05:30:15Z"},
                           {"-2h", "2026-11-23T05:30:15Z"},
                           {"1h30m", "2026-11-23T06:00:15Z"},
                           {"1h 30min", "2026-11-23T06:00:15Z"},
                           {"2 days ago", "2026-11-21T07:30:15Z"},
                           {"1 hour ago", "2026-11-23T06:30:15Z"},
                           {"1w", "2026-11-16T07:30:15Z"},
                           {"now", "2026-11-23T07:30:15Z"},
                           {"today", "2026-11-22T23:00:00Z"},
                           {"yesterday", "2026-11-21T23:00:00Z"},
                           {"2026-11-21", "2026-11-20T23:00:00Z"},
                           {"2026-07-01", "2026-06-30T22:00:00Z"},
                           {"2026-11-21 10:00", "2026-11-21T09:00:00Z"},
                           {"2026-11-21 10:00:30", "2026-11-21T09:00:30Z"},
                           {"2026-11-21T10:00:30", "2026-11-21T09:00:30Z"},
                           {"2026-11-21 10:00 UTC", "2026-11-21T10:00:00Z"},
                           {"07:00", "2026-11-23T06:00:00Z"},
                           {"07:00:05", "2026-11-23T06:00:05Z"},
                           {"07:00 UTC", "2026-11-23T07:00:00Z"},
                           {"@1763719200", "2025-11-21T10:00:00Z"},
                           {"2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z"},
                           {"2026-11-21T10:00:00+01:00", "2026-11-21T09:00:00Z"}}) {
    EXPECT_EQ(at(each.text), each.time) << each.text;
  }
}

TEST_F(Since, RefusesWhatIsNoTime) {
  for (const char* const text : {"",           "-",
                                 "2",          "h",
                                 "2x",         "2 fortnights",
                                 "ago",        " ago",
                                 "-2h ago x",  "2026-13-01",
                                 "2026-02-30", "2026-11-21 25:00",
                                 "10:60",      "10:00:61",
                                 "10:",        "2026-11-21 ",
                                 "@",          "@x",
                                 "@1 ",        "99999999999h",
                                 "999999999w", "1900-01-01",
                                 "tomorrow",   "2026-11-21T10:00:00Zx",
                                 "07:00 CET"}) {
    EXPECT_EQ(at(text), "none") << text;
  }
}

}  // namespace
}  // namespace nutgraf::tool
