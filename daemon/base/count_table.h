#pragma once

#include <cstddef>
#include <cstdint>

#include "daemon/base/split_table.h"

namespace nutgraf {

/// How often each 32-bit key was added; what was taken back wholly leaves nothing behind. 10 to 13
/// bytes a key.
class CountTable {
 public:
  /// Of one key [DeferredAdds].
  struct Addition {
    std::uint32_t key;
  };

  std::uint32_t of(std::uint32_t key) const {
    const Count* slot = counts_.find(key);
    return slot == nullptr ? 0 : slot->count;
  }

  void add(std::uint32_t key) { ++counts_.slot(key).count; }
  void add(const Addition& addition) { add(addition.key); }

  /// Takes back one add(); nothing for a key that counts none.
  void remove(std::uint32_t key) {
    Count* slot = counts_.find(key);
    if (slot == nullptr) return;
    if (slot->count == 1) {
      counts_.erase(key);
    } else {
      --slot->count;
    }
  }

  /// To be called for some keys ahead of what is done with them [SplitTable::prefetch].
  void prefetch(std::uint32_t key) const { counts_.prefetch(key); }

  std::size_t size() const { return counts_.size(); }
  std::size_t memory_bytes() const { return counts_.memory_bytes(); }

 private:
  struct Count {
    std::uint32_t key = 0;
    std::uint32_t count = 0;
    bool taken() const { return count != 0; }
  };

  SplitTable<Count> counts_;
};

}  // namespace nutgraf
