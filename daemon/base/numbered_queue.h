#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace nutgraf {

/// A queue of items that are known by their numbers: the first ever is `first`, each has the next
/// one. An item stays where it is until it leaves, and is two steps away wherever it is. In blocks
/// of 4096, where std::deque's hold 512 bytes, which is another miss at each look-up.
template <typename T>
class NumberedQueue {
 public:
  explicit NumberedQueue(std::uint32_t first = 0)
      : begin_(first), end_(first), first_block_(first / kBlock) {}

  std::uint32_t begin_number() const { return begin_; }  ///< Of the oldest that is left.
  std::uint32_t end_number() const { return end_; }      ///< Of the next one to come.
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }

  /// For numbers in [begin_number(), end_number()).
  T& operator[](std::uint32_t number) {
    return blocks_[number / kBlock - first_block_][number % kBlock];
  }
  const T& operator[](std::uint32_t number) const {
    return blocks_[number / kBlock - first_block_][number % kBlock];
  }
  T& front() { return (*this)[begin_]; }

  void push_back(T item) {
    if (end_ / kBlock - first_block_ == blocks_.size()) {
      blocks_.push_back(std::make_unique<T[]>(kBlock));
    }
    (*this)[end_++] = std::move(item);
  }

  void pop_front() {
    front() = T();
    ++begin_;
    if (begin_ % kBlock != 0) return;
    blocks_.erase(blocks_.begin());  // 8 bytes a block move.
    ++first_block_;
  }

  /// Without what the items own.
  std::size_t memory_bytes() const { return blocks_.size() * kBlock * sizeof(T); }

 private:
  static constexpr std::uint32_t kBlock = 4096;

  std::uint32_t begin_;
  std::uint32_t end_;
  std::uint32_t first_block_;
  std::vector<std::unique_ptr<T[]>> blocks_;
};

}  // namespace nutgraf
