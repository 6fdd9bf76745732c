#pragma once

#include <cstddef>

namespace nutgraf {

/// Fetches `size` bytes into the cache, line by line, without waiting for them. To be called for
/// some places ahead of what is done with them: their misses then take little longer than one.
inline void prefetch_bytes(const void* bytes, std::size_t size) {
  constexpr std::size_t kLine = 64;
  const char* const first = static_cast<const char*>(bytes);
  for (std::size_t i = 0; i < size; i += kLine) __builtin_prefetch(first + i);
  if (size > 0) __builtin_prefetch(first + size - 1);  // They need not begin where a line does.
}

}  // namespace nutgraf
