#include "daemon/feed/feed_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/feed/fixture.h"
#include "tests/feed/hostile_feeds.h"

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ParsedFeed read(const std::string& name, const ParseOptions& options = {}) {
  const std::string bytes = feed_fixture(name);
  EXPECT_FALSE(bytes.empty()) << name;
  auto feed = parse_feed(bytes, options);
  EXPECT_TRUE(feed) << name << ": " << (feed ? "" : feed.error().message);
  return feed ? std::move(*feed) : ParsedFeed{};
}

std::string when(const std::optional<Time>& time) { return time ? format_rfc3339(*time) : ""; }

TEST(Rss20, GivesEveryField) {
  const ParsedFeed feed = read("rss_2_0_full.xml");
  EXPECT_EQ(feed.format, FeedFormat::kRss);
  EXPECT_EQ(feed.title, "Harbour & Hill News");
  EXPECT_EQ(feed.link, "https://news.example/");
  EXPECT_EQ(feed.language, "en-GB");
  EXPECT_EQ(feed.ttl, std::chrono::minutes(30));
  EXPECT_EQ(feed.update_interval, std::chrono::minutes(15));
  EXPECT_THAT(feed.skip_hours, ElementsAre(2, 0));
  EXPECT_THAT(feed.skip_days, ElementsAre(0));
  EXPECT_THAT(feed.repairs, IsEmpty());
  ASSERT_EQ(feed.items.size(), 2U);
  const FeedItem& item = feed.items[0];
  EXPECT_EQ(item.title, "Bridge opens early & free");
  EXPECT_EQ(item.link, "https://news.example/2026/bridge");
  EXPECT_EQ(item.guid, "bridge-1");
  EXPECT_EQ(when(item.published), "2026-11-21T09:11:12Z");
  EXPECT_FALSE(item.updated);
  EXPECT_THAT(item.authors, ElementsAre("Ann Lee"));
  EXPECT_THAT(item.categories, ElementsAre("Transport", "Bridges"));
  EXPECT_EQ(item.summary, "<p>It <a href=\"https://news.example/map\">opened</a>.</p>");
  EXPECT_EQ(item.text, "<p>The long text.</p>");
  EXPECT_EQ(item.image, "https://news.example/img/bridge.jpg");
  EXPECT_EQ(item.source_name, "Agency");
  EXPECT_EQ(item.source_url, "https://agency.example/feed");
}

TEST(Rss20, TakesAPermalinkGuidForAMissingLink) {
  EXPECT_EQ(read("rss_2_0_full.xml").items[1].link, "https://news.example/2026/second");
}

/// What stands in the channel of an RSS feed, read.
ParsedFeed channel(const std::string& inside) {
  auto feed = parse_feed(
      "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom' "
      "xmlns:dc='http://purl.org/dc/elements/1.1/' "
      "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>" +
          inside + "</channel></rss>",
      {});
  EXPECT_TRUE(feed) << (feed ? "" : feed.error().message);
  return feed ? std::move(*feed) : ParsedFeed{};
}

TEST(Rss20, APeriodThatNobodyKnowsIsNone) {
  const std::string item = "<item><title>One</title></item>";
  EXPECT_EQ(channel("<sy:updatePeriod>yearly</sy:updatePeriod>" + item).update_interval,
            std::chrono::days(365));
  EXPECT_FALSE(channel("<sy:updatePeriod>now and then</sy:updatePeriod>" + item).update_interval);
}

TEST(Rss20, TheFeedsOwnLinkCountsMostWhateverComesLater) {
  EXPECT_EQ(channel("<link>https://news.example/</link><atom:link href='https://other.example/'/>"
                    "<item><title>One</title></item>")
                .link,
            "https://news.example/");
}

TEST(Rss20, ItemsStandInTheChannelOrBesideIt) {
  const auto feed = parse_feed(
      "<rss version='2.0'><channel><title>t</title><item><guid>one</guid></item></channel>"
      "<item><guid>two</guid></item><archive><item><guid>old</guid></item></archive></rss>",
      {});
  ASSERT_TRUE(feed);
  ASSERT_EQ(feed->items.size(), 2U);
  EXPECT_EQ(feed->items[1].guid, "two");
}

