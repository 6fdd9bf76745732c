#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace nutgraf {

/// Where a SplitTable has a key.
struct SplitHash {
  static constexpr std::size_t kTables = 1024;

  /// Keys may be the *small* hashes of a sample, whose high bits would crowd.
  static std::uint64_t of(std::uint32_t key) {
    std::uint64_t mixed = (key + 1ull) * 0x9E3779B97F4A7C15ull;
    mixed ^= mixed >> 32;
    return mixed * 0xD6E8FEB86659FD93ull;
  }
  static std::size_t table_of(std::uint64_t hashed) { return hashed >> 54; }
};

/// One slot a 32-bit key: many small open-addressed tables with linear probing, a key's table
/// chosen by its hash. Each grows by a half when it is four fifths full: 1.25 to 1.9 times the
/// slots that are taken, where one table that doubles takes 1.3 to 2.7, and no slot() waits for all
/// slots to move; one that is less than half full shrinks. Removal shifts back and leaves no
/// tombstones [Knuth, TAOCP 3, 6.4 R].
///
/// `Slot`: a plain value with a `key` and `taken()`, false for a value-initialized one.
template <typename Slot>
class SplitTable {
 public:
  /// The slot of `key`; null: none. The caller may change all of it but its key and that it is
  /// taken. Valid until slot() or erase().
  const Slot* find(std::uint32_t key) const {
    if (tables_.empty()) return nullptr;
    const std::uint64_t hashed = SplitHash::of(key);
    const Table& table = tables_[SplitHash::table_of(hashed)];
    if (table.capacity == 0) return nullptr;
    const Slot& slot = table.slots[table.place(hashed, key)];
    return slot.taken() ? &slot : nullptr;
  }
  Slot* find(std::uint32_t key) { return const_cast<Slot*>(std::as_const(*this).find(key)); }

  /// The same, or a new one that is not taken yet: the caller has to make it so at once.
  Slot& slot(std::uint32_t key) {
    if (tables_.empty()) tables_.resize(SplitHash::kTables);
    const std::uint64_t hashed = SplitHash::of(key);
    Table& table = tables_[SplitHash::table_of(hashed)];
    std::uint32_t at = 0;
    if (table.capacity != 0) {
      at = table.place(hashed, key);
      if (table.slots[at].taken()) return table.slots[at];
    }
    if (table.full()) {
      table.resize(table.capacity + table.capacity / 2 + 4);
      at = table.place(hashed, key);
    }
    table.slots[at].key = key;
    ++table.held;
    ++size_;
    return table.slots[at];
  }

  /// Removes the slot of `key` if there is one.
  void erase(std::uint32_t key) {
    Slot* found = find(key);
    if (found == nullptr) return;
    Table& table = tables_[SplitHash::table_of(SplitHash::of(key))];
    table.free(static_cast<std::uint32_t>(found - table.slots.get()));
    if (table.sparse()) table.resize(7 * table.held / 5 + 4);
    --size_;
  }

  /// Fetches the place of `key` into the cache. To do so for some keys ahead of their look-ups
  /// hides most of what a miss costs.
  void prefetch(std::uint32_t key) const {
    if (tables_.empty()) return;
    const std::uint64_t hashed = SplitHash::of(key);
    const Table& table = tables_[SplitHash::table_of(hashed)];
    if (table.capacity == 0) return;
    const Slot* home = table.slots.get() + table.home(hashed);
    __builtin_prefetch(home);
    __builtin_prefetch(home + 64 / sizeof(Slot));  // A search may well go on into the next line.
  }

  std::size_t size() const { return size_; }

  std::size_t memory_bytes() const {
    std::size_t bytes = tables_.capacity() * sizeof(Table);
    for (const Table& table : tables_) bytes += table.capacity * sizeof(Slot);
    return bytes;
  }

 private:
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
    /// Where the key is, or else would be put.
    std::uint32_t place(std::uint64_t hashed, std::uint32_t key) const {
      std::uint32_t at = home(hashed);
      while (slots[at].taken() && slots[at].key != key) at = next(at);
      return at;
    }
    void resize(std::uint32_t wanted) {
      const std::uint32_t before = std::exchange(capacity, wanted);
      const std::unique_ptr<Slot[]> old = std::move(slots);
      slots = std::make_unique<Slot[]>(capacity);
      for (std::uint32_t i = 0; i < before; ++i) {
        if (old[i].taken()) slots[place(SplitHash::of(old[i].key), old[i].key)] = old[i];
      }
    }
    /// Moves back whatever could no longer be reached across the hole.
    void free(std::uint32_t hole) {
      const auto distance = [this](std::uint32_t from, std::uint32_t to) {
        return to >= from ? to - from : to + capacity - from;
      };
      --held;
      for (std::uint32_t at = next(hole); slots[at].taken(); at = next(at)) {
        if (distance(home(SplitHash::of(slots[at].key)), at) < distance(hole, at)) continue;
        slots[hole] = slots[at];
        hole = at;
      }
      slots[hole] = {};
    }
  };

  std::vector<Table> tables_;  ///< SplitHash::kTables, or none while nothing was added.
  std::size_t size_ = 0;
};

}  // namespace nutgraf
