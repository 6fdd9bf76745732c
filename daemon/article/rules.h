#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nutgraf {

/// The rules that make an article of a page, in the order in which they work. Each is stated where
/// it is applied; its constants stand there too.
enum class ArticleRule : std::uint8_t {
  kNone,  ///< No rule spoke: the text is kept.

  // Title; see title.cc.
  kTitleSite,
  kTitleDenseTail,
  kTitleLastPart,
  kTitleFrontPage,
  kTitleKicker,
  kTitlePartialHeading,
  kTitleConfirmedHeading,
  kTitleOverlap,
  kTitleSubheading,
  kTitleOnlyHeading,

  // What is furniture wherever it stands; see prune.cc.
  kShortPage,
  kChrome,
  kAside,
  kFigure,
  kHidden,
  kRole,
  kMicrodata,
  kClassName,
  kLinkyName,
  kComments,
  kForum,
  kHeadingAnchor,
  kLinklessTeaser,
  kNodeGuard,
  kRuleGuard,

  // Which element holds the article; see container.cc.
  kContainer,
  kOwnText,
  kSemantic,
  kSecondDescent,
  kTwins,

  // What in it, and near it, is the article; see main_text.cc.
  kLinkList,
  kAboveHeadline,
  kLead,
  kTail,
  kJunk,
  kByline,
  kRepeat,
  kHeadline,
  kPrompt,
  kTrailingHeading,
  kDeclaredBody,

  // What the operator says of a feed's pages; see page_pick.h.
  kPageDrop,
  kPageSelect,
  kUnselected,

  kCount,
};

/// "class-name" of kClassName: for tables and pages that explain.
std::string_view to_string(ArticleRule rule);

/// Text of which this was said last is part of the article.
constexpr bool is_kept(ArticleRule rule) {
  return rule == ArticleRule::kNone || rule == ArticleRule::kPageSelect;
}

/// What the rule says of text that it leaves out, or does: "a figure or its caption".
std::string_view reason_of(ArticleRule rule);

/// Which rules are in force. All are, but where what each is worth is measured.
class ArticleRules {
 public:
  ArticleRules() { in_force_.set(); }

  ArticleRules without(ArticleRule rule) const {
    ArticleRules fewer = *this;
    fewer.in_force_.reset(static_cast<std::size_t>(rule));
    return fewer;
  }
  bool has(ArticleRule rule) const { return in_force_[static_cast<std::size_t>(rule)]; }

 private:
  std::bitset<static_cast<std::size_t>(ArticleRule::kCount)> in_force_;
};

}  // namespace nutgraf
