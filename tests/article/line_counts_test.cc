#include "daemon/article/line_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Time kBegin{std::chrono::milliseconds(1'795'255'200'000)};

/// Five paragraphs that no other number has.
std::string body(int number) {
  std::string text;
  for (const char* what : {"The council of town", "Nobody in the valley", "A second ferry of line",
                           "The mayor and her", "Until then the bridge"}) {
    text += (text.empty() ? "" : "\n\n") + std::string(what) + " " + std::to_string(number) +
            " was asked about it, and the answer was number " + std::to_string(number * 7) + ".";
  }
  return text;
}

/// A feed whose stories come six hours apart, each of an event of its own unless told otherwise.
class Feed {
 public:
  bool tell(const std::string& text, std::uint64_t event, const std::string& title = "") {
    now_ += std::chrono::hours(6);
    return counts.add(seen_lines(title, text), event, now_, now_);
  }
  bool tell(const std::string& text) { return tell(text, ++event_); }
  void tell_plain(int times) {
    for (int i = 0; i < times; ++i) tell(body(++number_));
  }
  void tell_with(const std::string& tail, int times) {
    for (int i = 0; i < times; ++i) tell(body(++number_) + "\n\n" + tail);
  }
  std::vector<std::string> learned() const {
    std::vector<std::string> texts;
    for (const FurnitureLine& line : counts.furniture().lines) {
      if (line.until == Time::max()) texts.push_back(line.text);
    }
    return texts;
  }
  std::string cleaned(const std::string& text, const std::string& title = "") const {
    return without_furniture(title, text, counts.furniture(), now_ + std::chrono::hours(1));
  }

  LineCounts counts;

 private:
  Time now_ = kBegin;
  std::uint64_t event_ = 1000;
  int number_ = 0;
};

const std::string kPrompt = "Read us on paper every morning";

TEST(SeenLines, AreThoseAtTheEdgesAndShortOnesInside) {
  const std::vector<SeenLine> lines = seen_lines("", body(1) + "\n\nBackground\n\n" + body(2));
  EXPECT_THAT(lines, SizeIs(3 + 5 + 3));
  EXPECT_EQ(std::ranges::count(lines, true, &SeenLine::inside), 3);
  EXPECT_EQ(lines.front().text.substr(0, 21), "The council of town 1");
  EXPECT_TRUE(lines.front().running);
}

TEST(SeenLines, LeaveOutWhatIsNoFurnitureHoweverOftenItRecurs) {
  for (const std::string line :
       {"What we know so far:", "What happens next?", "Correction: the bridge is older.",
        "This story was updated on Monday", "Berichtigung vom Montag", "*** — ***"}) {
    const auto lines = seen_lines("", line + "\n\n" + body(1));
    EXPECT_EQ(std::ranges::count(lines, line, &SeenLine::text), 0) << line;
  }
  const auto lines = seen_lines("", std::string(301, 'x') + "\n\n" + body(1));
  EXPECT_EQ(lines.front().text.substr(0, 21), "The council of town 1");
}

TEST(SeenLines, OfOneLineThereAreNone) { EXPECT_THAT(seen_lines("", "All there is."), IsEmpty()); }

TEST(SeenLines, AreToldApartByTheirWordsOnly) {
  const auto a = seen_lines("", "Read US on paper!\nThe story of today");
  const auto b = seen_lines("", "read us – on  paper\nThe story of yesterday");
  EXPECT_EQ(a[0].line, b[0].line);
  EXPECT_NE(a[1].line, b[1].line);
}

TEST(LineCounts, LearnsALineThatEndsManyStories) {
  Feed feed;
  feed.tell_with(kPrompt, 4);
  EXPECT_THAT(feed.learned(), IsEmpty());
  EXPECT_EQ(feed.counts.furniture().version, 0);
  feed.tell_with(kPrompt, 1);
  EXPECT_THAT(feed.learned(), ElementsAre(kPrompt));
  EXPECT_EQ(feed.counts.furniture().version, 1);
  EXPECT_EQ(feed.cleaned(body(90) + "\n\n" + kPrompt), body(90));
  EXPECT_EQ(feed.cleaned(body(90)), body(90));
}

