#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

struct FeedLink {
  std::string url;    ///< Absolute if `base_url` was.
  std::string title;  ///< As the page names it; may be empty.
  std::string type;   ///< "application/rss+xml", …

  friend bool operator==(const FeedLink&, const FeedLink&) = default;
};

/// True for a page of HTML: a doctype, an <html> or, before any other element, <head>, <body>,
/// <script> or <meta>.
bool looks_like_html(std::string_view text);

/// The feeds a page of HTML names in <link rel="alternate" type="application/rss+xml|atom+xml|
/// feed+json|…">, in page order, without repetition, at most 50. <base href> counts. Comments are
/// skipped. Linear. [https://www.rssboard.org/rss-autodiscovery]
std::vector<FeedLink> feed_links(std::string_view html, std::string_view base_url);

}  // namespace nutgraf
