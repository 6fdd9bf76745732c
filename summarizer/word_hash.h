#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
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

/// A handful of words by their hashes.
template <std::size_t N>
class FewWords {
 public:
  template <typename... Words>
  consteval explicit FewWords(Words... words) : hashes_{hash_word(words)...} {
    for (const std::uint64_t hash : hashes_) ends_ |= std::uint64_t{1} << (hash % 64);
  }
  constexpr bool contains(std::uint64_t hash) const {
    return (ends_ >> (hash % 64) & 1) != 0 && std::ranges::find(hashes_, hash) != hashes_.end();
  }

 private:
  std::array<std::uint64_t, N> hashes_;
  std::uint64_t ends_ = 0;  // A bit for the end of each hash tells nearly all other words at once.
};
template <typename... Words>
FewWords(Words...) -> FewWords<sizeof...(Words)>;

}  // namespace nutgraf::summarizer
