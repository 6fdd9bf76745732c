#include "daemon/base/posting_index.h"

#include <algorithm>

namespace nutgraf {

void PostingIndex::add(std::uint32_t key, std::uint32_t number) {
  auto& [lists, size] = piece(key);
  Entry& entry = entries_.slot(key);
  if (!entry.taken()) {
    entry.value = number;
    ++size;
    return;
  }
  if (entry.value == number) return;
  const NumberLists::Appended appended =
      entry.several() ? lists.append(entry.list(), number, most_)
                      : NumberLists::Appended{lists.make(entry.value, number), true};
  entry.value = appended.list | Entry::kList;
  size += appended.grew ? 1 : 0;
}

void PostingIndex::remove(std::uint32_t key, std::uint32_t number) {
  Entry* entry = entries_.find(key);
  if (entry == nullptr) return;
  auto& [lists, size] = piece(key);
  const std::span<const std::uint32_t> numbers = numbers_of(*entry, lists);
  const auto found = std::find(numbers.begin(), numbers.end(), number);
  if (found == numbers.end()) return;
  --size;
  const auto position = static_cast<std::size_t>(found - numbers.begin());
  if (numbers.size() == 1) {
    entries_.erase(key);
  } else if (numbers.size() == 2) {
    const std::uint32_t other = numbers[1 - position];
    lists.drop(entry->list());
    entry->value = other;
  } else {
    entry->value = lists.remove(entry->list(), position) | Entry::kList;
  }
}

std::size_t PostingIndex::size() const {
  std::size_t size = 0;
  for (const Piece& piece : pieces_) size += piece.size;
  return size;
}

std::size_t PostingIndex::memory_bytes() const {
  std::size_t bytes = entries_.memory_bytes();
  for (const Piece& piece : pieces_) bytes += piece.lists.memory_bytes();
  return bytes;
}

}  // namespace nutgraf
