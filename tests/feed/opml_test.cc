#include "daemon/feed/opml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "daemon/base/encoding.h"

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string opml(const std::string& body) {
  return "<?xml version=\"1.0\"?><opml version=\"2.0\"><head/><body>" + body + "</body></opml>";
}

std::string outline(const std::string& url) { return "<outline xmlUrl=\"" + url + "\"/>"; }

OpmlFeeds read(const std::string& text) {
  auto feeds = read_opml(text);
  EXPECT_TRUE(feeds.has_value()) << (feeds ? "" : feeds.error().message);
  return feeds ? *std::move(feeds) : OpmlFeeds{};
}

FeedSource only(const std::string& body) {
  OpmlFeeds out = read(opml(body));
  EXPECT_THAT(out.feeds, SizeIs(1));
  return out.feeds.empty() ? FeedSource{} : std::move(out.feeds[0]);
}

TEST(Opml, AnOutlineWithAnXmlUrlIsAFeed) {
  const FeedSource feed = only(
      "<outline type=\"rss\" text=\"t\" title=\" The  Gazette &amp; Co \" language=\"en-GB\" "
      "htmlUrl=\"https://example.org/\" xmlUrl=\"https://Example.org/rss.xml\"/>");
  EXPECT_EQ(feed.url, "https://example.org/rss.xml");
  EXPECT_EQ(feed.name, "The Gazette & Co");
  EXPECT_EQ(feed.language, "en-GB");
  EXPECT_EQ(feed.category, "other");
  EXPECT_THAT(feed.tags, IsEmpty());
}

TEST(Opml, FoldersAreCategoryAndTags) {
  struct Case {
    const char* outer;
    const char* inner;
    std::string category;
    std::vector<std::string> tags;
  };
  const Case cases[] = {
      {"world", "", "world", {}},
      {"World", "", "world", {}},
      {"World News", "Asia", "world-news", {"World News", "Asia"}},
      {"日本", "", "other", {"日本"}},
      {"", "inner", "other", {"inner"}},
      {"Ürün!", "x", "urun", {"Ürün!", "x"}},
      {"Ünï", "", "uni", {"Ünï"}},
      {"U\u0308ni", "", "uni", {"U\u0308ni"}},
      {"Łódź & Straße", "", "lodz-strasse", {"Łódź & Straße"}},
      {"Œuvres", "", "oeuvres", {"Œuvres"}},
      {"Новости", "", "other", {"Новости"}},
  };
  for (const Case& each : cases) {
    const FeedSource feed =
        only("<outline text=\"" + std::string(each.outer) + "\"><outline text=\"" + each.inner +
             "\">" + outline("http://a.example/") + "</outline></outline>");
    EXPECT_EQ(feed.category, each.category) << each.outer;
    EXPECT_EQ(feed.tags, each.tags) << each.outer;
  }
}

TEST(Opml, FoldersEndWhereTheyEnd) {
  const OpmlFeeds out = read(opml(
      "<outline text=\"a\"><outline text=\"b\">" + outline("http://a.example/1") + "</outline>" +
      outline("http://a.example/2") + "</outline>" + outline("http://a.example/3") +
      "<outline text=\"empty\"/>" + outline("http://a.example/4")));
  ASSERT_THAT(out.feeds, SizeIs(4));
  EXPECT_EQ(out.feeds[0].category, "a");
  EXPECT_THAT(out.feeds[0].tags, ElementsAre("b"));
  EXPECT_EQ(out.feeds[1].category, "a");
  EXPECT_THAT(out.feeds[1].tags, IsEmpty());
  EXPECT_EQ(out.feeds[2].category, "other");
  EXPECT_EQ(out.feeds[3].category, "other");
}

TEST(Opml, CategoriesAreTags) {
  const FeedSource feed =
      only("<outline xmlUrl=\"http://a.example/\" category=\"/Science/Space, Local,,/Local\"/>");
  EXPECT_THAT(feed.tags, ElementsAre("Science/Space", "Local"));
}

