#pragma once

#include <optional>
#include <vector>

#include "daemon/event/independence.h"
#include "daemon/event/options.h"
#include "daemon/model/event.h"
#include "daemon/model/story.h"
#include "summarizer/summarizer.h"

namespace nutgraf {

/// Writes an event from (a bounded set of) its member stories with their texts: title of the most
/// representative report, a cross-document summary that names story, publisher and support of each
/// sentence, what `previous` did not say yet, and where publishers disagree on a figure.
///
/// Only reports give title, summary and counts (others only if there are none); `size` counts all
/// members given. `previous` is the event as last published: revision, first_seen_at and what was
/// said before come from it. The caller sets `id` (event_id() of the opening story), and `size` and
/// `sources` where it knows of more members than it gives. Pure, for worker threads; about 2 ms for
/// 12 stories, whose texts are analysed here.
///
/// `summarizer` is the worker's own: what it remembers makes the next event cheaper and changes
/// nothing in it. Without one, nothing is remembered.
Event summarize_event(const std::vector<Story>& members, const std::optional<Event>& previous,
                      const EventSummaryOptions& options, summarizer::Summarizer& summarizer);
Event summarize_event(const std::vector<Story>& members, const std::optional<Event>& previous,
                      const EventSummaryOptions& options = {});

}  // namespace nutgraf
