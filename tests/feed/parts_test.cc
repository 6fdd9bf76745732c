#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <pugixml.hpp>
#include <string>

#include "daemon/feed/author.h"
#include "daemon/feed/discovery.h"
#include "daemon/feed/html_links.h"
#include "daemon/feed/repair.h"
#include "daemon/feed/tag_scanner.h"
#include "tests/feed/fixture.h"

namespace nutgraf {
namespace {

using testing::ElementsAre;

TEST(FeedLinks, AreReadFromThePage) {
  EXPECT_THAT(
      feed_links(feed_fixture("html_naming_feeds.html"), "https://elsewhere.example/"),
      ElementsAre(
          FeedLink{"https://site.example/sub/rss?a=1&b=2", "News & more", "application/rss+xml"},
          FeedLink{"https://site.example/atom", "", "application/atom+xml; charset=utf-8"}));
}

TEST(LooksLikeHtml, KnowsPagesFromFeeds) {
  for (const char* page : {"<!DOCTYPE HTML>", " <html>", "<!-- x --><HEAD>", "<body class=x>",
                           "<script>1</script><rss>"}) {
    EXPECT_TRUE(looks_like_html(page)) << page;
  }
  for (const char* feed : {"", "<?xml version='1.0'?><rss>", "<!DOCTYPE rss><rss>", "<feed>", "{}",
                           "<br /><b>Notice</b><rss>"}) {
    EXPECT_FALSE(looks_like_html(feed)) << feed;
  }
}

struct LinkCase {
  const char* html;
  const char* absolute;
};

TEST(AbsoluteLinks, TouchNothingElse) {
  for (const LinkCase& c : std::initializer_list<LinkCase>{
           {"<a href='x?a=1&amp;b=2'>y</a>", "<a href='http://h.example/d/x?a=1&amp;b=2'>y</a>"},
           {"<IMG SRC=/i.png ALT=\"a>b\">", "<IMG SRC=http://h.example/i.png ALT=\"a>b\">"},
           {"<a href=\"http://o.example/\">", "<a href=\"http://o.example/\">"},
           {"<a href=\"mailto:a@b\">", "<a href=\"mailto:a@b\">"},
           {"<a href = 'x'>", "<a href = 'http://h.example/d/x'>"},
           {"<<a href='x'>", "<<a href='http://h.example/d/x'>"},
           {"<a href=\"//o.example/x\">", "<a href=\"http://o.example/x\">"},
           {"<video poster=p.jpg src='v'>",
            "<video poster=http://h.example/d/p.jpg src='http://h.example/d/v'>"},
           {"href=x <b title=\"href=y\"> 1 < 2", "href=x <b title=\"href=y\"> 1 < 2"}}) {
    EXPECT_EQ(absolute_links(c.html, "http://h.example/d/e"), c.absolute);
    EXPECT_EQ(absolute_links(c.html, ""), c.html);
  }
}

TEST(IsHtmlText, NeedsProof) {
  for (const char* html : {"<p>x</p>", "a<br>b", "caf&eacute;", "x &lt; y", "</b>"}) {
    EXPECT_TRUE(is_html_text(html)) << html;
  }
  for (const char* text : {"", "1 < 2", "AT&T; x", "vector<int>", "a & b"}) {
    EXPECT_FALSE(is_html_text(text)) << text;
  }
}

TEST(AuthorName, FindsTheName) {
  for (const char* text :
       {"Ann Lee", "ann@x.example (Ann Lee)", "Ann Lee <ann@x.example>", "Ann Lee (ann@x.example)",
        "\"Ann Lee\" <ann@x.example>", "<b>Ann</b>  Lee", "Ann Lee [ann@x.example]"}) {
    EXPECT_EQ(author_name(text), "Ann Lee") << text;
  }
  EXPECT_EQ(author_name("mailto:ann@x.example"), "ann@x.example");
  EXPECT_EQ(author_name("Ann (Lee)"), "Ann (Lee)");
  EXPECT_EQ(author_name("\"Bo\" Lee"), "\"Bo\" Lee");
  EXPECT_EQ(author_name("Ann \"Bo\""), "Ann \"Bo\"");
  EXPECT_EQ(author_name("Ann Lee <ann@x.example>", true), "Ann Lee (ann@x.example)");
  EXPECT_EQ(author_name(""), "");
}

TEST(StartTag, IsReadAsWritten) {
  const std::string text = "<a href=\"x>y\" Title = 'it''s' b=c/d checked/>";
  const auto tag = TagScanner(text).start_tag(0);
  ASSERT_TRUE(tag);
  EXPECT_EQ(tag->name, "a");
  EXPECT_EQ(tag->value("href"), "x>y");
  EXPECT_EQ(tag->value("title"), "it");
  EXPECT_EQ(tag->value("b"), "c/d");
  EXPECT_TRUE(tag->closed);
  EXPECT_EQ(tag->end, text.size());
  for (const char* none : {"<", "<a", "< a>", "<a <b>", "<3>", "</a>"}) {
    EXPECT_FALSE(TagScanner(none).start_tag(0)) << none;
  }
}

TEST(RepairXml, AlwaysGivesWellFormedXml) {
  for (const std::string text :
       {"<rss><a b=c d>&x;& < </c></rss", "<rss><item><item></rss>", "<rss a=\"b><c>\"", "<rss",
        "<rss><![CDATA[x", "<rss><!-- x", "<rss><a b='\"<>&'/>", "<rss><a:b:c x:y:z=1 1=2/>",
        "<rss><title>x<link>y</item>", "", "&<>"}) {
    const std::string repaired = repair_xml(text);
    pugi::xml_document document;
    const auto result = document.load_buffer(repaired.data(), repaired.size());
    EXPECT_TRUE(result || result.status == pugi::status_no_document_element)
        << text << " → " << repaired << ": " << result.description();
  }
}

TEST(RepairXml, ChangesNothingThatIsSound) {
  const std::string sound =
      "<rss version=\"2.0\"><channel><item><title>a &amp; b &#38; &nbsp;</title>"
      "<x:y a=\"1\"/><d><![CDATA[<p>&]]></d></item></channel></rss>";
  EXPECT_EQ(repair_xml(sound), sound);
}

TEST(SuspectsIn, OverlooksNothing) {
  constexpr std::string_view kParts[] = {"a",      "\n",     "\t",     "\x01", "\x1F", "\xC2\x92",
                                         "\u00A0", "\u2019", "&#1",    "46;",  "&#",   "&#8217;",
                                         "\x7F",   "é",      "&#150;", " ",    "\xC2", "\x9F"};
  std::uint64_t state = 11;
  const auto below = [&](std::size_t limit) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state >> 33) % limit;
  };
  for (int i = 0; i < 50'000; ++i) {
    std::string text(below(40), 'x');  // over the borders of what is looked at together
    for (std::size_t n = below(4); n > 0; --n) text += kParts[below(std::size(kParts))];
    text.append(below(3), 'y');
    const Suspects suspects = suspects_in(text);
    std::string mended = text;
    EXPECT_EQ(drop_controls(mended), suspects.controls) << testing::PrintToString(text);
    mended = text;
    EXPECT_LE(mend_c1(mended, {true, true, true}), suspects.c1_characters || suspects.c1_references)
        << testing::PrintToString(text);
  }
}

TEST(DropControls, KeepsWhiteSpace) {
  std::string text =
      "a\tb\nc\rd\x01"
      "e\x1F"
      "1234567\v";
  EXPECT_TRUE(drop_controls(text));
  EXPECT_EQ(text, "a\tb\nc\rde1234567");
  EXPECT_FALSE(drop_controls(text));
}

TEST(MendC1, KeepsOtherCharacters) {
  std::string text = "\u0092 é £ &#146; &#8217; &#1461; &#12";
  EXPECT_TRUE(mend_c1(text, suspects_in(text)));
  EXPECT_EQ(text, "’ é £ ’ &#8217; &#1461; &#12");
  EXPECT_FALSE(mend_c1(text, suspects_in(text)));
}

}  // namespace
}  // namespace nutgraf