TEST(Rss20, TextInPartsIsOneText) {
  const ParsedFeed feed = channel(
      "<item><guid>part-<![CDATA[one]]></guid><dc:creator><i>Ann</i> Lee</dc:creator></item>");
  ASSERT_EQ(feed.items.size(), 1U);
  EXPECT_EQ(feed.items[0].guid, "part-one");
  EXPECT_THAT(feed.items[0].authors, ElementsAre("Ann Lee"));
}

TEST(Rss091, IsRead) {
  const ParsedFeed feed = read("rss_0_91_no_dates.xml");
  ASSERT_EQ(feed.items.size(), 1U);
  EXPECT_EQ(feed.items[0].summary, "first");
  EXPECT_FALSE(feed.items[0].published);
}

TEST(Rdf, HasItsItemsBesideTheChannel) {
  const ParsedFeed feed = read("rdf_items_beside_channel.xml");
  EXPECT_EQ(feed.format, FeedFormat::kRdf);
  ASSERT_EQ(feed.items.size(), 1U);
  EXPECT_EQ(feed.items[0].guid, "http://rdf.example/1") << "rdf:about, not dc:identifier";
  EXPECT_EQ(feed.items[0].link, "http://rdf.example/1?a=1&b=2");
  EXPECT_THAT(feed.items[0].authors, ElementsAre("Kim"));
  EXPECT_EQ(when(feed.items[0].published), "2026-11-21T10:11:12Z");
}

TEST(Atom10, ReadsEveryContentType) {
  const ParsedFeed feed = read("atom_1_0_content_types.xml");
  EXPECT_EQ(feed.format, FeedFormat::kAtom);
  EXPECT_EQ(feed.title, "Atom & Sons");
  EXPECT_EQ(feed.link, "https://atom.example/blog/");
  EXPECT_EQ(feed.language, "de");
  ASSERT_EQ(feed.items.size(), 2U);
  const FeedItem& first = feed.items[0];
  EXPECT_EQ(first.title, "Text: 1 < 2 & \"3\"");
  EXPECT_EQ(first.link, "https://atom.example/blog/1.html") << "the page, not the PDF";
  EXPECT_EQ(first.image, "https://atom.example/blog/1.png");
  EXPECT_EQ(first.summary, "a &lt; b");
  EXPECT_EQ(
      first.text,
      "<p>One <b>two</b> <i>three</i>\u00A0<a href=\"https://atom.example/blog/x\">y</a></p>");
  EXPECT_EQ(when(first.published), "2026-11-21T10:11:12Z");
  EXPECT_EQ(when(first.updated), "2026-11-22T10:11:12Z");
  EXPECT_THAT(first.authors, ElementsAre("The Desk")) << "the feed's, where the entry has none";
  const FeedItem& second = feed.items[1];
  EXPECT_EQ(second.title, "Two words");
  EXPECT_EQ(second.link, "https://other.example/two");
  EXPECT_THAT(second.authors, ElementsAre("Ann", "Bob"));
  EXPECT_EQ(when(second.published), "2026-11-20T10:11:12Z");
  EXPECT_EQ(second.text, "<p>Hi &eacute;</p>");
  EXPECT_EQ(second.source_name, "Original");
  EXPECT_EQ(second.source_url, "https://orig.example/");
}

TEST(Atom10, ALinkToSomethingElseIsNotTheItems) {
  const auto feed = parse_feed(
      "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:1</id><title>One</title>"
      "<link rel='replies' type='image/png' href='https://news.example/1/replies'/>"
      "<content type='xhtml'>&lt;b&gt;escaped&lt;/b&gt;</content></entry></feed>",
      {});
  ASSERT_TRUE(feed);
  ASSERT_EQ(feed->items.size(), 1U);
  EXPECT_EQ(feed->items[0].link, "");
  EXPECT_EQ(feed->items[0].image, "");
  EXPECT_EQ(feed->items[0].text, "<b>escaped</b>");
}

