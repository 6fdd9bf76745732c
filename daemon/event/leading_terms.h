#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/event/packed_story.h"

namespace nutgraf {

/// Terms of a story by which events are found: the weightiest.
class LeadingTerms {
 public:
  static constexpr std::size_t kMost = 25;

  LeadingTerms() = default;
  /// Of equal weights the smaller terms. About 0.6 µs for a usual story.
  explicit LeadingTerms(const PackedTerms& body);

  /// In no particular order.
  std::span<const std::uint32_t> terms() const { return {terms_.data(), size_}; }
  std::uint32_t weight(std::size_t i) const { return weights_[i]; }

 private:
  std::array<std::uint32_t, kMost> terms_{};
  std::array<std::uint16_t, kMost> weights_{};
  std::uint32_t size_ = 0;
};

}  // namespace nutgraf
