#include "daemon/wire/envelope.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace nutgraf {
namespace {

using Json = nlohmann::json;

const Stamp kStamp{.epoch = "5f0c",
                   .seq = 1042,
                   .prev = 1038,
                   .decided_at = *parse_rfc3339("2026-11-21T10:00:00.123Z")};

TEST(Envelope, IsTheExactBytesOfTheProtocol) {
  EXPECT_EQ(envelope({.type = "story/1",
                      .topic = "story.en.world.",
                      .op = "create",
                      .name = "story",
                      .payload = R"({"id":"a",  "title":"Ünïcode"})"},
                     kStamp),
            R"({"type":"story/1","epoch":"5f0c","seq":1042,"prev":1038,"topic":"story.en.world.",)"
            R"("decided_at":"2026-11-21T10:00:00.123Z","op":"create",)"
            R"("story":{"id":"a",  "title":"Ünïcode"}})");
}

TEST(Envelope, NamesTheReasonOfARetractAndTheTargetOfAMerge) {
  EXPECT_NE(envelope({.type = "story/1",
                      .op = "retract",
                      .name = "story",
                      .payload = "{}",
                      .reason = "the operator's wish"},
                     kStamp)
                .find(R"("op":"retract","reason":"the operator's wish","story":{}})"),
            std::string::npos);
  EXPECT_NE(
      envelope({.type = "event/1", .op = "merge", .name = "event", .payload = "{}", .into = "e2"},
               kStamp)
          .find(R"("op":"merge","into":"e2","event":{}})"),
      std::string::npos);
}

TEST(Envelope, AFeedHasNoOp) {
  const Json body = Json::parse(
      envelope({.type = "feed/1", .topic = "feed.x.", .name = "feed", .payload = "{}"}, kStamp));
  EXPECT_FALSE(body.contains("op"));
  EXPECT_FALSE(body.contains("reason"));
}

TEST(Envelope, IsJsonWhateverTheReasonHolds) {
  const std::string reason = "quote \" backslash \\ newline \n bell \x07 broken \xff\xc3";
  const Json body = Json::parse(envelope(
      {.type = "story/1", .op = "retract", .name = "story", .payload = "{}", .reason = reason},
      kStamp));
  EXPECT_EQ(body["reason"], "quote \" backslash \\ newline \n bell \x07 broken \uFFFD\uFFFD");
}

TEST(Hello, TellsWhereTheLogIsAndHowFarItGoes) {
  const Json body = Json::parse(hello_body({.epoch = "e",
                                            .head = 7,
                                            .floor = 3,
                                            .version = "0.1.0",
                                            .sync = "tcp://127.0.0.1:5557",
                                            .heartbeat = std::chrono::seconds(1)}));
  EXPECT_EQ(body, Json::parse(R"({"type":"hello/1","protocol":1,"epoch":"e","head":7,"floor":3,
      "server":"nutgrafd","version":"0.1.0","sync":"tcp://127.0.0.1:5557","heartbeat_ms":1000})"));
}

TEST(Beat, ListsTopicsWithTheirHeads) {
  const std::vector<std::pair<std::string, Sequence>> topics{{"feed.a.", 5}, {"story.en.x.", 9}};
  const Json body = Json::parse(beat_body({.epoch = "e",
                                           .number = 4,
                                           .head = 9,
                                           .floor = 1,
                                           .after = 2,
                                           .time = kStamp.decided_at,
                                           .topics = topics}));
  EXPECT_EQ(body, Json::parse(R"({"type":"hb/1","epoch":"e","beat":4,"head":9,"floor":1,"after":2,
      "time":"2026-11-21T10:00:00.123Z","topics":[["feed.a.",5],["story.en.x.",9]]})"));
}

TEST(ReadStamp, IsTheInverseOfTheEnvelope) {
  const Stamp stamp{.epoch = "e1", .seq = 42, .prev = 7, .decided_at = Time(std::chrono::hours(9))};
  const auto read = read_stamp(envelope(
      {.type = "story/1", .topic = "a.", .op = "create", .name = "story", .payload = "{}"}, stamp));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->epoch, "e1");
  EXPECT_EQ(read->seq, 42);
  EXPECT_EQ(read->prev, 7);
  EXPECT_EQ(read->decided_at, stamp.decided_at);
}

TEST(ReadStamp, RefusesWhatIsNoMessage) {
  for (const char* body :
       {"", "x", "[]", "null", "{}", R"({"seq":1,"prev":0,"decided_at":"2026-11-21T10:00:00Z"})",
        R"({"epoch":"e","seq":"1","prev":0,"decided_at":"2026-11-21T10:00:00Z"})",
        R"({"epoch":"e","seq":-1,"prev":0,"decided_at":"2026-11-21T10:00:00Z"})",
        R"({"epoch":"e","seq":1,"prev":0,"decided_at":"yesterday"})"}) {
    EXPECT_FALSE(read_stamp(body)) << body;
  }
}

}  // namespace
}  // namespace nutgraf
