#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "daemon/base/split_table.h"

namespace nutgraf {

/// What is to be added to an index of SplitTable, kept until there is much for one of its tables
/// and then added at once: that table is in the cache meanwhile, and an addition takes some 5 ns
/// instead of the 50 to 100 of a miss. For building an index from many stories, when nobody looks
/// anything up between. What has one key is added in the order it was put.
///
/// `Item`: a plain value with a 32-bit `key`. Takes 1 M items of memory at most.
template <typename Item>
class DeferredAdds {
 public:
  /// Calls add(item) for this item and others, now or later.
  template <typename Add>
  void put(const Item& item, Add add) {
    const std::size_t part = SplitHash::table_of(SplitHash::of(item.key));
    items_[part * kDepth + held_[part]] = item;
    if (++held_[part] == kDepth) flush(part, add);
  }

  /// Calls add(item) for all that were put off.
  template <typename Add>
  void flush(Add add) {
    for (std::size_t part = 0; part < held_.size(); ++part) flush(part, add);
  }

 private:
  static constexpr std::size_t kDepth = 1024;

  template <typename Add>
  void flush(std::size_t part, Add add) {
    const Item* items = items_.get() + part * kDepth;
    for (std::size_t i = 0; i < held_[part]; ++i) add(items[i]);
    held_[part] = 0;
  }

  // Not cleared: pages that are never written to are no memory.
  std::unique_ptr<Item[]> items_{new Item[SplitHash::kTables * kDepth]};
  std::vector<std::uint32_t> held_ = std::vector<std::uint32_t>(SplitHash::kTables);
};

}  // namespace nutgraf