TEST(Atom10, TheSourceOfAnEntryHasItsFirstLink) {
  const auto feed = parse_feed(
      "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:1</id><title>One</title><source>"
      "<link href='https://agency.example/'/><link rel='self' href='https://agency.example/feed'/>"
      "<title>Agency</title></source></entry></feed>",
      {});
  ASSERT_TRUE(feed);
  ASSERT_EQ(feed->items.size(), 1U);
  EXPECT_EQ(feed->items[0].source_name, "Agency");
  EXPECT_EQ(feed->items[0].source_url, "https://agency.example/");
}

TEST(Atom10, GivesMailsOnRequest) {
  const ParsedFeed feed = read("atom_1_0_content_types.xml", {.author_mail = true});
  EXPECT_THAT(feed.items[1].authors, ElementsAre("Ann (a@x.example)", "Bob"));
}

TEST(Atom03, ReadsModes) {
  const ParsedFeed feed = read("atom_0_3_modes.xml");
  EXPECT_EQ(feed.title, "Old Atom");
  ASSERT_EQ(feed.items.size(), 1U);
  EXPECT_EQ(feed.items[0].text, "<p>Hello</p>");
  EXPECT_EQ(when(feed.items[0].published), "2003-12-31T10:14:55Z");
  EXPECT_EQ(when(feed.items[0].updated), "2004-01-01T10:14:55Z");
}

TEST(NewsSitemap, IsAFeed) {
  const ParsedFeed feed = read("sitemap_google_news.xml");
  EXPECT_EQ(feed.format, FeedFormat::kSitemap);
  ASSERT_EQ(feed.items.size(), 1U);
  EXPECT_EQ(feed.items[0].title, "Mapped");
  EXPECT_EQ(feed.items[0].link, "https://map.example/a");
  EXPECT_EQ(when(feed.items[0].published), "2026-11-21T10:11:12Z");
  EXPECT_EQ(feed.items[0].source_name, "The Map");
  EXPECT_EQ(feed.items[0].language, "en");
  EXPECT_THAT(feed.items[0].categories, ElementsAre("one", "two"));
}

TEST(JsonFeed, GivesEveryField) {
  const ParsedFeed feed = read("json_feed_1_1.json");
  EXPECT_EQ(feed.format, FeedFormat::kJson);
  EXPECT_EQ(feed.title, "J & K");
  EXPECT_EQ(feed.language, "fr");
  ASSERT_EQ(feed.items.size(), 2U) << "what is no object is no item";
  const FeedItem& item = feed.items[0];
  EXPECT_EQ(item.guid, "7");
  EXPECT_EQ(item.link, "https://json.example/7");
  EXPECT_EQ(item.text, "<p><img src='https://json.example/7.png'></p>");
  EXPECT_EQ(item.summary, "a &lt; b");
  EXPECT_EQ(when(item.published), "2026-11-21T09:11:12.500Z");
  EXPECT_THAT(item.authors, ElementsAre("Ann", "Bob"));
  EXPECT_THAT(item.categories, ElementsAre("x", "y"));
  EXPECT_EQ(feed.items[1].text, "one<br>\ntwo");
  EXPECT_EQ(feed.items[1].link, "https://far.example/8");
  EXPECT_THAT(feed.items[1].authors, ElementsAre("Desk"));
}

TEST(JsonFeed, GivesWhatElseAnItemHas) {
  const auto feed = parse_feed(
      R"({"version":"https://jsonfeed.org/version/1.1","feed_url":"https://json.example/f/feed",)"
      R"("items":[{"id":"1","title":"A &amp; B","language":"de","image":"1.png",)"
      R"("date_modified":"2026-11-21T10:00:00Z"},)"
      R"({"id":"2","banner_image":"https://json.example/2.png"}]})",
      {});
  ASSERT_TRUE(feed);
  ASSERT_EQ(feed->items.size(), 2U);
  EXPECT_EQ(feed->items[0].title, "A & B");
  EXPECT_EQ(feed->items[0].language, "de");
  EXPECT_EQ(feed->items[0].image, "https://json.example/f/1.png");
  EXPECT_EQ(when(feed->items[0].updated), "2026-11-21T10:00:00Z");
  EXPECT_EQ(when(feed->items[0].published), "2026-11-21T10:00:00Z");
  EXPECT_EQ(feed->items[1].image, "https://json.example/2.png");
}

