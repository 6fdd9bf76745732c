#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// An item as a feed is to give it. Texts are plain; html fields are HTML.
struct WrittenItem {
  std::string guid;
  std::string link;
  std::string title;
  std::string author;
  std::string category;
  std::string teaser_html;
  std::string full_html;       ///< Empty: the feed gives the teaser only.
  std::int64_t published = 0;  ///< Seconds since 1970.
  std::int64_t updated = 0;
};

struct WrittenFeed {
  std::string format = "rss";  ///< rss, rss091, rdf, atom, atom03 or json.
  std::string title;
  std::string link;  ///< Of the site.
  std::string self;  ///< Of the feed.
  std::string description;
  std::string language = "en";
  int ttl_minutes = 0;  ///< RSS 2.0 only; 0: none.
  std::vector<WrittenItem> items;
};

bool is_feed_format(std::string_view format);

/// The document, well-formed in every format.
std::string write_feed(const WrittenFeed& feed);

/// What an honest server says of the format.
std::string_view feed_content_type(std::string_view format);

std::string escape_xml(std::string_view text);

/// "2026-11-21T10:00:00Z".
std::string iso_date(std::int64_t unix_seconds);

}  // namespace nutgraf
