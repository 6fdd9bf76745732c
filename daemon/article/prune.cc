#include "daemon/article/prune.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/article/class_tokens.h"
#include "daemon/article/letters.h"
#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;
using Kind = ClassToken::Kind;

/// Most of the good text that one node may take with it.
constexpr double kMostOfNode = 0.3;
/// Most of the good text that all nodes of one rule may take with them.
constexpr double kMostOfRule = 0.5;
/// From this share of links on a box named "related" or "sidebar" is what its name says.
constexpr double kLinkyDensity = 0.25;
/// Nodes of a figure that are looked at for what it shows.
constexpr Index kFigureNodes = 32;
/// If less than this is left without the comments, the comments are the story (forums).
constexpr double kLeastWithoutComments = 200;

/// An id with so many '-' or '_' spells a heading ("menu-ideas-for-a-large-party").
constexpr int kAnchorMarks = 4;
/// A teaser without links is this story's own from this many bytes; shorter ones are labels.
constexpr double kLeastTeaser = 60;

// Tests that are not class tokens, numbered behind them.
enum Test : std::uint16_t {
  kAsideTest = kClassTokenCount,
  kFigureTest,
  kHiddenTest,
  kRoleTest,
  kItempropTest,
  kTestCount,
};

ArticleRule rule_of(Kind kind) {
  if (kind == Kind::kComment) return ArticleRule::kComments;
  return kind == Kind::kLinky ? ArticleRule::kLinkyName : ArticleRule::kClassName;
}

bool is_chrome(Tag tag) {
  return tag == Tag::kNav || tag == Tag::kFooter || tag == Tag::kButton || tag == Tag::kDialog ||
         tag == Tag::kNoscript || tag == Tag::kForm || tag == Tag::kMenu;
}

/// A figure or its caption; one that holds a table or code is part of the story.
bool is_picture(const HtmlDocument& document, Index i) {
  if (document.tag(i) == Tag::kFigcaption) return true;
  if (document.tag(i) != Tag::kFigure) return false;
  const Index end = std::min(document.end(i), i + kFigureNodes);
  for (Index k = i + 1; k < end; ++k) {
    if (document.tag(k) == Tag::kTable || document.tag(k) == Tag::kPre) return false;
  }
  return true;
}

bool is_furniture_role(std::string_view role) {
  constexpr std::string_view kRoles[] = {
      "alert", "alertdialog", "banner",     "button", "complementary", "contentinfo", "dialog",
      "menu",  "menubar",     "navigation", "search", "toolbar",       "tooltip"};
  return std::ranges::find(kRoles, role) != std::end(kRoles);
}

bool is_hidden(const HtmlDocument& document, Index i) {
  if (document.has_attr(i, Attr::kHidden)) return true;
  std::string style;
  for (const char c : document.attr(i, Attr::kStyle)) {
    if (!is_space(c)) style += to_lower(c);
  }
  return style.find("display:none") != std::string::npos ||
         style.find("visibility:hidden") != std::string::npos;
}

/// Class tokens by attribute value: a page repeats its class names.
class TokenCache {
 public:
  struct Entry {
    std::vector<ClassToken> tokens;
    bool content = false;
  };
  const Entry& operator[](std::string_view value) {
    const auto [at, fresh] = entries_.try_emplace(value);
    if (fresh && !value.empty()) at->second = {class_tokens(value), names_content(value)};
    return at->second;
  }

 private:
  std::unordered_map<std::string_view, Entry> entries_;
};

/// Something speaks against a node: one of the tests below or a word of its name.
struct Match {
  Index node;
  std::uint16_t test;
  ArticleRule rule;
  bool comment;
};

/// Which tests speak against which nodes, and how much good text each test would cost.
class Survey {
 public:
  Survey(const HtmlDocument& document, const PageText& text, const ArticleRules& rules)
      : document_(document), text_(text), rules_(rules) {}

  NodeRules run();

