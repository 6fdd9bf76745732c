#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/article/html.h"
#include "daemon/article/rules.h"

namespace nutgraf {

/// What is known of the page besides its tree; all of it may be empty.
struct MainTextHints {
  std::string_view title;        ///< Its own line is not part of the text.
  std::string_view description;  ///< The teaser: the lead is recognized by it.
  /// Lines of nothing but their names, and a biography behind the story, are not part of the text.
  std::span<const std::string> authors = {};
  /// What an operator selected, sorted. If not empty, the text is what stands in these nodes, but
  /// for the headline, and nothing else is judged.
  std::span<const HtmlDocument::Index> selected = {};
};

/// The article's text: paragraphs separated by a blank line; subheads, list items and table cells
/// on their own lines. Empty if the page has no text.
///
/// Blocks of text are judged by length, links and sentence ends; furniture goes by tag, role and
/// name, but never with a large share of the good text (see prune.h); then the smallest element
/// that holds the article is taken, links, tails and junk lines are cut. Linear in the page, and
/// 3 to 10 % of the time that parsing it takes.
std::string main_text(const HtmlDocument& document, const MainTextHints& hints = {},
                      const ArticleRules& rules = {});

/// A stretch of a page and what became of it.
struct JudgedStretch {
  std::string text;
  ArticleRule rule;          ///< What left it out, or keeps it; see is_kept().
  HtmlDocument::Index node;  ///< Its first text node, or the element that went as a whole.
};

/// Bytes of a dropped element's text that are shown.
inline constexpr std::size_t kLongestDropped = 4096;

/// What main_text() makes of every stretch of the page's text, in document order: for people who
/// ask why. A paragraph inside which something was dropped stands before what was dropped.
std::vector<JudgedStretch> judged_text(const HtmlDocument& document,
                                       const MainTextHints& hints = {},
                                       const ArticleRules& rules = {});

/// All the text below the document's root, nothing judged, in the same form.
std::string whole_text(const HtmlDocument& document);

}  // namespace nutgraf
