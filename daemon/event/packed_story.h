#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// One part of a story as a unit vector of integers: 2^14 stands for 1, so that sums are exact in
/// any order.
struct WeightedTerms {
  std::vector<std::uint32_t> terms;  ///< Sorted.
  std::vector<std::uint16_t> weights;
};

/// A story as its event counts it.
struct WeightedStory {
  std::string language;
  WeightedTerms body;
  WeightedTerms names;
  WeightedTerms head;
};

/// The stored form, versioned.
std::string serialize(const WeightedStory& story);

/// One part of a stored story, read where it stands. A value of 24 bytes; the bytes are the
/// owner's.
class PackedTerms {
 public:
  static constexpr double kOne = 16384;

  PackedTerms() = default;
  /// `bytes`: `count` terms and as many weights.
  PackedTerms(const char* bytes, std::size_t count)
      : terms_(reinterpret_cast<const unsigned char*>(bytes)),
        weights_(terms_ + 4 * count),
        count_(count) {}

  std::size_t size() const { return count_; }
  std::uint32_t term(std::size_t i) const {
    const unsigned char* at = terms_ + 4 * i;
    return at[0] | at[1] << 8 | at[2] << 16 | std::uint32_t{at[3]} << 24;
  }
  std::uint16_t weight(std::size_t i) const {
    const unsigned char* at = weights_ + 2 * i;
    return static_cast<std::uint16_t>(at[0] | at[1] << 8);
  }

  std::int64_t squares() const {  ///< The square of its length, with 2^28 for 1.
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < count_; ++i) sum += std::int64_t{weight(i)} * weight(i);
    return sum;
  }

 private:
  const unsigned char* terms_ = nullptr;
  const unsigned char* weights_ = nullptr;
  std::size_t count_ = 0;
};

/// A stored story, read where it stands.
struct PackedStory {
  std::string_view language;
  PackedTerms body;
  PackedTerms names;
  PackedTerms head;
};

/// nullopt for any bytes that serialize() does not give. About 0.3 µs for a usual story.
std::optional<PackedStory> read_story(std::string_view bytes);

/// Of bytes that are known to be one. A few instructions.
PackedStory known_story(std::string_view bytes);

}  // namespace nutgraf
