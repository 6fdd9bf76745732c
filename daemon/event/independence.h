#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/story.h"

namespace nutgraf {

/// For each story the number of the independent source that it comes from, 0, 1, … in order of
/// appearance: stories of one publisher are one source, and so are a story and the copy of it, and
/// stories that credit one agency and share a good part of their words (a shared credit alone says
/// nothing: outlets write their own text under "with Reuters").
std::vector<std::size_t> independent_sources(const std::vector<Story>& stories);

/// How many of them there are.
int independent_publishers(const std::vector<Story>& stories);

/// Who published it, for counting: the publisher, else the host, else the feed.
std::string_view publisher_of(const Story& story);

}  // namespace nutgraf
