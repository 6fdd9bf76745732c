#include "daemon/base/byte_queue.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace nutgraf {

void ByteQueue::Free::operator()(char* bytes) const {
  if (mapped == 0) {
    delete[] bytes;
  } else {
    munmap(bytes, mapped);
  }
}

ByteQueue::Block ByteQueue::make(std::size_t capacity) {
  if (capacity < kBlock) return {{new char[capacity], Free{0}}, capacity, 0, capacity, 0};
  void* const mapped = mmap(nullptr, capacity, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  return {{static_cast<char*>(mapped), Free{capacity}}, capacity, 0, 0, 0};
}

/// Has the kernel make the pages of what is written next. If it cannot, they are made one by one.
void ByteQueue::make_ready(Block& block, std::size_t bytes) {
  const std::size_t wanted = (bytes + kAtOnce - 1) / kAtOnce * kAtOnce;
  const std::size_t end = std::min(wanted, block.capacity);
#ifdef MADV_POPULATE_WRITE
  madvise(block.bytes.get() + block.ready, end - block.ready, MADV_POPULATE_WRITE);
#endif
  block.ready = end;
}

std::size_t ByteQueue::next_capacity(std::size_t least) const {
  const std::size_t usual = std::clamp(std::bit_floor(capacity_ / 8), kLeast, kBlock);
  return least <= usual ? usual : (least + kBlock - 1) / kBlock * kBlock;
}

std::string_view ByteQueue::push_back(std::string_view bytes) {
  if (blocks_.empty() || blocks_.back().capacity - blocks_.back().used < bytes.size()) {
    blocks_.push_back(make(next_capacity(bytes.size())));
    capacity_ += blocks_.back().capacity;
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
