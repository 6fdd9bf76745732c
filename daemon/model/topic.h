#pragma once

#include <cstddef>
#include <string_view>

namespace nutgraf {

/// Prefixes of topics that a client may ask for at once.
inline constexpr std::size_t kMaxTopicPrefixes = 64;

/// Whether a topic may begin so: at most 256 of a-z, 0-9, ".", "-" and "_"; "$" is the wire's own.
bool is_topic_prefix(std::string_view text);

}  // namespace nutgraf
