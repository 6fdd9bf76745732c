#pragma once

#include <string>
#include <string_view>

#include "daemon/model/feed.h"

namespace nutgraf {

// Feeds as a few hundred bytes in one piece each: there may be 100,000 of them, and as structs of
// strings they take three times as much. For memory only: the form is that of this very build, and
// nothing else may read it.

std::string pack(const FeedSource& source);
std::string pack(const FeedState& state);

/// What pack() was given. REQUIRES: `bytes` is what it returned.
FeedSource unpack_source(std::string_view bytes);
FeedState unpack_state(std::string_view bytes);

}  // namespace nutgraf
