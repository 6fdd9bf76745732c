#include "daemon/article/page_kind.h"

#include <gtest/gtest.h>

#include <string>

#include "daemon/article/article.h"
#include "daemon/article/blocked.h"

namespace nutgraf {
namespace {

StoryKind kind_of(std::string_view title, const std::string& url, std::string_view html = "",
                  std::string_view text = "") {
  const HtmlDocument document = HtmlDocument::parse(html);
  return page_kind(PageFacts(document, url), title, text);
}

TEST(PageKind, ByTheUrlsDirectories) {
  EXPECT_EQ(kind_of("T", "https://a.example/opinion/x"), StoryKind::kOpinion);
  EXPECT_EQ(kind_of("T", "https://a.example/world/live/x"), StoryKind::kLive);
  EXPECT_EQ(kind_of("T", "https://a.example/blog/live/x"), StoryKind::kReport);
  EXPECT_EQ(kind_of("T", "https://a.example/sponsored/x"), StoryKind::kSponsored);
  EXPECT_EQ(kind_of("T", "https://a.example/world/opinion"),
            StoryKind::kReport);  // The page's own name.
  EXPECT_EQ(kind_of("T", ""), StoryKind::kReport);
}

TEST(PageKind, ByTheTitlesEnds) {
  EXPECT_EQ(kind_of("Opinion: Close the bridge", ""), StoryKind::kOpinion);
  EXPECT_EQ(kind_of("Storm over the north – live updates", ""), StoryKind::kLive);
  EXPECT_EQ(kind_of("Anzeige: Besser schlafen", ""), StoryKind::kSponsored);
  EXPECT_EQ(kind_of("Opinion of the court surprises", ""), StoryKind::kReport);
  EXPECT_EQ(kind_of("How to live with less", ""), StoryKind::kReport);
}

TEST(PageKind, ByJsonLd) {
  const std::string open = "<script type='application/ld+json'>{\"@type\":\"";
  EXPECT_EQ(kind_of("T", "", open + "LiveBlogPosting\"}</script>"), StoryKind::kLive);
  EXPECT_EQ(kind_of("T", "", open + "OpinionNewsArticle\"}</script>"), StoryKind::kOpinion);
  EXPECT_EQ(kind_of("T", "", open + "NewsArticle\"}</script>"), StoryKind::kReport);
  EXPECT_EQ(kind_of("T", "", open + "VideoObject\"}</script>"), StoryKind::kMedia);
  EXPECT_EQ(kind_of("T", "", open + "VideoObject\"}</script>", std::string(2000, 'x')),
            StoryKind::kReport);
}

TEST(Paywall, ByJsonLdOrWordsAtTheEnd) {
  const HtmlDocument closed = HtmlDocument::parse(
      "<script "
      "type='application/ld+json'>{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":\"False\"}</"
      "script>");
  const HtmlDocument silent = HtmlDocument::parse("");
  EXPECT_TRUE(has_paywall(PageFacts(closed, ""), "Text."));
  EXPECT_TRUE(has_paywall(PageFacts(silent, ""), "The mayor said. Already a subscriber? Log in."));
  EXPECT_FALSE(has_paywall(PageFacts(silent, ""), "The mayor said."));
  const auto tier = [](const std::string& name) {
    const HtmlDocument page =
        HtmlDocument::parse("<meta property=article:content_tier content=" + name + ">");
    return has_paywall(PageFacts(page, ""), "The mayor said.");
  };
  EXPECT_TRUE(tier("locked"));
  EXPECT_FALSE(tier("free"));
}

TEST(CreditedAgency, AtTheBeginningOrTheEnd) {
  const std::string text = "The bridge is closed, the mayor said.\n\nIt will be so until spring.";
  EXPECT_EQ(credited_agency("BERLIN (Reuters) - " + text, {}), "Reuters");
  EXPECT_EQ(credited_agency("LONDON, March 5 (AP) — " + text, {}), "AP");
  EXPECT_EQ(credited_agency(text + "\n\n(dpa)", {}), "dpa");
  EXPECT_EQ(credited_agency(text + " (AFP)", {}), "AFP");
  EXPECT_EQ(credited_agency(std::string(3 << 20, 'x') + ". (AFP)", {}), "AFP");
  EXPECT_EQ(credited_agency("AFP " + std::string(3 << 20, 'x'), {"A Name"}), "");
  EXPECT_EQ(credited_agency(text, {"The Associated Press"}), "AP");
  EXPECT_EQ(credited_agency(text, {"Jane Doe"}), "");
  EXPECT_EQ(credited_agency("Reuters reported that " + text, {}), "");
  EXPECT_EQ(credited_agency(text + "\n\n(dpa)\n\nThe bridge last week.", {}), "dpa");
  EXPECT_EQ(credited_agency(text + "\n\nPhoto: Reuters", {}), "");
  EXPECT_EQ(credited_agency("The bridge on Monday. (AP Photo) - File\n\n" + text, {}), "");
  EXPECT_EQ(credited_agency("", {}), "");
}

std::string blocked(std::string_view html) {
  return extract_article(html, {}).value().blocked_reason;
}

TEST(Blocked, KnowsTheWallsBeforeAPage) {
  EXPECT_EQ(
      blocked(
          "<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>"),
      "challenge");
  EXPECT_EQ(
      blocked("<title>Example</title><script src='/cf_chl_opt.js'></script><p>One more step.</p>"),
      "challenge");
  EXPECT_EQ(blocked("<title>Example</title><p>Verify you are human to read on.</p>"), "challenge");
  EXPECT_EQ(blocked("<title>Example</title><div>We value your privacy. We and our 700 partners "
                    "store data. Accept all "
                    "or manage preferences. Read our cookie policy to learn more about your "
                    "choices and what they mean "
                    "for you, for us and for the companies that we work with day by day.</div>"),
            "consent");
  EXPECT_EQ(
      blocked("<title>Sign in</title><form><p>Sign in to go on.</p><input type=password></form>"),
      "login");
  EXPECT_EQ(blocked("<p>x</p>"), "empty");
}

TEST(Blocked, AnArticleNeverIs) {
  std::string text;
  for (int i = 0; i < 12; ++i) {
    text +=
        "<p>The security check at the airport asked whether visitors consent, and access denied "
        "was a common answer.</p>";
  }
  EXPECT_EQ(blocked("<title>How airports changed</title><h1>How airports changed</h1>" + text), "");
}

}  // namespace
}  // namespace nutgraf
