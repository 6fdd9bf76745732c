#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/base/bounded_queue.h"
#include "daemon/base/heap.h"
#include "daemon/base/split_table.h"

namespace nutgraf {

/// Adds to an index of SplitTable on a thread of its own, and what belongs to one of its tables
/// when there is much of it: that table is in the cache meanwhile, and an addition takes 20 to 50
/// ns instead of 100 to 170. For building an index from many stories, when nobody looks anything up
/// between. What has one key is added in the order it was put.
///
/// `Index` has a plain type `Addition` with a 32-bit `key`, and add(Addition), which may be called
/// for keys of different pieces [SplitHash] at once. It is nobody else's until the destructor has
/// returned: that adds what is left, with a thread for each piece. Takes 16 MB of memory, and some
/// batches.
template <typename Index>
class DeferredAdds {
 public:
  using Addition = typename Index::Addition;

  explicit DeferredAdds(Index& index) : index_(index), thread_([this] { run(); }) {}
  /// All that was put is in the index.
  ~DeferredAdds() {
    batches_.close();
    thread_.join();
  }
  DeferredAdds(const DeferredAdds&) = delete;
  DeferredAdds& operator=(const DeferredAdds&) = delete;

  /// Waits while others wait.
  void put(std::vector<Addition> batch) { batches_.push(std::move(batch)); }

 private:
  /// Additions kept for a table: a quarter of it cost a tenth more.
  static constexpr std::size_t kDepth = (std::size_t{16} << 10) / sizeof(Addition);
  static constexpr std::size_t kWaiting = 4;

  void run() {
    widen_heap();
    // Not cleared: pages that are never written to are no memory.
    items_.reset(new Addition[SplitHash::kTables * kDepth]);
    while (const auto batch = batches_.pop()) {
      for (const Addition& addition : *batch) sort_in(addition);
    }
    constexpr std::size_t kPiece = SplitHash::kTables / SplitHash::kPieces;
    std::vector<std::jthread> threads;
    for (std::size_t begin = 0; begin < SplitHash::kTables; begin += kPiece) {
      threads.emplace_back([this, begin] {
        widen_heap();
        for (std::size_t part = begin; part < begin + kPiece; ++part) flush(part);
      });
    }
  }

  void sort_in(const Addition& addition) {
    const std::size_t part = SplitHash::table_of(SplitHash::of(addition.key));
    items_[part * kDepth + held_[part]] = addition;
    if (++held_[part] == kDepth) flush(part);
  }

  void flush(std::size_t part) {
    const Addition* items = items_.get() + part * kDepth;
    const std::size_t held = std::exchange(held_[part], 0);
    for (std::size_t i = 0; i < held; ++i) index_.add(items[i]);
  }

  BoundedQueue<std::vector<Addition>> batches_{kWaiting};

  // The thread's.
  Index& index_;
  std::unique_ptr<Addition[]> items_;
  std::vector<std::uint32_t> held_ = std::vector<std::uint32_t>(SplitHash::kTables);

  std::thread thread_;  // Last: it runs as soon as it is there.
};

}  // namespace nutgraf
