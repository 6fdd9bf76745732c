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
/// If less than this is left without the comments, the comments are the story (forums).
constexpr double kLeastWithoutComments = 200;

// Rules that are not class tokens, numbered behind them.
enum Rule : std::uint16_t {
  kAsideRule = kClassTokenCount,
  kFigureRule,
  kHiddenRule,
  kRoleRule,
  kItempropRule,
  kRuleCount,
};

bool is_chrome(Tag tag) {
  return tag == Tag::kNav || tag == Tag::kFooter || tag == Tag::kButton || tag == Tag::kDialog ||
         tag == Tag::kNoscript || tag == Tag::kForm || tag == Tag::kMenu;
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

struct Match {
  Index node;
  std::uint16_t rule;
  Kind kind;
};

/// Which rules speak against which nodes, and how much good text each rule would cost.
class Survey {
 public:
  Survey(const HtmlDocument& document, const PageText& text) : document_(document), text_(text) {}

  NodeSet run();

 private:
  void look_at(Index i);
  void look_at_names(Index i);
  void match(Index i, std::uint16_t rule, Kind kind = Kind::kFurniture);
  double good_of(Index i) const;
  bool linky(Index i) const { return text_.good(i) == 0 || text_.link_density(i) >= kLinkyDensity; }
  bool comments_may_go(const NodeSet& dropped) const;
  bool may_drop(const Match& match, bool comments) const;

  const HtmlDocument& document_;
  const PageText& text_;
  TokenCache cache_;
  std::vector<Match> matches_;
  std::array<double, kRuleCount> cost_{};  // Good text below the nodes of a rule.
  std::array<Index, kRuleCount>
      end_{};  // Where the last node of a rule ends: nested ones cost nothing.
  NodeSet chrome_;
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

void Survey::match(Index i, std::uint16_t rule, Kind kind) {
  matches_.push_back({i, rule, kind});
  if (i < end_[rule]) return;
  end_[rule] = document_.end(i);
  cost_[rule] += good_of(i);
}

void Survey::look_at_names(Index i) {
  const TokenCache::Entry& by_class = cache_[document_.attr(i, Attr::kClass)];
  const TokenCache::Entry& by_id = cache_[document_.attr(i, Attr::kId)];
  if (by_class.content || by_id.content) return;
  for (const std::vector<ClassToken>* tokens : {&by_class.tokens, &by_id.tokens}) {
    for (const ClassToken& token : *tokens) {
      if (token.kind == Kind::kLinky && !linky(i)) continue;
      match(i, token.id, token.kind);
    }
  }
}

void Survey::look_at(Index i) {
  const Tag tag = document_.tag(i);
  if (tag == Tag::kBody || tag == Tag::kHtml || tag == Tag::kArticle || tag == Tag::kMain) return;
  if (tag == Tag::kAside) match(i, kAsideRule);
  if (tag == Tag::kFigure || tag == Tag::kFigcaption) match(i, kFigureRule);
  if (document_[i].count == 0) return;
  if (is_hidden(document_, i)) match(i, kHiddenRule);
  if (is_furniture_role(document_.attr(i, Attr::kRole))) match(i, kRoleRule);
  const std::string_view itemprop = document_.attr(i, Attr::kItemprop);
  if (itemprop == "author" || itemprop == "caption") match(i, kItempropRule);
  if (itemprop == "comment") match(i, kItempropRule, Kind::kComment);
  look_at_names(i);
}

/// Comments go, however long, unless next to nothing is left when all furniture is gone.
bool Survey::comments_may_go(const NodeSet& dropped) const {
  NodeSet gone = dropped;
  for (const Match& m : matches_) {
    if (m.kind == Kind::kComment) gone[m.node] = true;
  }
  double rest = text_.total_good();
  for (Index i = 0; i < document_.size(); ++i) {
    if (!gone[i]) continue;
    rest -= good_of(i);
    i = document_.end(i) - 1;
  }
  return rest >= kLeastWithoutComments;
}

bool Survey::may_drop(const Match& m, bool comments) const {
  if (m.kind == Kind::kComment && comments) {
    const Index h1 = document_.find(Tag::kH1, m.node);
    return h1 == HtmlDocument::kNone || h1 >= document_.end(m.node);
  }
  const double total = text_.total_good();
  return cost_[m.rule] <= kMostOfRule * total && good_of(m.node) <= kMostOfNode * total;
}

NodeSet Survey::run() {
  NodeSet dropped(document_.size(), false);
  for (Index i = 0; i < document_.size(); ++i) {
    const Tag tag = document_.tag(i);
    if (tag == Tag::kText) continue;
    const bool empty =
        text_.first_block(i) == text_.first_block(document_.end(i)) && !is_inline(tag);
    if (empty || is_never_text(tag)) {
      if (is_never_text(tag)) i = document_.end(i) - 1;
      continue;
    }
    if (is_chrome(tag) && good_of(i) <= kMostOfNode * text_.total_good()) {
      dropped[i] = true;
      i = document_.end(i) - 1;
      continue;
    }
    look_at(i);
  }
  for (const Match& m : matches_) {
    if (m.kind != Kind::kComment && may_drop(m, false)) dropped[m.node] = true;
  }
  const bool comments = comments_may_go(dropped);
  for (const Match& m : matches_) {
    if (m.kind == Kind::kComment && may_drop(m, comments)) dropped[m.node] = true;
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

NodeSet furniture_nodes(const HtmlDocument& document, const PageText& text) {
  return Survey(document, text).run();
}

void drop_link_lists(const HtmlDocument& document, const PageText& text, Index container,
                     NodeSet& dropped) {
  const double total = text.good(container);
  for (Index i = container + 1; i < document.end(container); ++i) {
    const Tag tag = document.tag(i);
    if (dropped[i]) {
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
      dropped[i] = true;
      i = document.end(i) - 1;
    }
  }
}

}  // namespace nutgraf
