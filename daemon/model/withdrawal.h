#pragma once

#include <span>
#include <string>
#include <string_view>

#include "daemon/model/event.h"
#include "daemon/model/story.h"

namespace nutgraf {

// What is left to be said of a story that was withdrawn, and of the events that told of it. All
// pure, all linear.

/// Which story it was: id, place, source, title and link. None of its text, nor what was made of
/// it.
Story without_text(Story story);

/// Nor its title and authors: for a story whose text is to be gone.
Story without_words(Story story);

/// The event without what the story put into it, until it is written anew: the story among
/// `stories`, its sentences, its title if it is one of `titles` or stands there (the first of the
/// other stories' stands in), and the conflicts and keywords, of which nobody can tell whose they
/// are. Counts and revision stay.
Event without_story(Event event, std::string_view story_id, std::span<const std::string> titles);

}  // namespace nutgraf
