#pragma once

#include "daemon/feed/rules.h"
#include "daemon/pipeline/job.h"
#include "daemon/pipeline/options.h"
#include "summarizer/summarizer.h"

namespace nutgraf {

/// What happens to one job, top to bottom: the first file to read.
///
///   poll trip    response -> parsed feed -> items with their identity
///   story trip   item, page -> main text -> cleaned text -> words -> fingerprints, summary
///   event trip   members -> cross-document summary, conflicts, who agrees
///
/// Pure but for what it is given: no I/O, no clock, nothing shared. Called from all workers at
/// once. Never throws: what goes wrong with a job is its outcome. 0.2 ms for a usual story with the
/// feed's own text, 2 ms with a page.
///
/// `summarizer` is the worker's own: what it remembers makes the next story cheaper and changes no
/// outcome. Without one, nothing is remembered.
Outcome work(const Job& job, const WorkOptions& options, summarizer::Summarizer& summarizer);
Outcome work(const Job& job, const WorkOptions& options);

/// Of a page so much is looked at: ten times what the heaviest news pages have before their article
/// ends, and what one worker can take apart within its share of memory.
inline constexpr std::size_t kMaxPage = std::size_t{3} << 20;

/// Gives the rest of a page's body back: it would be held until its story is told. Copies what
/// stays, if there is a rest.
void cut_page(HttpResponse& page);

/// Whether the feed's own text will do, or the page has to be fetched: kPage always fetches where
/// there is a link, kFeed never; kAuto fetches if the feed gives no more than a teaser.
bool needs_page(const FeedItem& item, FullText full_text);

}  // namespace nutgraf
