#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "daemon/base/hash_seed.h"

namespace nutgraf {

/// 64 well mixed bits of a 32-bit key: keys may be the *small* hashes of a sample, whose high bits
/// would crowd. Others in each process: whoever writes the words cannot choose their places.
inline std::uint64_t slot_hash(std::uint32_t key) {
  std::uint64_t mixed = (key + 1ull) * hash_seed();
  mixed ^= mixed >> 32;
  return mixed * 0xD6E8FEB86659FD93ull;
}

/// One slot a 32-bit key, with linear probing. It grows by a half when it is four fifths full and
/// shrinks when it is less than half full. Removal shifts back and leaves no tombstones [Knuth,
/// TAOCP 3, 6.4 R]. All functions take slot_hash(key) with the key, and use its lower 52 bits.
///
/// `Slot`: a plain value with a `key` and `taken()`, false for a value-initialized one.
template <typename Slot>
class SlotTable {
 public:
  /// The slot of `key`; null: none. The caller may change all of it but its key and that it is
  /// taken. Valid until slot() or erase().
  const Slot* find(std::uint64_t hashed, std::uint32_t key) const {
    if (capacity_ == 0) return nullptr;
    const Slot& slot = slots_[place(hashed, key)];
    return slot.taken() ? &slot : nullptr;
  }
  Slot* find(std::uint64_t hashed, std::uint32_t key) {
    return const_cast<Slot*>(std::as_const(*this).find(hashed, key));
  }

  /// The same, or a new one that is not taken yet: the caller has to make it so at once.
  Slot& slot(std::uint64_t hashed, std::uint32_t key) {
    std::uint32_t at = capacity_ == 0 ? 0 : place(hashed, key);
    if (capacity_ != 0 && slots_[at].taken()) return slots_[at];
    if (full()) {
      resize(capacity_ + capacity_ / 2 + 4);
      at = place(hashed, key);
    }
    Slot& slot = slots_[at];
    slot.key = key;
    ++held_;
    return slot;
  }

  /// Frees a slot that find() gave.
  void erase(Slot* slot) {
    free(static_cast<std::uint32_t>(slot - slots_.get()));
    if (sparse()) resize(7 * held_ / 5 + 4);
  }

  void prefetch(std::uint64_t hashed) const {
    if (capacity_ == 0) return;
    const Slot* first = slots_.get() + home(hashed);
    __builtin_prefetch(first);
    __builtin_prefetch(first + 64 / sizeof(Slot));  // A search may well go on into the next line.
  }

  /// Calls visit(slot) for each that is taken, in an order that is another in each process.
  template <typename Visit>
  void each(Visit visit) const {
    for (std::uint32_t i = 0; i < capacity_; ++i) {
      if (slots_[i].taken()) visit(slots_[i]);
    }
  }

  std::size_t size() const { return held_; }
  std::size_t memory_bytes() const { return capacity_ * sizeof(Slot); }

 private:
  /// Whether one more would leave less than a fifth free; a search ends at a free slot.
  bool full() const { return 5 * (std::size_t{held_} + 1) > 4 * std::size_t{capacity_}; }
  /// What chance once made of it is not kept for ever.
  bool sparse() const { return 2 * std::size_t{held_} + 8 < capacity_; }
  std::uint32_t next(std::uint32_t at) const { return at + 1 == capacity_ ? 0 : at + 1; }
  std::uint32_t home(std::uint64_t hashed) const {
    return static_cast<std::uint32_t>((hashed >> 20 & 0xFFFFFFFF) * capacity_ >> 32);
  }
  /// Where the key is, or else would be put.
  std::uint32_t place(std::uint64_t hashed, std::uint32_t key) const {
    std::uint32_t at = home(hashed);
    while (slots_[at].taken() && slots_[at].key != key) at = next(at);
    return at;
  }
  void resize(std::uint32_t wanted) {
    const std::uint32_t before = std::exchange(capacity_, wanted);
    const std::unique_ptr<Slot[]> old = std::move(slots_);
    slots_ = std::make_unique<Slot[]>(capacity_);
    for (std::uint32_t i = 0; i < before; ++i) {
      if (old[i].taken()) slots_[place(slot_hash(old[i].key), old[i].key)] = old[i];
    }
  }
  /// Moves back whatever could no longer be reached across the hole.
  void free(std::uint32_t hole) {
    const auto distance = [this](std::uint32_t from, std::uint32_t to) {
      return to >= from ? to - from : to + capacity_ - from;
    };
    --held_;
    for (std::uint32_t at = next(hole); slots_[at].taken(); at = next(at)) {
      if (distance(home(slot_hash(slots_[at].key)), at) < distance(hole, at)) continue;
      slots_[hole] = slots_[at];
      hole = at;
    }
    slots_[hole] = {};
  }

  std::unique_ptr<Slot[]> slots_;
  std::uint32_t capacity_ = 0;
  std::uint32_t held_ = 0;
};

}  // namespace nutgraf
