#include <gtest/gtest.h>

#include <string>

#include "daemon/article/byline.h"
#include "daemon/article/metadata.h"

namespace nutgraf {
namespace {

struct AuthorCase {
  const char* name;
  const char* page;
  const char* authors;  ///< Separated by ", "; empty: none.
};

std::string joined(const Names& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string authors_of(const AuthorCase& page) {
  return joined(read_metadata(HtmlDocument::parse(page.page),
                              "https://www.daily-example.org/people/2021/bridge")
                    .authors);
}

class Author : public testing::TestWithParam<AuthorCase> {};

TEST_P(Author, IsWhoWroteTheStory) { EXPECT_EQ(authors_of(GetParam()), GetParam().authors); }

constexpr AuthorCase kCases[] = {
    // What is declared.
    {"PersonInJsonLd",
     "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"author\":{\"@type\":\"Person\","
     "\"name\":\"Jane Doe\"}}</script>",
     "Jane Doe"},
    {"SiteAsOrganizationIsNobody",
     "<meta property=og:site_name content='Daily Example'><script type=application/ld+json>"
     "{\"@type\":\"NewsArticle\",\"author\":{\"@type\":\"Organization\",\"name\":\"Daily "
     "Example\"}}</script>",
     ""},
    {"AgencyAsOrganization",
     "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"author\":{\"@type\":"
     "\"Organization\",\"name\":\"Reuters\"}}</script>",
     "Reuters"},
    {"SiteOfSeveralWordsInMetaIsNobody",
     "<meta property=og:site_name content='Human on the River'><meta name=author content='Human on "
     "the River'>",
     ""},
    {"SiteInMetaIsNobody", "<meta name=author content=daily-example.org>", ""},
    {"OutletInMetaIsNobody",
     "<meta property=og:site_name content='Example News'><meta name=author content='Example News'>",
     ""},
    {"ShownBeforeTheSiteAsAPerson",
     "<meta property=og:site_name content='The Ferryman'><script type=application/ld+json>"
     "{\"@type\":\"NewsArticle\",\"author\":{\"@type\":\"Person\",\"name\":\"The Ferryman\"}}"
     "</script><h1>Old bridge closes</h1><p><a href=/author/jane-doe>Jane Doe</a></p>",
     "Jane Doe"},
    {"PersonsOwnSite",
     "<meta property=og:site_name content='Jane Doe'><meta name=author content='Jane Doe'><h1>Old "
     "bridge closes</h1>",
     "Jane Doe"},
    {"FirmAndWhereItIs", "<meta name=author content='Example Verlag GmbH, Munich, Germany'>", ""},
    {"AccountIsNobody", "<meta name=author content='Example Admin'>", ""},
    {"StaffIsNobody", "<meta name=author content='River Valley Staff'>", ""},
    {"RecipesAuthorBeforeItsReviewers",
     "<script type=application/ld+json>[{\"@type\":\"Review\",\"author\":\"Karl Maier\"},"
     "{\"@type\":\"Recipe\",\"author\":\"Jane Doe\"}]</script>",
     "Jane Doe"},

    // Links to an author's page.
    {"LinkThatSpellsTheName", "<h1>Old bridge closes</h1><a href=/author/jane-doe>Jane Doe</a>",
     "Jane Doe"},
    {"LinkToTheListOfArticlesIsNoName",
     "<h1>Old bridge closes</h1><a href=/author/doe>All Articles Here</a><a href=/author/doe>Jane "
     "Doe</a>",
     "Jane Doe"},
    {"SectionNamedLikeAFolderOfAuthors",
     "<h1>Old bridge closes</h1><a href=/people/real-life>Real Life</a>", ""},
    {"LicenseIsNoAuthor",
     "<h1>Old bridge closes</h1><a href=https://creativecommons.org/licenses/by/4.0>CC BY</a>", ""},

    // Places named for the author.
    {"RoleInABlockOfItsOwn",
     "<h1>Old bridge closes</h1><div class=author><p>Jane Doe</p><p>Senior Ferry "
     "Reporter</p></div>",
     "Jane Doe"},
    {"RoleThatTouchesTheName",
     "<h1>Old bridge closes</h1><p class=byline>By Jane Doe<b>Ferry Desk</b></p>", "Jane Doe"},
    {"IntroductionInABlockOfItsOwn",
     "<h1>Old bridge closes</h1><div class=author><p>Written by</p><p>Jane Doe</p></div>",
     "Jane Doe"},
    {"IntroductionBeforeANoBreakSpace",
     "<h1>Old bridge closes</h1><span class=author>Par&nbsp;<b>Jane Doe</b></span>", "Jane Doe"},
    {"DescriptionIsNoName",
     "<h1>Old bridge closes</h1><p class=author-description>Licensed Ferry Captain</p>", ""},
    {"PictureCreditIsNoName", "<h1>Old bridge closes</h1><p class=author>Photo: Karl Maier</p>",
     ""},
    {"DateIsNoPenName", "<h1>Old bridge closes</h1><p class=author>09.10.2021</p>", ""},
    {"SectionIsNoPenName", "<h1>Old bridge closes</h1><p class=author>Personal finance</p>", ""},
    {"BlogsNameInItsHeading", "<h1><a rel=author href=/>Ferrymen of the River</a></h1>", ""},
    {"PenName", "<h1>Old bridge closes</h1><p class=author>ferryman7</p>", "ferryman7"},
    {"AsideAtTheHeadline",
     "<h1>Old bridge closes</h1><aside class=meta><p class=authors>By <i>Jane Doe</i></p></aside>"
     "<p>It is old.</p>",
     "Jane Doe"},
    {"PageBuildersWidget",
     "<h1>Old bridge closes</h1><div class=elementor-widget><p>Written by Jane Doe</p></div>",
     "Jane Doe"},

    {"InTheStorysOwnFooter",
     "<h1>Old bridge closes</h1><p>The old bridge over the river has been closed since Monday, and "
     "the town does not know how to pay for it.</p><div class=entry-footer><p class=author>von <a "
     "href=/autor/jane>Jane</a></p></div>",
     "Jane"},
    {"NotInThePagesFooter",
     "<h1>Old bridge closes</h1><p>The old bridge over the river has been closed since Monday, and "
     "the town does not know how to pay for it.</p><div class=page-footer><p class=author>von <a "
     "href=/autor/jane>Jane</a></p></div>",
     ""},

    // What introduces the author below the story.
    {"Biography",
     "<h1>Old bridge closes</h1><p>It is old.</p><p>Jane Doe is a freelance travel writer and "
     "lives by the river.</p>",
     "Jane Doe"},
    {"AnnouncedBiography",
     "<h1>Old bridge closes</h1><p>It is old.</p><p>About the author:</p><p>Jane Doe bakes "
     "bread.</p>",
     "Jane Doe"},
    {"NoBiographyWithoutItsLabel",
     "<p>Jane Doe bakes bread.</p><h1>Old bridge closes</h1><p>It is old.</p>", ""},
    {"SeveralBiographiesAreTheStory",
     "<h1>Old bridge closes</h1><p>Jane Doe is a writer.</p><p>John Smith is a writer.</p>", ""},
    {"BiographyOfAnother",
     "<h1>Old bridge closes</h1><p>It is old.</p><aside><p>Jane Doe is a writer.</p></aside>", ""},
    {"BylineBeforeABiography",
     "<h1>Old bridge closes</h1><p>By John Smith, ferry desk</p><p>Jane Doe is a writer.</p>",
     "John Smith"},

    // Lines that say it.
    {"BehindADate", "<h1>Old bridge closes</h1><p>03/01/2017 by Jane Doe, ferry desk</p>",
     "Jane Doe"},
    {"BehindAMark", "<h1>Old bridge closes</h1><p>Rivers | By Jane Doe | March 1</p>", "Jane Doe"},
    {"NotInASentence", "<h1>Old bridge closes</h1><p>It was built by Jane Doe in a year</p>", ""},
    {"UnderItsLabel", "<h1>Old bridge closes</h1><p>Written by</p><p>Jane Doe</p>", "Jane Doe"},
    {"UnderItsLabelBesideTheStory",
     "<h1>Old bridge closes</h1><aside><h3>Author</h3><p>Jane Doe</p></aside>", "Jane Doe"},
    {"HeadingUnderALabelIsNoName", "<h1>Old bridge closes</h1><p>By</p><h2>RECENT CONTENT</h2>",
     ""},
    {"MonthBehindTheName", "<h1>Old bridge closes</h1><p>By Jane Doe August 5</p>", "Jane Doe"},
    {"MonthThatIsAName", "<h1>Old bridge closes</h1><p>By Jane Doe and April May</p>",
     "Jane Doe, April May"},
};

INSTANTIATE_TEST_SUITE_P(Pages, Author, testing::ValuesIn(kCases),
                         [](const auto& page) { return std::string(page.param.name); });

TEST(Author, IsNotWhomALongTextIntroduces) {
  std::string story = "<h1>Old bridge closes</h1><p>Jane Doe is a writer";
  for (int i = 0; i < 40; ++i) story += ", and the old bridge is closed";
  EXPECT_EQ(authors_of({"", (story + ".</p>").c_str(), ""}), "");
}

TEST(CleanNames, KeepsAPenNameOfOneWordBehindAnother) {
  EXPECT_EQ(joined(clean_names("Jane Doe, Banksy")), "Jane Doe, Banksy");
  EXPECT_EQ(joined(clean_names("Jane Doe, Senior Editor")), "Jane Doe");
}

TEST(CleanNames, AreNoAddresses) {
  for (const char* const raw :
       {"https://example.org/jane", "www.example.org", "@jane_doe", "/autor/jane"}) {
    EXPECT_EQ(joined(clean_names(raw)), "") << raw;
  }
}

TEST(BylineNames, ReadsLinesThatSayWhoWroteTheText) {
  EXPECT_EQ(joined(byline_names("By Jane Doe and John Smith | City")), "Jane Doe, John Smith");
  EXPECT_EQ(joined(byline_names("05.02.2020 - Redaktion: Jane Doe (Press)")), "Jane Doe");
  EXPECT_EQ(joined(byline_names("The theme is by Jane Doe")), "");
  EXPECT_EQ(joined(byline_names("by")), "");
  EXPECT_EQ(joined(byline_names("")), "");
}

}  // namespace
}  // namespace nutgraf
