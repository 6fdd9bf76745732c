#include "daemon/base/entities.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

TEST(DecodeEntities, KnowsNamesAndNumbers) {
  EXPECT_EQ(decode_entities("a &amp; b &lt;c&gt; &quot;d&quot;"), "a & b <c> \"d\"");
  EXPECT_EQ(decode_entities("&eacute;&hellip;&nbsp;&CounterClockwiseContourIntegral;"),
            "é…\u00A0\u2233");
  EXPECT_EQ(decode_entities("&#233;&#xE9;&#XE9;"), "ééé");
  EXPECT_EQ(decode_entities("&NotEqualTilde;"), "\u2242\u0338");
}

TEST(DecodeEntities, DecodesOnce) { EXPECT_EQ(decode_entities("&amp;lt;"), "&lt;"); }

TEST(DecodeEntities, ReadsWindowsMeaningOfC1) {
  EXPECT_EQ(decode_entities("&#146;&#x80;&#129;"), "’€\u0081");
}

TEST(DecodeEntities, ToleratesAMissingSemicolonWhereTheStandardDoes) {
  EXPECT_EQ(decode_entities("&copy 2026 &eacute&notit; &#65 b"), "© 2026 é¬it; A b");
  EXPECT_EQ(decode_entities("&hellip &apos"), "&hellip &apos");
}

TEST(DecodeEntities, LeavesWhatIsNone) {
  EXPECT_EQ(decode_entities("AT&T & co &; &# &#x; &unknown; &"),
            "AT&T & co &; &# &#x; &unknown; &");
}

TEST(DecodeEntities, MakesNoInvalidText) {
  EXPECT_EQ(decode_entities("&#0;&#xD800;&#x110000;&#99999999999;"), "\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(CollapseSpace, KnowsAllBlanks) {
  EXPECT_EQ(collapse_space(" \t a\n\r b \u00A0\u200B\uFEFF c\u3000"), "a b c");
  EXPECT_EQ(collapse_space(" \n "), "");
}

TEST(PlainText, TakesMarkupOut) {
  EXPECT_EQ(plain_text("<p>One <b>t</b>wo</p><p>three<br/>four</p>"), "One two three four");
  EXPECT_EQ(plain_text("a<!-- <b>x</b> -->b<script>1 < 2 && \"</b>\"</script><STYLE>c</STYLE>d"),
            "ab d");
  EXPECT_EQ(plain_text("<![CDATA[in]]> out"), "in out");
  EXPECT_EQ(plain_text("5 &lt; 6 &amp;amp; 7"), "5 < 6 &amp; 7");
}

TEST(PlainText, KeepsALoneLessThan) {
  EXPECT_EQ(plain_text("1 < 2 and <3, a <b"), "1 < 2 and <3, a <b");
  EXPECT_EQ(plain_text("x <!-- y"), "x <!-- y");
}

TEST(PlainText, EndsOnAMillionOpenTags) {
  std::string hostile;
  for (int i = 0; i < 1'000'000; ++i) hostile += "<a <!--<script<![CDATA[";
  EXPECT_FALSE(plain_text(hostile).empty());
  std::string scripts;
  for (int i = 0; i < 300'000; ++i) scripts += "<script>";
  EXPECT_EQ(plain_text(scripts), "");
}

}  // namespace
}  // namespace nutgraf
