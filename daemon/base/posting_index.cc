#include "daemon/base/posting_index.h"

namespace nutgraf {

void PostingIndex::add(std::uint32_t key, std::uint32_t number) {
  std::size_t held = 0;
  Posting* oldest = nullptr;
  bool there = false;
  postings_.each(key, [&](Posting& posting) {
    there = posting.number == number;
    if (oldest == nullptr || posting.number < oldest->number) oldest = &posting;
    ++held;
    return !there;
  });
  if (there) return;
  if (oldest == nullptr || held < most_) {
    postings_.insert({key, number});
  } else {
    oldest->number = number;
  }
}

void PostingIndex::remove(std::uint32_t key, std::uint32_t number) {
  postings_.erase(key, [&](const Posting& posting) { return posting.number == number; });
}

void PostingIndex::find(std::uint32_t key, std::vector<std::uint32_t>& out) const {
  postings_.each(key, [&](const Posting& posting) {
    out.push_back(posting.number);
    return true;
  });
}

}  // namespace nutgraf
