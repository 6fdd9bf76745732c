#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/article/html.h"
#include "daemon/base/date.h"
#include "daemon/model/story.h"

namespace nutgraf {

/// What a page says about itself, or shows. Every field may be empty: a page that says nothing is
/// not an error.
struct PageMetadata {
  std::string title;  ///< Plain text, one line, without the site's name.
  std::vector<std::string> authors;
  std::optional<Time> published;
  std::optional<Time> modified;
  std::string canonical_url;  ///< Absolute; on the page's own host.
  std::string language;       ///< BCP-47 primary tag, lower case, as the page declares it.
  std::string description;
  std::string image;  ///< Absolute URL.
  std::string site_name;
  StoryKind kind = StoryKind::kReport;
  bool paywall = false;  ///< A hint: the page says that the text is for subscribers.
  std::string agency;    ///< News agency that the text credits: "Reuters".
};

/// Reads JSON-LD, meta elements, microdata and, where these are silent, the page itself. Linear.
/// `url`: where the page was fetched from; may be empty. `kind`, `paywall` and `agency` need the
/// text: extract_article() sets them.
///
/// Order of belief. Title: the h1 that the declared titles confirm or resemble, a smaller heading
/// that they confirm, the only h1, then og:title, headline, title element. Authors: JSON-LD
/// persons, meta, links to an author's page, author classes, "By …" lines; never an account or the
/// site, but where the site has a person's name. Date: article:published_time, JSON-LD, meta,
/// microdata (but the URL if it is more than two days older), the URL, the time element or date
/// text nearest the headline, when the story was changed.
PageMetadata read_metadata(const HtmlDocument& document, std::string_view url);

}  // namespace nutgraf
