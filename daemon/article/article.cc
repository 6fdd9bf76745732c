#include "daemon/article/article.h"

#include <algorithm>

#include "daemon/article/html.h"
#include "daemon/article/letters.h"
#include "daemon/article/main_text.h"
#include "daemon/article/page_facts.h"
#include "daemon/base/encoding.h"

namespace nutgraf {
namespace {

/// Text or a picture? Formats that servers send in place of pages begin with these bytes.
bool is_binary(std::string_view bytes) {
  constexpr std::string_view kMagic[] = {"%PDF-",      "\x89PNG",  "GIF8", "\xFF\xD8\xFF",
                                         "PK\x03\x04", "\x1F\x8B", "RIFF"};
  return std::ranges::any_of(kMagic,
                             [bytes](std::string_view magic) { return bytes.starts_with(magic); });
}

}  // namespace

Result<Article> extract_article(std::string_view bytes, const ExtractOptions& options) {
  if (is_binary(bytes)) return fail(ErrorCode::kMalformed, "not a page but a file of another type");
  const std::string utf8 = decode_html(bytes.substr(0, options.max_bytes),
                                       charset_of_content_type(options.content_type));
  const HtmlDocument document = HtmlDocument::parse(utf8, {.bytes = 2 * options.max_bytes});
  Article article;
  article.meta = read_metadata(document, options.url);
  article.text =
      main_text(document, {.title = article.meta.title, .description = article.meta.description});
  return article;
}

std::string text_of_html(std::string_view html) { return whole_text(HtmlDocument::parse(html)); }

}  // namespace nutgraf
