#include "daemon/article/article.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace nutgraf {
namespace {

std::string fixture(const std::string& name) {
  std::ifstream file(NUTGRAF_TEST_DIR "/article/pages/" + name);
  EXPECT_TRUE(file) << name;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Article extract(std::string_view html,
                const std::string& url = "https://news.example/2021/bridge") {
  const Result<Article> article = extract_article(html, {.url = url});
  EXPECT_TRUE(article);
  return article.value_or(Article{});
}

TEST(ExtractArticle, LeavesNothingButTheStory) {
  const Article article = extract(fixture("bridge.html"));
  EXPECT_EQ(article.text, fixture("bridge.txt"));
}

TEST(ExtractArticle, ReadsWhatThePageSaysAboutItself) {
  const Article article = extract(fixture("bridge.html"));
  EXPECT_EQ(article.meta.title, "Old bridge reopens after nine years of repairs");
  EXPECT_EQ(article.meta.authors, (std::vector<std::string>{"Jane Doe", "Karl Maier"}));
  ASSERT_TRUE(article.meta.published);
  EXPECT_EQ(format_rfc3339(*article.meta.published), "2021-03-05T09:30:00Z");
  EXPECT_EQ(article.meta.language, "en");
  EXPECT_EQ(article.meta.canonical_url, "https://news.example/2021/bridge-reopens");
  EXPECT_EQ(article.meta.image, "https://news.example/img/bridge.jpg");
}

TEST(ExtractArticle, ThePagesLanguageIsTheOneItDeclares) {
  const auto language_of = [](const std::string& html) { return extract(html).meta.language; };
  const std::string text = "<body><p>Old bridge closes.</p>";
  EXPECT_EQ(language_of("<html lang=de-AT>" + text), "de");
  EXPECT_EQ(language_of("<meta property=og:locale content=fr_FR>" + text), "fr");
  EXPECT_EQ(language_of("<script type=application/ld+json>{\"@type\":\"NewsArticle\","
                        "\"inLanguage\":\"es\"}</script>" +
                        text),
            "es");
  EXPECT_EQ(language_of(text), "");
}

TEST(ExtractArticle, PagesWithoutAnArticleGiveNoText) {
  EXPECT_EQ(extract("").text, "");
  EXPECT_EQ(extract("<html><body></body></html>").text, "");
  EXPECT_EQ(extract(std::string(100, '\0')).text, "");
}

TEST(ExtractArticle, AFileOfAnotherTypeIsMalformed) {
  const Result<Article> article = extract_article("%PDF-1.7 ...", {});
  ASSERT_FALSE(article);
  EXPECT_EQ(article.error().code, ErrorCode::kMalformed);
}

TEST(ExtractArticle, ReadsThePagesCharset) {
  const Article article = extract_article(
                              "<html><body><p>Der B\xFCrgermeister sagte, die Br\xFC"
                              "cke bleibe geschlossen, bis alles gepr\xFC"
                              "ft sei.</p></body></html>",
                              {.content_type = "text/html; charset=iso-8859-1"})
                              .value();
  EXPECT_EQ(article.text,
            "Der Bürgermeister sagte, die Brücke bleibe geschlossen, bis alles geprüft sei.");
}

TEST(ExtractArticle, APageEncodedTwiceIsReadAsMeant) {
  const Article article = extract(
      "<meta charset=utf-8><title>The mayor\xC3\xA2\xC2\x80\xC2\x99s bridge</title><p>The "
      "mayor\xC3\xA2\xC2\x80\xC2\x99s old bridge is closed, and nobody was surprised by that.</p>");
  EXPECT_EQ(article.meta.title, "The mayor’s bridge");
  EXPECT_TRUE(article.text.starts_with("The mayor’s old bridge")) << article.text;
}

TEST(ExtractArticle, HostilePagesEndInTime) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<div class='related x'>";
  extract(deep + "<p>Some text that is long enough to count as a paragraph of an article.</p>");
  std::string wide;
  for (int i = 0; i < 100'000; ++i)
    wide += "<p class=share>Some text, <a href=x>and a link.</a><br>More of it here.";
  extract(wide);
  extract(std::string(10'000'000, 'x'));
  std::string lists;
  for (int i = 0; i < 100'000; ++i) lists += "<ul><li><a href=x>item</a>:";
  extract(lists);
}

TEST(ExtractArticle, ALongPageIsCutWhereTheLimitIs) {
  std::string paragraph;
  for (int i = 0; i < 20; ++i) paragraph += "The old bridge must be closed, the council decided. ";
  std::string page = "<article>";
  for (int i = 0; page.size() < 10'000'000; ++i) page += "<p>" + std::to_string(i) + paragraph;
  EXPECT_GT(extract(page).text.size(), 9'000'000U);
  const Result<Article> cut = extract_article(page, {.max_bytes = 100'000});
  ASSERT_TRUE(cut);
  EXPECT_LT(cut->text.size(), 110'000U);
  EXPECT_GT(cut->text.size(), 90'000U);
}

TEST(ExtractArticle, NulsAreNoEnd) {
  std::string page =
      "<article><p>The council decided on Monday that the bridge must be closed.</p>";
  page += std::string(1000, '\0');
  page += "<p>The ferryman was not surprised by it at all, and said so to everybody.</p></article>";
  const std::string text = extract(page).text;
  EXPECT_NE(text.find("council"), std::string::npos);
  EXPECT_NE(text.find("ferryman"), std::string::npos);
  EXPECT_EQ(text.find('\0'), std::string::npos);
}

TEST(TextOfHtml, MakesParagraphsOfAFeedsMarkup) {
  EXPECT_EQ(
      text_of_html("<p>One &amp; "
                   "only.</p><p>Two<br>lines</p><ul><li>a</li><li>b</li></ul><script>x</script>"),
      "One & only.\n\nTwo\nlines\n\na\nb");
  EXPECT_EQ(text_of_html("Plain text"), "Plain text");
  EXPECT_EQ(text_of_html(""), "");
}

}  // namespace
}  // namespace nutgraf
