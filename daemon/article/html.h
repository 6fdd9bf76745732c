#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// The elements that some rule asks about. kOther: any other element of running text (span, b, …);
/// kCustom: a custom element ("amp-img"), which breaks text like a div.
// clang-format off
enum class Tag : std::uint8_t {
  kOther, kCustom, kDocument, kText,
  kA, kAddress, kArticle, kAside, kAudio, kBlockquote, kBody, kBr, kButton, kCanvas, kCaption, kCenter,
  kDd, kDetails, kDialog, kDiv, kDl, kDt, kEmbed, kFieldset, kFigcaption, kFigure, kFooter, kForm,
  kH1, kH2, kH3, kH4, kH5, kH6, kHead, kHeader, kHgroup, kHr, kHtml, kIframe, kImg, kInput,
  kLabel, kLi, kLink, kMain, kMath, kMenu, kMeta, kNav, kNoscript, kObject, kOl, kOption, kP, kPre,
  kScript, kSection, kSelect, kStyle, kSummary, kSvg, kTable, kTbody, kTd, kTemplate, kTextarea,
  kTfoot, kTh, kThead, kTime, kTitle, kTr, kUl, kVideo,
};

/// The attributes that are kept; all others are dropped while the page is read.
enum class Attr : std::uint8_t {
  kAriaHidden, kClass, kContent, kDatetime, kHidden, kHref, kHttpEquiv, kId, kItemprop, kLang, kName,
  kProperty, kPubdate, kRel, kRole, kSrc, kStyle, kTitle, kType,
};
// clang-format on

/// h1 … h6.
constexpr bool is_heading(Tag tag) { return tag >= Tag::kH1 && tag <= Tag::kH6; }

/// True if the element stands in a line of text and does not end it.
bool is_inline(Tag tag);

/// What a page may cost. Beyond a limit the page is cut there; what was read stays.
struct HtmlLimits {
  std::size_t bytes = 12 << 20;
  std::size_t nodes = 1 << 17;
  std::size_t depth = 1024;  ///< Of open elements; what stands deeper becomes the deepest one's.
};

class XPathTree;

/// A parsed page as a flat array in document order: the descendants of node i are i+1 … end-1. So
/// every walk is a loop, every subtree a range, and nothing recurses however deep a page nests.
/// Read-only after parse(); movable. Script and style content is dropped, but JSON-LD.
class HtmlDocument {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = UINT32_MAX;

  struct Node {
    Tag tag = Tag::kOther;
    Index parent = kNone;
    Index end = 0;            ///< One past the last descendant.
    std::uint32_t first = 0;  ///< Text: offset of its bytes. Element: its first attribute.
    std::uint32_t count = 0;  ///< Text: bytes. Element: attributes.
  };

  /// Reads well-formed UTF-8. Never fails: markup without sense gives a small tree. Linear in time
  /// and memory, whatever the markup (libxml2's own quadratic corners are kept under a budget).
  /// `tree`: null, or where the same nodes are put for selectors to be asked; an empty one.
  static HtmlDocument parse(std::string_view utf8, const HtmlLimits& limits = {},
                            XPathTree* tree = nullptr);

  /// The document without these nodes and all below them; `nodes` is sorted. Linear. `origins`, if
  /// not null, becomes: by node, its number before.
  HtmlDocument without(std::span<const Index> nodes, std::vector<Index>* origins) &&;

  Index size() const { return static_cast<Index>(nodes_.size()); }
  const Node& operator[](Index i) const { return nodes_[i]; }
  Tag tag(Index i) const { return nodes_[i].tag; }
  Index parent(Index i) const { return nodes_[i].parent; }
  Index end(Index i) const { return nodes_[i].end; }
  bool is_text(Index i) const { return nodes_[i].tag == Tag::kText; }

  /// Bytes of a text node as the page has them, white space included; empty for elements.
  std::string_view text(Index i) const;
  /// Value of an attribute, entities decoded; empty if absent.
  std::string_view attr(Index i, Attr name) const;
  bool has_attr(Index i, Attr name) const;

  /// First node with this tag at or after `from`; kNone if there is none.
  Index find(Tag tag, Index from = 0) const;

  /// All text below i in one line: white space collapsed; block elements and <br> separate words.
  /// Stops after `limit` bytes.
  std::string line(Index i, std::size_t limit = 4096) const;

 private:
  friend class HtmlBuilder;
  struct Attribute {
    Attr name;
    std::uint32_t first;
    std::uint32_t count;
  };

  const Attribute* find_attr(Index i, Attr name) const;

  std::vector<Node> nodes_;  // nodes_[0] is the document.
  std::vector<Attribute> attributes_;
  std::string bytes_;  // All texts and attribute values.
};

}  // namespace nutgraf
