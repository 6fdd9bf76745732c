#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace nutgraf {

/// Slots by a 32-bit key, several with one key if need be: many small open-addressed tables with
/// linear probing, a key's table chosen by its hash. Each grows by a quarter when it is four fifths
/// full: 1.25 to 1.6 times the slots that are taken, where one table that doubles takes 1.3 to 2.7,
/// and no insert() waits for all slots to move; one that is less than half full shrinks. Removal
/// shifts back and leaves no tombstones [Knuth, TAOCP 3, 6.4 R].
///
/// `Slot`: a plain value with a `key` and `taken()`, false for a value-initialized one.
template <typename Slot>
class SplitTable {
 public:
  /// Calls `visit` with each slot of `key` until it returns false. It may change all of a slot but
  /// its key and that it is taken.
  template <typename Visit>
  void each(std::uint32_t key, Visit visit) {
    if (tables_.empty()) return;
    const std::uint64_t hashed = hash(key);
    Table& table = tables_[table_of(hashed)];
    if (table.capacity == 0) return;
    for (std::uint32_t at = table.home(hashed); table.slots[at].taken(); at = table.next(at)) {
      if (table.slots[at].key == key && !visit(table.slots[at])) return;
    }
  }
  template <typename Visit>
  void each(std::uint32_t key, Visit visit) const {
    const_cast<SplitTable*>(this)->each(key, [&](const Slot& slot) { return visit(slot); });
  }

  /// Adds a slot, whatever others have its key.
  void insert(const Slot& slot) {
    if (tables_.empty()) tables_.resize(kTables);
    const std::uint64_t hashed = hash(slot.key);
    Table& table = tables_[table_of(hashed)];
    if (table.full()) table.resize(table.capacity + table.capacity / 4 + 4);
    table.put(hashed, slot);
    ++table.held;
    ++size_;
  }

  /// Removes the first slot of `key` that `fits`, if there is one.
  template <typename Fits>
  void erase(std::uint32_t key, Fits fits) {
    Slot* found = nullptr;
    each(key, [&](Slot& slot) {
      if (fits(slot)) found = &slot;
      return found == nullptr;
    });
    if (found == nullptr) return;
    Table& table = tables_[table_of(hash(key))];
    table.free(static_cast<std::uint32_t>(found - table.slots.get()));
    if (table.sparse()) table.resize(7 * table.held / 5 + 4);
    --size_;
  }

  /// Fetches the place of `key` into the cache. To do so for some keys ahead of their look-ups
  /// hides most of what a miss costs.
  void prefetch(std::uint32_t key) const {
    if (tables_.empty()) return;
    const std::uint64_t hashed = hash(key);
    const Table& table = tables_[table_of(hashed)];
    if (table.capacity != 0) __builtin_prefetch(&table.slots[table.home(hashed)]);
  }

  std::size_t size() const { return size_; }

  std::size_t memory_bytes() const {
    std::size_t bytes = tables_.capacity() * sizeof(Table);
    for (const Table& table : tables_) bytes += table.capacity * sizeof(Slot);
    return bytes;
  }

 private:
  static constexpr std::size_t kTables = 1024;

  /// Keys may be the *small* hashes of a sample, whose high bits would crowd.
  static std::uint64_t hash(std::uint32_t key) {
    std::uint64_t mixed = (key + 1ull) * 0x9E3779B97F4A7C15ull;
    mixed ^= mixed >> 32;
    return mixed * 0xD6E8FEB86659FD93ull;
  }
  static std::size_t table_of(std::uint64_t hashed) { return hashed >> 54; }

  struct Table {
    std::unique_ptr<Slot[]> slots;
    std::uint32_t capacity = 0;
    std::uint32_t held = 0;

    /// Whether one more would leave less than a fifth free; a search ends at a free slot.
    bool full() const { return 5 * (std::size_t{held} + 1) > 4 * std::size_t{capacity}; }
    /// What chance once made of it is not kept for ever.
    bool sparse() const { return 2 * std::size_t{held} + 8 < capacity; }
    std::uint32_t next(std::uint32_t at) const { return at + 1 == capacity ? 0 : at + 1; }
    /// The bits below those that chose the table, scaled to its slots.
    std::uint32_t home(std::uint64_t hashed) const {
      return static_cast<std::uint32_t>((hashed >> 20 & 0xFFFFFFFF) * capacity >> 32);
    }
    void put(std::uint64_t hashed, const Slot& slot) {
      std::uint32_t at = home(hashed);
      while (slots[at].taken()) at = next(at);
      slots[at] = slot;
    }
    void resize(std::uint32_t wanted) {
      const std::uint32_t before = std::exchange(capacity, wanted);
      const std::unique_ptr<Slot[]> old = std::move(slots);
      slots = std::make_unique<Slot[]>(capacity);
      for (std::uint32_t i = 0; i < before; ++i) {
        if (old[i].taken()) put(hash(old[i].key), old[i]);
      }
    }
    /// Moves back whatever could no longer be reached across the hole.
    void free(std::uint32_t hole) {
      const auto distance = [this](std::uint32_t from, std::uint32_t to) {
        return to >= from ? to - from : to + capacity - from;
      };
      --held;
      for (std::uint32_t at = next(hole); slots[at].taken(); at = next(at)) {
        if (distance(home(hash(slots[at].key)), at) < distance(hole, at)) continue;
        slots[hole] = slots[at];
        hole = at;
      }
      slots[hole] = {};
    }
  };

  std::vector<Table> tables_;  ///< kTables, or none while nothing was added.
  std::size_t size_ = 0;
};

}  // namespace nutgraf
