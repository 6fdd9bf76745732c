#pragma once

#include <string>
#include <string_view>

#include "daemon/article/article.h"

namespace nutgraf::tool {

/// One self-contained HTML page (no script, nothing loaded) that shows what became of every stretch
/// of an article's page: kept or left out, by which rule, in colour, and a legend with counts.
/// `source`: the name of the file, for the heading. All of it is escaped.
std::string explanation_page(const ExplainedArticle& explained, std::string_view source);

}  // namespace nutgraf::tool