TEST(JsonFeed, OnlyOneThatEndsTooEarlyIsCutOff) {
  const std::string begin = R"({"version":"https://jsonfeed.org/version/1.1","items":[{"id":bad,)"
                            R"("title":"a \"b\" {"})";
  const auto whole = parse_feed(begin + "]}", {});
  ASSERT_TRUE(whole);
  EXPECT_THAT(whole->repairs, testing::Not(IsEmpty()));
  EXPECT_FALSE(whole->cut_off);
  const auto cut = parse_feed(begin + R"(,{"id":"2","title":"c \"d)", {});
  ASSERT_TRUE(cut);
  EXPECT_TRUE(cut->cut_off);
}

TEST(JsonFeed, KeepsEveryWholeItemOfABrokenOne) {
  const std::string head =
      R"({"version":"https://jsonfeed.org/version/1.1","title":"F","x":[{"items":1}],"items": [)";
  const std::string one = R"({"id":"1","title":"A \"[{\\","content_text":"x"})";
  const std::string two = R"({"id":"2","tags":["a","b"],"author":{"name":"Ann"}})";
  for (const std::string& text :
       {head + one + "," + two, head + one + "," + two + R"(,{"id":"3","title":"cut o)",
        head + one + "," + two + R"(,{"id":"3","x":[{)", head + one + "," + two + R"(,{"id")",
        head + one + "," + two + R"(,{"id":"3","title":"\u00)"}) {
    const auto feed = parse_feed(text, {});
    ASSERT_TRUE(feed) << text;
    EXPECT_EQ(feed->title, "F") << text;
    EXPECT_TRUE(feed->cut_off) << text;
    EXPECT_THAT(feed->repairs, ElementsAre("unsound JSON mended")) << text;
    ASSERT_EQ(feed->items.size(), 2U) << text;
    EXPECT_EQ(feed->items[0].guid, "1");
    EXPECT_EQ(feed->items[0].title, "A \"[{\\");
    EXPECT_THAT(feed->items[1].authors, ElementsAre("Ann"));
  }
}

TEST(JsonFeed, KeepsWhatIsSoundOfAnItem) {
  const auto feed = parse_feed(
      "{\"items\":[{\"id\":bad,\"title\":\"A\nB\",},,{\"id\":\"2\",\"title\" \"C\"},"
      "{\"id\":\"3\",\"title\":\"\\ud83d\\ude00 \\u00e9\\ud83d \\u0001\\q\"},],}",
      {});
  ASSERT_TRUE(feed);
  EXPECT_FALSE(feed->cut_off);
  EXPECT_THAT(feed->repairs, ElementsAre("unsound JSON mended"));
  ASSERT_EQ(feed->items.size(), 3U);
  EXPECT_EQ(feed->items[0].title, "A B");
  EXPECT_EQ(feed->items[1].guid, "2");
  EXPECT_EQ(feed->items[2].title, "😀 é\uFFFD q");
}

TEST(JsonFeed, NumbersAreIds) {
  const auto feed = parse_feed(
      R"({"items":[{"id":7},{"id":7.0},{"id":-1.5},{"id":1e3},{"id":true},{"id":12345678901234567890}]})",
      {});
  ASSERT_TRUE(feed);
  std::vector<std::string> ids;
  for (const FeedItem& item : feed->items) ids.push_back(item.guid);
  EXPECT_THAT(ids, ElementsAre("7", "7", "-1.5", "1000", "", "12345678901234567890"));
}

