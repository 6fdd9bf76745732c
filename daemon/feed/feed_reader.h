#pragma once

#include <optional>

#include "daemon/feed/feed_parser.h"
#include "daemon/model/feed.h"

namespace pugi {
class xml_node;
}

namespace nutgraf {

/// The feed in a parsed XML document: RSS in all versions, RDF, Atom, news sitemaps. nullopt if
/// none of its top elements is the root of a feed. Walks three levels; never recurses on input
/// depth.
std::optional<ParsedFeed> read_feed(const pugi::xml_node& document, const ParseOptions& options);

}  // namespace nutgraf
