#include <iterator>

#include "daemon/article/article.h"
#include "daemon/article/boilerplate.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

constexpr std::string_view kUrl = "https://news.example/a/b.html";

void check_page(std::string_view page, const ExtractOptions& options) {
  const auto article = extract_article(page, options);
  if (!article) return require_malformed(article.error());
  const PageMetadata& meta = article->meta;
  require_line(meta.title, "the title");
  for (const std::string& author : meta.authors) require_line(author, "an author");
  for (const std::string* text : {&article->text, &meta.canonical_url, &meta.language, &meta.image,
                                  &meta.description, &meta.site_name, &meta.agency}) {
    require_utf8(*text, "a text of the article");
  }
  // A named reference of five bytes can stand for six, a byte of windows-1252 for three.
  require(article->text.size() <= 4 * page.size() + 64, "the article is larger than its page");
  require(article->blocked == !article->blocked_reason.empty(), "blocked without a reason");
}

/// An operator's selectors meet pages of strangers. On one page in two: they take most of the time.
void check_selected(std::string_view content_type, std::string_view page) {
  const PageSelectors sets[] = {
      {.select = {"article p, main > div", "[class*=body]"}, .drop = {"aside, .share"}},
      {.select = {"//div[contains(@class, 'a')]//p[string-length() > 9]"}, .drop = {"//*[@id]"}},
  };
  if (page.size() % 4 >= std::size(sets)) return;
  check_page(page, {.url = std::string(kUrl),
                    .content_type = std::string(content_type),
                    .selectors = sets[page.size() % 4]});
}

void check_cleaning(std::string_view text) {
  const auto [title, body] = first_line(text);
  const Cleaned cleaned = clean_text(title, body, "en");
  require_utf8(cleaned.text, "the cleaned text");
  require_utf8(cleaned.title, "its title");
  std::size_t dropped = 0;
  for (const std::string& line : cleaned.dropped) {
    require_line(line, "a dropped line");
    dropped += line.size();
  }
  require(cleaned.text.size() + dropped <= 3 * body.size() + 64, "cleaning made text");
}

}  // namespace

void article(std::string_view bytes) {
  const auto [content_type, page] = first_line(bytes);
  check_page(page, {.url = std::string(kUrl), .content_type = std::string(content_type)});
  check_selected(content_type, page);
  // What feeds carry is decoded by then.
  const std::string fragment = scrub_utf8(page);
  const std::string text = text_of_html(fragment);
  require_utf8(text, "the text of a fragment");
  require(text.size() <= 4 * fragment.size() + 64, "the text is larger than its markup");
  check_cleaning(scrub_utf8(bytes));
}

}  // namespace nutgraf::fuzz
