#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/article/main_text.h"
#include "daemon/article/metadata.h"
#include "daemon/article/rules.h"
#include "daemon/base/result.h"
#include "daemon/model/feed.h"

namespace nutgraf {

struct ExtractOptions {
  std::string url = {};  ///< Where the page was fetched from; relative links are seen from it.
  std::string content_type = {};     ///< As HTTP gave it; its charset counts. May be empty.
  std::size_t max_bytes = 12 << 20;  ///< Longer pages are cut here.
  ArticleRules rules = {};           ///< All, but where rules are measured.
  PageSelectors selectors = {};      ///< Of the page's feed; those that are wrong do nothing.
};

/// What is left of a page when everything that is not the article is gone.
struct Article {
  PageMetadata meta;
  std::string
      text;  ///< Paragraphs separated by a blank line; list items and subheads on own lines.
  bool text_declared = false;  ///< The text is JSON-LD's articleBody, not what the page shows.
  PageSelection selection = PageSelection::kNotAsked;  ///< What page_select came to.
  bool blocked = false;        ///< The page is a consent form, a challenge or a log-in, no article.
  std::string blocked_reason;  ///< "challenge", "consent", "login", "empty".
};

/// From the bytes of a page to the article. A page without an article gives an empty text, not an
/// error; Malformed: the bytes are no text at all (an image, a PDF, an archive).
///
/// Pure and thread-safe. Linear time and memory whatever the markup; a page of 100 KB takes about
/// 1.5 ms, nearly all of it in libxml2.
///
/// With selectors, what `drop` selects is removed before anything else is read, and the text is
/// what `select` selects, in document order, but for the headline. If that is nothing, the text is
/// found the usual way. Their cost is bounded; see XPathLimits.
Result<Article> extract_article(std::string_view bytes, const ExtractOptions& options);

/// An article and, in document order, what became of every stretch of its page's text.
struct ExplainedArticle {
  Article article;
  std::vector<JudgedStretch> stretches;
};

/// extract_article() for people who ask why: the same article, at twice the cost.
Result<ExplainedArticle> explain_article(std::string_view bytes, const ExtractOptions& options);

/// A fragment of HTML as a feed carries it (content:encoded, summary) as clean paragraphs. Nothing
/// is judged: only markup, scripts and images go, and lines that are nothing but furniture.
std::string text_of_html(std::string_view html);

}  // namespace nutgraf
