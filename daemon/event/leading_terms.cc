#include "daemon/event/leading_terms.h"

#include <algorithm>
#include <array>
#include <functional>
#include <vector>

namespace nutgraf {
namespace {

/// A weight that `most` of the terms have or exceed, and few more: so that only those are put in
/// order. 0 if there are no more than that.
std::uint32_t least_of(const PackedTerms& body, std::size_t most) {
  constexpr std::uint32_t kStep = 64;
  constexpr std::uint32_t kSteps = 128;  // The rest counts as the last: so much weigh few terms.
  if (body.size() <= most) return 0;
  std::array<std::uint16_t, kSteps> counts{};
  for (std::size_t i = 0; i < body.size(); ++i) {
    ++counts[std::min(body.weight(i) / kStep, kSteps - 1)];
  }
  std::uint32_t step = kSteps - 1;
  for (std::size_t above = counts[step]; above < most; above += counts[step]) --step;
  return step * kStep;
}

}  // namespace

LeadingTerms::LeadingTerms(const PackedTerms& body) {
  const std::uint32_t least = least_of(body, kMost);
  // As one number, weight first: to compare two is then one step without a branch.
  std::vector<std::uint64_t> ranks(body.size());
  // Written whether it stays or not: which do, no processor foresees.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const std::uint32_t weight = body.weight(i);
    ranks[kept] = std::uint64_t{weight} << 32 | ~body.term(i);
    kept += weight >= least ? 1 : 0;
  }
  ranks.resize(kept);
  size_ = static_cast<std::uint32_t>(std::min(kMost, ranks.size()));
  if (size_ < ranks.size()) {
    std::nth_element(ranks.begin(), ranks.begin() + kMost, ranks.end(), std::greater<>());
  }
  for (std::size_t i = 0; i < size_; ++i) {
    terms_[i] = ~static_cast<std::uint32_t>(ranks[i]);
    weights_[i] = static_cast<std::uint16_t>(ranks[i] >> 32);
  }
}

}  // namespace nutgraf
