#pragma once

#include <cstddef>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/model/feed.h"

namespace nutgraf {

struct ParseOptions {
  std::string_view content_type;  ///< As HTTP gave it; its charset is believed if it decodes.
  std::string_view base_url;      ///< Of the document; relative links are resolved against it.
  std::size_t max_items = 2000;   ///< Later items are not read. No news feed has as many.
  bool author_mail = false;       ///< Authors as "name (mail)" where the feed gives both.
};

/// A feed of any kind: RSS 0.90–2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1, a
/// Google News sitemap. In whatever charset, with whatever namespaces; ill-formed XML is mended,
/// and ParsedFeed::repairs says so.
///
/// Pure, thread-safe; linear in the input, memory twice as much, and kMaxTree [size_guard.h] for
/// pugixml's tree: a long feed is parsed some items at a time. The caller bounds the size of
/// `bytes`.
///
/// kMalformed: it is no feed. For a page of HTML the message names the feeds that the page links
/// to.
Result<ParsedFeed> parse_feed(std::string_view bytes, const ParseOptions& options);

}  // namespace nutgraf
