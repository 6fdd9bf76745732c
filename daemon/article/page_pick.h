#pragma once

#include <string_view>
#include <vector>

#include "daemon/article/html.h"
#include "daemon/article/main_text.h"
#include "daemon/model/feed.h"

namespace nutgraf {

/// A page after an operator's selectors.
struct PickedPage {
  HtmlDocument document;                      ///< Without what `drop` selected.
  std::vector<HtmlDocument::Index> selected;  ///< By `select`, none inside another, with some text.
  std::vector<HtmlDocument::Index> origins;  ///< By node, its number as the page came; empty: same.
  std::vector<JudgedStretch> dropped;        ///< Of the page as it came, in document order.
};

/// Parses the page and asks it the selectors; without any this is HtmlDocument::parse(). A selector
/// that is wrong or costs too much selects nothing.
PickedPage pick_page(std::string_view utf8, const HtmlLimits& limits,
                     const PageSelectors& selectors);

/// The judged text of page.document and what was dropped before, in the order of the page.
std::vector<JudgedStretch> with_dropped(std::vector<JudgedStretch> judged, const PickedPage& page);

}  // namespace nutgraf
