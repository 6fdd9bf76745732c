#pragma once

#include <string>

#include "daemon/article/article.h"
#include "daemon/model/item.h"
#include "daemon/model/story.h"

namespace nutgraf {

/// Which text a story is made of, as the operator wishes.
enum class TextChoice {
  kAuto,  ///< The page's, unless it is blocked, about something else, or much shorter than the
          ///< feed's.
  kFeed,  ///< The feed's, even if it is no more than a teaser.
  kPage,  ///< The page's, if there is any.
};

struct MergeOptions {
  TextChoice text = TextChoice::kAuto;
  std::string language = {};  ///< Of the feed, from the config; wins over everything.
};

/// The story that a feed's item and its page (null if it was not fetched) make together. Left to
/// the caller: id, revision, category, source, first_seen_at, summary, event, duplicates.
///
///   title      the feed's; the page's if the feed has none or one that is cut off ("…")
///   url        the page's canonical URL, else the item's link
///   published  the feed's, else the page's; published_from says which
///   modified   the later of the two
///   authors    the feed's, else the page's
///   language   config, else as detected in the text, else the page's, else the item's
///   image      the feed's, else the page's
///   text       see TextChoice; the feed's own text is cleaned of furniture first
///   kind, paywall, agency   the page's; the agency also from the feed's text
///
/// A page that shares next to no word with the feed's teaser is a consent form, a front page or
/// another story: it is not believed in anything. Pure, thread-safe, linear.
Story merge_story(const FeedItem& item, const Article* page, const MergeOptions& options = {});

/// The page tells of something else than the teaser does: it shares next to none of its words, or
/// is short and shares none. False if the teaser has too few words to say. [recipes of the field:
/// consent pages that look like one duplicated story]
bool contradicts_teaser(const FeedItem& item, const Article& page);

}  // namespace nutgraf
