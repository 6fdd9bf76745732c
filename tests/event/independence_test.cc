#include "daemon/event/independence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

using testing::ElementsAre;

/// `count` words that no other `seed` has.
std::string words(char seed, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += seed + std::to_string(i) + "x ";
  return text;
}

Story story(std::string id, std::string publisher, std::string agency, std::string text,
            std::string copy_of = "") {
  Story story;
  story.id = std::move(id);
  story.source.publisher = std::move(publisher);
  story.origin_agency = std::move(agency);
  story.origin_copy_of = std::move(copy_of);
  story.text = std::move(text);
  return story;
}

struct Case {
  const char* why;
  std::vector<Story> stories;
  std::size_t independent;
};

class Independent : public testing::TestWithParam<Case> {};

TEST_P(Independent, CountsSourcesAndNotOutlets) {
  EXPECT_EQ(sources_of(GetParam().stories).count, GetParam().independent) << GetParam().why;
}

const std::string kWire = words('w', 100);

INSTANTIATE_TEST_SUITE_P(
    Table, Independent,
    testing::Values(
        Case{"none", {}, 0}, Case{"one", {story("a", "A", "", kWire)}, 1},
        Case{"two outlets", {story("a", "A", "", words('a', 50)), story("b", "B", "", kWire)}, 2},
        Case{"one publisher", {story("a", "A", "", words('a', 50)), story("b", "A", "", kWire)}, 1},
        Case{"a copy", {story("a", "A", "", kWire), story("b", "B", "", kWire, "a")}, 1},
        Case{"a copy that comes first",
             {story("b", "B", "", kWire, "a"), story("a", "A", "", kWire)},
             1},
        Case{"copies of what is not there",
             {story("b", "B", "", kWire, "z"), story("c", "C", "", kWire, "z")},
             1},
        Case{"one agency's text",
             {story("a", "A", "Reuters", kWire), story("b", "B", "Reuters", kWire)},
             1},
        Case{"one flash of an agency, of three words",
             {story("a", "A", "Reuters", "Fire in Lundt"),
              story("b", "B", "Reuters", "Fire in Lundt")},
             1},
        Case{"a credit alone",
             {story("a", "A", "Reuters", words('a', 90)), story("b", "B", "Reuters", kWire)},
             2},
        Case{"a quarter of the agency's text",
             {story("a", "A", "Reuters", words('a', 75) + words('w', 25)),
              story("b", "B", "Reuters", kWire)},
             2},
        Case{"a third of the agency's text",
             {story("a", "A", "Reuters", words('a', 65) + words('w', 35)),
              story("b", "B", "Reuters", kWire)},
             1},
        Case{"a short notice of it within a long story",
             {story("a", "A", "AP", words('w', 10)),
              story("b", "B", "AP", words('b', 300) + words('w', 10))},
             1},
        Case{"the same text under two agencies",
             {story("a", "A", "AP", kWire), story("b", "B", "AFP", kWire)},
             1},
        Case{"the same text without a credit",
             {story("a", "A", "", kWire), story("b", "B", "", kWire)},
             1},
        Case{"two thirds of a text without a credit",
             {story("a", "A", "AP", kWire), story("b", "B", "", words('w', 66) + words('b', 34))},
             1},
        Case{"a letter that both print",
             {story("a", "A", "", words('w', 55) + words('a', 45)),
              story("b", "B", "", words('w', 55) + words('b', 45))},
             2},
        Case{"a few words, as of a quotation",
             {story("a", "A", "", kWire), story("b", "B", "", words('w', 59))},
             2},
        Case{"a credit without a text", {story("a", "A", "AP", ""), story("b", "B", "AP", "")}, 2},
        Case{"through others",
             {story("a", "A", "AP", kWire), story("b", "B", "AP", kWire),
              story("c", "B", "", words('c', 40)), story("d", "D", "", "", "c"),
              story("e", "E", "", "")},
             2}));

TEST(SourcesOf, AreNumberedInOrderOfAppearance) {
  EXPECT_THAT(sources_of({story("a", "A", "", ""), story("b", "B", "", ""), story("c", "A", "", ""),
                          story("d", "D", "", "", "b")})
                  .independent,
              ElementsAre(0u, 1u, 0u, 1u));
}

TEST(SourcesOf, KnowsWhoIsCreditedAndWhoCopies) {
  const Sources sources =
      sources_of({story("a", "A", "", kWire), story("b", "B", "", words('b', 90)),
                  story("c", "C", "", kWire)});
  EXPECT_THAT(sources.credited, ElementsAre(0u, 1u, 2u));
  EXPECT_THAT(sources.independent, ElementsAre(0u, 1u, 0u));
  EXPECT_EQ(sources.count, 2u);
}

TEST(PublisherOf, FallsBackToHostAndFeed) {
  Story s;
  s.source.feed_id = "feed";
  EXPECT_EQ(publisher_of(s), "feed");
  s.source.host = "a.example";
  EXPECT_EQ(publisher_of(s), "a.example");
  s.source.publisher = "A";
  EXPECT_EQ(publisher_of(s), "A");
}

}  // namespace
}  // namespace nutgraf
