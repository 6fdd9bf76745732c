#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "daemon/base/slot_table.h"

namespace nutgraf {

/// Where a SplitTable has a key.
struct SplitHash {
  static constexpr std::size_t kTables = 1024;

  static std::uint64_t of(std::uint32_t key) { return slot_hash(key); }
  static std::size_t table_of(std::uint64_t hashed) { return hashed >> 54; }

  /// Tables of one piece follow one another: what is filled by several threads at once is so piece
  /// by piece.
  static constexpr std::size_t kPieces = 4;
  static std::size_t piece_of(std::uint64_t hashed) { return hashed >> 62; }
};

/// One slot a 32-bit key: many small SlotTables, a key's table chosen by its hash. Each grows by
/// itself: 1.25 to 1.9 times the slots that are taken, where one table that doubles takes 1.3 to
/// 2.7, and no slot() waits for all slots to move.
///
/// `Slot`: a plain value with a `key` and `taken()`, false for a value-initialized one.
///
/// One thread at a time; but keys of different pieces may be added by a thread each.
template <typename Slot>
class SplitTable {
 public:
  /// The slot of `key`; null: none. The caller may change all of it but its key and that it is
  /// taken. Valid until slot() or erase().
  const Slot* find(std::uint32_t key) const {
    const std::uint64_t hashed = SplitHash::of(key);
    return tables_[SplitHash::table_of(hashed)].find(hashed, key);
  }
  Slot* find(std::uint32_t key) { return const_cast<Slot*>(std::as_const(*this).find(key)); }

  /// The same, or a new one that is not taken yet: the caller has to make it so at once.
  Slot& slot(std::uint32_t key) {
    const std::uint64_t hashed = SplitHash::of(key);
    return tables_[SplitHash::table_of(hashed)].slot(hashed, key);
  }

  /// Removes the slot of `key` if there is one.
  void erase(std::uint32_t key) {
    Slot* found = find(key);
    if (found != nullptr) tables_[SplitHash::table_of(SplitHash::of(key))].erase(found);
  }

  /// Fetches the place of `key` into the cache. To do so for some keys ahead of their look-ups
  /// hides most of what a miss costs.
  void prefetch(std::uint32_t key) const {
    const std::uint64_t hashed = SplitHash::of(key);
    tables_[SplitHash::table_of(hashed)].prefetch(hashed);
  }

  /// Goes through the tables.
  std::size_t size() const {
    std::size_t size = 0;
    for (const SlotTable<Slot>& table : tables_) size += table.size();
    return size;
  }

  std::size_t memory_bytes() const {
    std::size_t bytes = tables_.capacity() * sizeof(SlotTable<Slot>);
    for (const SlotTable<Slot>& table : tables_) bytes += table.memory_bytes();
    return bytes;
  }

 private:
  std::vector<SlotTable<Slot>> tables_ = std::vector<SlotTable<Slot>>(SplitHash::kTables);
};

}  // namespace nutgraf
