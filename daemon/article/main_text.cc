#include "daemon/article/main_text.h"

#include <algorithm>
#include <vector>

#include "daemon/article/blocks.h"
#include "daemon/article/container.h"
#include "daemon/article/letters.h"
#include "daemon/article/prune.h"
#include "daemon/article/selection.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

/// Lists and tables keep their lines together, everything else is a paragraph.
bool is_line(const Block& block) {
  return block.tag == Tag::kLi || block.tag == Tag::kTd || block.tag == Tag::kTh ||
         block.tag == Tag::kDt || block.tag == Tag::kDd;
}

/// The blocks without a verdict against them, as paragraphs.
std::string joined(const PageText& text, const std::vector<ArticleRule>& verdicts) {
  std::string out;
  const Block* before = nullptr;
  for (std::size_t k = 0; k < verdicts.size(); ++k) {
    if (!is_kept(verdicts[k])) continue;
    const Block& block = text.blocks()[k];
    if (before != nullptr) out += is_line(*before) && is_line(block) ? "\n" : "\n\n";
    out += text.text(block);
    before = &block;
  }
  return out;
}

/// A page after all rules have spoken. Refers to the document.
struct JudgedPage {
  NodeRules dropped;
  PageText text;                      ///< Without the dropped nodes.
  std::vector<ArticleRule> verdicts;  ///< By block of `text`.
};

Index root_of(const HtmlDocument& document) {
  const Index body = document.find(Tag::kBody);
  return body == HtmlDocument::kNone ? 0 : body;
}

/// Drops all that is neither in, nor around, a selected node.
NodeRules all_but(const HtmlDocument& document, std::span<const Index> selected) {
  NodeRules dropped(document.size(), ArticleRule::kUnselected);
  Index kept_to = 0;
  for (const Index i : selected) {
    if (i < kept_to) continue;  // In the one before.
    kept_to = document.end(i);
    std::fill(dropped.begin() + i, dropped.begin() + kept_to, ArticleRule::kNone);
    // What is around is kept once: the walk ends at what an earlier node has marked.
    for (Index up = document.parent(i);
         up != HtmlDocument::kNone && dropped[up] != ArticleRule::kNone; up = document.parent(up)) {
      dropped[up] = ArticleRule::kNone;
    }
  }
  return dropped;
}

JudgedPage judge_selected(const HtmlDocument& document, const MainTextHints& hints) {
  NodeRules dropped = all_but(document, hints.selected);
  PageText text(document, root_of(document), dropped);
  std::vector<ArticleRule> verdicts(text.blocks().size(), ArticleRule::kPageSelect);
  const std::string title = fold_words(hints.title);
  for (std::size_t k = 0; k < verdicts.size(); ++k) {
    const Block& block = text.blocks()[k];
    if (is_heading(block.tag) && !title.empty() && fold_words(text.text(block)) == title) {
      verdicts[k] = ArticleRule::kHeadline;
    }
  }
  return {std::move(dropped), std::move(text), std::move(verdicts)};
}

JudgedPage judge(const HtmlDocument& document, const MainTextHints& hints,
                 const ArticleRules& rules) {
  if (!hints.selected.empty()) return judge_selected(document, hints);
  const Index root = root_of(document);
  NodeRules dropped =
      furniture_nodes(document, PageText(document, root, NodeRules(document.size()), rules), rules);
  const PageText without_furniture(document, root, dropped, rules);
  const Index container = article_container(document, without_furniture, rules);
  if (rules.has(ArticleRule::kLinkList)) {
    drop_link_lists(document, without_furniture, container, dropped);
  }
  PageText text(document, root, dropped, rules);
  std::vector<ArticleRule> verdicts = select_blocks(document, text, container, hints, rules);
  return {std::move(dropped), std::move(text), std::move(verdicts)};
}

}  // namespace

std::string main_text(const HtmlDocument& document, const MainTextHints& hints,
                      const ArticleRules& rules) {
  const JudgedPage page = judge(document, hints, rules);
  return joined(page.text, page.verdicts);
}

std::vector<JudgedStretch> judged_text(const HtmlDocument& document, const MainTextHints& hints,
                                       const ArticleRules& rules) {
  const JudgedPage page = judge(document, hints, rules);
  const std::vector<Block>& blocks = page.text.blocks();
  std::vector<JudgedStretch> stretches;
  std::size_t block = 0;
  const Index root = root_of(document);
  for (Index i = root; i < document.end(root); ++i) {
    if (block < blocks.size() && blocks[block].first == i) {
      stretches.push_back({std::string(page.text.text(blocks[block])), page.verdicts[block], i});
      ++block;
    }
    const bool unread = is_never_text(document.tag(i)) && i != root;
    if (page.dropped[i] == ArticleRule::kNone && !unread) continue;
    std::string text = unread ? std::string{} : document.line(i, kLongestDropped);
    if (!text.empty()) stretches.push_back({std::move(text), page.dropped[i], i});
    i = document.end(i) - 1;
  }
  return stretches;
}

std::string whole_text(const HtmlDocument& document) {
  const PageText text(document, 0, NodeRules(document.size()));
  return joined(text, std::vector<ArticleRule>(text.blocks().size()));
}

}  // namespace nutgraf
