#pragma once

#include <string>
#include <vector>

#include "daemon/model/publication.h"
#include "daemon/service/status_http.h"

namespace nutgraf {

/// Messages as a JSON Feed [https://www.jsonfeed.org/version/1.1/], so that any reader can sit
/// behind nutgraf: an item each, in their order, but for what was withdrawn or went into another
/// event. Each has its message under "_nutgraf", byte for byte as on the wire. `next`: the
/// `before` of the page that follows; 0: none does.
std::string story_list(const StoryListQuery& query, const std::vector<Publication>& messages,
                       Sequence next);

}  // namespace nutgraf
