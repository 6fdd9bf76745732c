#include "daemon/event/term_sum.h"

#include <bit>
#include <span>

namespace nutgraf {

TermProbe::TermProbe(const PackedTerms& vector) : vector_(vector) {
  constexpr std::size_t kLeast = 8;  // As many bits as one word has.
  const std::size_t size = std::bit_ceil(std::max(kLeast, 2 * vector.size() + 1));
  shift_ = 32 - std::countr_zero(size);
  slots_.resize(size);
  bits_.resize((size << kBitsPerSlot) / 64);
  for (std::size_t i = 0; i < vector.size(); ++i) {
    if (vector.weight(i) == 0) continue;
    const std::uint32_t hash = mixed(vector.term(i));
    std::size_t at = hash >> shift_;
    while (slots_[at].weight != 0) at = (at + 1) & (size - 1);
    slots_[at] = {vector.term(i), vector.weight(i)};
    const std::uint32_t bit = hash >> (shift_ - kBitsPerSlot);
    bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
}

void TermSum::merge(const PackedTerms& vector, int sign) {
  std::vector<Entry> merged;
  merged.reserve(sums_.size() + vector.size());
  auto old = sums_.begin();
  for (std::size_t i = 0; i < vector.size(); ++i) {
    const std::uint32_t term = vector.term(i);
    while (old != sums_.end() && old->term < term) merged.push_back(*old++);
    std::int32_t sum = sign * vector.weight(i);
    if (old != sums_.end() && old->term == term) sum += old++->sum;
    if (sum != 0) merged.push_back({term, sum});
  }
  merged.insert(merged.end(), old, sums_.end());
  merged.shrink_to_fit();
  sums_ = std::move(merged);
}

std::int64_t TermSum::dot(const TermProbe& vector) const {
  // A large event has many more terms than a story: then to pass all is too much, and jumps pay.
  if (sums_.size() > 8 * vector.vector().size()) return dot_by_jumps(vector.vector());
  struct Terms {
    std::span<const Entry> entries;
    std::size_t size() const { return entries.size(); }
    std::uint32_t term(std::size_t i) const { return entries[i].term; }
    std::int32_t weight(std::size_t i) const { return entries[i].sum; }
  };
  return vector.dot(Terms{sums_});
}

std::int64_t TermSum::dot_by_jumps(const PackedTerms& vector) const {
  std::int64_t sum = 0;
  auto entry = sums_.begin();
  for (std::size_t i = 0; i < vector.size(); ++i) {
    const std::uint32_t term = vector.term(i);
    entry = std::lower_bound(entry, sums_.end(), term,
                             [](const Entry& e, std::uint32_t wanted) { return e.term < wanted; });
    if (entry == sums_.end()) break;
    if (entry->term == term) sum += std::int64_t{entry->sum} * vector.weight(i);
  }
  return sum;
}

std::int64_t TermSum::dot(const TermSum& other) const {
  std::int64_t sum = 0;
  auto mine = sums_.begin();
  auto its = other.sums_.begin();
  while (mine != sums_.end() && its != other.sums_.end()) {
    if (mine->term == its->term) {
      sum += std::int64_t{mine++->sum} * its++->sum;
    } else if (mine->term < its->term) {
      ++mine;
    } else {
      ++its;
    }
  }
  return sum;
}

}  // namespace nutgraf
