#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nutgraf {

/// Postings kept per key, newest first. A phrase that more stories share is boilerplate: it would
/// cost time at every look-up, and its weight 1/df is already near nothing.
inline constexpr std::size_t kMaxPostings = 64;

/// An inverted index: 32-bit key → numbers of the texts that hold it, the newest kMaxPostings.
///
/// One open-addressed table of (key, number) pairs with linear probing: 8 bytes a slot at a load of
/// at most 3/4, so 11 to 21 bytes a posting. Removal shifts back and leaves no tombstones [Knuth,
/// TAOCP 3, 6.4 R]. Numbers grow with every text; 0 marks a free slot.
class ShingleIndex {
 public:
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

  std::vector<Slot> slots_;  ///< A power of two.
  std::size_t size_ = 0;
};

}  // namespace nutgraf
