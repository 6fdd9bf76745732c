#pragma once

#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/model/event.h"
#include "daemon/model/feed.h"
#include "daemon/model/item.h"
#include "daemon/model/story.h"

namespace nutgraf {

// The one JSON form of our values: the payloads of the wire [docs/protocol.md] and what the store
// keeps. Absent is absent (no null, no empty string or list), times are RFC 3339 UTC, ids are
// strings. What comes out is valid UTF-8 whatever goes in. Reading is the exact inverse of writing;
// unknown fields are ignored; kMalformed says which field.

enum class WithText { kNo, kYes };

std::string to_json(const Story& story, WithText with_text);
Result<Story> story_from_json(std::string_view json);

std::string to_json(const Event& event);
Result<Event> event_from_json(std::string_view json);

std::string to_json(const EventStep& step);
Result<EventStep> event_step_from_json(std::string_view json);

std::string to_json(const FeedItem& item);
Result<FeedItem> item_from_json(std::string_view json);

/// Payload of feed/1: {id, url, state, since, reason}.
std::string feed_payload(const FeedState& state);

/// All that is remembered of a feed, for the store.
std::string to_json(const FeedState& state);
Result<FeedState> feed_state_from_json(std::string_view json);

}  // namespace nutgraf
