#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/story.h"

namespace nutgraf {

/// For each story the number of the independent source that it comes from, 0, 1, … in order of
/// appearance: stories of one publisher are one source, and so are a story and the copy of it, and
/// stories that credit one agency and have word triples in common that cover at least 0.3 of the
/// words of one of them (a shared credit alone says nothing: outlets write their own text under
/// "with Reuters"). The first 800 words of a text are compared.
std::vector<std::size_t> independent_sources(const std::vector<Story>& stories);

/// How many of them there are.
int independent_publishers(const std::vector<Story>& stories);

/// Who published it, for counting: the publisher, else the host, else the feed.
std::string_view publisher_of(const Story& story);

}  // namespace nutgraf
