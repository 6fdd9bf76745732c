#pragma once

#include <cstdint>
#include <string_view>

namespace nutgraf::summarizer {

/// Stable 64-bit hash of a word: FNV-1a, mixed, over its bytes in UTF-8 or over its code points.
/// Whoever compares hashes adds the one or the other; of ASCII they are the same.
class WordHash {
 public:
  constexpr void add(char byte) { add(char32_t{static_cast<unsigned char>(byte)}); }
  constexpr void add(char32_t c) { h_ = (h_ ^ c) * 0x100000001b3; }

  /// Never 0.
  constexpr std::uint64_t value() const {
    std::uint64_t h = h_;
    h ^= h >> 32;
    h *= 0x9e3779b97f4a7c15;
    h ^= h >> 29;
    return h == 0 ? 1 : h;
  }

 private:
  std::uint64_t h_ = 0xcbf29ce484222325;
};

constexpr std::uint64_t hash_word(std::string_view word) {
  WordHash hash;
  for (const char c : word) hash.add(c);
  return hash.value();
}

}  // namespace nutgraf::summarizer
