#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nutgraf {

/// "15m", "50ms", "1h30m": whole numbers with ms, s, m, h, d or w, larger units first or not; "0s"
/// is zero. A number without a unit is none. nullopt also above 100 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The shortest form that parse_duration() reads back: "90s" -> "1m30s".
std::string format_duration(std::chrono::milliseconds duration);

/// "8MiB", "64 KiB", "500kB", "0B": B, kB, MB, GB (powers of 1000), KiB, MiB, GiB (of 1024).
std::optional<std::uint64_t> parse_size(std::string_view text);

/// The shortest form that parse_size() reads back.
std::string format_size(std::uint64_t bytes);

/// The candidate nearest to `word` by edits, if it is near enough to be a slip of the keys; empty
/// otherwise.
template <typename Names>
std::string_view nearest(std::string_view word, const Names& candidates);

/// Insertions, deletions, replacements and swaps of neighbours. [Damerau 1964, restricted form]
int edit_distance(std::string_view a, std::string_view b);

template <typename Names>
std::string_view nearest(std::string_view word, const Names& candidates) {
  // One slip in three letters: "intervall" and "spaceing" are found, "colour" suggests nothing.
  int best = static_cast<int>(word.size()) / 3 + 2;
  std::string_view found;
  for (const auto& candidate : candidates) {
    const int distance = edit_distance(word, candidate);
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

}  // namespace nutgraf
