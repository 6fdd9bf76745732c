#include "daemon/event/leading_terms.h"

#include <algorithm>
#include <functional>
#include <vector>

namespace nutgraf {

LeadingTerms::LeadingTerms(const PackedTerms& body) {
  // As one number, weight first: to compare two is then one step without a branch.
  std::vector<std::uint64_t> ranks(body.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    ranks[i] = std::uint64_t{body.weight(i)} << 32 | ~body.term(i);
  }
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
