#pragma once

#include "daemon/article/blocks.h"
#include "daemon/article/html.h"

namespace nutgraf {

/// The nodes of a page that are furniture by their tag, role, visibility or name, judged against
/// `text` (the page with nothing dropped). No rule is trusted blindly: a node that holds more than
/// 30 % of the good text stays, and a rule that would take out more than half of it is not used on
/// this page at all. Linear.
NodeRules furniture_nodes(const HtmlDocument& document, const PageText& text,
                          const ArticleRules& rules = {});

/// Adds to `dropped` what inside `container` is mostly links: lists, tables and boxes of other
/// stories. `text` is the page without the nodes already dropped.
void drop_link_lists(const HtmlDocument& document, const PageText& text,
                     HtmlDocument::Index container, NodeRules& dropped);

}  // namespace nutgraf
