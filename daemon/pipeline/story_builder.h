#pragma once

#include <string>

#include "daemon/article/article.h"
#include "daemon/model/feed.h"
#include "daemon/model/item.h"
#include "daemon/model/story.h"

namespace nutgraf {

/// The story that an item and its page (null: none was fetched) make, in all that can be known
/// without other stories: article/merge.h, plus what the feed's configuration says, cleaned text,
/// and a title where neither gives one. Left to the caller: summary, keywords; to the desk: event,
/// duplicates, revision.
///
/// Nothing is published after it was seen: a date in the future is a mistake, or a trick to stay on
/// top.
Story build_story(const FeedSource& source, const std::string& feed_url, const PendingItem& pending,
                  const Article* page);

}  // namespace nutgraf
