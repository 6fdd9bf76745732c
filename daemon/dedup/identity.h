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

/// What tells the items of a feed apart; each step adds to what the one before got wrong. The
/// numbers are stored (FeedState::identity).
enum class GuidTrust {
  kGuid = 0,      ///< The GUID; the link of items without one.
  kLink = 1,      ///< The link: GUIDs are shared.
  kLinkDate = 2,  ///< Link and date: links are shared, too.
  kTitle = 3,     ///< Link, date and title.
};

/// The first step, of `at_least` and later, at which no two different items of the document have
/// one key. The same item listed twice proves nothing. A feed that was found out once stays so:
/// the next document may hold only one of the two, and an item must not change its name with that.
GuidTrust guid_trust(const ParsedFeed& feed, GuidTrust at_least = GuidTrust::kGuid);

/// Identity of an item within its feed. What the step asks for and the item lacks is made up for
/// by the steps after. Prefixed by its kind ("g:", "l:", "d:", "t:"), so that kinds never collide.
/// Long ones are hashed: at most 512 bytes.
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
