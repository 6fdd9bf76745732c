#include "daemon/dedup/gram_set.h"

#include <bit>
#include <utility>

namespace nutgraf {
namespace {

std::size_t home(std::uint64_t key, std::size_t mask) {
  return (key * 0x9E3779B97F4A7C15ull >> 32) & mask;
}

}  // namespace

GramSet::GramSet(std::size_t words) : slots_(std::bit_ceil(2 * words + 16)) {}

/// The length stands above the words, so that no key is 0 and lengths never meet.
std::uint64_t GramSet::key(std::span<const Token> gram) {
  std::uint64_t key = gram.size();
  for (const Token& token : gram) key = key << 16 | token.hash;
  return key;
}

void GramSet::insert(std::uint64_t key) {
  if (2 * (size_ + 1) > slots_.size()) {
    const std::vector<std::uint64_t> old = std::exchange(slots_, {});
    slots_.resize(2 * old.size());
    size_ = 0;
    for (const std::uint64_t held : old) {
      if (held != 0) insert(held);
    }
  }
  std::size_t at = home(key, slots_.size() - 1);
  while (slots_[at] != 0 && slots_[at] != key) at = (at + 1) & (slots_.size() - 1);
  if (slots_[at] == 0) ++size_;
  slots_[at] = key;
}

bool GramSet::holds(std::uint64_t key) const {
  std::size_t at = home(key, slots_.size() - 1);
  while (slots_[at] != 0 && slots_[at] != key) at = (at + 1) & (slots_.size() - 1);
  return slots_[at] == key;
}

void GramSet::add(std::span<const Token> tokens, int from) {
  for (std::size_t n = static_cast<std::size_t>(from); n <= 3; ++n) {
    for (std::size_t i = 0; i + n <= tokens.size(); ++i) insert(key(tokens.subspan(i, n)));
  }
}

bool GramSet::contains(std::span<const Token> gram) const { return holds(key(gram)); }

std::vector<bool> GramSet::covered(std::span<const Token> tokens) const {
  std::vector<bool> covered(tokens.size());
  for (std::size_t i = 0; i + 3 <= tokens.size(); ++i) {
    if (holds(key(tokens.subspan(i, 3)))) covered[i] = covered[i + 1] = covered[i + 2] = true;
  }
  return covered;
}

}  // namespace nutgraf
