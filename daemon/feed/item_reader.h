#pragma once

#include <string>
#include <string_view>

#include "daemon/feed/item_rules.h"
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

/// Where the relative links of an element start: its xml:base seen from the base outside of it, or
/// that one, which has to outlive this.
class Base {
 public:
  Base(const pugi::xml_node& element, std::string_view outer);

  std::string_view str() const { return own_.empty() ? outer_ : std::string_view(own_); }

 private:
  std::string_view outer_;
  std::string own_;
};

/// One <item>, <entry> or sitemap <url>, whatever its vocabulary: a table says for each element
/// which field it is and how much it counts, and the field takes what counts most (item_reader.cc).
/// So an item with a title, a media:title and a dc:title has one title, whichever comes first.
/// `rules` serves all items of a document.
FeedItem read_item(const pugi::xml_node& element, Namespaces& namespaces, RuleCache& rules,
                   const ItemContext& context);

}  // namespace nutgraf
