#include "daemon/article/page_pick.h"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/article/page_selector.h"
#include "daemon/article/xpath.h"

namespace nutgraf {
namespace {

using Indices = std::vector<HtmlDocument::Index>;

/// What the selectors select together, sorted, without what stands inside another of it.
Indices outermost(const std::vector<std::string>& selectors, const HtmlDocument& document,
                  XPathTree& tree) {
  Indices all;
  for (const std::string& selector : selectors) {
    const auto xpaths = xpaths_of(selector);
    for (const std::string& xpath : xpaths ? *xpaths : std::vector<std::string>{}) {
      const Indices found = tree.select(xpath, !is_xpath(selector));
      all.insert(all.end(), found.begin(), found.end());
    }
  }
  std::ranges::sort(all);
  HtmlDocument::Index covered = 0;
  std::erase_if(all, [&](HtmlDocument::Index i) {
    if (i < covered) return true;
    covered = document.end(i);
    return false;
  });
  return all;
}

/// What stands below it begins with a text.
bool has_text(const HtmlDocument& document, HtmlDocument::Index i) {
  return !document.line(i, 1).empty();
}

void drop(PickedPage& page, const Indices& nodes) {
  for (const HtmlDocument::Index i : nodes) {
    std::string text = page.document.line(i, kLongestDropped);
    if (!text.empty()) page.dropped.push_back({std::move(text), ArticleRule::kPageDrop, i});
  }
  page.document = std::move(page.document).without(nodes, &page.origins);
}

/// The numbers that nodes have without those that were dropped; the latter are left out.
Indices renumbered(const Indices& nodes, const Indices& origins) {
  Indices out;
  for (const HtmlDocument::Index i : nodes) {
    const auto at = std::ranges::lower_bound(origins, i);
    if (at != origins.end() && *at == i) {
      out.push_back(static_cast<HtmlDocument::Index>(at - origins.begin()));
    }
  }
  return out;
}

}  // namespace

PickedPage pick_page(std::string_view utf8, const HtmlLimits& limits,
                     const PageSelectors& selectors) {
  PickedPage page;
  if (selectors.select.empty() && selectors.drop.empty()) {
    page.document = HtmlDocument::parse(utf8, limits);
    return page;
  }
  XPathTree tree;
  page.document = HtmlDocument::parse(utf8, limits, &tree);
  // Both are asked of the page as it came, so that neither depends on what the other does.
  const Indices dropped = outermost(selectors.drop, page.document, tree);
  page.selected = outermost(selectors.select, page.document, tree);
  if (!dropped.empty()) {
    drop(page, dropped);
    page.selected = renumbered(page.selected, page.origins);
  }
  std::erase_if(page.selected, [&](HtmlDocument::Index i) { return !has_text(page.document, i); });
  return page;
}

std::vector<JudgedStretch> with_dropped(std::vector<JudgedStretch> judged, const PickedPage& page) {
  if (page.origins.empty()) return judged;
  for (JudgedStretch& stretch : judged) stretch.node = page.origins[stretch.node];
  judged.insert(judged.end(), page.dropped.begin(), page.dropped.end());
  std::ranges::stable_sort(judged, {}, &JudgedStretch::node);
  return judged;
}

}  // namespace nutgraf
