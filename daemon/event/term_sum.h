#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "daemon/base/prefetch.h"
#include "daemon/base/slot_table.h"
#include "daemon/event/packed_story.h"

namespace nutgraf {

/// A vector laid out so that many others can be multiplied with it: about 2 ns a term of the other.
class TermProbe {
 public:
  explicit TermProbe(const PackedTerms& vector);

  /// Dot product, with 2^28 for 1, with anything that has size(), term(i) and weight(i).
  template <typename Terms>
  std::int64_t dot(const Terms& other) const {
    // Written as far as it is read. NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
    std::array<std::uint32_t, 256> shared;
    std::int64_t sum = 0;
    for (std::size_t begin = 0; begin < other.size(); begin += shared.size()) {
      const std::size_t end = std::min(other.size(), begin + shared.size());
      // First whatever may be shared, without branches, which nothing could predict.
      std::size_t found = 0;
      for (std::size_t i = begin; i < end; ++i) {
        shared[found] = static_cast<std::uint32_t>(i);
        found += may_hold(other.term(i));
      }
      for (std::size_t k = 0; k < found; ++k) {
        sum += std::int64_t{weight_of(other.term(shared[k]))} * other.weight(shared[k]);
      }
    }
    return sum;
  }

  const PackedTerms& vector() const { return vector_; }

 private:
  struct Slot {
    std::uint32_t term = 0;
    std::uint32_t weight = 0;  ///< 0: free.
  };
  static constexpr int kBitsPerSlot = 3;  ///< As a power of 2.

  static std::uint32_t mixed(std::uint32_t term) { return term * 0x9E3779B1u; }
  /// False for most terms that are not in the vector.
  std::size_t may_hold(std::uint32_t term) const {
    const std::uint32_t bit = mixed(term) >> (shift_ - kBitsPerSlot);
    return bits_[bit / 64] >> (bit % 64) & 1;
  }
  /// 0 for a term that is not in it.
  std::uint32_t weight_of(std::uint32_t term) const {
    std::size_t at = mixed(term) >> shift_;
    while (slots_[at].weight != 0 && slots_[at].term != term) at = (at + 1) & (slots_.size() - 1);
    return slots_[at].weight;
  }

  PackedTerms vector_;
  int shift_;
  std::vector<Slot> slots_;          ///< A power of 2, at most half of it taken; linear probing.
  std::vector<std::uint64_t> bits_;  ///< Of a Bloom filter with one hash.
};

/// The sum of unit vectors. A sum of few terms is a sorted list, which takes the least memory; one
/// of many a table, so that no cost grows with the number of vectors that are in it.
class TermSum {
 public:
  /// Linear in the terms of the vector, but for what a list of up to kListed terms adds.
  void add(const PackedTerms& vector) { merge(vector, 1); }
  /// Takes out exactly what add() put in.
  void remove(const PackedTerms& vector) { merge(vector, -1); }

  /// Dot products, with 2^28 for 1.
  std::int64_t dot(const TermProbe& probe) const;
  std::int64_t dot(const TermSum& other) const;

  /// Fetches a list into the cache; of a table only dot() knows what it will read, and does so.
  void prefetch() const { prefetch_bytes(list_.data(), list_.size() * sizeof(Entry)); }

  std::size_t memory_bytes() const {
    return list_.capacity() * sizeof(Entry) + table_.memory_bytes();
  }

 private:
  struct Entry {
    std::uint32_t key = 0;
    std::int32_t sum = 0;
    bool taken() const { return sum != 0; }
  };
  /// Terms from which on the sum is a table: those of some dozen reports. To pass a list takes
  /// about as long then as to jump into a table for each term of a story.
  static constexpr std::size_t kListed = 2000;

  void merge(const PackedTerms& vector, int sign);
  void merge_into_list(const PackedTerms& vector, int sign);
  void add_to_table(std::uint32_t term, std::int32_t weight);
  std::int32_t sum_of(std::uint32_t term) const;
  std::int64_t dot_of_lists(const TermSum& other) const;

  // One of them is empty.
  std::vector<Entry> list_;  ///< Sorted by term; no zeros.
  SlotTable<Entry> table_;
};

}  // namespace nutgraf
