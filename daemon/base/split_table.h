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
};

/// One slot a 32-bit key: many small SlotTables, a key's table chosen by its hash. Each grows by
/// itself: 1.25 to 1.9 times the slots that are taken, where one table that doubles takes 1.3 to
/// 2.7, and no slot() waits for all slots to move.
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
    return tables_[SplitHash::table_of(hashed)].find(hashed, key);
  }
  Slot* find(std::uint32_t key) { return const_cast<Slot*>(std::as_const(*this).find(key)); }

  /// The same, or a new one that is not taken yet: the caller has to make it so at once.
  Slot& slot(std::uint32_t key) {
    if (tables_.empty()) tables_.resize(SplitHash::kTables);
    const std::uint64_t hashed = SplitHash::of(key);
    SlotTable<Slot>& table = tables_[SplitHash::table_of(hashed)];
    const std::size_t before = table.size();
    Slot& slot = table.slot(hashed, key);
    size_ += table.size() - before;
    return slot;
  }

  /// Removes the slot of `key` if there is one.
  void erase(std::uint32_t key) {
    Slot* found = find(key);
    if (found == nullptr) return;
    tables_[SplitHash::table_of(SplitHash::of(key))].erase(found);
    --size_;
  }

  /// Fetches the place of `key` into the cache. To do so for some keys ahead of their look-ups
  /// hides most of what a miss costs.
  void prefetch(std::uint32_t key) const {
    if (tables_.empty()) return;
    const std::uint64_t hashed = SplitHash::of(key);
    tables_[SplitHash::table_of(hashed)].prefetch(hashed);
  }

  std::size_t size() const { return size_; }

  std::size_t memory_bytes() const {
    std::size_t bytes = tables_.capacity() * sizeof(SlotTable<Slot>);
    for (const SlotTable<Slot>& table : tables_) bytes += table.memory_bytes();
    return bytes;
  }

 private:
  std::vector<SlotTable<Slot>> tables_;  ///< SplitHash::kTables, or none while nothing was added.
  std::size_t size_ = 0;
};

}  // namespace nutgraf
