#pragma once

#include <cstdint>

namespace nutgraf::summarizer {

/// Part of each table's hash: an odd number, another one in each process. Nobody can write a text
/// whose words all belong into one place, where 1 MiB of them would take half a minute. No result
/// depends on it. [Crosby and Wallach 2003] Thread-safe; the first call draws it.
std::uint64_t hash_seed();

}  // namespace nutgraf::summarizer
