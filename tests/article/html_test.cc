#include "daemon/article/html.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

std::string repeat(std::string_view piece, std::size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

/// Every node's range lies in its parent's, and parents come first: what all walks rely on.
void expect_sound(const HtmlDocument& document) {
  ASSERT_GT(document.size(), 0U);
  EXPECT_EQ(document.end(0), document.size());
  for (HtmlDocument::Index i = 1; i < document.size(); ++i) {
    ASSERT_LT(document.parent(i), i);
    ASSERT_GT(document.end(i), i);
    ASSERT_LE(document.end(i), document.end(document.parent(i)));
  }
}

TEST(HtmlDocument, IsAFlatTreeInDocumentOrder) {
  const auto document = HtmlDocument::parse(
      "<html><body><p class=\"lead\">One <b>two</b></p><p>Three</p></body></html>");
  expect_sound(document);
  const HtmlDocument::Index first = document.find(Tag::kP);
  const HtmlDocument::Index second = document.find(Tag::kP, first + 1);
  EXPECT_EQ(document.attr(first, Attr::kClass), "lead");
  EXPECT_EQ(document.line(first), "One two");
  EXPECT_EQ(document.end(first), second);
  EXPECT_EQ(document.tag(document.parent(second)), Tag::kBody);
}

TEST(HtmlDocument, KeepsJsonLdAndDropsOtherScripts) {
  const auto document = HtmlDocument::parse(
      "<head><script>var a = '<p>';</script><style>p{}</style>"
      "<script type='application/ld+json'>{\"a\":\"</b>\"}</script></head>");
  std::string all;
  for (HtmlDocument::Index i = 0; i < document.size(); ++i) all += document.text(i);
  EXPECT_EQ(all, "{\"a\":\"</b>\"}");
}

TEST(HtmlDocument, DecodesEntitiesInTextAndAttributes) {
  const auto document =
      HtmlDocument::parse("<p title='a &amp; b'>caf&eacute; &#8211; &lt;x&gt;</p>");
  const HtmlDocument::Index p = document.find(Tag::kP);
  EXPECT_EQ(document.attr(p, Attr::kTitle), "a & b");
  EXPECT_EQ(document.line(p), "caf\u00e9 \u2013 <x>");
}

TEST(HtmlDocument, BrokenMarkupStillGivesATree) {
  for (const std::string_view html :
       {"", "<", "</", "<p", "<p class=", "<p class=\"", "<!--", "<![CDATA[", "&#", "</p></p>",
        "<b><p></b></p>", "<table><p>x<td>y", "<html><html><body><body>", "<script>", "<title>",
        "\xEF\xBB\xBF<p>x"}) {
    expect_sound(HtmlDocument::parse(html));
  }
}

TEST(HtmlDocument, ANulDoesNotEndThePage) {
  const std::string html = std::string("<p>before") + '\0' + "after</p><p>more</p>";
  const auto document = HtmlDocument::parse(html);
  EXPECT_EQ(document.line(0), "before after more");
}

TEST(HtmlDocument, DeepNestingIsFlattenedNotRecursed) {
  const auto document =
      HtmlDocument::parse(repeat("<div>", 5'000) + "<p>inside</p>", {.depth = 100});
  expect_sound(document);
  const HtmlDocument::Index p = document.find(Tag::kP);
  ASSERT_NE(p, HtmlDocument::kNone);
  EXPECT_EQ(document.line(0), "inside");
  int depth = 0;
  for (HtmlDocument::Index i = p; i != 0; i = document.parent(i)) ++depth;
  EXPECT_LE(depth, 100);
}

TEST(HtmlDocument, HostileMarkupEndsInTime) {
  expect_sound(HtmlDocument::parse(repeat("<div>", 200'000)));
  expect_sound(HtmlDocument::parse(repeat("<b>", 50'000) + repeat("</i>", 2'000'000)));
  expect_sound(HtmlDocument::parse("<p " + repeat("a b c d e f g h ", 300'000) + ">x</p>"));
  expect_sound(HtmlDocument::parse(repeat("<a", 3'000'000)));
  expect_sound(HtmlDocument::parse(repeat("&amp", 2'000'000)));
  expect_sound(HtmlDocument::parse(repeat("<p>", 2'000'000)));
  expect_sound(HtmlDocument::parse(repeat("<!--", 2'000'000)));
  // What each of these looks for stands behind all of them.
  expect_sound(HtmlDocument::parse(repeat("<a/", 1'000'000) + ">"));
  expect_sound(HtmlDocument::parse(repeat("<", 3'000'000) + "@>"));
}

TEST(HtmlDocument, DistinctAttributesWithoutEndAreCut) {
  std::string tag = "<p class='kept' ";
  for (int i = 0; i < 300'000; ++i) tag += "a" + std::to_string(i) + "=1 ";
  const auto document = HtmlDocument::parse(tag + "title='late'>text</p>");
  const HtmlDocument::Index p = document.find(Tag::kP);
  ASSERT_NE(p, HtmlDocument::kNone);
  EXPECT_EQ(document.attr(p, Attr::kClass), "kept");
  EXPECT_EQ(document.attr(p, Attr::kTitle), "");
  EXPECT_EQ(document.line(p), "text");
}

TEST(HtmlDocument, ScriptAttributesDoNotLeakIntoTheText) {
  const auto document = HtmlDocument::parse(
      "<button class='b' @click=\"open = true; $nextTick(() => $refs.x.focus())\" "
      "title='t'>Go</button>"
      "<a href='mailto:jane@news.example'>Mail</a>");
  EXPECT_EQ(document.line(0), "GoMail");
  EXPECT_EQ(document.attr(document.find(Tag::kButton), Attr::kTitle), "t");
  EXPECT_EQ(document.attr(document.find(Tag::kA), Attr::kHref), "mailto:jane@news.example");
}

TEST(HtmlDocument, NodesAndBytesAreBounded) {
  EXPECT_LE(HtmlDocument::parse(repeat("<p>x", 10'000), {.nodes = 1000}).size(), 1002U);
  EXPECT_EQ(HtmlDocument::parse("<p>one</p><p>two</p>", {.bytes = 10}).line(0), "one");
}

}  // namespace
}  // namespace nutgraf
