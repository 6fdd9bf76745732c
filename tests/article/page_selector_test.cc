// An operator's selectors: what CSS becomes, what is refused and where, and what a page may cost.
#include "daemon/article/page_selector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/article/article.h"
#include "daemon/article/page_pick.h"
#include "daemon/article/xpath.h"

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string joined(std::string_view css) {
  std::string out;
  const auto xpaths = xpaths_of(css);
  if (!xpaths) return std::to_string(xpaths.error().position) + ": " + xpaths.error().message;
  for (const std::string& xpath : *xpaths) out += (out.empty() ? "" : " , ") + xpath;
  return out;
}

#define CLASS(name) "[contains(concat(\" \", normalize-space(@class), \" \"), \" " name " \")]"

TEST(PageSelector, CssAsXPath) {
  const std::pair<const char*, const char*> kTable[] = {
      {"p", "/descendant::p"},
      {"  P ", "/descendant::p"},
      {"*", "/descendant::*"},
      {"amp-img", "/descendant::amp-img"},
      {".story", "/descendant::*" CLASS("story")},
      {"div.story.main", "/descendant::div" CLASS("story") CLASS("main")},
      {"#top", "/descendant::*[@id=\"top\"]"},
      {"div#a.b", "/descendant::div[@id=\"a\"]" CLASS("b")},
      {"[hidden]", "/descendant::*[@hidden]"},
      {"a[ Data-X = yes ]", "/descendant::a[@data-x=\"yes\"]"},
      {"a[href='x\"y']", "/descendant::a[@href='x\"y']"},
      {"a[href=\"x'y]\"]", "/descendant::a[@href=\"x'y]\"]"},
      {"a[href=\"\"]", "/descendant::a[@href=\"\"]"},
      {"a[href^=\"http\"]", "/descendant::a[starts-with(@href, \"http\")]"},
      {"a[href*=\"ads\"]", "/descendant::a[contains(@href, \"ads\")]"},
      {"a[href$=\".pdf\"]", "/descendant::a[substring(@href, string-length(@href) - 3)=\".pdf\"]"},
      {"a[href$=\"é\"]", "/descendant::a[substring(@href, string-length(@href) - 0)=\"é\"]"},
      {"li:first-child", "/descendant::li[not(preceding-sibling::*)]"},
      {"li:last-child", "/descendant::li[not(following-sibling::*)]"},
      {"div p", "/descendant::p[ancestor::div]"},
      {"div > p", "/descendant::p[parent::div]"},
      {"div>p", "/descendant::p[parent::div]"},
      {"a b > c d", "/descendant::d[ancestor::c[parent::b[ancestor::a]]]"},
      {"h2, p.x", "/descendant::h2 , /descendant::p" CLASS("x")},
      {"//div[@id='x']/p", "//div[@id='x']/p"},
      {"(//p)[1]", "(//p)[1]"},
  };
  for (const auto& [css, xpath] : kTable) {
    EXPECT_EQ(joined(css), xpath) << css;
    EXPECT_EQ(check_selector(css), "") << css;
  }
}

TEST(PageSelector, WhatIsWrongIsSaidWithItsPlaceAndRemedy) {
  const std::tuple<std::string, int, const char*> kTable[] = {
      {"", 1, "element should"},
      {"p,", 3, "element should"},
      {"p >", 4, "element should"},
      {"> p", 1, "element should"},
      {"p..x", 3, "name should"},
      {"p#", 3, "name should"},
      {"p:nth-child(2)", 3, "no pseudo-class"},
      {"p::before", 3, "name should"},
      {"p + p", 3, "write the rest as XPath"},
      {"p ~ p", 3, "write the rest as XPath"},
      {"p[x", 4, "stands where ]"},
      {"p[x=\"y]", 5, "closing quote"},
      {"p[x~=y]", 4, "stands where ]"},
      {"p[x^=\"\"]", 6, "empty value"},
      {"p[x=\"a\\\"b\"]", 5, "backslash"},
      {"p[1]", 3, "attribute's name"},
      {"p{}", 2, "not understood"},
      {"div\x01", 4, "control character"},
      {"//p[", 5, ""},
      {"//p[@x='y]", 8, "closing quote"},
      {"//p[$x]", 5, "variables"},
      {"//svg:g", 3, "namespace"},
      {"//p[id('x')]", 5, "not read"},
      {"//p[document('x')]", 5, "not read"},
      {"//p | //h2", 5, "selectors of their own"},
      {"//p)", 4, ""},
      {"//", 3, ""},
      {"//p[contains(.)]x", 17, ""},
      {"(1 + 1)", 1, "path to elements"},
      {"(//p = 1)", 1, "path to elements"},
  };
  for (const auto& [selector, position, message] : kTable) {
    const std::string problem = check_selector(selector);
    EXPECT_THAT(problem, HasSubstr(" is wrong at " + std::to_string(position) + ": "));
    EXPECT_THAT(problem, HasSubstr(message)) << selector;
  }
}

