#include "tests/feed/hostile_feeds.h"

namespace nutgraf {
namespace {

constexpr int kMany = 1'000'000;

std::string in_item(const std::string& content) {
  return "<rss><channel><item><title>t</title>" + content + "</item></channel></rss>";
}

using Hostile = HostileFeedShape;

}  // namespace

std::string repeat(int count, const std::string& text) {
  std::string out;
  out.reserve(static_cast<std::size_t>(count) * text.size());
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

const std::vector<HostileFeedShape>& hostile_feeds() {
  static const std::vector<HostileFeedShape> shapes = {
      Hostile{"attributes",
              [] {
                std::string tag = "<item";
                for (int i = 0; i < kMany; ++i) tag += " a" + std::to_string(i) + "='x'";
                return "<rss><channel>" + tag + "><title>t</title></item></channel></rss>";
              }},
      Hostile{"unquoted_attributes",
              [] { return "<rss><channel><item " + repeat(kMany, "a=b ") + ">"; }},
      Hostile{"declarations",
              [] {
                std::string tag = "<rss";
                for (int i = 0; i < kMany; ++i) tag += " xmlns:a" + std::to_string(i) + "='x'";
                return tag + "><channel>" + repeat(2000, "<item><a9:t/></item>") +
                       "</channel></rss>";
              }},
      Hostile{"nesting",
              [] {
                return in_item("<description>" + repeat(kMany, "<b>") + repeat(kMany, "</b>") +
                               "</description>");
              }},
      Hostile{"nesting_never_closed",
              [] { return "<rss><channel><item><description>" + repeat(kMany, "<b>"); }},
      Hostile{"groups",
              [] {
                return in_item(repeat(100'000, "<media:group>") +
                               repeat(100'000, "</media:group>"));
              }},
      Hostile{"channels", [] { return "<rss>" + repeat(kMany, "<channel>"); }},
      Hostile{"entities",
              [] { return in_item("<description>" + repeat(kMany, "&amp;") + "</description>"); }},
      Hostile{"entities_in_title",
              [] { return "<rss><channel><title>" + repeat(kMany, "&lt;") + "</title>"; }},
      Hostile{"bare_ampersands",
              [] { return "<rss><channel><item><title>" + repeat(kMany, "&a") + "</b>"; }},
      Hostile{"c1_references",
              [] { return in_item("<title>" + repeat(kMany, "&#146;") + "</title>"); }},
      Hostile{"less_thans", [] { return "<rss><channel><item>" + repeat(kMany, "< "); }},
      Hostile{"open_quotes", [] { return "<rss><channel><item>" + repeat(kMany, "<a b=\"<a"); }},
      Hostile{"quoted_less_thans",
              [] { return "<rss><channel><item>" + repeat(kMany, "<a b=\"<a\" "); }},
      Hostile{"comments", [] { return "<rss><channel>" + repeat(kMany, "<!--"); }},
      Hostile{"comments_before_the_root",
              [] { return repeat(kMany, "<!--") + "<rss><channel><item/></channel></rss>"; }},
      Hostile{"cdata", [] { return "<rss><channel><item><title>" + repeat(kMany, "<![CDATA["); }},
      Hostile{"end_tags", [] { return "<rss><channel><item>" + repeat(kMany, "</x>"); }},
      Hostile{"open_and_end_tags",
              [] { return "<rss><channel><item>" + repeat(500'000, "<a><b></a>"); }},
      Hostile{"items", [] { return "<rss><channel>" + repeat(kMany, "<item/>"); }},
      Hostile{"unclosed_items", [] { return "<rss><channel>" + repeat(kMany, "<item>"); }},
      Hostile{"categories",
              [] {
                std::string items;
                for (int i = 0; i < kMany / 10; ++i) {
                  items += "<category>" + std::to_string(i) + "</category>";
                }
                return in_item(items);
              }},
      Hostile{"authors", [] { return in_item(repeat(kMany / 10, "<author>x y</author>")); }},
      Hostile{"long_base_many_links",
              [] {
                return "<rss xml:base='http://x.example/" + std::string(7000, 'p') + "/'>" +
                       "<channel><item><description>&lt;p>" + repeat(kMany / 10, "&lt;a href=x>") +
                       "</description></item></channel></rss>";
              }},
      Hostile{"json_nesting", [] { return "{\"items\":" + repeat(kMany, "["); }},
      Hostile{"json_open_items", [] { return "{\"items\":[" + repeat(kMany, "{\"a\":["); }},
      Hostile{"json_open_strings", [] { return "{\"items\":[" + repeat(kMany, "{\"a"); }},
      Hostile{"json_broken_items", [] { return "{\"items\":[" + repeat(kMany, "{,}"); }},
      Hostile{"json_items", [] { return "{\"items\":[" + repeat(kMany, "{},") + "{}]}"; }},
      Hostile{"bases_in_bases",
              [] {
                return in_item("<description type='xhtml' xml:base='a/'>" +
                               repeat(100'000, "<b xml:base='a/'>") + repeat(100'000, "</b>") +
                               "</description>");
              }},
      Hostile{"bases_of_items",
              [] {
                return "<rss xml:base='http://x.example/'><channel xml:base='a/b/'>" +
                       repeat(kMany / 10,
                              "<item xml:base='c/'><link xml:base='../d/'>e</link>"
                              "</item>") +
                       "</channel></rss>";
              }},
      Hostile{"one_long_text",
              [] {
                return in_item("<description>" + repeat(kMany, "all of it one text, and long ") +
                               "</description>");
              }},
      Hostile{"one_long_html_text",
              [] {
                return in_item("<description>" +
                               repeat(kMany, "&lt;p class=\"x\">a &amp;amp; b&lt;/p>") +
                               "</description>");
              }},
      Hostile{"one_long_title",
              [] { return in_item("<title>" + repeat(kMany, "a  &lt;b> ") + "</title>"); }},
      Hostile{"one_long_name", [] { return "<rss><channel><" + repeat(kMany, "itemitem") + ">"; }},
      Hostile{"one_long_link",
              [] { return in_item("<link>" + repeat(kMany, "/../%2e") + "</link>"); }},
      Hostile{"one_long_date",
              [] { return in_item("<pubDate>" + repeat(kMany, "1 May ") + "</pubDate>"); }},
      Hostile{"one_long_attribute",
              [] { return in_item("<enclosure url=\"" + repeat(kMany, "a&amp;b ") + "\"/>"); }},
      Hostile{"links_of_one_item", [] { return in_item(repeat(kMany / 2, "<link>/a</link>")); }},
      Hostile{"summaries_of_one_item",
              [] {
                return in_item(repeat(
                    kMany / 5, "<description>a</description><itunes:summary>b</itunes:summary>"));
              }},
      Hostile{"contents_of_one_entry",
              [] {
                return "<feed><entry>" + repeat(kMany / 5, "<content>a</content>") +
                       "</entry></feed>";
              }},
      Hostile{"names_bound_by_every_item",
              [] {
                return "<rss><channel>" + repeat(kMany / 5, "<item xmlns:a='urn:x'><a:b/></item>") +
                       "</channel></rss>";
              }},
      Hostile{"entity_bomb",
              [] {
                std::string type = "<!DOCTYPE rss [<!ENTITY a0 'ha'>";
                for (int i = 1; i < 30; ++i) {
                  const std::string last = "&a" + std::to_string(i - 1) + ";";
                  type += "<!ENTITY a" + std::to_string(i) + " '" + repeat(10, last) + "'>";
                }
                return type + "]>" +
                       in_item("<description>" + repeat(kMany, "&a29;") + "</description>");
              }},
      Hostile{"instructions", [] { return "<rss><channel>" + repeat(kMany, "<?"); }},
      Hostile{"doctypes", [] { return repeat(kMany, "<!DOCTYPE a [") + "<rss><channel>"; }},
      Hostile{"cdata_ends",
              [] { return in_item("<title>" + repeat(kMany, "<![CDATA[x]]>]]>") + "</title>"); }},
      Hostile{"items_in_items",
              [] { return "<rss><channel>" + repeat(kMany / 2, "<item><title>") + "</rss>"; }},
      Hostile{"orphans", [] { return "</item>" + repeat(kMany, "<a><item>"); }},
      Hostile{"orphaned_ends", [] { return repeat(kMany, "</") + "<item></item>"; }},
      Hostile{"bad_bytes",
              [] {
                return "<?xml version='1.0' encoding='utf-8'?>" +
                       in_item("<title>\u00e9\u00e9" + repeat(kMany * 3, "\xFF") + "</title>");
              }},
      Hostile{"control_bytes",
              [] { return in_item("<title>" + repeat(kMany * 3, "\x01") + "</title>"); }},
      Hostile{"escape_sequences",
              [] {
                return "<?xml version='1.0' encoding='iso-2022-jp'?>" +
                       in_item("<title>" + repeat(kMany, "\x1B$B\x1B(B") + "</title>");
              }},
      Hostile{"four_byte_escapes", [] {
                return "<?xml version='1.0' encoding='gb18030'?>" +
                       in_item("<title>" + repeat(kMany, "\x81\x30\x81") + "</title>");
              }}};
  return shapes;
}

}  // namespace nutgraf
