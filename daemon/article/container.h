#pragma once

#include "daemon/article/blocks.h"
#include "daemon/article/html.h"

namespace nutgraf {

/// The element that holds the article, nothing less and little more. `text` is the page without its
/// furniture. The document's root if there is no good text.
HtmlDocument::Index article_container(const HtmlDocument& document, const PageText& text,
                                      const ArticleRules& rules = {});

}  // namespace nutgraf
