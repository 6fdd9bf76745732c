#pragma once

#include <cstdint>

namespace nutgraf {

std::uint64_t draw_hash_seed();

/// Part of where keys that a feed chooses lie in a table: an odd number, another one in each
/// process, so that nobody can seek words that belong into one place. No verdict may depend on it,
/// nor anything that is stored. [Crosby and Wallach 2003] Thread-safe; the first call draws it.
inline std::uint64_t hash_seed() {
  static const std::uint64_t seed = draw_hash_seed();
  return seed;
}

}  // namespace nutgraf