TEST(LineCounts, AndOneThatBeginsThem) {
  Feed feed;
  for (int i = 0; i < 5; ++i) feed.tell("VALLEY POST\n\n" + body(i));
  EXPECT_EQ(feed.cleaned("VALLEY POST\n\n" + body(90)), body(90));
}

TEST(LineCounts, AStorysTitleInALineIsOneWord) {
  Feed feed;
  for (int i = 0; i < 5; ++i) {
    const std::string title = "Ferry number " + std::to_string(i) + " has sunk";
    feed.tell(body(i) + "\n\nThe post " + title + " appeared first on Valley Post.", 50 + i, title);
  }
  EXPECT_EQ(
      feed.cleaned(body(90) + "\n\nThe post Bridge to be closed appeared first on Valley Post.",
                   "Bridge to be closed"),
      body(90));
}

TEST(LineCounts, AQuoteInManyReportsOfOneEventIsNews) {
  Feed feed;
  for (int i = 0; i < 40; ++i) feed.tell(body(i) + "\n\n\"I did not know,\" he said.", 7);
  EXPECT_THAT(feed.learned(), IsEmpty());
}

TEST(LineCounts, SoIsOneOfTheSameDayWhateverTheEventsSay) {
  LineCounts counts;
  for (int i = 0; i < 40; ++i) {
    const Time time = kBegin + std::chrono::minutes(30 * i);
    EXPECT_FALSE(counts.add(seen_lines("", body(i) + "\n\nNobody knew."),
                            static_cast<std::uint64_t>(i), time, time));
  }
  EXPECT_THAT(counts.furniture().lines, IsEmpty());
}

TEST(LineCounts, ALineThatStandsInsideStoriesTooIsTheirs) {
  Feed feed;
  for (int i = 0; i < 40; ++i) {
    const std::string lead = "Why it matters";
    feed.tell(i % 2 == 0 ? body(i) + "\n\n" + lead
                         : body(i) + "\n\n" + lead + "\n\n" + body(i + 100));
  }
  EXPECT_THAT(feed.learned(), IsEmpty());
}

TEST(LineCounts, RunningTextMustBeInAQuarterOfTheStories) {
  const std::string background =
      "The war began when the army of the north crossed the river in spring.";
  Feed seldom;
  for (int i = 0; i < 20; ++i) {
    seldom.tell_with(background, 1);
    seldom.tell_plain(4);
  }
  EXPECT_THAT(seldom.learned(), IsEmpty());
  Feed often;
  for (int i = 0; i < 20; ++i) {
    often.tell_with(background, 1);
    often.tell_plain(2);
  }
  EXPECT_THAT(often.learned(), ElementsAre(background));
}

TEST(LineCounts, ALineInOneOfTwentyStoriesIsNotLearned) {
  Feed feed;
  for (int i = 0; i < 30; ++i) {
    feed.tell_with(kPrompt, 1);
    feed.tell_plain(19);
  }
  EXPECT_THAT(feed.learned(), IsEmpty());
}

TEST(LineCounts, WhatIsGoneIsForgotten) {
  Feed feed;
  feed.tell_with(kPrompt, 5);
  const Time learned = feed.counts.furniture().lines[0].since;
  feed.tell_plain(130);
  EXPECT_THAT(feed.learned(), IsEmpty());
  feed.tell_plain(64);
  EXPECT_THAT(feed.counts.furniture().lines, IsEmpty());
  EXPECT_GE(feed.counts.furniture().version, 3);
  feed.tell_with(kPrompt, 5);
  ASSERT_THAT(feed.learned(), ElementsAre(kPrompt));
  EXPECT_GT(feed.counts.furniture().lines[0].since, learned);
}

