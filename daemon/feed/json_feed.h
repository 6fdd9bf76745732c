#pragma once

#include <cstddef>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/model/feed.h"

namespace nutgraf {

/// A JSON Feed, version 1.0 or 1.1, in UTF-8. Fields of the wrong type count as absent; an id may
/// be a number. Of JSON that is not sound each item is read that is, and ParsedFeed::repairs says
/// so. kMalformed: no JSON, or JSON that is no feed. [https://www.jsonfeed.org/version/1.1/]
Result<ParsedFeed> parse_json_feed(std::string_view text, std::string_view base_url,
                                   std::size_t max_items);

}  // namespace nutgraf
