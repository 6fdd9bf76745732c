#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nutgraf {

/// 64 bits of XXH3 [xxHash, specification 0.8]: stable across machines and versions, so it may be
/// stored. Not for secrets: whoever controls the input can make collisions, so equality that
/// matters is verified on the text.
std::uint64_t hash64(std::string_view bytes);

/// The upper half of a hash, where 32 bits will do.
inline std::uint32_t half(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
inline std::uint32_t half_hash(std::string_view bytes) { return half(hash64(bytes)); }

/// 128 bits of XXH3 as 32 lower-case hex digits: the form of every id that nutgraf derives.
std::string hash_id(std::string_view bytes);

}  // namespace nutgraf
