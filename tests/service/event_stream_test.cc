#include "daemon/service/event_stream.h"

#include <gmock/gmock.h>

#include <map>

namespace nutgraf {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A log in memory, two messages a read.
struct ToyLog {
  std::map<Sequence, Publication> messages;
  Sequence head = 0;
  Sequence floor = 1;
  bool broken = false;

  void append(const std::string& topic, const std::string& body) {
    ++head;
    messages[head] = {head, topic, body};
  }

  LogPiece read(const LogCursor& cursor, const std::vector<std::string>& topics) const {
    if (cursor.epoch != "e1") return {.refusal = "epoch_changed", .floor = floor};
    if (cursor.seq > 0 && cursor.seq < floor - 1)
      return {.refusal = "cursor_too_old", .floor = floor};
    LogPiece piece{.next = cursor.seq, .refusal = {}, .floor = floor};
    for (auto m = messages.upper_bound(cursor.seq); m != messages.end(); ++m) {
      if (m->first < floor) continue;
      if (piece.messages.size() == 2) {
        piece.more = true;
        break;
      }
      if (topics.empty() || m->second.topic.starts_with(topics[0])) {
        piece.messages.push_back(m->second);
      }
      piece.next = m->first;
    }
    return piece;
  }

  LogSource source() {
    return {"e1",
            [this](const LogCursor& cursor,
                   const std::vector<std::string>& topics) -> Result<LogPiece> {
              if (broken) return fail(ErrorCode::kStorage, "disk on fire");
              return read(cursor, topics);
            },
            [this]() -> Result<Sequence> {
              if (broken) return fail(ErrorCode::kStorage, "disk on fire");
              return head;
            },
            [](Sequence at) { return "{\"head\":" + std::to_string(at) + "}"; }};
  }
};

class EventStreamTest : public ::testing::Test {
 protected:
  EventStreamTest() : source_(log_.source()) {}

  std::unique_ptr<WebStream> open(std::optional<LogCursor> after,
                                  std::vector<std::string> topics = {}) {
    return EventStream::open(source_, std::move(topics), std::move(after)).value();
  }
  /// All that is due now.
  std::string drain(WebStream& stream) {
    std::string out;
    for (bool more = true; more;) {
      WebStream::Part part = stream.next(true, now_);
      out += part.bytes;
      more = part.more;
      ended_ = part.end;
    }
    return out;
  }

  ToyLog log_;
  LogSource source_;
  Monotonic now_ = Monotonic() + std::chrono::hours(1);
  bool ended_ = false;
};

TEST_F(EventStreamTest, GreetsAndGivesTheLogAsItIs) {
  log_.append("story.en.", R"({"seq":1})");
  log_.append("event.en.", R"({"seq":2})");
  log_.append("story.en.", R"({"seq":3})");
  const auto stream = open(LogCursor{"", 0});
  EXPECT_EQ(drain(*stream),
            "retry: 2000\nid: e1:0\nevent: hello\ndata: {\"head\":3}\n\n"
            "id: e1:1\ndata: {\"seq\":1}\n\n"
            "id: e1:2\ndata: {\"seq\":2}\n\n"
            "id: e1:3\ndata: {\"seq\":3}\n\n");
  EXPECT_EQ(drain(*stream), "");
  log_.append("story.en.", R"({"seq":4})");
  EXPECT_EQ(stream->next(false, now_).bytes, "");  // Nobody rang: the store is left alone.
  EXPECT_EQ(drain(*stream), "id: e1:4\ndata: {\"seq\":4}\n\n");
}

TEST_F(EventStreamTest, BeginsLiveWithoutACursor) {
  log_.append("story.en.", "1");
  const auto stream = open(std::nullopt);
  EXPECT_THAT(drain(*stream), StartsWith("retry: 2000\nid: e1:1\nevent: hello\n"));
  log_.append("story.en.", "2");
  EXPECT_EQ(drain(*stream), "id: e1:2\ndata: 2\n\n");
}

TEST_F(EventStreamTest, TheCursorMovesOnWhereNothingMatches) {
  const auto stream = open(std::nullopt, {"event."});
  drain(*stream);
  for (int i = 0; i < 5; ++i) log_.append("story.en.", "s");
  EXPECT_EQ(drain(*stream), "");
  now_ += EventStream::kKeepAlive;
  EXPECT_EQ(stream->next(false, now_).bytes, ": keep-alive\nid: e1:5\n\n");
  EXPECT_EQ(stream->next(false, now_).bytes, "");
}

TEST_F(EventStreamTest, AGapIsToldAndWhatIsKeptFollows) {
  for (int i = 0; i < 4; ++i) log_.append("story.en.", "x");
  log_.floor = 4;
  const auto stream = open(LogCursor{"e1", 1});
  const std::string text = drain(*stream);
  EXPECT_THAT(text, HasSubstr("id: e1:3\nevent: gap\ndata: {\"type\":\"gap/1\",\"code\":"
                              "\"cursor_too_old\",\"epoch\":\"e1\",\"floor\":4}\n\n"
                              "id: e1:4\ndata: x\n\n"));
  const std::string other = drain(*open(LogCursor{"e0", 9}));
  EXPECT_THAT(other, StartsWith("retry: 2000\nevent: hello\n"));  // No id of an epoch that is over.
  EXPECT_THAT(other, HasSubstr("\"code\":\"epoch_changed\""));
  EXPECT_THAT(other, HasSubstr("id: e1:4\ndata: x\n\n"));
}

TEST_F(EventStreamTest, ABodyOfSeveralLinesReadsBackAsItWas) {
  log_.append("story.en.", "a\nb\n");
  EXPECT_THAT(drain(*open(LogCursor{"", 0})), HasSubstr("data: a\ndata: b\ndata: \n\n"));
}

TEST_F(EventStreamTest, AStoreThatCannotBeReadEndsTheStream) {
  const auto stream = open(LogCursor{"", 0});
  drain(*stream);
  log_.broken = true;
  EXPECT_THAT(drain(*stream), StartsWith(": "));
  EXPECT_TRUE(ended_);
  EXPECT_FALSE(EventStream::open(source_, {}, std::nullopt));
}

TEST(LogCursor, IsWhatOurIdsAre) {
  const auto whole = parse_cursor("e167f9:42");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->epoch, "e167f9");
  EXPECT_EQ(whole->seq, 42);
  EXPECT_EQ(parse_cursor("7")->seq, 7);
  EXPECT_EQ(parse_cursor("7")->epoch, "");
  for (const char* const wrong : {"", ":", "a:", ":7", "-1", "e:-1", "7x", "e x:7", "e\"x:7",
                                  "99999999999999999999", "a:b:7"}) {
    EXPECT_FALSE(parse_cursor(wrong)) << wrong;
  }
}

TEST(Prefixes, HaveTheLettersOfTopics) {
  EXPECT_TRUE(are_prefixes({"story.en.", "feed.a_b-1."}));
  EXPECT_FALSE(are_prefixes({"story en"}));
  EXPECT_FALSE(are_prefixes({"$hb"}));
  EXPECT_FALSE(are_prefixes({std::string(257, 'a')}));
  EXPECT_FALSE(are_prefixes(std::vector<std::string>(65, "a")));
}

}  // namespace
}  // namespace nutgraf
