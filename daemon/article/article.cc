#include "daemon/article/article.h"

#include <algorithm>

#include "daemon/article/blocked.h"
#include "daemon/article/html.h"
#include "daemon/article/letters.h"
#include "daemon/article/main_text.h"
#include "daemon/article/page_facts.h"
#include "daemon/article/page_kind.h"
#include "daemon/article/page_pick.h"
#include "daemon/base/double_utf8.h"
#include "daemon/base/encoding.h"
#include "summarizer/summarizer.h"

namespace nutgraf {
namespace {

/// Text or a picture? Formats that servers send in place of pages begin with these bytes.
bool is_binary(std::string_view bytes) {
  constexpr std::string_view kMagic[] = {"%PDF-",      "\x89PNG",  "GIF8", "\xFF\xD8\xFF",
                                         "PK\x03\x04", "\x1F\x8B", "RIFF"};
  return std::ranges::any_of(kMagic,
                             [bytes](std::string_view magic) { return bytes.starts_with(magic); });
}

/// JSON-LD's articleBody as paragraphs: for pages that build their text with a script.
std::string declared_body(const PageFacts& facts) {
  for (const JsonLd::Index article : facts.articles()) {
    const std::string_view body = facts.ld().text(article, "articleBody");
    if (!body.empty()) return text_of_html(body);
  }
  return {};
}

Result<PickedPage> parse_page(std::string_view bytes, const ExtractOptions& options) {
  if (is_binary(bytes)) return fail(ErrorCode::kMalformed, "not a page but a file of another type");
  const std::string utf8 = undo_double_utf8(decode_html(
      bytes.substr(0, options.max_bytes), charset_of_content_type(options.content_type)));
  return pick_page(utf8, {.bytes = 2 * options.max_bytes}, options.selectors);
}

MainTextHints hints_of(const Article& article, const PickedPage& page) {
  MainTextHints hints{.title = article.meta.title,
                      .description = article.meta.description,
                      .authors = article.meta.authors};
  if (article.selection == PageSelection::kSelected) hints.selected = page.selected;
  return hints;
}

/// What the operator selected, or what the rules make of the page.
void read_text(const PickedPage& page, const PageFacts& facts, const ExtractOptions& options,
               Article& article) {
  if (!options.selectors.select.empty()) {
    article.selection = page.selected.empty() ? PageSelection::kNothing : PageSelection::kSelected;
    if (article.selection == PageSelection::kSelected) {
      article.text = main_text(page.document, hints_of(article, page));
    }
    if (!article.text.empty()) return;
    article.selection = PageSelection::kNothing;
  }
  article.text = main_text(page.document, hints_of(article, page), options.rules);
  if (const std::string body = declared_body(facts);
      article.text.size() * 2 < body.size() && options.rules.has(ArticleRule::kDeclaredBody)) {
    article.text = body;
    article.text_declared = true;
  }
}

Article read_article(const PickedPage& page, std::string_view bytes,
                     const ExtractOptions& options) {
  const HtmlDocument& document = page.document;
  Article article;
  const PageFacts facts(document, options.url);
  article.meta = read_metadata(facts, options.rules);
  read_text(page, facts, options, article);
  article.meta.kind = page_kind(facts, article.meta.title, article.text);
  article.meta.paywall = has_paywall(facts, article.text);
  article.meta.agency = credited_agency(article.text, article.meta.authors);
  article.blocked_reason = blocked_reason(document, bytes, article.meta.title, article.text);
  article.blocked = !article.blocked_reason.empty();
  if (article.meta.language.empty()) {
    const std::string language = summarizer::detect_language(article.text);
    if (language != "und") article.meta.language = language;
  }
  return article;
}

}  // namespace

Result<Article> extract_article(std::string_view bytes, const ExtractOptions& options) {
  return parse_page(bytes, options).map([&](const PickedPage& page) {
    return read_article(page, bytes, options);
  });
}

Result<ExplainedArticle> explain_article(std::string_view bytes, const ExtractOptions& options) {
  return parse_page(bytes, options).map([&](const PickedPage& page) {
    ExplainedArticle explained;
    explained.article = read_article(page, bytes, options);
    explained.stretches = with_dropped(
        judged_text(page.document, hints_of(explained.article, page), options.rules), page);
    return explained;
  });
}

std::string text_of_html(std::string_view html) { return whole_text(HtmlDocument::parse(html)); }

}  // namespace nutgraf
