#pragma once

#include <cstddef>
#include <cstdint>

#include "daemon/base/split_table.h"

namespace nutgraf {

/// How often each 32-bit key was added; what was taken back wholly leaves nothing behind. 10 to 13
/// bytes a key.
class CountTable {
 public:
  std::uint32_t of(std::uint32_t key) const {
    std::uint32_t count = 0;
    counts_.each(key, [&](const Count& slot) {
      count = slot.count;
      return false;
    });
    return count;
  }

  void add(std::uint32_t key) {
    bool there = false;
    counts_.each(key, [&](Count& slot) {
      ++slot.count;
      there = true;
      return false;
    });
    if (!there) counts_.insert({key, 1});
  }

  /// Takes back one add(); nothing for a key that counts none.
  void remove(std::uint32_t key) {
    bool last = false;
    counts_.each(key, [&](Count& slot) {
      last = slot.count == 1;
      if (!last) --slot.count;
      return false;
    });
    if (last) counts_.erase(key, [](const Count&) { return true; });
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
