#include "daemon/article/container.h"

#include <algorithm>

#include "daemon/article/class_tokens.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

constexpr double kFirstDescent = 0.75;
constexpr double kSecondDescent = 0.85;
/// An element that calls itself the article is believed if it holds this share.
constexpr double kSemanticShare = 0.3;
/// Share of the container's good text that makes an element of the same name its twin: the article
/// goes on there.
constexpr double kTwinShare = 0.05;

/// A paragraph of the story's own: so long (weighted characters), and not mostly links.
constexpr double kLeastParagraph = 30;
constexpr double kParagraphLinks = 0.5;

/// A paragraph is never the whole of an article: what stands beside it belongs to it.
bool can_contain(Tag tag) {
  return !is_inline(tag) && tag != Tag::kP && tag != Tag::kLi && tag != Tag::kDd &&
         tag != Tag::kDt && tag != Tag::kPre && !is_heading(tag);
}

/// Paragraphs stand directly in the node: then it is the container, however much one child holds.
bool has_own_paragraphs(const HtmlDocument& document, const PageText& text, Index node) {
  for (Index child = node + 1; child < document.end(node); child = document.end(child)) {
    if (document.tag(child) != Tag::kP) continue;
    const std::uint32_t end = text.first_block(document.end(child));
    for (std::uint32_t k = text.first_block(child); k < end; ++k) {
      const Block& block = text.blocks()[k];
      if (block.length >= kLeastParagraph && block.link_density() <= kParagraphLinks) return true;
    }
  }
  return false;
}

/// Goes down as long as one child holds `share` of the node's good text.
Index descend(const HtmlDocument& document, const PageText& text, Index from, double share,
              bool stop_at_own_text) {
  Index node = from;
  for (Index child = node + 1; child < document.end(node);) {
    if (child == node + 1 && stop_at_own_text && has_own_paragraphs(document, text, node)) break;
    if (can_contain(document.tag(child)) && text.good(child) >= share * text.good(node)) {
      node = child;
      child = node + 1;
    } else {
      child = document.end(child);
    }
  }
  return node;
}

bool is_semantic(const HtmlDocument& document, Index i) {
  if (document.tag(i) == Tag::kArticle) return true;
  if (document.attr(i, Attr::kItemprop).find("articleBody") != std::string_view::npos) return true;
  return names_content(document.attr(i, Attr::kClass)) ||
         names_content(document.attr(i, Attr::kId));
}

Index semantic_descendant(const HtmlDocument& document, const PageText& text, Index from) {
  const double least = kSemanticShare * text.good(from);
  for (Index i = from + 1; i < document.end(from); ++i) {
    if (is_inline(document.tag(i))) continue;
    if (text.good(i) < least) {
      i = document.end(i) - 1;
    } else if (is_semantic(document, i)) {
      return i;
    }
  }
  return from;
}

Index common_ancestor(const HtmlDocument& document, Index a, Index b) {
  while (document.end(a) <= b) a = document.parent(a);
  return a;
}

/// The container and the elements like it, where the article is split over several.
Index with_twins(const HtmlDocument& document, const PageText& text, Index root, Index node) {
  const std::string_view name = document.attr(node, Attr::kClass);
  if (name.empty() || document.tag(node) == Tag::kArticle) return node;
  const auto is_twin = [&](Index i) {
    const bool around = i < node && document.end(i) > node;
    return !around && document.tag(i) == document.tag(node) &&
           document.attr(i, Attr::kClass) == name && text.good(i) >= kTwinShare * text.good(node);
  };
  Index first = node;
  Index last = node;
  for (Index i = root; i < document.end(root); ++i) {
    if (i == node) {
      i = document.end(i) - 1;
    } else if (is_twin(i)) {
      first = std::min(first, i);
      last = std::max(last, i);
    }
  }
  return first == last ? node : common_ancestor(document, first, last);
}

}  // namespace

Index article_container(const HtmlDocument& document, const PageText& text,
                        const ArticleRules& rules) {
  const Index body = document.find(Tag::kBody);
  const Index root = body == HtmlDocument::kNone ? 0 : body;
  if (text.good(root) == 0) return root;
  Index node = root;
  const bool own = rules.has(ArticleRule::kOwnText);
  if (rules.has(ArticleRule::kContainer)) node = descend(document, text, node, kFirstDescent, own);
  if (rules.has(ArticleRule::kSemantic)) node = semantic_descendant(document, text, node);
  if (rules.has(ArticleRule::kSecondDescent)) {
    node = descend(document, text, node, kSecondDescent, own);
  }
  return rules.has(ArticleRule::kTwins) ? with_twins(document, text, root, node) : node;
}

}  // namespace nutgraf
