#pragma once

#include <string>
#include <string_view>

#include "daemon/model/event.h"
#include "daemon/model/feed.h"
#include "daemon/model/publication.h"
#include "daemon/model/story.h"

namespace nutgraf {

// From our values to messages that only lack their place in the log. [docs/protocol.md]

/// `op`: create or update. The topic is that of the story's language and category: a story
/// keeps the topic of its first publication, so the caller keeps both fields over its revisions.
Draft story_draft(const Story& story, std::string_view op, bool publish_text);

/// The withdrawal of a story, with the reason that it was marked with: none of its text.
Draft retract_draft(const Story& story);

/// `op`: open, grow or close.
Draft event_draft(const Event& event, std::string_view op);

/// feed/1: the feed's health has changed.
Draft feed_draft(const FeedState& state);

}  // namespace nutgraf
