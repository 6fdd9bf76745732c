#include "daemon/article/blocks.h"

#include <algorithm>

#include "daemon/article/letters.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

/// A block shorter than this says too little to be told from furniture.
constexpr double kLeastLength = 60;
/// The same where a page has next to no longer ones.
constexpr double kLeastLengthShortPage = 25;
/// List items are mostly navigation; only the long ones count.
constexpr double kItemFactor = 100.0 / 60;
/// Less good text than this is no article: judge again, with the lower limit.
constexpr double kShortPage = 200;
/// Above this length a block needs no full stop to be running text.
constexpr double kSurelyText = 140;
constexpr double kMaxLinkDensity = 0.5;
/// Weighted characters of a heading; a longer one may be a paragraph.
constexpr double kLongestHeading = 160;
/// Nodes that a headline with its boxes has.
constexpr HtmlDocument::Index kLargestHeading = 16;

}  // namespace

bool is_never_text(Tag tag) {
  switch (tag) {
    case Tag::kHead:
    case Tag::kScript:
    case Tag::kStyle:
    case Tag::kTemplate:
    case Tag::kSvg:
    case Tag::kMath:
    case Tag::kIframe:
    case Tag::kSelect:
    case Tag::kOption:
    case Tag::kInput:
    case Tag::kTextarea:
    case Tag::kObject:
    case Tag::kEmbed:
    case Tag::kCanvas:
    case Tag::kAudio:
    case Tag::kVideo:
      return true;
    default:
      return false;
  }
}

/// One walk over the nodes: text is appended to the current block until a block tag ends it.
class PageText::Builder {
 public:
  Builder(PageText& page, Index root) : page_(page) {
    open_.push_back({root, page.document_.end(root), page.document_.tag(root)});
  }

  void walk(Index root, const NodeRules& dropped);

 private:
  struct Open {
    Index element;
    Index end;
    Tag tag;  ///< Of its blocks.
  };

  void text(Index i);
  void line_break();
  void flush();
  void leave(Index i);
  Tag tag_in(const Open& around, Tag tag) const;

  PageText& page_;
  std::vector<Open> open_;  // Block elements around the current node.
  Index link_end_ = 0;      // We are inside a link below this index.
  int breaks_ = 0;          // <br> since the last text.
  Block current_{};
};

void PageText::Builder::flush() {
  std::string& bytes = page_.bytes_;
  while (bytes.size() > current_.offset && (bytes.back() == ' ' || bytes.back() == '\n')) {
    bytes.pop_back();
  }
  current_.size = static_cast<std::uint32_t>(bytes.size()) - current_.offset;
  breaks_ = 0;
  if (current_.size > 0) {
    current_.element = open_.back().element;
    current_.tag = open_.back().tag;
    current_.link_bytes = std::min(current_.link_bytes, current_.size);
    page_.blocks_.push_back(current_);
    bytes += '\n';  // So that the next block begins after white space.
  }
  current_ = Block{};
  current_.offset = static_cast<std::uint32_t>(bytes.size());
}

void PageText::Builder::text(Index i) {
  std::string& bytes = page_.bytes_;
  const std::size_t before = bytes.size();
  append_collapsed(bytes, page_.document_.text(i));
  if (before == current_.offset) {
    // Blanks before the first word are no part of the block.
    if (bytes.size() > before && bytes[before] == ' ') bytes.erase(before, 1);
    if (bytes.size() > before) current_.first = i;
  }
  if (i < link_end_) current_.link_bytes += static_cast<std::uint32_t>(bytes.size() - before);
  if (bytes.size() > before && bytes.back() != ' ') breaks_ = 0;
}

void PageText::Builder::line_break() {
  std::string& bytes = page_.bytes_;
  if (++breaks_ >= 2) return flush();
  while (bytes.size() > current_.offset && bytes.back() == ' ') bytes.pop_back();
  if (bytes.size() > current_.offset) bytes += '\n';
}

/// A box in a heading is part of it; not in one that was left open and holds the story.
Tag PageText::Builder::tag_in(const Open& around, Tag tag) const {
  const bool in_heading = is_heading(around.tag) && around.end - around.element <= kLargestHeading;
  return in_heading ? around.tag : tag;
}

/// Ends the block elements that do not reach node i.
void PageText::Builder::leave(Index i) {
  while (open_.size() > 1 && i >= open_.back().end) {
    flush();
    open_.pop_back();
  }
}

void PageText::Builder::walk(Index root, const NodeRules& dropped) {
  const HtmlDocument& document = page_.document_;
  page_.block_at_.assign(document.size() + 1, 0);
  std::uint32_t* const block_at = page_.block_at_.data();
  for (Index i = root; i < document.end(root); ++i) {
    leave(i);
    const Tag tag = document.tag(i);
    const bool block = !is_inline(tag);
    if (block && i != root) flush();
    // A block that began before this node is not below it.
    const bool begun = page_.bytes_.size() > current_.offset;
    block_at[i] = static_cast<std::uint32_t>(page_.blocks_.size()) + (begun ? 1 : 0);
    if (dropped[i] != ArticleRule::kNone || (is_never_text(tag) && i != root)) {
      const Index end = document.end(i);
      std::fill(block_at + i, block_at + end, block_at[i]);
      i = end - 1;
    } else if (tag == Tag::kText) {
      text(i);
    } else if (tag == Tag::kBr) {
      line_break();
    } else if (block) {
      open_.push_back({i, document.end(i), tag_in(open_.back(), tag)});
    } else if (tag == Tag::kA && document.has_attr(i, Attr::kHref)) {
      link_end_ = std::max(link_end_, document.end(i));
    }
  }
  flush();
  std::fill(block_at + document.end(root), block_at + document.size() + 1,
            static_cast<std::uint32_t>(page_.blocks_.size()));
}

PageText::PageText(const HtmlDocument& document, Index root, const NodeRules& dropped,
                   const ArticleRules& rules)
    : document_(document) {
  Builder(*this, root).walk(root, dropped);
  for (Block& block : blocks_) block.length = weighted_length(text(block));
  judge(kLeastLength);
  sum_up();
  if (total_good() < kShortPage && rules.has(ArticleRule::kShortPage)) {
    judge(kLeastLengthShortPage);
    sum_up();
  }
}

/// A heading as long as a paragraph, with a sentence's end, is the lead in large letters.
bool PageText::heads(const Block& block) const {
  return is_heading(block.tag) && (block.tag == Tag::kH1 || block.length < kLongestHeading ||
                                   !has_sentence_end(text(block)));
}

void PageText::judge(double least_length) {
  for (Block& block : blocks_) {
    const double least = block.tag == Tag::kLi ? least_length * kItemFactor : least_length;
    const bool good = block.length >= least && !heads(block) &&
                      block.link_density() <= kMaxLinkDensity &&
                      (block.length >= kSurelyText || has_sentence_end(text(block)));
    block.good = good ? block.length * (1 - block.link_density()) : 0;
  }
}

void PageText::sum_up() {
  good_.assign(1, 0);
  chars_.assign(1, 0);
  links_.assign(1, 0);
  for (const Block& block : blocks_) {
    good_.push_back(good_.back() + block.good);
    chars_.push_back(chars_.back() + block.size);
    links_.push_back(links_.back() + block.link_bytes);
  }
}

double PageText::link_density(Index i) const {
  const double all = chars(i);
  return all == 0 ? 0 : sum(links_, i) / all;
}

}  // namespace nutgraf