TEST(LineCounts, AnItemIsJudgedByWhatWasKnownBeforeItWasSeen) {
  const Furniture furniture{.version = 3,
                            .lines = {{.line = seen_lines("", kPrompt + "\n\n" + body(1))[0].line,
                                       .since = kBegin,
                                       .until = kBegin + std::chrono::hours(9),
                                       .text = kPrompt}}};
  const std::string text = body(1) + "\n\n" + kPrompt;
  EXPECT_EQ(without_furniture("", text, furniture, kBegin), text);
  EXPECT_EQ(without_furniture("", text, furniture, kBegin + std::chrono::milliseconds(1)), body(1));
  EXPECT_EQ(without_furniture("", text, furniture, kBegin + std::chrono::hours(9)), body(1));
  EXPECT_EQ(without_furniture("", text, furniture, kBegin + std::chrono::hours(10)), text);
}

TEST(WithoutFurniture, LeavesWhatStaysByteForByte) {
  Feed feed;
  for (int i = 0; i < 5; ++i)
    feed.tell("VALLEY POST\n" + body(i) + "\n\n" + kPrompt + "\n\nGood day");
  EXPECT_EQ(feed.cleaned("VALLEY POST\n\n\nOne  two\tthree.\nFour\n\n" + kPrompt +
                         "\nFive\n\nGood day\n"),
            "One  two\tthree.\nFour\nFive");
  EXPECT_EQ(feed.cleaned("One\n\n\nTwo \n"), "One\n\n\nTwo \n");
}

TEST(WithoutFurniture, NeverLeavesNothing) {
  Feed feed;
  for (int i = 0; i < 5; ++i) feed.tell("VALLEY POST\n" + kPrompt + "\n" + body(i));
  EXPECT_EQ(feed.cleaned("VALLEY POST\n" + kPrompt), "VALLEY POST\n" + kPrompt);
}

TEST(WithoutFurniture, TakesNothingFromTheMiddle) {
  Feed feed;
  feed.tell_with(kPrompt, 5);
  const std::string text = body(1) + "\n\n" + kPrompt + "\n\n" + body(2);
  EXPECT_EQ(feed.cleaned(text), text);
}

TEST(LineCounts, AreTheSameAfterTheStoreHadThem) {
  Feed never;
  Feed always;
  for (int i = 0; i < 300; ++i) {
    const std::string text =
        "VALLEY POST\n" + body(i) + (i % 3 == 0 ? "\n\n" + kPrompt : "\n\nNo " + std::to_string(i));
    EXPECT_EQ(never.tell(text), always.tell(text));
    const std::string packed = always.counts.pack();
    EXPECT_EQ(packed, never.counts.pack());
    always.counts = LineCounts::unpack(packed).value();
    EXPECT_EQ(always.counts.furniture(), never.counts.furniture());
  }
  EXPECT_THAT(always.learned(), SizeIs(2));
}

TEST(LineCounts, AreBounded) {
  LineCounts counts;
  Time time = kBegin;
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (int k = 0; k < 8; ++k) {  // Two hundred lines that recur, of which each story has eight.
      text += std::string(110, 'x') + " line " + std::to_string((i * 8 + k) % 200) + "\n";
    }
    time += std::chrono::hours(1);
    counts.add(seen_lines("", text + body(i)), static_cast<std::uint64_t>(i), time, time);
    ASSERT_LE(counts.pack().size(), 20'000u);
    ASSERT_LE(counts.furniture().lines.size(), 2 * LineCounts::kMostLearned);
  }
}

TEST(LineCounts, AnythingElseIsNotUnpacked) {
  Feed feed;
  feed.tell_with(kPrompt, 9);
  const std::string packed = feed.counts.pack();
  EXPECT_EQ(LineCounts::unpack(""), std::nullopt);
  EXPECT_EQ(LineCounts::unpack("\x02" + packed.substr(1)), std::nullopt);
  EXPECT_EQ(LineCounts::unpack(packed + "x"), std::nullopt);
  for (std::size_t size = 0; size < packed.size(); ++size) {
    EXPECT_EQ(LineCounts::unpack(packed.substr(0, size)), std::nullopt) << size;
  }
}

}  // namespace
}  // namespace nutgraf
