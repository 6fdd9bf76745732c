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
  if (table_.size() == 0) {
    merge_into_list(vector, sign);
    if (list_.size() <= kListed) return;
    for (const Entry& entry : list_) add_to_table(entry.key, entry.sum);
    list_ = {};
    return;
  }
  for (std::size_t i = 0; i < vector.size(); ++i) table_.prefetch(slot_hash(vector.term(i)));
  for (std::size_t i = 0; i < vector.size(); ++i) {
    add_to_table(vector.term(i), sign * vector.weight(i));
  }
}

void TermSum::merge_into_list(const PackedTerms& vector, int sign) {
  std::vector<Entry> merged;
  merged.reserve(list_.size() + vector.size());
  auto old = list_.begin();
  for (std::size_t i = 0; i < vector.size(); ++i) {
    const std::uint32_t term = vector.term(i);
    while (old != list_.end() && old->key < term) merged.push_back(*old++);
    std::int32_t sum = sign * vector.weight(i);
    if (old != list_.end() && old->key == term) sum += old++->sum;
    if (sum != 0) merged.push_back({term, sum});
  }
  merged.insert(merged.end(), old, list_.end());
  merged.shrink_to_fit();
  list_ = std::move(merged);
}

void TermSum::add_to_table(std::uint32_t term, std::int32_t weight) {
  if (weight == 0) return;
  const std::uint64_t hashed = slot_hash(term);
  Entry& entry = table_.slot(hashed, term);
  entry.sum += weight;
  if (entry.sum == 0) table_.erase(&entry);
}

std::int32_t TermSum::sum_of(std::uint32_t term) const {
  const Entry* entry = table_.find(slot_hash(term), term);
  return entry == nullptr ? 0 : entry->sum;
}

std::int64_t TermSum::dot(const TermProbe& probe) const {
  struct Terms {
    std::span<const Entry> entries;
    std::size_t size() const { return entries.size(); }
    std::uint32_t term(std::size_t i) const { return entries[i].key; }
    std::int32_t weight(std::size_t i) const { return entries[i].sum; }
  };
  if (table_.size() == 0) return probe.dot(Terms{list_});
  const PackedTerms& vector = probe.vector();
  for (std::size_t i = 0; i < vector.size(); ++i) table_.prefetch(slot_hash(vector.term(i)));
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < vector.size(); ++i) {
    sum += std::int64_t{sum_of(vector.term(i))} * vector.weight(i);
  }
  return sum;
}

std::int64_t TermSum::dot(const TermSum& other) const {
  if (table_.size() == 0 && other.table_.size() == 0) return dot_of_lists(other);
  if (table_.size() < other.table_.size()) return other.dot(*this);
  std::int64_t sum = 0;
  const auto multiply = [&](const Entry& its) { sum += std::int64_t{sum_of(its.key)} * its.sum; };
  for (const Entry& its : other.list_) multiply(its);
  other.table_.each(multiply);
  return sum;
}

std::int64_t TermSum::dot_of_lists(const TermSum& other) const {
  std::int64_t sum = 0;
  auto mine = list_.begin();
  auto its = other.list_.begin();
  while (mine != list_.end() && its != other.list_.end()) {
    if (mine->key == its->key) {
      sum += std::int64_t{mine++->sum} * its++->sum;
    } else if (mine->key < its->key) {
      ++mine;
    } else {
      ++its;
    }
  }
  return sum;
}

}  // namespace nutgraf
