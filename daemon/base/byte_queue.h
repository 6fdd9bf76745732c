#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string_view>

namespace nutgraf {

/// Byte strings that leave in the order in which they came, and stay where they are meanwhile: what
/// an index remembers of its stories.
///
/// They lie one after the other in blocks of 2 MB, so that none costs a call of malloc and leaves a
/// gap, and pages are had 64 at a time, which takes a third less than a fault for each. As long as
/// there is little the blocks are smaller: at most an eighth of all.
class ByteQueue {
 public:
  /// Copies them; what is returned stays until pop_front() forgets it.
  std::string_view push_back(std::string_view bytes);

  /// Forgets the oldest, of which there has to be one. A block is given back with the last of it.
  void pop_front();

  std::size_t memory_bytes() const { return capacity_; }  ///< Of all blocks.

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t capacity = 0;
    std::size_t used = 0;
    std::size_t ready = 0;    ///< Bytes whose pages were asked for.
    std::size_t strings = 0;  ///< Not yet forgotten.
  };
  static constexpr std::size_t kBlock = std::size_t{2} << 20;
  static constexpr std::size_t kLeast = std::size_t{16} << 10;
  static constexpr std::size_t kAtOnce = std::size_t{256} << 10;

  static void make_ready(Block& block, std::size_t bytes);
  std::size_t next_capacity(std::size_t least) const;

  std::deque<Block> blocks_;  ///< All but the last are full.
  std::size_t capacity_ = 0;
};

}  // namespace nutgraf
