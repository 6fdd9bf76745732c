#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/article/page_selector.h"

namespace nutgraf {

/// What may be spent on the selectors of one page. Their sum is bounded: libxml2 compares a step's
/// results with all that it has, which a hostile page makes quadratic in its elements.
struct XPathLimits {
  std::size_t attributes = 1 << 18;  ///< Of the page, in document order; later ones are not seen.
  std::size_t text = 128 << 10;      ///< Bytes of text that conditions on text can see.
  std::uint64_t steps = 10'000'000;  ///< libxml2's count; about a second.
  std::size_t nodes = 1 << 14;       ///< A larger page is not asked XPath of an operator, only CSS.
  /// For XPath of an operator: steps times what each may cost, its elements and text.
  std::uint64_t comparisons = 1'000'000'000;
};

/// A page's elements as libxml2 has them, to ask them XPath. Built node by node beside an
/// HtmlDocument, whose numbers it uses; pages without selectors pay nothing. Movable; one thread at
/// a time.
class XPathTree {
 public:
  using Index = std::uint32_t;

  explicit XPathTree(const XPathLimits& limits = {});
  ~XPathTree();
  XPathTree(const XPathTree&) = delete;
  XPathTree& operator=(const XPathTree&) = delete;

  /// The next node, a child of `parent`; node 0 is the document. `attributes`: names and values in
  /// turn, a null at the end; may be null, and so may values.
  void add_element(Index parent, const char* name, const char* const* attributes);
  /// A text; its bytes come later, once.
  void add_text(Index parent);
  void set_text(Index node, std::string_view text);

  /// Elements and texts that `xpath` selects, in document order. Empty if it cannot be evaluated,
  /// gives no nodes, or costs more than is left; see exhausted(). `trusted`: made from CSS, so that
  /// its steps are all that it costs.
  std::vector<Index> select(const std::string& xpath, bool trusted);

  /// Some select() came to an end at a limit.
  bool exhausted() const { return exhausted_; }

 private:
  struct Tree;

  std::uint64_t per_step() const;

  const XPathLimits limits_;
  std::unique_ptr<Tree> tree_;
  std::size_t attributes_ = 0;
  std::size_t text_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t comparisons_ = 0;
  bool exhausted_ = false;
};

/// Sets libxml2 up at the first call. It does so by itself at its first use, but not safely when
/// two workers come at once. Thread-safe.
void set_up_libxml2();

/// Position 0 if `xpath` can be compiled and gives nodes; else what is wrong.
SelectorProblem check_xpath(const std::string& xpath);

}  // namespace nutgraf
