#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "summarizer/hash_seed.h"

namespace nutgraf::summarizer {

/// A map from word hashes (never 0) to small values: open addressing in one array, for the tables
/// that every word goes through. Whoever writes the words cannot choose their places: those are the
/// high bits of a product with hash_seed() [Dietzfelbinger et al. 1997, multiply-shift].
template <typename Value>
class HashTable {
 public:
  /// The value of `key`, made from `value` if it is new; and whether it is.
  std::pair<Value*, bool> try_emplace(std::uint64_t key, Value value) {
    if (2 * (used_ + 1) > slots_.size()) resize(std::max(kFirstSize, 2 * slots_.size()));
    Slot& slot = slots_[find_slot(key)];
    if (slot.key == key) return {&slot.value, false};
    slot = {key, value};
    ++used_;
    return {&slot.value, true};
  }

  /// Room for so many keys without growing.
  void reserve(std::size_t keys) {
    if (slots_.size() < 2 * keys) resize(std::bit_ceil(2 * keys));
  }

  bool empty() const { return used_ == 0; }
  std::size_t size() const { return used_; }

  template <typename Visit>
  void for_each_key(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (slot.key != 0) visit(slot.key);
    }
  }

  /// nullptr if it is absent.
  const Value* find(std::uint64_t key) const {
    if (slots_.empty()) return nullptr;
    const Slot& slot = slots_[find_slot(key)];
    return slot.key == key ? &slot.value : nullptr;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;  // 0: free.
    Value value{};
  };

  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t home(std::uint64_t key) const {
    return static_cast<std::size_t>((key * seed_) >> shift_);
  }

  /// The slot of `key`, or the free one where it belongs. At most half of the slots are used.
  std::size_t find_slot(std::uint64_t key) const {
    std::size_t i = home(key);
    while (slots_[i].key != 0 && slots_[i].key != key) i = (i + 1) & mask();
    return i;
  }

  void resize(std::size_t slots) {
    std::vector<Slot> old(slots);
    old.swap(slots_);
    shift_ = 64 - std::countr_zero(slots_.size());
    for (const Slot& slot : old) {
      if (slot.key != 0) slots_[find_slot(slot.key)] = slot;
    }
  }

  static constexpr std::size_t kFirstSize = 16;
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  std::uint64_t seed_ = hash_seed();
  int shift_ = 63;
};

}  // namespace nutgraf::summarizer