TEST(PageSelector, LengthAndNestingAreBounded) {
  EXPECT_EQ(check_selector(std::string(kLongestSelector, 'p')), "");
  EXPECT_THAT(check_selector(std::string(kLongestSelector + 1, 'p')), HasSubstr("longer than"));
  EXPECT_THAT(check_selector(std::string(1 << 20, '[')), HasSubstr("longer than"));
  EXPECT_THAT(check_selector("//p" + std::string(100, '[') + "1" + std::string(100, ']')),
              HasSubstr("nest deeper"));
  EXPECT_THAT(check_selector("/" + std::string(100, '(')), HasSubstr("nest deeper"));
  std::string deep = "p";  // Each step of CSS is one bracket deeper once it is XPath.
  while (deep.size() + 2 <= kLongestSelector) deep += " p";
  EXPECT_EQ(check_selector(deep), "");
}

// ---- on a page

constexpr std::string_view kPage = R"(<html><head><title>Bridge closed</title></head><body>
<div class="top promo">Subscribe to our daily letter and never miss a thing.</div>
<h1>Bridge closed</h1>
<div class="story lead-in"><p>First of two.</p><p class=ad>Buy a car.</p><p>Second of two.</p></div>
<aside><p data-note="x">A note, marked as an aside.</p></aside>
<div id=more><ul><li>one<li>two</ul></div>
</body></html>)";

Article article_of(const PageSelectors& selectors, std::string_view page = kPage) {
  return extract_article(page, {.selectors = selectors}).value_or(Article{});
}

TEST(PageSelect, TheArticleIsWhatIsSelectedInTheOrderOfThePage) {
  const std::pair<std::vector<std::string>, const char*> kTable[] = {
      {{".story p"}, "First of two.\n\nBuy a car.\n\nSecond of two."},
      {{"#more li", ".story > p:first-child"}, "First of two.\n\none\ntwo"},
      {{".story", ".story p"}, "First of two.\n\nBuy a car.\n\nSecond of two."},
      {{"aside"}, "A note, marked as an aside."},  // What the rules would leave out.
      {{"[data-note]"}, "A note, marked as an aside."},
      {{"[class$=in] > p:last-child"}, "Second of two."},
      {{"//p[contains(., 'Second')]/text()"}, "Second of two."},
      {{"//h1/following-sibling::div[1]/p[not(@class)]"}, "First of two.\n\nSecond of two."},
      {{"h1, .lead-in"}, "First of two.\n\nBuy a car.\n\nSecond of two."},  // No headline.
  };
  for (const auto& [select, text] : kTable) {
    const Article article = article_of({.select = select});
    EXPECT_EQ(article.text, text) << select.front();
    EXPECT_EQ(article.selection, PageSelection::kSelected);
    EXPECT_EQ(article.meta.title, "Bridge closed");
  }
}

TEST(PageSelect, WhatIsDroppedIsGoneBeforeAnythingElse) {
  const Article article = article_of({.select = {".story"}, .drop = {".ad"}});
  EXPECT_EQ(article.text, "First of two.\n\nSecond of two.");
  const Article found = article_of({.drop = {".story", "h1", "title"}});
  EXPECT_EQ(found.selection, PageSelection::kNotAsked);
  EXPECT_THAT(found.text, Not(HasSubstr("First")));
  EXPECT_EQ(found.meta.title, "");
  EXPECT_THAT(article_of({.drop = {"*"}}).text, IsEmpty());
}

TEST(PageSelect, WhatSelectsNothingChangesNothing) {
  const std::string usual = article_of({}).text;
  EXPECT_THAT(usual, Not(IsEmpty()));
  for (const char* select : {"table", "//p[@class='gone']", "script", "//p/@class", "p >"}) {
    const Article article = article_of({.select = {select}});
    EXPECT_EQ(article.text, usual) << select;
    EXPECT_EQ(article.selection, PageSelection::kNothing);
  }
  EXPECT_EQ(article_of({.select = {".story"}, .drop = {".story"}}).selection,
            PageSelection::kNothing);
  EXPECT_EQ(article_of({.drop = {"table"}}).text, usual);
}

