#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/model/feed.h"
#include "daemon/model/item.h"

namespace nutgraf {

// Who is who among items, by what feeds and servers say of them. All pure, all linear in their
// input, all stable across machines and versions: what they return is stored.

/// The form of the URL `text` under which a story is looked up: two URLs with one key name one
/// page. Host in lower case; scheme, user, default port, fragment, www./m./mobile./amp., index
/// pages, AMP forms, doubled and trailing slashes dropped; percent-encoding normalized [RFC 3986
/// section 6.2.2]; query sorted, without the parameters of config/tracking_parameters.txt. Never to
/// be fetched.
///
/// A `text` that is not absolute http(s) comes back trimmed and otherwise unchanged.
std::string url_key(std::string_view text);

/// Whether the GUIDs of a feed tell its items apart.
enum class GuidTrust { kGuid, kNone };

/// kNone if two different items of one document have one GUID: the feed is then identified by
/// links. The same item listed twice proves nothing.
GuidTrust guid_trust(const ParsedFeed& feed);

/// Identity of an item within its feed: its GUID if it has one that can be trusted, else its link's
/// URL key, and where that too is shared or missing, with date and title. Prefixed by its kind
/// ("g:", "l:", "t:"), so that kinds never collide. Long ones are hashed: at most 512 bytes.
std::string item_key(const FeedItem& item, GuidTrust trust);

/// Of what the feed says about an item, to tell a changed one cheaply: title, text or summary as
/// words, link. Markup, white space, letter case and dates alone do not change it.
std::uint64_t content_hash(const FeedItem& item);

/// Id of the story that an item becomes: the same in every daemon on the same feeds, whatever their
/// order of arrival. From the URL key where the item has a link, else from feed and GUID, else from
/// feed, title and date.
std::string story_id(const FeedItem& item, std::string_view feed_url);

/// Of the words of a text: equal if two texts differ only in case, accents, punctuation and layout.
/// Includes the title if the text has fewer than 40 words (many teasers are alike); 0 for a text
/// without words.
std::uint64_t text_hash(std::string_view title, std::string_view text);

}  // namespace nutgraf
