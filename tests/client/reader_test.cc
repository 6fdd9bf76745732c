#include "daemon/pipeline/reader.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/client/tiny_log.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;

class ReaderAnswer : public ::testing::Test {
 protected:
  SyncReply ask(const std::string& request) {
    SyncRequest parsed{.client = {.identity = "i", .id = "q"}, .call = *parse_sync_call(request)};
    return answer(parsed, reader_, [](std::string_view url) { return std::string(url.substr(4)); });
  }
  TinyLog log_{"e1"};
  TinyLogReader reader_{log_};
};

TEST_F(ReaderAnswer, AFetchIsAPageAndWhereToGoOn) {
  for (int i = 0; i < 5; ++i) log_.append("a.");
  SyncReply reply = ask(R"({"op":"fetch","after":1,"limit":2})");
  ASSERT_EQ(reply.messages.size(), 2u);
  EXPECT_EQ(reply.messages[1].body, log_.at(3)->body);
  EXPECT_EQ(Json::parse(reply.body),
            Json::parse(R"({"next":3,"head":5,"floor":1,"more":true,"id":"q"})"));
  reply = ask(R"({"op":"fetch","after":3,"limit":2})");
  EXPECT_EQ(Json::parse(reply.body)["more"], false);
}

TEST_F(ReaderAnswer, APageEndsAtFourMebibytesAndGoesOnFromThere) {
  for (int i = 0; i < 30; ++i) log_.append("a.", "\"" + std::string(1 << 20, 'x') + "\"");
  std::size_t got = 0;
  Json end{{"next", 0}, {"more", true}};
  while (end["more"] == true) {
    const SyncReply reply =
        ask(R"({"op":"fetch","after":)" + end["next"].dump() + R"(,"limit":1000})");
    std::size_t bytes = 0;
    for (const Publication& message : reply.messages) bytes += message.body.size();
    EXPECT_LE(bytes, kMaxPageBytes);
    ASSERT_FALSE(reply.messages.empty());
    got += reply.messages.size();
    end = Json::parse(reply.body);
  }
  EXPECT_EQ(got, 30u);
}

TEST_F(ReaderAnswer, AMessageLargerThanAPageIsGivenAlone) {
  log_.append("a.", "\"" + std::string(kMaxPageBytes, 'x') + "\"");
  log_.append("a.");
  const SyncReply reply = ask(R"({"op":"fetch","after":0})");
  EXPECT_EQ(reply.messages.size(), 1u);
  EXPECT_EQ(Json::parse(reply.body)["next"], 1);
  EXPECT_EQ(Json::parse(reply.body)["more"], true);
}

TEST_F(ReaderAnswer, RefusalsHaveTheirCodes) {
  for (int i = 0; i < 5; ++i) log_.append("a.");
  log_.drop_before(4);
  const std::vector<std::pair<const char*, const char*>> cases{
      {R"({"op":"fetch","after":0,"epoch":"e0"})", R"({"code":"epoch_changed","epoch":"e1"})"},
      {R"({"op":"fetch","after":1})", R"({"code":"cursor_too_old","floor":4})"},
      {R"({"op":"fetch","after":6})", R"({"code":"future_cursor"})"},
      {R"({"op":"get","story":"broken"})", R"({"code":"busy","retry_ms":1000})"}};
  for (const auto& [request, body] : cases) {
    const SyncReply reply = ask(request);
    Json expected = Json::parse(body);
    expected["id"] = "q";
    EXPECT_EQ(reply.verb, "ERR");
    EXPECT_EQ(Json::parse(reply.body), expected);
  }
}

TEST_F(ReaderAnswer, GetFindsOneOrNone) {
  log_.append("a.");
  log_.append("a.");
  EXPECT_EQ(ask(R"({"op":"get","story":"2"})").messages.at(0).seq, 2);
  EXPECT_EQ(ask(R"({"op":"get","url":"key:1"})").messages.at(0).seq, 1);
  const SyncReply none = ask(R"({"op":"get","event":"7"})");
  EXPECT_TRUE(none.messages.empty());
  EXPECT_EQ(Json::parse(none.body), Json::parse(R"({"more":false,"id":"q"})"));
}

TEST_F(ReaderAnswer, ASnapshotComesInPagesAndTellsTheHead) {
  for (int i = 0; i < 150; ++i) log_.append("event.en.x.");
  EXPECT_EQ(ask(R"({"op":"snapshot"})").messages.size(), 100u);
  const SyncReply last = ask(R"({"op":"snapshot","page":1})");
  EXPECT_EQ(last.messages.size(), 50u);
  EXPECT_EQ(Json::parse(last.body)["next"], 150);
  EXPECT_EQ(Json::parse(last.body)["more"], false);
}

}  // namespace
}  // namespace nutgraf