TEST(JsonFeed, RefusesOtherJson) {
  for (const char* text : {"{", "[]", "{}", "{\"items\":1}", "[1,2", "{\"title\":\"x\"}"}) {
    const auto feed = parse_feed(text, {});
    ASSERT_FALSE(feed) << text;
    EXPECT_EQ(feed.error().code, ErrorCode::kMalformed);
  }
}

TEST(Vocabularies, MeanWhatTheirUriMeans) {
  const ParsedFeed feed = read("namespaces_bound_oddly.xml");
  EXPECT_EQ(feed.title, "Odd");
  ASSERT_EQ(feed.items.size(), 1U);
  EXPECT_EQ(feed.items[0].link, "http://odd.example/1");
  EXPECT_EQ(when(feed.items[0].published), "2026-11-21T00:00:00Z");
  EXPECT_EQ(feed.items[0].text, "text");
  EXPECT_THAT(feed.items[0].authors, ElementsAre("Undeclared"));
}

TEST(Vocabularies, AreThoseInScope) {
  const auto feed = parse_feed(
      "<rss><channel>"
      "<item><t:title>1</t:title></item>"
      "<item xmlns:t='http://purl.org/dc/elements/1.1/'><t:title>2</t:title></item>"
      "<item><t:title>3</t:title></item>"
      "<item><t:title xmlns:t='http://www.w3.org/2005/Atom'>4</t:title></item>"
      "<item xmlns:t='http://search.yahoo.com/mrss/'><t:title>5</t:title>"
      "<t:creator>no</t:creator></item></channel></rss>",
      {});
  ASSERT_TRUE(feed);
  std::vector<std::string> titles;
  for (const FeedItem& item : feed->items) titles.push_back(item.title);
  EXPECT_THAT(titles, ElementsAre("", "2", "", "4", "5"));
  EXPECT_THAT(feed->items[4].authors, IsEmpty());
}

TEST(Vocabularies, AnUnknownPrefixOfTheRootIsTheFeedsOwn) {
  const auto feed = parse_feed(
      "<x:rss xmlns:x='urn:x' xmlns:y='urn:y'><x:channel><x:title>T</x:title>"
      "<x:item><y:title>no</y:title><x:title>yes</x:title></x:item></x:channel></x:rss>",
      {});
  ASSERT_TRUE(feed);
  EXPECT_EQ(feed->title, "T");
  ASSERT_EQ(feed->items.size(), 1U);
  EXPECT_EQ(feed->items[0].title, "yes");
}

TEST(Vocabularies, MediaGroupStandsIn) {
  const FeedItem item = read("media_group_only.xml").items.at(0);
  EXPECT_EQ(item.title, "Grouped");
  EXPECT_EQ(item.summary, "About");
  EXPECT_EQ(item.image, "http://m.example/1.jpg");
  EXPECT_THAT(item.authors, ElementsAre("Cam"));
}

TEST(Vocabularies, APicturesIdentityIsNotTheItems) {
  const auto feed = parse_feed(
      "<rss><channel><item><title>T</title><media:content url='http://m.example/1.jpg' "
      "medium='image'><dc:identifier>1</dc:identifier><dc:creator>Cam</dc:creator>"
      "<dc:date>2001-01-01</dc:date><media:description>About</media:description>"
      "</media:content></item></channel></rss>",
      {});
  ASSERT_TRUE(feed);
  const FeedItem& item = feed->items.at(0);
  EXPECT_EQ(item.guid, "");
  EXPECT_FALSE(item.published);
  EXPECT_THAT(item.authors, IsEmpty());
  EXPECT_EQ(item.summary, "About");
  EXPECT_EQ(item.image, "http://m.example/1.jpg");
}

TEST(Vocabularies, PodcastFieldsStandIn) {
  const ParsedFeed feed = read("podcast_itunes_googleplay.xml");
  ASSERT_EQ(feed.items.size(), 2U);
  EXPECT_EQ(feed.items[0].link, "http://p.example/a.mp3");
  EXPECT_EQ(feed.items[0].summary, "GD");
  EXPECT_THAT(feed.items[0].authors, ElementsAre("G"));
  EXPECT_EQ(feed.items[1].summary, "IS");
  EXPECT_THAT(feed.items[1].authors, ElementsAre("I"));
  EXPECT_EQ(feed.items[1].image, "http://p.example/b.jpg");
}

