#include "daemon/config/units.h"

#include <gtest/gtest.h>

#include <vector>

namespace nutgraf {
namespace {

using namespace std::chrono_literals;

TEST(Duration, Parses) {
  EXPECT_EQ(parse_duration("15m"), 15min);
  EXPECT_EQ(parse_duration("50ms"), 50ms);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("2w"), 336h);
  EXPECT_EQ(parse_duration("7 d"), 168h);
  EXPECT_EQ(parse_duration("0s"), 0ms);
}

TEST(Duration, RefusesWhatHasNoUnitOrIsNoNumber) {
  for (const char* text : {"", "15", "m", "1.5h", "-1s", "1h30", "1 hour", "1s,", "99999999999999w",
                           "184467440737095516160s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, FormatsWhatItParses) {
  for (const char* text : {"0s", "50ms", "1s", "1m30s", "15m", "24h", "1d", "14d", "1d2h3m4s5ms"}) {
    EXPECT_EQ(parse_duration(format_duration(*parse_duration(text))), parse_duration(text));
  }
  EXPECT_EQ(format_duration(24h), "1d");
  EXPECT_EQ(format_duration(90s), "1m30s");
}

TEST(Size, ParsesAndFormats) {
  EXPECT_EQ(parse_size("8MiB"), 8u << 20);
  EXPECT_EQ(parse_size("64 KiB"), 64u << 10);
  EXPECT_EQ(parse_size("500kB"), 500'000u);
  EXPECT_EQ(parse_size("0B"), 0u);
  for (const char* text : {"", "8", "MiB", "8M", "8MiBs", "-1B", "99999999GiB"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
  EXPECT_EQ(format_size(8u << 20), "8MiB");
  EXPECT_EQ(format_size(1'500'000), "1500kB");
  EXPECT_EQ(format_size(0), "0B");
}

TEST(Nearest, FindsSlipsAndNothingElse) {
  const std::vector<std::string> names = {"interval", "min_interval", "jitter"};
  EXPECT_EQ(nearest("intervall", names), "interval");
  EXPECT_EQ(nearest("inetrval", names), "interval");
  EXPECT_EQ(nearest("mininterval", names), "min_interval");
  EXPECT_EQ(nearest("colour", names), "");
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("ab", "ba"), 1);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
}

}  // namespace
}  // namespace nutgraf