TEST(PageSelect, AnExplanationNamesIt) {
  const auto explained =
      explain_article(kPage, {.selectors = {.select = {".story"}, .drop = {".ad", "aside"}}});
  ASSERT_TRUE(explained);
  std::vector<std::string> said;
  for (const JudgedStretch& stretch : explained->stretches) {
    said.push_back(std::string(to_string(stretch.rule)) + " " + stretch.text.substr(0, 8));
  }
  EXPECT_THAT(said,
              ElementsAre("unselected Subscrib", "unselected Bridge c", "page-select First of",
                          "page-drop Buy a ca", "page-select Second o", "page-drop A note, ",
                          "unselected one two"));
  EXPECT_EQ(reason_of(ArticleRule::kPageDrop), "dropped by page_drop");
}

TEST(PageSelect, DroppingKeepsTheTreeWhole) {
  // Against a slow oracle: every subset of a small page's paragraphs.
  for (unsigned subset = 0; subset < 32; ++subset) {
    std::string page = "<body>";
    std::string expected;
    for (unsigned k = 0; k < 5; ++k) {
      const bool gone = (subset >> k & 1) != 0;
      const std::string line = "line " + std::to_string(k);
      page += std::string("<div><p class=") + (gone ? "gone" : "kept") + "><b>" + line +
              "</b></p></div>";
      if (!gone) expected += (expected.empty() ? "" : "\n\n") + line;
    }
    const PickedPage picked = pick_page(page, {}, {.select = {"div"}, .drop = {".gone"}});
    EXPECT_EQ(whole_text(picked.document), expected);
    for (HtmlDocument::Index i = 1; i < picked.document.size(); ++i) {
      const HtmlDocument::Index parent = picked.document.parent(i);
      EXPECT_LT(parent, i);
      EXPECT_LE(picked.document.end(i), picked.document.end(parent));
    }
  }
}

// ---- hostile pages: they end, whatever the selector; a limit that is met selects nothing.

std::string times(std::string_view piece, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += piece;
  return out;
}

/// Sanitizers cost ten times the time: there the pages are as much smaller.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kShare = 10;
#else
constexpr int kShare = 1;
#endif

TEST(PageSelectHostile, EveryPageEnds) {
  const std::string pages[] = {
      times("<div class=a>", 900) + times("<p class=a>x</p>", 100'000 / kShare),
      times("<div><p>x", 60'000 / kShare),
      times("<p>" + std::string(200, 'x') + "</p>", 60'000 / kShare),
      "<div>" + times("<i></i>", 120'000 / kShare) + "</div>",
      times("<b>text ", 130'000 / kShare),
      // Small enough for any XPath.
      times("<div class=a>", 900) + times("<p class=a>x</p>", 7'000 / kShare),
      times("<div>some text of a page ", 900) + times("<p>and its paragraphs ", 7'000 / kShare),
      "<div>" + times("<i></i>", 16'000 / kShare) + "</div>",
  };
  const char* const selectors[] = {
      "div p",
      "div div div > p.a",
      "i:last-child",
      "i:first-child, i",
      "//div//p",
      "//div//*[.//*]",
      "//*[contains(/, 'nothing')]",
      "//*[.//*[contains(., 'nothing')]]",
      "//*[count(//*) = count(//*)]",
      "//*[. = //*]",
      "//*[preceding::*[following::*]]",
  };
  for (const std::string& page : pages) {
    for (const char* selector : selectors) {
      EXPECT_EQ(check_selector(selector), "") << selector;
      pick_page(page, {}, {.select = {selector}, .drop = {selector}});
    }
  }
}

TEST(PageSelectHostile, ALimitIsMetAndSaid) {
  XPathTree tree({.steps = 1000});
  for (int i = 0; i < 2000; ++i) tree.add_element(0, "p", nullptr);
  EXPECT_THAT(tree.select("/descendant::p", true), IsEmpty());
  EXPECT_TRUE(tree.exhausted());
  XPathTree roomy;
  for (int i = 0; i < 2000; ++i) roomy.add_element(0, "p", nullptr);
  EXPECT_THAT(roomy.select("/descendant::p", true), testing::SizeIs(2000));
  EXPECT_FALSE(roomy.exhausted());
}

TEST(PageSelectHostile, AttributesAndTextAreBounded) {
  XPathTree tree({.attributes = 2, .text = 4});
  const char* const attributes[] = {"a", "1", "b", nullptr, "c", "3", nullptr};
  tree.add_element(0, "p", attributes);
  tree.add_text(1);
  tree.set_text(2, "texts");
  EXPECT_THAT(tree.select("//p[@a and @b]", false), ElementsAre(1));
  EXPECT_THAT(tree.select("//p[@c]", false), IsEmpty());
  EXPECT_THAT(tree.select("//p[. = 'text']/text()", false), ElementsAre(2));
}

}  // namespace
}  // namespace nutgraf
