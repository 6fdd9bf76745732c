#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/article/html.h"
#include "daemon/article/rules.h"

namespace nutgraf {

/// By node, the rule that takes it and everything below it out of the text; kNone: it stays.
using NodeRules = std::vector<ArticleRule>;

/// A run of text between two block tags: a paragraph, a heading, a list item, a cell.
struct Block {
  HtmlDocument::Index first = 0;    ///< Its first text node.
  HtmlDocument::Index element = 0;  ///< The nearest block element around it.
  Tag tag = Tag::kOther;            ///< That element's tag.
  std::uint32_t offset = 0;         ///< Into the page's text; see PageText::text.
  std::uint32_t size = 0;
  std::uint32_t link_bytes = 0;  ///< How much of it stands in links.
  double length = 0;             ///< Weighted characters.
  double good = 0;               ///< What it counts as an article's running text; 0 for furniture.

  double link_density() const { return size == 0 ? 0 : double(link_bytes) / size; }
};

/// The text of a page as blocks in document order, with the sums that the rules ask for: how much
/// good text, text and link text stands below any node, each in O(1). Refers to the document.
class PageText {
 public:
  /// Reads what is below `root`, without the nodes in `dropped`. Linear.
  PageText(const HtmlDocument& document, HtmlDocument::Index root, const NodeRules& dropped,
           const ArticleRules& rules = {});

  const std::vector<Block>& blocks() const { return blocks_; }
  std::string_view text(const Block& block) const {
    return std::string_view(bytes_).substr(block.offset, block.size);
  }

  /// Index of the first block at or after node i; the blocks below i are [first_block(i),
  /// first_block(end(i))).
  std::uint32_t first_block(HtmlDocument::Index i) const { return block_at_[i]; }

  double good(HtmlDocument::Index i) const { return sum(good_, i); }
  double total_good() const { return good_.back(); }
  double chars(HtmlDocument::Index i) const { return sum(chars_, i); }
  double total_chars() const { return chars_.back(); }
  double link_density(HtmlDocument::Index i) const;

 private:
  class Builder;

  double sum(const std::vector<double>& prefix, HtmlDocument::Index i) const {
    return prefix[block_at_[document_.end(i)]] - prefix[block_at_[i]];
  }
  bool heads(const Block& block) const;
  void judge(double least_length);
  void sum_up();

  const HtmlDocument& document_;
  std::string bytes_;
  std::vector<Block> blocks_;
  std::vector<std::uint32_t> block_at_;  // By node, one more than there are nodes.
  std::vector<double> good_;             // Prefix sums over blocks_.
  std::vector<double> chars_;
  std::vector<double> links_;
};

/// Elements that never hold an article's text: script, style, form controls, media, frames.
bool is_never_text(Tag tag);

}  // namespace nutgraf
