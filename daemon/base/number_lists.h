#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "daemon/base/prefetch.h"

namespace nutgraf {

/// Many short lists of numbers > 0, each in a block of 2, 4, 8 … 128 numbers, whichever holds it.
/// Blocks that are given back are used again; what a block has not filled is 0.
class NumberLists {
 public:
  /// Which block; below 2^31. A list that grows or shrinks may move to another.
  using Handle = std::uint32_t;

  static constexpr std::size_t kMost = 128;  ///< Numbers of one list.

  Handle make(std::uint32_t first, std::uint32_t second);

  /// In the order they were appended. Valid until a list is changed.
  std::span<const std::uint32_t> of(Handle handle) const {
    const std::uint32_t* block = at(handle);
    return {block, held(block, capacity(kind_of(handle)))};
  }

  struct Appended {
    Handle list;
    bool grew;
  };
  /// Appends, unless it is the last already; drops the first of a list of `most` numbers (at most
  /// kMost).
  Appended append(Handle handle, std::uint32_t number, std::size_t most);

  /// Removes the number at `position`; the list keeps one at least.
  Handle remove(Handle handle, std::size_t position);

  /// Gives the block back.
  void drop(Handle handle);

  /// Fetches all of the list's block into the cache.
  void prefetch(Handle handle) const {
    prefetch_bytes(at(handle), capacity(kind_of(handle)) * sizeof(std::uint32_t));
  }

  std::size_t memory_bytes() const;

 private:
  static constexpr std::uint32_t kKinds = 7;
  static constexpr std::size_t kChunk = 1024;  ///< Numbers allocated at once.

  /// The blocks of one size.
  struct Blocks {
    std::vector<std::unique_ptr<std::uint32_t[]>> chunks;
    std::uint32_t made = 0;
    std::uint32_t free = 0;  ///< The last given back, from 1; its first number is the one before.
  };

  static std::uint32_t kind_of(Handle handle) { return handle & 7; }
  static std::size_t capacity(std::uint32_t kind) { return std::size_t{2} << kind; }
  static std::size_t held(const std::uint32_t* block, std::size_t capacity) {
    if (block[capacity - 1] != 0) return capacity;
    std::size_t count = block[capacity / 2 - 1] != 0 ? capacity / 2 : 0;
    // To the end, although the first 0 would tell: so it is done for several numbers at a time.
    for (std::size_t i = count; i < capacity; ++i) count += block[i] != 0;
    return count;
  }
  std::uint32_t* at(Handle handle) const {
    const std::size_t first = std::size_t{handle >> 3} << (kind_of(handle) + 1);
    return blocks_[kind_of(handle)].chunks[first / kChunk].get() + first % kChunk;
  }
  Handle take(std::uint32_t kind);
  Handle moved(Handle handle, std::uint32_t kind);

  std::array<Blocks, kKinds> blocks_;
};

}  // namespace nutgraf