TEST(Opml, WhatReadersWriteIsRead) {
  for (const char* const body :
       {"<outline XMLURL=\"http://a.example/f\"/>", "<OUTLINE xmlurl='http://a.example/f'/>",
        "<outline xmlUrl=\"feed://a.example/f\"/>", "<outline xmlUrl=\"feed:http://a.example/f\"/>",
        "<outline xmlUrl=\" http://a.example/f \" type=\"atom\"/>",
        "<!-- x --><outline><outline><outline xmlUrl=\"http://a.example/f\"></outline></outline>"
        "</outline>"}) {
    EXPECT_EQ(only(body).url, "http://a.example/f") << body;
  }
  EXPECT_EQ(only("<outline text=\"Fish & Chips\" xmlUrl=\"http://a.example/f?a=1&b=2\"/>").url,
            "http://a.example/f?a=1&b=2");
}

TEST(Opml, Latin1IsRead) {
  const FeedSource feed =
      only("<outline text=\"x\" xmlUrl=\"http://a.example/\"/><outline text=\"y\"/>");
  EXPECT_EQ(feed.name, "x");
  const OpmlFeeds latin = read(
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><opml><body>"
      "<outline text=\"Caf\xE9\" xmlUrl=\"http://a.example/\"/></body></opml>");
  EXPECT_EQ(latin.feeds.at(0).name, "Café");
}

TEST(Opml, WhatIsNotTakenIsSaid) {
  const OpmlFeeds out =
      read(opml(outline("ftp://a.example/") + outline("not a url") + outline("http://a.example/") +
                outline("http://A.example") + "<outline text=\"no feed\"/>"));
  EXPECT_THAT(out.feeds, SizeIs(1));
  EXPECT_EQ(out.left_out_count, 3u);
  EXPECT_THAT(out.left_out, ElementsAre(HasSubstr("ftp://a.example/"), HasSubstr("not a url"),
                                        HasSubstr("twice: http://a.example/")));
}

TEST(Opml, WhatIsToldOfAnAddressIsCutBetweenCharacters) {
  for (const std::string head : {"ftp://a/", "ftp://ab/"}) {
    std::string url = head;
    while (url.size() < 1000) url += "é";
    const OpmlFeeds out = read(opml(outline(url)));
    ASSERT_THAT(out.left_out, SizeIs(1));
    EXPECT_THAT(out.left_out[0], HasSubstr(head + "éé"));
    EXPECT_LT(out.left_out[0].size(), 600u);
    EXPECT_TRUE(is_utf8(out.left_out[0])) << out.left_out[0];
  }
}

TEST(Opml, CommentedOutlinesAreNoSubscriptions) {
  const OpmlFeeds out = read(opml("<outline isComment=\"true\">" + outline("http://a.example/") +
                                  "</outline>" + outline("http://b.example/")));
  ASSERT_THAT(out.feeds, SizeIs(1));
  EXPECT_EQ(out.feeds[0].url, "http://b.example/");
}

TEST(Opml, WhatBreaksOffIsReadAsFarAsItGoes) {
  const OpmlFeeds out = read("<opml><body>" + outline("http://a.example/") + "<outline xmlUrl=");
  EXPECT_THAT(out.feeds, SizeIs(1));
  EXPECT_THAT(out.left_out, ElementsAre(HasSubstr("broken")));
}

TEST(Opml, WhatIsNoOpmlIsRefused) {
  for (const char* const text : {"", "feeds", "<html><body/></html>", "<rss version=\"2.0\"/>",
                                 "<opml><body><outline x", "{\"feeds\": []}"}) {
    const auto out = read_opml(text);
    ASSERT_FALSE(out.has_value()) << text;
    EXPECT_EQ(out.error().code, ErrorCode::kMalformed) << text;
  }
}

