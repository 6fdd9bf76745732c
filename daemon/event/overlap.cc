#include "daemon/event/overlap.h"

#include <algorithm>

namespace nutgraf {

Stems stems_of(std::span<const summarizer::Word> words) {
  Stems stems;
  for (const summarizer::Word& word : words) {
    if (word.stem != 0) stems.push_back(word.stem);
  }
  std::sort(stems.begin(), stems.end());
  stems.erase(std::unique(stems.begin(), stems.end()), stems.end());
  return stems;
}

std::size_t shared_stems(const Stems& a, const Stems& b) {
  std::size_t shared = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      ++shared;
      ++i;
      ++j;
    } else if (a[i] < b[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return shared;
}

double overlap(const Stems& a, const Stems& b) {
  const std::size_t smaller = std::min(a.size(), b.size());
  return smaller == 0 ? 0 : static_cast<double>(shared_stems(a, b)) / static_cast<double>(smaller);
}

}  // namespace nutgraf
