#include "daemon/client/messages.h"

#include <gtest/gtest.h>

namespace nutgraf {
namespace {

TEST(ReadEnvelope, NeedsEpochSeqAndPrev) {
  const auto read = read_envelope(
      R"({"type":"story/1","epoch":"e","seq":7,"prev":3,"decided_at":"2026-11-21T10:00:00.123Z",)"
      R"("story":{"seq":99,"epoch":"not this","x":[[{"prev":5}]]}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->epoch, "e");
  EXPECT_EQ(read->seq, 7);
  EXPECT_EQ(read->prev, 3);
  EXPECT_EQ(read->decided_at, parse_rfc3339("2026-11-21T10:00:00.123Z"));
}

TEST(ReadEnvelope, TakesMembersInAnyOrder) {
  const auto read =
      read_envelope(R"({"story":{"seq":99,"a":[1,{"prev":2}]},"prev":0,"seq":1,"epoch":"e"})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->seq, 1);
  EXPECT_TRUE(read_envelope(R"({"story":{"title":"x"},"prev":0,"seq":1,"epoch":"e"})"));
}

TEST(ReadEnvelope, RefusesWhatIsNone) {
  for (const char* body :
       {"", "{}", "[]", "nonsense", R"({"epoch":"e","seq":1})", R"({"epoch":"e","seq":0,"prev":0})",
        R"({"epoch":"","seq":1,"prev":0})", R"({"epoch":"e","seq":"1","prev":0})",
        R"([{"epoch":"e","seq":1,"prev":0}])"}) {
    EXPECT_FALSE(read_envelope(body)) << body;
  }
  EXPECT_FALSE(read_envelope(std::string(100'000, '[')));
}

TEST(Cursor, SurvivesItsFile) {
  const Cursor cursor{.epoch = "e",
                      .seq = 12,
                      .message_time = parse_rfc3339("2026-11-21T10:00:00.5Z"),
                      .server_time = parse_rfc3339("2026-11-21T10:00:02Z")};
  EXPECT_EQ(read_cursor(to_json(cursor)), cursor);
  const Cursor bare{.epoch = "e", .seq = 0};
  EXPECT_EQ(read_cursor(to_json(bare)), bare);
  for (const char* broken : {"", "{}", R"({"epoch":"e"})", R"({"epoch":"e","seq":-1})", "7"}) {
    EXPECT_FALSE(read_cursor(broken)) << broken;
  }
}

TEST(ReadBeat, RefusesListsThatAreNone) {
  EXPECT_TRUE(read_beat(R"({"epoch":"e","head":3,"after":0,"topics":[["a.",3]]})"));
  for (const char* broken :
       {R"({"epoch":"e","head":3,"after":0,"topics":[["a."]]})",
        R"({"epoch":"e","head":3,"after":0,"topics":[["a.","3"]]})",
        R"({"epoch":"e","head":3,"after":0,"topics":{}})", R"({"epoch":"e","head":3,"after":0})",
        R"({"epoch":"e","head":3,"topics":[]})", R"({"head":3,"after":0,"topics":[]})"}) {
    EXPECT_FALSE(read_beat(broken)) << broken;
  }
}

}  // namespace
}  // namespace nutgraf