TEST(Opml, HostileListsAreBounded) {
  const auto refused = [](const std::string& text) {
    const auto out = read_opml(text);
    return out ? ErrorCode::kTransient : out.error().code;
  };
  EXPECT_EQ(refused(std::string(kMaxOpmlBytes + 1, ' ')), ErrorCode::kTooLarge);
  std::string tags = "<opml><body>";
  while (tags.size() < (std::size_t{16} << 20)) tags += "<a/>";
  EXPECT_EQ(refused(tags), ErrorCode::kTooLarge);
  // Deeper than any stack would bear.
  std::string deep;
  for (int i = 0; i < 400'000; ++i) deep += "<outline text='x'>";
  deep += outline("http://a.example/");
  const auto out = read_opml("<opml><body>" + deep);
  ASSERT_TRUE(out.has_value());
  EXPECT_THAT(out->feeds, SizeIs(1));
  EXPECT_THAT(out->feeds[0].tags.size(), testing::Le(16u));
}

TEST(Opml, FeedsThatAreFoldersOfEachOtherTakeLinearTime) {
  constexpr std::size_t kDeep = 150'000;
  std::string deep;
  for (std::size_t i = 0; i < kDeep; ++i) {
    deep += "<outline text='x' xmlUrl='http://a.example/" + std::to_string(i) + "'>";
  }
  const auto out = read_opml("<opml><body>" + deep);
  ASSERT_TRUE(out.has_value());
  EXPECT_THAT(out->feeds, SizeIs(kDeep));
  EXPECT_EQ(out->feeds.back().category, "x");
}

TEST(Opml, NoEntityIsExpanded) {
  const OpmlFeeds out = read(
      "<!DOCTYPE opml [<!ENTITY a \"xxxxxxxxxx\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
      "<opml><body><outline text=\"&a;&f;\" xmlUrl=\"http://a.example/\"/></body></opml>");
  EXPECT_EQ(out.feeds.at(0).name, "&a;&f;");
}

TEST(Opml, NothingOfAListDecidesHowAServerIsAsked) {
  const FeedSource feed = only(
      "<outline xmlUrl=\"http://a.example/\" allow_private=\"true\" nutgraf:allow_private=\"true\" "
      "auth_file=\"/etc/shadow\" nutgraf:id=\"mine\"/>");
  EXPECT_FALSE(feed.allow_private);
  EXPECT_EQ(feed.access.get(), nullptr);
  EXPECT_EQ(feed.id, "mine");
}

FeedSource source(const std::string& id, const std::string& category) {
  FeedSource feed;
  feed.id = id;
  feed.url = "https://example.org/" + id + "?a=1&b=<\">";
  feed.name = "The \"" + id + "\" & <Son's>";
  feed.publisher = "Example Media";
  feed.category = category;
  feed.tags = {"europe", "Ça va"};
  feed.language = "fr";
  return feed;
}

TEST(Opml, WhatIsWrittenIsReadBackTheSame) {
  std::vector<FeedSource> feeds = {source("a", "other"), source("b", "world"),
                                   source("c", "science"), source("d", "world")};
  feeds[0].tags.clear();
  for (FeedSource& feed : feeds) feed.url = "https://example.org/" + feed.id + "?a=1&b=%3C";
  const OpmlFeeds back = read(write_opml(feeds));
  EXPECT_THAT(back.left_out, IsEmpty());
  // Folders gather: d comes after b.
  EXPECT_THAT(back.feeds, ElementsAre(feeds[0], feeds[1], feeds[3], feeds[2]));
  EXPECT_EQ(write_opml(back.feeds), write_opml({feeds[0], feeds[1], feeds[3], feeds[2]}));
  // By it other readers know a subscription. [OPML 2.0, section "Subscription lists"]
  EXPECT_THAT(write_opml({source("a", "other")}), testing::HasSubstr("type=\"rss\""));
}

TEST(Opml, APasswordInAUrlIsNotTaken) {
  const OpmlFeeds feeds =
      read("<opml><body><outline xmlUrl='https://me:secret@example.org/rss'/></body></opml>");
  EXPECT_THAT(feeds.feeds, IsEmpty());
  EXPECT_THAT(feeds.left_out, ElementsAre(HasSubstr("auth_file): example.org/rss")));
}

TEST(Opml, PasswordsAreNotWritten) {
  FeedSource feed = source("a", "other");
  feed.url = "https://user:secret@example.org/rss";
  EXPECT_THAT(write_opml({feed}), Not(HasSubstr("secret")));
  EXPECT_THAT(write_opml({feed}), HasSubstr("https://example.org/rss"));
}

}  // namespace
}  // namespace nutgraf
