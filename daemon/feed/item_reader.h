#pragma once

#include <string>
#include <string_view>

#include "daemon/feed/namespaces.h"
#include "daemon/model/item.h"

namespace nutgraf {

/// What an item inherits from its feed.
struct ItemContext {
  bool atom = false;           ///< Text without a type is plain text, not HTML.
  bool declared_base = false;  ///< The feed has an xml:base.
  bool author_mail = false;    ///< ParseOptions::author_mail.
  std::string_view base;       ///< Where relative links start.
};

/// One <item>, <entry> or sitemap <url>, whatever its vocabulary: a table says for each element
/// which field it is and how much it counts, and the field takes what counts most (item_reader.cc).
/// So an item with a title, a media:title and a dc:title has one title, whichever comes first.
FeedItem read_item(const pugi::xml_node& element, Namespaces& namespaces,
                   const ItemContext& context);

/// xml:base of `element` seen from `base`; `base` if it has none.
std::string base_of(const pugi::xml_node& element, std::string_view base);

}  // namespace nutgraf
