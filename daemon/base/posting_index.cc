#include "daemon/base/posting_index.h"

#include <utility>

namespace nutgraf {

/// Fibonacci hashing: keys may be the *small* hashes of a sample, whose high bits would crowd.
std::size_t PostingIndex::home(std::uint32_t key) const {
  return (key * 0x9E3779B97F4A7C15ull >> 32) & (slots_.size() - 1);
}

void PostingIndex::grow() {
  std::vector<Slot> old = std::exchange(slots_, {});
  slots_.resize(old.empty() ? 1024 : old.size() * 2);
  for (const Slot& slot : old) {
    if (slot.number == 0) continue;
    std::size_t at = home(slot.key);
    while (slots_[at].number != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

void PostingIndex::add(std::uint32_t key, std::uint32_t number) {
  if (size_ * 4 >= slots_.size() * 3) grow();
  std::size_t at = home(key);
  std::size_t held = 0;
  Slot* oldest = nullptr;
  for (; slots_[at].number != 0; at = (at + 1) & (slots_.size() - 1)) {
    Slot& slot = slots_[at];
    if (slot.key != key) continue;
    if (slot.number == number) return;
    ++held;
    if (oldest == nullptr || slot.number < oldest->number) oldest = &slot;
  }
  if (held >= most_) {
    oldest->number = number;
    return;
  }
  slots_[at] = {key, number};
  ++size_;
}

void PostingIndex::remove(std::uint32_t key, std::uint32_t number) {
  if (slots_.empty()) return;
  const std::size_t mask = slots_.size() - 1;
  std::size_t hole = home(key);
  while (slots_[hole].number != number || slots_[hole].key != key) {
    if (slots_[hole].number == 0) return;
    hole = (hole + 1) & mask;
  }
  --size_;
  // Move back whatever could no longer be reached across the hole.
  for (std::size_t at = (hole + 1) & mask; slots_[at].number != 0; at = (at + 1) & mask) {
    const std::size_t distance = (at - home(slots_[at].key)) & mask;
    if (distance < ((at - hole) & mask)) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = {};
}

void PostingIndex::find(std::uint32_t key, std::vector<std::uint32_t>& out) const {
  if (slots_.empty()) return;
  for (std::size_t at = home(key); slots_[at].number != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].key == key) out.push_back(slots_[at].number);
  }
}

}  // namespace nutgraf
