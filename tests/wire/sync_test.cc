#include "daemon/wire/sync.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/wire/hostile_requests.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;

TEST(ParseSyncCall, ReadsAFetch) {
  const auto call = parse_sync_call(
      R"({"op":"fetch","epoch":"e","after":7,"after_time":"2026-11-21T10:00:00.123Z",)"
      R"("until":"2026-11-22T00:00:00Z","prefixes":["story.en.","feed."],"limit":20,"new":[1]})");
  ASSERT_TRUE(call);
  const auto& fetch = std::get<FetchRequest>(*call);
  EXPECT_EQ(fetch.epoch, "e");
  EXPECT_EQ(fetch.after, 7);
  EXPECT_EQ(fetch.since, std::nullopt);
  EXPECT_EQ(fetch.after_time, parse_rfc3339("2026-11-21T10:00:00.123Z"));
  EXPECT_EQ(fetch.until, parse_rfc3339("2026-11-22T00:00:00Z"));
  EXPECT_EQ(fetch.prefixes, (std::vector<std::string>{"story.en.", "feed."}));
  EXPECT_EQ(fetch.limit, 20);
}

TEST(ParseSyncCall, HasDefaultsAndCutsTheLimit) {
  const auto plain = parse_sync_call(R"({"op":"fetch","after":0})");
  ASSERT_TRUE(plain);
  EXPECT_EQ(std::get<FetchRequest>(*plain).limit, kDefaultPageMessages);
  EXPECT_TRUE(std::get<FetchRequest>(*plain).prefixes.empty());
  const auto greedy = parse_sync_call(R"({"op":"fetch","since":"2026-11-21T10:00:00Z",)"
                                      R"("limit":9007199254740991})");
  ASSERT_TRUE(greedy);
  EXPECT_EQ(std::get<FetchRequest>(*greedy).limit, kMaxPageMessages);
}

TEST(ParseSyncCall, ReadsSnapshotAndGet) {
  const auto snapshot = parse_sync_call(R"({"op":"snapshot","prefixes":["event."],"page":3})");
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(std::get<SnapshotRequest>(*snapshot).page, 3);
  const auto get = parse_sync_call(R"({"op":"get","url":"https://example.org/a"})");
  ASSERT_TRUE(get);
  EXPECT_EQ(std::get<GetRequest>(*get).by, GetRequest::By::kUrl);
  EXPECT_EQ(std::get<GetRequest>(*get).key, "https://example.org/a");
}

TEST(ParseSyncCall, RefusesWhatTheProtocolDoesNotAllow) {
  for (const std::string& bytes : hostile_requests()) {
    const auto call = parse_sync_call(bytes);
    ASSERT_FALSE(call) << bytes.substr(0, 100);
    EXPECT_EQ(call.error().code, ErrorCode::kMalformed);
    EXPECT_FALSE(call.error().message.empty());
  }
}

TEST(ParseSyncCall, TellsTheMarkOfAMalformedRequestToo) {
  std::string id;
  EXPECT_FALSE(parse_sync_call(R"({"op":"fetch","id":"q7"})", &id));
  EXPECT_EQ(id, "q7");
}

TEST(ParseSyncCall, SaysWhatALimitMayBe) {
  for (const char* limit : {"0", "-5", "\"10\"", "1e3", "18446744073709551615"}) {
    const auto call =
        parse_sync_call(std::string(R"({"op":"fetch","after":0,"limit":)") + limit + "}");
    ASSERT_FALSE(call) << limit;
    EXPECT_EQ(call.error().message, "limit must be an integer, 1 or more; a page has " +
                                        std::to_string(kMaxPageMessages) + " messages at most");
  }
}

TEST(SyncReply, EndAndErrorsEchoTheMark) {
  const SyncClient client{.identity = "i", .id = "q7"};
  const SyncReply end = end_reply(client, {{1, "t.", "{}"}}, {.next = 1, .head = 4, .floor = 1});
  EXPECT_EQ(end.verb, "END");
  EXPECT_EQ(end.messages.size(), 1u);
  EXPECT_EQ(Json::parse(end.body),
            Json::parse(R"({"next":1,"head":4,"floor":1,"more":false,"id":"q7"})"));
  const std::vector<std::pair<SyncReply, const char*>> errors{
      {bad_request(client, "why"), R"({"code":"bad_request","message":"why","id":"q7"})"},
      {epoch_changed(client, "e"), R"({"code":"epoch_changed","epoch":"e","id":"q7"})"},
      {cursor_too_old(client, 9), R"({"code":"cursor_too_old","floor":9,"id":"q7"})"},
      {future_cursor(client), R"({"code":"future_cursor","id":"q7"})"},
      {forbidden(client, {}),
       R"({"code":"forbidden","message":"this key may have nothing","id":"q7"})"},
      {forbidden(client, {"a.", "b."}),
       R"({"code":"forbidden","message":"this key may have \"a.\" \"b.\"","id":"q7"})"},
      {busy(client, std::chrono::milliseconds(250)),
       R"({"code":"busy","retry_ms":250,"id":"q7"})"}};
  for (const auto& [reply, body] : errors) {
    EXPECT_EQ(reply.verb, "ERR");
    EXPECT_EQ(Json::parse(reply.body), Json::parse(body));
  }
}

}  // namespace
}  // namespace nutgraf
