#include <gtest/gtest.h>

#include <string>

#include "daemon/article/metadata.h"

namespace nutgraf {
namespace {

struct PublishedCase {
  const char* name;
  const char* path;
  const char* page;
  const char* day;  ///< Empty: none.
};

std::string day_of(const PublishedCase& page) {
  const std::string url = std::string("https://www.daily-example.org") + page.path;
  const auto published = read_metadata(HtmlDocument::parse(page.page), url).published;
  return published ? format_rfc3339(*published).substr(0, 10) : "";
}

class Published : public testing::TestWithParam<PublishedCase> {};

TEST_P(Published, IsTheDayTheStoryCameOut) { EXPECT_EQ(day_of(GetParam()), GetParam().day); }

constexpr PublishedCase kCases[] = {
    {"DeclaredBeforeShown", "/bridge",
     "<meta property=article:published_time content=2021-03-05T10:00:00Z><h1>Old bridge "
     "closes</h1><time datetime=2021-03-09>9 March</time>",
     "2021-03-05"},
    {"AddressBeforeALaterDeclaration", "/2017/07/12/bridge",
     "<meta property=article:published_time content=2019-06-17T10:00:00Z>", "2017-07-12"},
    {"DeclarationOfTheSameDaysBeforeTheAddress", "/2017/07/12/bridge",
     "<meta property=article:published_time content=2017-07-13T01:00:00Z>", "2017-07-13"},
    {"AddressWithShortNumbers", "/2017/7/12/bridge", "<h1>Old bridge closes</h1>", "2017-07-12"},
    {"AddressWithTheYearLast", "/news/29-10-2021", "<h1>Old bridge closes</h1>", "2021-10-29"},
    {"ShownBeforeAnAddressWithTheYearLast", "/news/29-10-2021",
     "<h1>Old bridge closes</h1><p class=date>2 November 2021</p>", "2021-11-02"},
    {"NumberInTheAddressThatIsNoDate", "/news/99-99-2021", "<h1>Old bridge closes</h1>", ""},
    {"ShownInALayoutNamedForItsSidebar", "/bridge",
     "<div class='layout right-sidebar'><h1>Old bridge closes</h1><p><span>Jane</span> "
     "<span>April 19, 2019</span></p><p>It is old.</p></div>",
     "2019-04-19"},
    {"NotShownInTheSidebar", "/bridge",
     "<h1>Old bridge closes</h1><p>It is old, and nobody has painted it since the ferryman was "
     "young, so that the council has now closed it for good.</p><div class=sidebar><p>April 19, "
     "2019</p></div>",
     ""},
    {"PageBuildersWidgetIsNoWidget", "/bridge",
     "<h1>Old bridge closes</h1><div class=elementor-widget><p>April 19, 2019</p></div>",
     "2019-04-19"},
    {"ClassThatSaysHowItLooks", "/bridge",
     "<h1>Old bridge closes</h1><div class='lg:mr-[--sidebar-width]'><p>April 19, 2019</p></div>",
     "2019-04-19"},
    {"InTheAsideUnderTheWordPublished", "/bridge",
     "<h1>Old bridge closes</h1><p>It is old.</p><aside><h3>Category</h3><p>Bridges</p>"
     "<h3>Published</h3><p>April 19, 2019</p><h3>Event</h3><p>May 1, 2019</p></aside>",
     "2019-04-19"},
    {"TeaserLineAboveTheHeadline", "/bridge",
     "<p>News</p><h3 class=page-teaser-meta>19.04.2019</h3><h1>Old bridge closes</h1><p>It is "
     "old.</p>",
     "2019-04-19"},
    {"PublishedBeforeUpdatedThatIsNearer", "/bridge",
     "<p><span class=dateline>December 22, 2022</span><span class='dateline'>Updated: January 2, "
     "2026</span></p><h1>Old bridge closes</h1>",
     "2022-12-22"},
    {"UpdatedBeforeADayInTheStory", "/bridge",
     "<h1>Old bridge closes</h1><p class=date>Updated March 9, 2021</p>"
     "<ol><li><p><b>1<li><p><b>2<li><p><b>3<li><p><b>4<li><p><b>5<li><p><b>6<li><p><b>7</ol>"
     "<ol><li><p><b>1<li><p><b>2<li><p><b>3<li><p><b>4<li><p><b>5<li><p><b>6<li><p><b>7</ol>"
     "<ol><li><p><b>1<li><p><b>2<li><p><b>3<li><p><b>4<li><p><b>5<li><p><b>6<li><p><b>7</ol>"
     "<ol><li><p><b>1<li><p><b>2<li><p><b>3<li><p><b>4<li><p><b>5<li><p><b>6<li><p><b>7</ol>"
     "<ol><li><p><b>1<li><p><b>2<li><p><b>3<li><p><b>4<li><p><b>5<li><p><b>6<li><p><b>7</ol>"
     "<p>It was built on May 1, 1998.</p>",
     "2021-03-09"},
    {"BesideAHeadlineThatIsNoH1", "/bridge",
     "<title>Why the old bridge closes - Daily Example</title><h1>Daily Example</h1>"
     "<p>News of the river and its ferries, of the harbour and the town, every day but Sunday, "
     "since the first bridge was built</p>"
     "<article><aside><time datetime=2021-03-05>March 5, 2021</time></aside><h2>Why the old bridge "
     "closes</h2><p>It is old.</p></article>",
     "2021-03-05"},
    {"NearestToAHeadlineThatIsNoH1", "/bridge",
     "<title>Why the old bridge closes</title><div><h3>Ferry sinks</h3><span>2021-04-09</span>"
     "</div><article><h2>Why the old bridge closes</h2><small>2021-03-05</small></article>",
     "2021-03-05"},
    {"NearestToAHeadlineOfThreeWords", "/bridge",
     "<title>Old bridge closes</title><div><h3>Ferry sinks</h3><span>2021-04-09</span></div>"
     "<article><h2>Old bridge closes</h2><small>2021-03-05</small></article>",
     "2021-03-05"},
    {"SitesNameIsNoHeadline", "/bridge",
     "<title>Ferries of the River: why the old bridge closes</title><meta property=og:site_name "
     "content='Ferries of the River'><h2>Ferries of the River</h2><p>2021-04-09</p><ol><li>1<li>2"
     "<li>3<li>4<li>5</ol><h1>Old bridge</h1><p>2021-03-05</p>",
     "2021-03-05"},
    {"BritishPageInXml", "/bridge",
     "<html xml:lang=en-GB><body><h1>Old bridge closes</h1><p class=date>02/10/2020</p>",
     "2020-10-02"},
    {"RecipeBeforeItsReviews", "/cake",
     "<script type=application/ld+json>[{\"@type\":\"Review\",\"datePublished\":\"2020-04-12\"},"
     "{\"@type\":\"Recipe\",\"datePublished\":\"2006-10-10\"}]</script>",
     "2006-10-10"},
};

INSTANTIATE_TEST_SUITE_P(Pages, Published, testing::ValuesIn(kCases),
                         [](const auto& page) { return std::string(page.param.name); });

}  // namespace
}  // namespace nutgraf
