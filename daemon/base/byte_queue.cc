#include "daemon/base/byte_queue.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace nutgraf {

/// Has the kernel make the pages of what is written next. If it cannot, they are made one by one.
void ByteQueue::make_ready(Block& block, std::size_t bytes) {
  const std::size_t wanted = (bytes + kAtOnce - 1) / kAtOnce * kAtOnce;
  const std::size_t end = std::min(wanted, block.capacity);
#ifdef MADV_POPULATE_WRITE
  static const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(block.bytes.get());
  const std::uintptr_t skipped = -(first + block.ready) % page;
  const std::uintptr_t size = end - block.ready;
  if (size > skipped) {
    madvise(block.bytes.get() + block.ready + skipped, size - skipped, MADV_POPULATE_WRITE);
  }
#endif
  block.ready = end;
}

std::size_t ByteQueue::next_capacity(std::size_t least) const {
  const std::size_t usual = std::clamp(std::bit_floor(capacity_ / 8), kLeast, kBlock);
  return least <= usual ? usual : (least + kBlock - 1) / kBlock * kBlock;
}

std::string_view ByteQueue::push_back(std::string_view bytes) {
  if (blocks_.empty() || blocks_.back().capacity - blocks_.back().used < bytes.size()) {
    const std::size_t capacity = next_capacity(bytes.size());
    // Not cleared: pages are not touched before they are needed.
    blocks_.push_back({std::unique_ptr<char[]>(new char[capacity]), capacity});
    capacity_ += capacity;
  }
  Block& block = blocks_.back();
  const std::size_t end = block.used + bytes.size();
  if (end > block.ready) make_ready(block, end);
  char* const to = block.bytes.get() + block.used;
  if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
  block.used = end;
  ++block.strings;
  return {to, bytes.size()};
}

void ByteQueue::pop_front() {
  Block& block = blocks_.front();
  if (--block.strings > 0) return;
  capacity_ -= block.capacity;
  blocks_.pop_front();
}

}  // namespace nutgraf