/// Whatever is broken, both items come out, with their links.
class BrokenFeed : public testing::TestWithParam<const char*> {};

TEST_P(BrokenFeed, LosesNoCompleteItem) {
  const ParsedFeed feed = read(GetParam());
  EXPECT_EQ(feed.title, "F");
  ASSERT_GE(feed.items.size(), 2U);
  EXPECT_EQ(feed.items[0].title, "A & B");
  EXPECT_EQ(feed.items[0].link, "http://x.example/1");
  EXPECT_EQ(feed.items[1].title.substr(0, 1), "C");
  EXPECT_EQ(feed.items[1].link, "http://x.example/2");
}

INSTANTIATE_TEST_SUITE_P(
    Defects, BrokenFeed,
    testing::Values("broken_bare_ampersand.xml", "broken_less_than_in_text.xml",
                    "broken_unclosed_title.xml", "broken_unclosed_html.xml",
                    "broken_stray_end_tag.xml", "broken_unquoted_attributes.xml",
                    "broken_truncated_in_item.xml", "broken_truncated_in_tag.xml",
                    "broken_php_notice_before.xml", "broken_junk_after.xml",
                    "broken_two_declarations.xml", "broken_control_characters.xml",
                    "broken_unclosed_cdata.xml", "broken_container_never_closed.xml",
                    "broken_nested_items.xml"));

/// Whatever precedes the first whole item.
class HeadlessFeed : public testing::TestWithParam<const char*> {};

TEST_P(HeadlessFeed, KeepsItsWholeItems) {
  const std::string items =
      "<item><title>A &amp; B</title><link>http://x.example/1</link></item>\n"
      "<item><title>C</title><dc:creator>Ann</dc:creator><link>http://x.example/2</link></item>";
  for (const char* tail :
       {"</channel></rss>", "</rdf:RDF>", "</channel>", "", "<item><title>cut"}) {
    const auto feed = parse_feed(std::string(GetParam()) + items + tail, {});
    ASSERT_TRUE(feed) << tail;
    EXPECT_THAT(feed->repairs, ElementsAre("ill-formed XML mended")) << tail;
    ASSERT_GE(feed->items.size(), 2U) << tail;
    EXPECT_EQ(feed->items[0].title, "A & B");
    EXPECT_EQ(feed->items[0].link, "http://x.example/1");
    EXPECT_THAT(feed->items[1].authors, ElementsAre("Ann"));
  }
}

INSTANTIATE_TEST_SUITE_P(Cuts, HeadlessFeed,
                         testing::Values("ription>x</description></item>",
                                         "lost</title><link>http://x.example/0</link></item>",
                                         "<title>F</title><ttl>5</ttl><x:y/>", "=\"2.0\">",
                                         "ink>]]></description></item>\n<!-- x -->"));

TEST(HeadlessFeeds, OfAtomAreRead) {
  const auto feed = parse_feed(
      "d></entry><entry><title>A</title><link href='http://x.example/1'/><id>i</id></entry></feed>",
      {});
  ASSERT_TRUE(feed);
  EXPECT_EQ(feed->format, FeedFormat::kAtom);
  ASSERT_EQ(feed->items.size(), 1U);
  EXPECT_EQ(feed->items[0].link, "http://x.example/1");
}

TEST(HeadlessFeeds, AreNotAnyItemInAnything) {
  for (const char* text : {"<menu><item><title>x</title></item></menu>",
                           "<menu><a/><item><title>x</title></item>", "<item", "</item>"}) {
    EXPECT_FALSE(parse_feed(text, {})) << text;
  }
}

