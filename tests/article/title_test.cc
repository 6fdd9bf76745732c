#include <gtest/gtest.h>

#include <string>

#include "daemon/article/metadata.h"

namespace nutgraf {
namespace {

struct TitleCase {
  const char* name;
  const char* head;
  const char* body;
  const char* title;
};

std::string title_of(const TitleCase& page) {
  const std::string html =
      std::string("<html><head>") + page.head + "</head><body>" + page.body + "</body></html>";
  return read_metadata(HtmlDocument::parse(html), "https://www.daily-example.org/2021/bridge")
      .title;
}

class Title : public testing::TestWithParam<TitleCase> {};

TEST_P(Title, IsTheHeadlineAlone) { EXPECT_EQ(title_of(GetParam()), GetParam().title); }

constexpr TitleCase kTitles[] = {
    {"SiteBehindABar", "<title>Old bridge closes | Daily Example</title>", "", "Old bridge closes"},
    {"SiteBehindABarWithoutBlanks", "<title>Old bridge closes|Daily Example</title>", "",
     "Old bridge closes"},
    {"SiteBeforeABarWithoutBlanks", "<title>Daily Example|Old bridge closes</title>", "",
     "Old bridge closes"},
    {"HyphenInAWord", "<title>Old bridge closes for well-known reasons</title>", "",
     "Old bridge closes for well-known reasons"},
    {"SiteBeforeADash", "<title>Daily Example – Old bridge closes</title>", "",
     "Old bridge closes"},
    {"SiteByItsDeclaredName",
     "<meta property=og:site_name content='The Ferryman'><title>The Ferryman: Old bridge "
     "closes</title>",
     "", "Old bridge closes"},
    {"ShortLastPart", "<title>Old bridge closes for good - News from the river</title>", "",
     "Old bridge closes for good"},
    {"ScriptWithoutBlanks", "<title>老桥在九年的维修之后重新开放-新华网</title>", "",
     "老桥在九年的维修之后重新开放"},
    {"HeadingThatTheTitleConfirms", "<title>Bridge: Old bridge closes | Daily Example</title>",
     "<h1>Latest</h1><h1>Old bridge closes</h1>", "Old bridge closes"},
    {"HeadingThatOverlaps", "<title>Old bridge over river closes</title>",
     "<h1>The old bridge closes over Easter</h1>", "The old bridge closes over Easter"},
    {"LoneHeadingAgainstASearchTitle", "<title>Bridge news, traffic, detours</title>",
     "<h1>What the ferryman saw on Monday</h1>", "What the ferryman saw on Monday"},
    {"LoneHeadingInTheFooterIsNone", "<title>Old bridge closes for good</title>",
     "<footer><h1>Return to the front page</h1></footer>", "Old bridge closes for good"},
    {"LinkToTheFrontPageIsNone", "<title>Our river valley » Old bridge closes for good</title>",
     "<h1><a href='/'>Our river valley</a></h1>", "Our river valley » Old bridge closes for good"},
    {"LinkToThisPageIsOne", "<title>Our river valley » Old bridge closes</title>",
     "<h1><a href='/2021/bridge'>Old bridge closes</a></h1>", "Old bridge closes"},
    {"KickerInsideTheHeading", "<title>Traffic: Old bridge closes</title>",
     "<h1><span class=article__kicker>Traffic</span><span>: </span>Old bridge closes</h1>",
     "Old bridge closes"},
    {"EmphasisIsNoKicker", "<title>Old bridge closes</title>",
     "<h1><em>Old</em> bridge closes</h1>", "Old bridge closes"},
    {"SubheadingWhereNoH1Is", "<title>Old bridge closes – a chronicle | Daily Example</title>",
     "<h2>Old bridge closes – a chronicle</h2>", "Old bridge closes – a chronicle"},
    {"SubheadingThatTheTitleConfirmsBeforeALoneHeading", "<title>Old bridge closes</title>",
     "<h1>River valley traffic center</h1><h2>Old bridge closes</h2>", "Old bridge closes"},
    {"SubheadingThatAnotherDeclaredTitleConfirms",
     "<title>Bridge news, traffic, detours</title><meta name=twitter:title content='Old bridge "
     "closes'>",
     "<h3>Old bridge closes</h3><h1>A message from our founder</h1>", "Old bridge closes"},
    {"OneWordThatIsInTheTitleByChance", "<title>Old bridge: a planning disaster explained</title>",
     "<h1>Planning</h1>", "Old bridge: a planning disaster explained"},
    {"OneWordThatIsThePagesTitle", "<title>Ferryman | Daily Example</title>", "<h1>Ferryman</h1>",
     "Ferryman"},
    {"SectionThatTheSharedTitleLeavesOut",
     "<title>Daily Example | Literature | Old bridge closes</title><meta property=og:title "
     "content='Old bridge closes'>",
     "<h1>Literature</h1>", "Old bridge closes"},
    {"LinkToTheBlogsFrontPageIsNone", "<title>The ferryman writes » Old bridge closes</title>",
     "<h1><a href='/2021/'>The ferryman writes</a></h1><h2>Old bridge closes</h2>",
     "Old bridge closes"},
    {"SubheadingThatNobodyDeclares", "<title>Old bridge closes</title>", "<h2>What comes next</h2>",
     "Old bridge closes"},
};

INSTANTIATE_TEST_SUITE_P(Pages, Title, testing::ValuesIn(kTitles),
                         [](const auto& page) { return std::string(page.param.name); });

}  // namespace
}  // namespace nutgraf
