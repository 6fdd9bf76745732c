#include "daemon/main/tail_view.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "daemon/main/terminal_text.h"

namespace nutgraf::tool {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(TerminalText, CountsColumns) {
  EXPECT_EQ(columns("abc"), 3u);
  EXPECT_EQ(columns("Zürich"), 6u);
  EXPECT_EQ(columns("Zu\u0308rich"), 6u);
  EXPECT_EQ(columns("日本"), 4u);
  EXPECT_EQ(columns("🚀"), 2u);
}

TEST(TerminalText, NothingThatATerminalObeysGetsThrough) {
  EXPECT_EQ(printable("a\033[31mred\007 \r\n\tb"), "a [31mred b");
  EXPECT_EQ(printable("x\xc2\x9b"
                      "2Jy"),
            "x 2Jy");
  EXPECT_EQ(printable("left\u202Eright"), "left right");
  EXPECT_EQ(printable("broken \xff\xc3"), "broken \uFFFD\uFFFD");
  EXPECT_EQ(printable("  a   b  "), "a b");
}

TEST(TerminalText, WrapsAtBlanksAndInsideLongWordsOnly) {
  EXPECT_THAT(wrapped("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("one two three", 8), ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("abcdefgh ij", 4), ElementsAre("abcd", "efgh", "ij"));
  EXPECT_THAT(wrapped("日本語です", 4), ElementsAre("日本", "語で", "す"));
  EXPECT_THAT(wrapped("日", 1), ElementsAre("日"));
  EXPECT_THAT(wrapped("one two", 0), ElementsAre("one two"));
  EXPECT_TRUE(wrapped("", 5).empty());
}

TEST(TerminalText, PadsAndClips) {
  EXPECT_EQ(padded("ab", 4), "ab  ");
  EXPECT_EQ(padded("abcdef", 4), "abc…");
  EXPECT_EQ(padded("日本語", 4), "日… ");
}

class View : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }
  TailView view_;
};

constexpr const char* kStory =
    R"({"type":"story/1","decided_at":"2026-11-21T10:05:00Z","op":"create","story":{)"
    R"("title":"Quake shakes the northern coast","url":"https://example.org/a",)"
    R"("source":{"publisher":"Example Media"},)"
    R"("summary":{"text":"A strong earthquake shook the northern coast on Saturday. Nobody was hurt."}}})";

TEST_F(View, AStoryHangsUnderItsTitle) {
  EXPECT_EQ(view_.message(kStory, {.width = 80}),
            "Saturday, 21 November 2026\n"
            "10:05  Example Media       Quake shakes the northern coast\n"
            "                           A strong earthquake shook the northern coast on\n"
            "                           Saturday. Nobody was hurt.\n"
            "                           https://example.org/a\n");
  EXPECT_THAT(view_.message(kStory, {.width = 80}), Not(HasSubstr("November")));
}

TEST_F(View, ABlankLineParts) {
  view_.message(kStory, {.width = 80});
  EXPECT_THAT(view_.message(kStory, {.width = 80}), StartsWith("\n10:05"));
}

TEST_F(View, AWideTerminalHasRoomForLongerNames) {
  EXPECT_THAT(view_.message(kStory, {.width = 100}),
              HasSubstr("10:05  Example Media           Quake"));
}

TEST_F(View, WhatWasJustSaidIsNotRepeated) {
  view_.message(kStory, {.width = 0});
  const std::string again = view_.message(kStory, {.width = 0});
  EXPECT_THAT(again, HasSubstr("Quake shakes"));
  EXPECT_THAT(again, Not(HasSubstr("strong earthquake")));
  const std::string event = view_.message(
      R"({"op":"grow","event":{"id":"e","new":[{"text":"Nobody was hurt.","publisher":"A"},)"
      R"({"text":"Trains stand still.","publisher":"B"},{"text":"Buses run.","publisher":"B"},)"
      R"({"text":"Schools are closed.","publisher":"C"},{"text":"A fourth.","publisher":"C"}]}})",
      {.width = 0});
  EXPECT_THAT(event, Not(HasSubstr("Nobody was hurt.")));
  EXPECT_THAT(event, HasSubstr("  B: Trains stand still. Buses run.\n"));
  EXPECT_THAT(event, HasSubstr("  C: Schools are closed.\n"));
}

TEST_F(View, ANarrowTerminalGetsNoColumns) {
  EXPECT_EQ(view_.message(kStory, {.width = 40}),
            "Saturday, 21 November 2026\n"
            "10:05  Example Media\n"
            "  Quake shakes the northern coast\n"
            "  A strong earthquake shook the northern\n"
            "  coast on Saturday. Nobody was hurt.\n"
            "  https://example.org/a\n");
}

TEST_F(View, ALongLinkBeginsFurtherLeftAndStaysInOnePiece) {
  const auto link_at = [&](std::size_t bytes) {
    const std::string url = "https://e.org/" + std::string(bytes - 14, 'x');
    const std::string shown =
        view_.message(R"({"story":{"title":"T","url":")" + url + R"("}})", {.width = 80});
    const auto at = shown.find(url);
    return at == std::string::npos ? at : at - shown.rfind('\n', at) - 1;
  };
  EXPECT_EQ(link_at(53), 27u);
  EXPECT_EQ(link_at(60), 20u);
  EXPECT_EQ(link_at(80), 0u);
  EXPECT_EQ(link_at(200), 0u);
}

TEST_F(View, WhatAStorySaidAndWhatItSaysNow) {
  const std::string shown = view_.message(
      R"({"op":"update","story":{"title":"T","changes":[{"was":"Three hurt.","now":"Five hurt."},)"
      R"({"now":"Trains run."}]}})",
      {.width = 80});
  const std::string indent(27, ' ');
  EXPECT_THAT(shown, HasSubstr(indent + "- Three hurt.\n" + indent + "+ Five hurt.\n" + indent +
                               "+ Trains run.\n"));
}

TEST_F(View, NoticesAreWrapped) {
  EXPECT_EQ(TailView::notice("one two three", {.width = 11}), "-- one two\n   three\n");
  EXPECT_EQ(TailView::notice("one two three", {.width = 0}), "-- one two three\n");
}

TEST_F(View, PagesToComeOnOneLine) {
  const auto shown = [](const char* answer, std::size_t width) {
    return TailView::waiting(nlohmann::json::parse(answer), {.width = width});
  };
  constexpr const char* kTwo =
      R"({"hosts":[{"host":"a.org","pages":2},{"host":"b.org","pages":1}]})";
  EXPECT_EQ(shown(kTwo, 80), "-- 3 pages to come: a.org 2, b.org 1");
  EXPECT_EQ(shown(kTwo, 25), "-- 3 pages to come: a.o…");
  EXPECT_EQ(shown(R"({"hosts":[{"host":"a\u001b[2J","pages":1}]})", 80),
            "-- 1 page to come: a [2J 1");
  EXPECT_EQ(shown(R"({"hosts":[]})", 80), "");
  EXPECT_EQ(shown(R"({"hosts":7})", 80), "");
}

TEST_F(View, ColoursOnlyIfAsked) {
  EXPECT_THAT(view_.message(kStory, {.width = 80, .colour = false}), Not(HasSubstr("\033")));
  EXPECT_THAT(view_.message(kStory, {.width = 80, .colour = true}),
              HasSubstr("\033[1mQuake shakes the northern coast\033[0m"));
}

TEST_F(View, AnEventTellsHowItGrewWhatIsNewAndWhereOutletsDisagree) {
  const auto event = [](int size, int independent) {
    return R"({"type":"event/1","decided_at":"2026-11-21T10:05:00Z","op":"grow","event":{"id":"e",)"
           R"("title":"Quake","size":)" +
           std::to_string(size) + R"(,"independent":)" + std::to_string(independent) +
           R"(,"new":[{"text":"Trains stand still.","publisher":"B"}],"conflicts":[{"what":"killed",)"
           R"("claims":[{"value":"3","publishers":["A","B"]},{"value":"5","publishers":["C"]}]}]}})";
  };
  const std::string first = view_.message(event(2, 1), {.width = 0});
  EXPECT_THAT(first, HasSubstr("1 independent publisher, 2 reports\n"));
  const std::string second = view_.message(event(5, 3), {.width = 0});
  EXPECT_THAT(second, HasSubstr("1 → 3 independent publishers, 2 → 5 reports\n"));
  EXPECT_THAT(second, HasSubstr("B: Trains stand still.\n"));
  EXPECT_THAT(second, HasSubstr("! killed: 3 (A, B) – 5 (C)\n"));
}

TEST_F(View, FeedsAndRetractsAndWhatIsNoMessage) {
  EXPECT_THAT(view_.message(R"({"feed":{"id":"x","state":"silent","reason":"no items"}})", {}),
              HasSubstr("FEED silent"));
  EXPECT_THAT(view_.message(R"({"op":"retract","reason":"wrong","story":{"title":"T"}})", {}),
              HasSubstr("[retracted] T"));
  for (const char* other : {"", "[]", "{}", "{\"other\":1}"})
    EXPECT_EQ(view_.message(other, {}), "");
  // Members of the wrong type are as if they were absent.
  EXPECT_THAT(view_.message(R"({"story":7})", {}), HasSubstr("?"));
  EXPECT_THAT(view_.message(R"({"op":1,"event":{"id":[],"size":"x","new":7,"conflicts":[1]}})", {}),
              HasSubstr("EVENT"));
}

}  // namespace
}  // namespace nutgraf::tool
