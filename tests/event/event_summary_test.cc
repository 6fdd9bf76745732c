#include "daemon/event/event_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/event/author_voice.h"

namespace nutgraf {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

const Time kStart = Time(hours(24 * 365 * 50));

Story story(std::string id, std::string publisher, std::string title, std::string text) {
  Story story;
  story.id = std::move(id);
  story.source.publisher = std::move(publisher);
  story.title = std::move(title);
  story.text = std::move(text);
  story.language = "en";
  story.category = "world";
  story.url = "https://" + story.source.publisher + ".example/" + story.id;
  story.first_seen_at = kStart;
  story.published_at = kStart;
  return story;
}

std::vector<Story> fire() {
  return {
      story(
          "a", "Courier", "Fire destroys harbour warehouse in Port Merrin",
          "A fire destroyed a harbour warehouse in Port Merrin on Tuesday night. Nine people were "
          "injured in the warehouse fire, the harbour police said. Crews from four stations "
          "fought the flames until dawn."),
      story("b", "Herald", "Port Merrin warehouse burns down",
            "A harbour warehouse in Port Merrin was destroyed by fire on Tuesday night. Harbour "
            "police said 12 people were injured in the warehouse fire. The building had stored "
            "timber since last autumn."),
      story(
          "c", "Mirror", "Warehouse fire in Port Merrin",
          "Fire destroyed a harbour warehouse in Port Merrin on Tuesday night. The harbour police "
          "said nine people were injured in the warehouse fire. Trains to the port were stopped "
          "for three hours."),
  };
}

TEST(SummarizeEvent, NamesWhoSaysWhatAndHowManySupportIt) {
  const Event event = summarize_event(fire(), std::nullopt);
  EXPECT_EQ(event.revision, 1);
  EXPECT_EQ(event.changed_because, "opened");
  EXPECT_EQ(event.size, 3);
  EXPECT_EQ(event.sources, 3);
  EXPECT_EQ(event.independent, 3);
  EXPECT_EQ(event.language, "en");
  EXPECT_EQ(event.category, "world");
  EXPECT_THAT(event.title, testing::HasSubstr("Port Merrin"));
  EXPECT_THAT(event.added, ElementsAre("a", "b", "c"));
  EXPECT_THAT(event.fresh, IsEmpty());
  ASSERT_FALSE(event.summary.empty());
  EXPECT_LE(event.summary.size(), EventSummaryOptions{}.sentences);
  bool supported = false;
  for (const EventSentence& sentence : event.summary) {
    EXPECT_THAT(event.summary_text, testing::HasSubstr(sentence.text));
    const std::vector<Story> stories = fire();
    const auto of = std::find_if(stories.begin(), stories.end(),
                                 [&](const Story& s) { return s.id == sentence.story_id; });
    ASSERT_NE(of, stories.end());
    EXPECT_EQ(sentence.publisher, of->source.publisher);
    EXPECT_EQ(sentence.url, of->url);
    EXPECT_THAT(of->text, testing::HasSubstr(sentence.text));
    EXPECT_LE(sentence.support, 3);
    supported |= sentence.support == 3;
  }
  EXPECT_TRUE(supported);
}

TEST(SummarizeEvent, BeginsWithTheReportOfTheBestPick) {
  // The first report says nothing of the fire but in passing.
  std::vector<Story> stories = fire();
  stories.insert(stories.begin(),
                 story("o", "Post", "Port Merrin opens a new park",
                       "Children danced in a new park on Monday. The mayor cut a ribbon of red "
                       "silk. Harbour police said people of Port Merrin were injured in a fire."));
  const Event event = summarize_event(stories, std::nullopt);
  ASSERT_FALSE(event.summary.empty());
  EXPECT_NE(event.summary[0].story_id, "o") << event.summary_text;
  EXPECT_EQ(event.summary_text.rfind(event.summary[0].text, 0), 0u);
}

TEST(SummarizeEvent, TellsWhatEarlierMessagesDidNotSay) {
  const std::vector<Story> all = fire();
  const Event first = summarize_event({all[0]}, std::nullopt);
  const Event second = summarize_event({all[0], all[1]}, first);
  EXPECT_EQ(second.revision, 2);
  EXPECT_EQ(second.changed_because, "1 story joined");
  EXPECT_THAT(second.added, ElementsAre("b"));
  ASSERT_EQ(second.fresh.size(), 1u);
  EXPECT_EQ(second.fresh[0].text, "The building had stored timber since last autumn.");
  EXPECT_EQ(second.fresh[0].story_id, "b");
}

TEST(SummarizeEvent, IsTheSameWhateverTheSummarizerHasMet) {
  const std::vector<Story> all = fire();
  const Event first = summarize_event({all[0]}, std::nullopt);
  summarizer::Summarizer summarizer;
  for (int i = 0; i < 3; ++i) {
    const Event alone = summarize_event(all, first);
    const Event after_others = summarize_event(all, first, {}, summarizer);
    EXPECT_EQ(after_others.summary_text, alone.summary_text);
    EXPECT_EQ(after_others.keywords, alone.keywords);
    ASSERT_FALSE(alone.fresh.empty());
    ASSERT_EQ(after_others.fresh.size(), alone.fresh.size());
    EXPECT_EQ(after_others.fresh[0].text, alone.fresh[0].text);
    ASSERT_EQ(after_others.conflicts.size(), alone.conflicts.size());
  }
}

TEST(SummarizeEvent, LetsOnlyReportsSpeak) {
  std::vector<Story> stories = fire();
  stories[0].kind = StoryKind::kOpinion;
  stories[0].title = "What Port Merrin must learn";
  const Event event = summarize_event(stories, std::nullopt);
  EXPECT_EQ(event.size, 3);
  EXPECT_EQ(event.independent, 2);
  EXPECT_NE(event.title, stories[0].title);
  for (const EventSentence& sentence : event.summary) EXPECT_NE(sentence.story_id, "a");
}

TEST(SummarizeEvent, WithoutAnyReportTheOthersSpeakButContradictNobody) {
  std::vector<Story> stories = fire();
  ASSERT_THAT(summarize_event(stories, std::nullopt).conflicts, Not(IsEmpty()));
  for (Story& each : stories) each.kind = StoryKind::kOpinion;
  const Event event = summarize_event(stories, std::nullopt);
  EXPECT_EQ(event.size, 3);
  EXPECT_FALSE(event.summary_text.empty());
  EXPECT_FALSE(event.title.empty());
  EXPECT_THAT(event.conflicts, IsEmpty());
}

TEST(SummarizeEvent, HasTheTitleOfTheReportThatMostOthersAgreeWith) {
  std::vector<Story> stories = fire();
  Story aside = story("z", "Gazette", "Ferry line gives up its night crossing",
                      "The ferry will stop sailing at night because fuel has become expensive. "
                      "Nurses protested outside the office with lanterns. Trains will be held.");
  stories.insert(stories.begin(), aside);
  EXPECT_NE(summarize_event(stories, std::nullopt).title, aside.title);
}

TEST(SummarizeEvent, LeavesOutWhatAnAuthorSaysOfHimself) {
  std::vector<Story> stories = fire();
  for (Story& story : stories) {
    story.text =
        "I ran out of my house when the fire began. I'm still afraid of it. Who stopped the "
        "fire in the harbour warehouse? " +
        story.text;
  }
  for (const std::size_t count : {3, 2}) {
    stories.resize(count);
    const Event event = summarize_event(stories, std::nullopt);
    ASSERT_THAT(event.summary, Not(IsEmpty()));
    for (const EventSentence& sentence : event.summary) {
      EXPECT_THAT(sentence.text, Not(testing::HasSubstr("my house")));
      EXPECT_THAT(sentence.text, Not(testing::HasSubstr("I'm")));
      EXPECT_THAT(sentence.text, Not(testing::EndsWith("?")));
    }
  }
}

TEST(SummarizeEvent, WithoutAnythingElseAuthorsSpeakOfThemselves) {
  constexpr const char* kOwn[] = {
      "I ran out of my house in Port Merrin when the warehouse fire began on Tuesday night. "
      "My brother and I watched from the harbour as the flames reached the timber inside. ",
      "I heard the sirens of four stations when the warehouse in Port Merrin burned on Tuesday. "
      "My neighbour and I carried water to the crews in the harbour until the morning came. "};
  const auto summary_with = [&](const std::string& more) {
    return summarize_event({story("a", "Courier", "Fire", kOwn[0] + more),
                            story("b", "Herald", "Fire", kOwn[1])},
                           std::nullopt)
        .summary;
  };
  EXPECT_GT(summary_with("").size(), 1u);
  EXPECT_GT(summary_with("\n\nPhoto: Jane Doe").size(), 1u);
  const std::string other = "The warehouse fire in Port Merrin was put out on Wednesday morning.";
  const std::vector<EventSentence> summary = summary_with(other);
  ASSERT_EQ(summary.size(), 1u);
  EXPECT_EQ(summary[0].text, other);
}

TEST(SummarizeEvent, DoesNotCallItsPublishersKeywords) {
  std::vector<Story> stories = fire();
  for (Story& story : stories) {
    story.title = "Fire, says MERRINPRESS";
    story.text += " The mayor told MERRINPRESS so. He wrote to MERRINPRESS.";
  }
  EXPECT_THAT(summarize_event(stories, std::nullopt).keywords, testing::Contains("MERRINPRESS"));
  stories[1].source.publisher = "Merrinpress";
  EXPECT_THAT(summarize_event(stories, std::nullopt).keywords,
              Not(testing::Contains("MERRINPRESS")));
}

TEST(FirstPerson, IsOutsideOfQuotationMarks) {
  const auto in_first_person = [](const std::string& text) {
    const summarizer::Analysis analysis = summarizer::analyse({{}, text, "en"});
    EXPECT_EQ(analysis.sentences.size(), 1u) << text;
    return is_in_first_person(analysis, 0);
  };
  EXPECT_TRUE(in_first_person("What I did not say was that the mill was gone."));
  EXPECT_TRUE(in_first_person("In this case, I’d rather stay."));
  EXPECT_TRUE(in_first_person("\"It burned,\" my father told me."));
  EXPECT_FALSE(in_first_person("\"I saw it with my own eyes,\" said Ann Lee."));
  EXPECT_FALSE(in_first_person("She said: “It is my mill.”"));
  EXPECT_FALSE(in_first_person("The mill was built before World War I in Harlow."));
  EXPECT_FALSE(in_first_person("The council met in the old mill."));
  const summarizer::Analysis italian =
      summarizer::analyse({.title = {}, .text = "I traghetti sono fermi.", .language = "it"});
  EXPECT_FALSE(is_in_first_person(italian, 0));
}

TEST(SummarizeEvent, IsBoundedWhateverTheSize) {
  std::vector<Story> stories;
  for (int i = 0; i < 60; ++i) {
    stories.push_back(fire()[static_cast<std::size_t>(i % 3)]);
    stories.back().id = std::to_string(i);
    stories.back().source.publisher = "P" + std::to_string(i);
  }
  const EventSummaryOptions options;
  const Event event = summarize_event(stories, std::nullopt, options);
  EXPECT_EQ(event.size, 60);
  EXPECT_EQ(event.sources, 60);
  EXPECT_LE(event.stories.size(), options.stories);
  EXPECT_LE(event.summary.size(), options.sentences);
  EXPECT_LE(event.keywords.size(), options.keywords);
}

TEST(SummarizeEvent, SurvivesStoriesWithoutText) {
  EXPECT_EQ(summarize_event({}, std::nullopt).size, 0);
  const Event event = summarize_event({story("a", "P", "", "")}, std::nullopt);
  EXPECT_EQ(event.size, 1);
  EXPECT_THAT(event.summary, IsEmpty());
}

TEST(SummarizeEvent, ShowsWhereIndependentOutletsDisagree) {
  const Event event = summarize_event(fire(), std::nullopt);
  ASSERT_EQ(event.conflicts.size(), 1u);
  EXPECT_EQ(event.conflicts[0].what, "injured");
  ASSERT_EQ(event.conflicts[0].claims.size(), 2u);
  EXPECT_EQ(event.conflicts[0].claims[0].value, "9");
  EXPECT_THAT(event.conflicts[0].claims[0].publishers, ElementsAre("Courier", "Mirror"));
  EXPECT_EQ(event.conflicts[0].claims[1].value, "12");
  EXPECT_THAT(event.conflicts[0].claims[1].publishers, ElementsAre("Herald"));
}

TEST(SummarizeEvent, TakesALaterCountForAChange) {
  std::vector<Story> stories = fire();
  stories[1].published_at = kStart + hours(13);
  EXPECT_THAT(summarize_event(stories, std::nullopt).conflicts, IsEmpty());
}

TEST(SummarizeEvent, HearsOneSourceOnce) {
  std::vector<Story> stories = {fire()[0], fire()[1]};
  stories[1].source.publisher = stories[0].source.publisher;
  EXPECT_THAT(summarize_event(stories, std::nullopt).conflicts, IsEmpty());
}

}  // namespace
}  // namespace nutgraf
