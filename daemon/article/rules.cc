#include "daemon/article/rules.h"

#include <array>

namespace nutgraf {

std::string_view to_string(ArticleRule rule) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(ArticleRule::kCount)> kNames = {
      "none",
      "title-site",
      "title-dense-tail",
      "title-last-part",
      "title-front-page",
      "title-kicker",
      "title-partial-heading",
      "title-confirmed-heading",
      "title-overlap",
      "title-only-heading",
      "title-subheading",
      "short-page",
      "never-text",
      "chrome",
      "aside",
      "figure",
      "hidden",
      "role",
      "microdata",
      "class-name",
      "linky-name",
      "comments",
      "forum",
      "heading-anchor",
      "linkless-teaser",
      "node-guard",
      "rule-guard",
      "container",
      "own-text",
      "semantic",
      "second-descent",
      "twins",
      "link-list",
      "above-headline",
      "lead",
      "tail",
      "junk",
      "copy",
      "repeat",
      "headline",
      "prompt",
      "trailing-heading",
      "declared-body",
  };
  const auto at = static_cast<std::size_t>(rule);
  return at < kNames.size() ? kNames[at] : std::string_view{};
}

}  // namespace nutgraf
