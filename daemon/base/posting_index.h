#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "daemon/base/split_table.h"

namespace nutgraf {

/// An inverted index: 32-bit key → numbers of the stories that hold it, the newest `most`. A key
/// that more stories share marks none of them, and would cost time at every look-up.
///
/// 10 to 13 bytes a posting. Numbers grow with every story; 0 is none.
class PostingIndex {
 public:
  explicit PostingIndex(std::size_t most) : most_(most) {}

  /// Adds a posting unless it is there already. `number` > 0 and not below any earlier one.
  void add(std::uint32_t key, std::uint32_t number);

  /// Removes a posting if it is there (it may have been displaced by newer ones).
  void remove(std::uint32_t key, std::uint32_t number);

  /// Appends the numbers of `key` to `out`, in no particular order.
  void find(std::uint32_t key, std::vector<std::uint32_t>& out) const;

  /// To be called for some keys ahead of what is done with them [SplitTable::prefetch].
  void prefetch(std::uint32_t key) const { postings_.prefetch(key); }

  std::size_t size() const { return postings_.size(); }
  std::size_t memory_bytes() const { return postings_.memory_bytes(); }

 private:
  struct Posting {
    std::uint32_t key = 0;
    std::uint32_t number = 0;
    bool taken() const { return number != 0; }
  };

  std::size_t most_;
  SplitTable<Posting> postings_;
};

}  // namespace nutgraf
