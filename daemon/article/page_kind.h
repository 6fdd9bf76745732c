#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/article/page_facts.h"
#include "daemon/model/story.h"

namespace nutgraf {

/// What sort of text the page holds, by JSON-LD type, the URL's directories, the section and the
/// title, in this order for each kind; a report if nothing speaks against it. A gallery or video
/// page with a long text is a report.
StoryKind page_kind(const PageFacts& facts, std::string_view title, std::string_view text);

/// The page says that its text is for subscribers: JSON-LD isAccessibleForFree, or words behind a
/// short text. A hint.
bool has_paywall(const PageFacts& facts, std::string_view text);

/// The news agency that the text, or its list of authors, credits: "(Reuters) –" at its beginning,
/// "dpa" in its last lines. Empty if none. Linear.
/// Blank lines and lines that credit a picture ("Photo: Reuters") do not count.
std::string credited_agency(std::string_view text, const std::vector<std::string>& authors);

}  // namespace nutgraf
