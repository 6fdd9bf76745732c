#include "daemon/base/html_escape.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

TEST(HtmlEscape, LeavesTheRest) {
  std::string text = "=";
  append_html_text(text, "a<b & \"c\" > 'd' é\n");
  EXPECT_EQ(text, "=a&lt;b &amp; \"c\" &gt; 'd' é\n");
  std::string value;
  append_html_attribute(value, "a<b & \"c\" > 'd'");
  EXPECT_EQ(value, "a<b &amp; &quot;c&quot; > &#39;d&#39;");
  EXPECT_EQ(html_of_text(" one <b>\ntwo "), "one &lt;b&gt;<br>\ntwo");
  EXPECT_EQ(html_of_text(" "), "");
}

TEST(HtmlEscape, WhatMayStandAnywhere) {
  EXPECT_EQ(escape_html("a<b & \"c\" > 'd' é\n"),
            "a&lt;b &amp; &quot;c&quot; &gt; &#39;d&#39; é\n");
  EXPECT_EQ(escape_html(""), "");
}

}  // namespace
}  // namespace nutgraf