 private:
  void look_at(Index i);
  void look_at_names(Index i);
  bool is_own_teaser(Index i, const ClassToken& token) const;
  void match(Index i, std::uint16_t test, ArticleRule rule);
  double good_of(Index i) const;
  bool linky(Index i) const { return text_.good(i) == 0 || text_.link_density(i) >= kLinkyDensity; }
  bool comments_may_go(const NodeRules& dropped) const;
  bool may_drop(const Match& match, bool comments) const;
  double most_of(ArticleRule guard, double share) const;

  const HtmlDocument& document_;
  const PageText& text_;
  const ArticleRules& rules_;
  TokenCache cache_;
  std::vector<Match> matches_;
  std::array<double, kTestCount> cost_{};  // Good text below the nodes of a test.
  std::array<Index, kTestCount>
      end_{};  // Where the last node of a test ends: nested ones cost nothing.
};

/// Good text below i. A block that merely begins in an inline element is not its own.
double Survey::good_of(Index i) const {
  const double good = text_.good(i);
  if (good == 0 || !is_inline(document_.tag(i))) return good;
  double own = 0;
  for (Index k = i; k < document_.end(i) && own < good; ++k) {
    own += static_cast<double>(document_.text(k).size());
  }
  return std::min(own, good);
}

void Survey::match(Index i, std::uint16_t test, ArticleRule rule) {
  if (!rules_.has(rule)) return;
  matches_.push_back({i, test, rule, rule == ArticleRule::kComments});
  if (i < end_[test]) return;
  end_[test] = document_.end(i);
  cost_[test] += good_of(i);
}

/// An id of many parts is made of the words of the heading that it anchors.
bool is_heading_anchor(std::string_view id) {
  return std::ranges::count_if(id, [](char c) { return c == '-' || c == '_'; }) >= kAnchorMarks;
}

/// What leads to another story has a link.
bool Survey::is_own_teaser(Index i, const ClassToken& token) const {
  return rules_.has(ArticleRule::kLinklessTeaser) && token.kind == Kind::kLinky &&
         names_teaser(token) && text_.chars(i) >= kLeastTeaser && text_.link_density(i) == 0;
}

void Survey::look_at_names(Index i) {
  const std::string_view id = document_.attr(i, Attr::kId);
  const bool anchor = rules_.has(ArticleRule::kHeadingAnchor) && is_heading_anchor(id);
  const TokenCache::Entry& by_class = cache_[document_.attr(i, Attr::kClass)];
  const TokenCache::Entry& by_id = cache_[anchor ? std::string_view{} : id];
  if (by_class.content || by_id.content) return;
  for (const std::vector<ClassToken>* tokens : {&by_class.tokens, &by_id.tokens}) {
    for (const ClassToken& token : *tokens) {
      if (token.kind == Kind::kLinky && !linky(i)) continue;
      if (!is_own_teaser(i, token)) match(i, token.id, rule_of(token.kind));
    }
  }
}

void Survey::look_at(Index i) {
  const Tag tag = document_.tag(i);
  if (tag == Tag::kBody || tag == Tag::kHtml || tag == Tag::kArticle || tag == Tag::kMain) return;
  if (tag == Tag::kAside) match(i, kAsideTest, ArticleRule::kAside);
  if (is_picture(document_, i)) match(i, kFigureTest, ArticleRule::kFigure);
  if (document_[i].count == 0) return;
  if (is_hidden(document_, i)) match(i, kHiddenTest, ArticleRule::kHidden);
  if (is_furniture_role(document_.attr(i, Attr::kRole))) match(i, kRoleTest, ArticleRule::kRole);
  const std::string_view itemprop = document_.attr(i, Attr::kItemprop);
  if (itemprop == "author" || itemprop == "caption")
    match(i, kItempropTest, ArticleRule::kMicrodata);
  if (itemprop == "comment") match(i, kItempropTest, ArticleRule::kComments);
  look_at_names(i);
}

