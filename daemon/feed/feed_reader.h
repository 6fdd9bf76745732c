#pragma once

#include <functional>
#include <optional>
#include <string_view>

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

/// The items of a feed that was cut up [item_runs.h].
struct CutItems {
  std::string_view name;  ///< Of the empty elements that stand for them.
  /// Parses the next run; nullopt if there is none, or it is not well-formed. Valid until the next
  /// call.
  std::function<std::optional<pugi::xml_node>()> next;
};

/// The same of the frame of a feed that was cut up, with its items in their places. nullopt also if
/// it turns out that it should not have been cut like that. The caller sees to it that all runs
/// were asked for, unless max_items were read.
std::optional<ParsedFeed> read_cut_feed(const pugi::xml_node& frame, const ParseOptions& options,
                                        const CutItems& items);

}  // namespace nutgraf
