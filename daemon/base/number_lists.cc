#include "daemon/base/number_lists.h"

#include <algorithm>

namespace nutgraf {

NumberLists::Handle NumberLists::take(std::uint32_t kind) {
  Blocks& blocks = blocks_[kind];
  if (blocks.free != 0) {
    const Handle handle = (blocks.free - 1) << 3 | kind;
    std::uint32_t* block = at(handle);
    blocks.free = *block;
    *block = 0;
    return handle;
  }
  const std::size_t first = std::size_t{blocks.made} << (kind + 1);
  if (first / kChunk == blocks.chunks.size()) {
    blocks.chunks.push_back(std::make_unique<std::uint32_t[]>(kChunk));
  }
  return blocks.made++ << 3 | kind;
}

void NumberLists::drop(Handle handle) {
  Blocks& blocks = blocks_[kind_of(handle)];
  std::uint32_t* block = at(handle);
  std::fill_n(block, capacity(kind_of(handle)), 0);
  *block = blocks.free;
  blocks.free = (handle >> 3) + 1;
}

/// The list in a block of another size, which holds it.
NumberLists::Handle NumberLists::moved(Handle handle, std::uint32_t kind) {
  const Handle target = take(kind);
  const std::span<const std::uint32_t> numbers = of(handle);
  std::copy(numbers.begin(), numbers.end(), at(target));
  drop(handle);
  return target;
}

NumberLists::Handle NumberLists::make(std::uint32_t first, std::uint32_t second) {
  const Handle handle = take(0);
  at(handle)[0] = first;
  at(handle)[1] = second;
  return handle;
}

NumberLists::Appended NumberLists::append(Handle handle, std::uint32_t number, std::size_t most) {
  std::uint32_t* const block = at(handle);
  const std::size_t count = held(block, capacity(kind_of(handle)));
  if (block[count - 1] == number) return {handle, false};
  if (count >= most) {
    std::copy(block + 1, block + count, block);
    block[count - 1] = number;
    return {handle, false};
  }
  if (count == capacity(kind_of(handle))) handle = moved(handle, kind_of(handle) + 1);
  at(handle)[count] = number;
  return {handle, true};
}

NumberLists::Handle NumberLists::remove(Handle handle, std::size_t position) {
  std::uint32_t* block = at(handle);
  const std::size_t count = of(handle).size();
  std::copy(block + position + 1, block + count, block + position);
  block[count - 1] = 0;
  // Not as soon as the smaller block would do: a list that sways about its size stays where it is.
  const std::uint32_t kind = kind_of(handle);
  if (kind == 0 || 3 * count > capacity(kind)) return handle;
  return moved(handle, kind - 1);
}

std::size_t NumberLists::memory_bytes() const {
  std::size_t chunks = 0;
  for (const Blocks& blocks : blocks_) chunks += blocks.chunks.size();
  return chunks * kChunk * sizeof(std::uint32_t);
}

}  // namespace nutgraf