/// Comments go, however long, unless next to nothing is left when all furniture is gone.
bool Survey::comments_may_go(const NodeRules& dropped) const {
  if (!rules_.has(ArticleRule::kForum)) return true;
  NodeRules gone = dropped;
  for (const Match& m : matches_) {
    if (m.comment) gone[m.node] = m.rule;
  }
  double rest = text_.total_good();
  for (Index i = 0; i < document_.size(); ++i) {
    if (gone[i] == ArticleRule::kNone) continue;
    rest -= good_of(i);
    i = document_.end(i) - 1;
  }
  return rest >= kLeastWithoutComments;
}

/// The good text that a guard lets go; all of it without the guard.
double Survey::most_of(ArticleRule guard, double share) const {
  return (rules_.has(guard) ? share : 1) * text_.total_good();
}

bool Survey::may_drop(const Match& m, bool comments) const {
  if (m.comment && comments) {
    const Index h1 = document_.find(Tag::kH1, m.node);
    return h1 == HtmlDocument::kNone || h1 >= document_.end(m.node);
  }
  return cost_[m.test] <= most_of(ArticleRule::kRuleGuard, kMostOfRule) &&
         good_of(m.node) <= most_of(ArticleRule::kNodeGuard, kMostOfNode);
}

NodeRules Survey::run() {
  NodeRules dropped(document_.size(), ArticleRule::kNone);
  for (Index i = 0; i < document_.size(); ++i) {
    const Tag tag = document_.tag(i);
    if (tag == Tag::kText) continue;
    const bool empty =
        text_.first_block(i) == text_.first_block(document_.end(i)) && !is_inline(tag);
    if (empty || is_never_text(tag)) {
      if (is_never_text(tag)) i = document_.end(i) - 1;
      continue;
    }
    if (is_chrome(tag) && rules_.has(ArticleRule::kChrome) &&
        good_of(i) <= most_of(ArticleRule::kNodeGuard, kMostOfNode)) {
      dropped[i] = ArticleRule::kChrome;
      i = document_.end(i) - 1;
      continue;
    }
    look_at(i);
    // Names inside code are a highlighter's: its "comment" is no reader's.
    if (tag == Tag::kPre) i = document_.end(i) - 1;
  }
  for (const Match& m : matches_) {
    if (!m.comment && may_drop(m, false)) dropped[m.node] = m.rule;
  }
  const bool comments = comments_may_go(dropped);
  for (const Match& m : matches_) {
    if (m.comment && may_drop(m, comments)) dropped[m.node] = m.rule;
  }
  return dropped;
}

/// A list behind a colon belongs to the sentence before it.
bool follows_colon(const PageText& text, Index i) {
  const std::uint32_t first = text.first_block(i);
  if (first == 0 || first > text.blocks().size()) return false;
  const std::string_view before = text.text(text.blocks()[first - 1]);
  return !before.empty() && before.back() == ':';
}

}  // namespace

NodeRules furniture_nodes(const HtmlDocument& document, const PageText& text,
                          const ArticleRules& rules) {
  return Survey(document, text, rules).run();
}

void drop_link_lists(const HtmlDocument& document, const PageText& text, Index container,
                     NodeRules& dropped) {
  const double total = text.good(container);
  for (Index i = container + 1; i < document.end(container); ++i) {
    const Tag tag = document.tag(i);
    if (dropped[i] != ArticleRule::kNone) {
      i = document.end(i) - 1;
      continue;
    }
    if (is_inline(tag)) continue;
    const double density = text.link_density(i);
    bool linky = false;
    if (tag == Tag::kUl || tag == Tag::kOl) {
      linky = density > 0.6 && !follows_colon(text, i);
    } else if (tag == Tag::kTable) {
      linky = density > 0.5;
    } else if (tag == Tag::kDiv || tag == Tag::kSection) {
      linky = density > 0.5;
    } else if (tag == Tag::kP) {
      linky = density > 0.8 && text.chars(i) < 200;
    }
    if (linky && text.good(i) <= 0.1 * total) {
      dropped[i] = ArticleRule::kLinkList;
      i = document.end(i) - 1;
    }
  }
}

}  // namespace nutgraf
