#pragma once

#include <vector>

#include "daemon/article/blocks.h"
#include "daemon/article/html.h"
#include "daemon/article/main_text.h"
#include "daemon/article/rules.h"

namespace nutgraf {

/// Which blocks of `text` are the article that stands in `container`: those in it and the lead
/// before it, without tail, junk lines, repetitions and the headline. By block, the rule that
/// leaves it out; kNone: it is in. Linear.
std::vector<ArticleRule> select_blocks(const HtmlDocument& document, const PageText& text,
                                       HtmlDocument::Index container, const MainTextHints& hints,
                                       const ArticleRules& rules = {});

}  // namespace nutgraf
