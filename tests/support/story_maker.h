#pragma once

#include <cstdint>

#include "tests/support/story_page.h"

namespace nutgraf {

/// Story number `number`: a pure function, different for every number. Multi-sentence English news
/// prose put together from word tables, with names, places and figures of its own: about 300 words
/// in 5 to 8 paragraphs. Two stories share words, but no run of them long enough to look copied.
/// published and updated are left 0.
NewsroomStory make_story(std::uint64_t number);

}  // namespace nutgraf
