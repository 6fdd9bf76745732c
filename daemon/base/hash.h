#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nutgraf {

/// 64 bits of XXH3 [xxHash, specification 0.8]: stable across machines and versions, so it may be
/// stored. Not for secrets: whoever controls the input can make collisions, so equality that
/// matters is verified on the text.
std::uint64_t hash64(std::string_view bytes);

/// 128 bits of XXH3 as 32 lower-case hex digits: the form of every id that nutgraf derives.
std::string hash_id(std::string_view bytes);

}  // namespace nutgraf
