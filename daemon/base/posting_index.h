#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nutgraf {

/// An inverted index: 32-bit key → numbers of the stories that hold it, the newest `most`. A key
/// that more stories share marks none of them, and would cost time at every look-up.
///
/// One open-addressed table of (key, number) pairs with linear probing: 8 bytes a slot at a load of
/// at most 3/4, so 11 to 21 bytes a posting. Removal shifts back and leaves no tombstones [Knuth,
/// TAOCP 3, 6.4 R]. Numbers grow with every story; 0 marks a free slot.
class PostingIndex {
 public:
  explicit PostingIndex(std::size_t most) : most_(most) {}

  /// Adds a posting unless it is there already. `number` > 0 and not below any earlier one.
  void add(std::uint32_t key, std::uint32_t number);

  /// Removes a posting if it is there (it may have been displaced by newer ones).
  void remove(std::uint32_t key, std::uint32_t number);

  /// Appends the numbers of `key` to `out`, in no particular order.
  void find(std::uint32_t key, std::vector<std::uint32_t>& out) const;

  std::size_t size() const { return size_; }
  std::size_t memory_bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t key = 0;
    std::uint32_t number = 0;
  };

  std::size_t home(std::uint32_t key) const;
  void grow();

  const std::size_t most_;
  std::vector<Slot> slots_;  ///< A power of two.
  std::size_t size_ = 0;
};

}  // namespace nutgraf
