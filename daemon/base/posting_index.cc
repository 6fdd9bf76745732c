#include "daemon/base/posting_index.h"

#include <algorithm>

namespace nutgraf {

void PostingIndex::add(std::uint32_t key, std::uint32_t number) {
  Entry& entry = entries_.slot(key);
  if (!entry.taken()) {
    entry.value = number;
    ++size_;
    return;
  }
  const std::span<const std::uint32_t> numbers = numbers_of(entry);
  // The newest is mostly the one that is there already.
  if (std::find(numbers.rbegin(), numbers.rend(), number) != numbers.rend()) return;
  if (numbers.size() < most_) ++size_;
  const NumberLists::Handle list = entry.several() ? lists_.append(entry.list(), number, most_)
                                                   : lists_.make(entry.value, number);
  entry.value = list | Entry::kList;
}

void PostingIndex::remove(std::uint32_t key, std::uint32_t number) {
  Entry* entry = entries_.find(key);
  if (entry == nullptr) return;
  const std::span<const std::uint32_t> numbers = numbers_of(*entry);
  const auto found = std::find(numbers.begin(), numbers.end(), number);
  if (found == numbers.end()) return;
  --size_;
  const auto position = static_cast<std::size_t>(found - numbers.begin());
  if (numbers.size() == 1) {
    entries_.erase(key);
  } else if (numbers.size() == 2) {
    const std::uint32_t other = numbers[1 - position];
    lists_.drop(entry->list());
    entry->value = other;
  } else {
    entry->value = lists_.remove(entry->list(), position) | Entry::kList;
  }
}

}  // namespace nutgraf