TEST(BrokenFeeds, BeginBehindAComment) {
  const auto feed = parse_feed(
      "<!-- <rss><channel><item><guid>old</guid></item></channel></rss> -->"
      "<rss><channel><title>Harbour & Hill</title><item><guid>new</guid></item></channel>",
      {});
  ASSERT_TRUE(feed);
  ASSERT_EQ(feed->items.size(), 1U);
  EXPECT_EQ(feed->items[0].guid, "new");
}

TEST(BrokenFeeds, SayThatTheyWereMended) {
  EXPECT_THAT(read("broken_unclosed_title.xml").repairs, ElementsAre("ill-formed XML mended"));
  EXPECT_THAT(read("broken_control_characters.xml").repairs,
              ElementsAre("control characters dropped"));
  EXPECT_EQ(read("broken_less_than_in_text.xml").items[1].title, "C <3 and 1 < 2");
}

TEST(BrokenFeeds, SayThatTheyBreakOff) {
  for (const char* name : {"broken_truncated_in_item.xml", "broken_truncated_in_tag.xml"}) {
    EXPECT_TRUE(read(name).cut_off) << name;
  }
  for (const char* name :
       {"broken_container_never_closed.xml", "broken_junk_after.xml", "broken_unclosed_title.xml",
        "broken_bare_ampersand.xml", "rss_2_0_full.xml", "atom_1_0_content_types.xml"}) {
    EXPECT_FALSE(read(name).cut_off) << name;
  }
}

TEST(CutOff, IsNotWhatOurOwnLimitCutsOff) {
  const std::string noise = repeat(40, "<x/>");
  std::string bytes = "<rss><channel><title>t</title>";
  for (int i = 0; i < 5'000; ++i) {
    // Not as it is usually written, so that it is parsed as a whole.
    bytes += "<ITEM><title>number " + std::to_string(i) + "</title>" + noise +
             "<description>said</description></ITEM>";
  }
  bytes += "</channel></rss>";
  const auto feed = parse_feed(bytes, {.max_items = 100'000});
  ASSERT_TRUE(feed);
  EXPECT_FALSE(feed->cut_off);
  ASSERT_GT(feed->items.size(), 1'000U);
  ASSERT_LT(feed->items.size(), 5'000U);
  EXPECT_EQ(feed->items.back().summary, "said") << "no half item";
  EXPECT_THAT(feed->repairs, ElementsAre("only the beginning is read: too much markup"));
}

TEST(Encodings, AreSeenThrough) {
  const ParsedFeed lie = read("encoding_windows_1252_says_utf8.xml");
  EXPECT_EQ(lie.title, "Café “x”");
  EXPECT_EQ(lie.items.at(0).title, "naïve €");
  EXPECT_EQ(read("encoding_c1_references.xml").items.at(0).title, "don’t “x”");
  EXPECT_EQ(read("encoding_utf16_no_bom.xml").items.at(0).title, "Grüße");
  EXPECT_EQ(read("rss_2_0_full.xml", {.content_type = "text/xml; charset=koi8-r"}).title,
            "Harbour & Hill News");
}

TEST(NoFeed, IsToldApart) {
  const auto page = parse_feed(feed_fixture("html_naming_feeds.html"), {});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kMalformed);
  EXPECT_THAT(page.error().message,
              HasSubstr("this is HTML; it names feeds: https://site.example/"));
  for (const char* text : {"", "  ", "hello", "<html></html>", "<svg/>", "<a><b></a>", "<",
                           "<?xml version='1.0'?><sitemapindex/>"}) {
    const auto none = parse_feed(text, {});
    ASSERT_FALSE(none) << text;
    EXPECT_EQ(none.error().code, ErrorCode::kMalformed);
  }
}

TEST(Bounds, ItemsAreCounted) {
  std::string feed = "<rss><channel>";
  for (int i = 0; i < 100; ++i) feed += "<item><title>x</title></item>";
  EXPECT_EQ(parse_feed(feed, {.max_items = 7})->items.size(), 7U);
  EXPECT_EQ(parse_feed("{\"items\":[{},{},{}]}", {.max_items = 2})->items.size(), 2U);
}

}  // namespace
}  // namespace nutgraf
