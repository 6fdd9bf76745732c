#include "daemon/dedup/gram_set.h"

#include <algorithm>
#include <bit>

namespace nutgraf {
namespace {

constexpr std::size_t kWords = 3;

Flags spread(const Flags& grams, std::size_t tokens) {
  Flags covered(tokens);
  for (std::size_t i = 0; i < grams.size(); ++i) {
    for (std::size_t word = 0; word < kWords; ++word) covered[i + word] |= grams[i];
  }
  return covered;
}

std::size_t grams_of(std::size_t tokens) { return tokens < kWords ? 0 : tokens - kWords + 1; }

}  // namespace

/// A bit stands above the words, so that no key is 0.
template <typename Visit>
void GramSet::each_gram(std::span<const Token> tokens, Visit visit) {
  constexpr std::uint64_t kAbove = std::uint64_t{1} << (16 * kWords);
  std::uint64_t window = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    window = window << 16 | tokens[i].hash;
    if (i + 1 >= kWords) visit(i + 1 - kWords, (window & (kAbove - 1)) | kAbove);
  }
}

GramSet::GramSet(std::span<const Token> text)
    : tokens_(text.size()),
      slots_(std::bit_ceil(2 * text.size() + 16)),
      met_(slots_.size()),
      slot_of_(grams_of(text.size())) {
  each_gram(text, [this](std::size_t i, std::uint64_t key) {
    const std::size_t at = place(key);
    slots_[at] = key;
    slot_of_[i] = static_cast<std::uint32_t>(at);
  });
}

/// Where the key is, or else would be.
std::size_t GramSet::place(std::uint64_t key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = (key * 0x9E3779B97F4A7C15ull >> 32) & mask;
  while (slots_[at] != 0 && slots_[at] != key) at = (at + 1) & mask;
  return at;
}

Flags GramSet::covered(std::span<const Token> other) const {
  Flags grams(grams_of(other.size()));
  each_gram(other, [&](std::size_t i, std::uint64_t key) { grams[i] = slots_[place(key)] != 0; });
  return spread(grams, other.size());
}

Flags GramSet::meet(std::span<const Token> other) {
  Flags grams(grams_of(other.size()));
  each_gram(other, [&](std::size_t i, std::uint64_t key) {
    const std::size_t at = place(key);
    grams[i] = slots_[at] != 0;
    met_[at] |= grams[i];
  });
  return spread(grams, other.size());
}

Flags GramSet::met() const {
  Flags grams(slot_of_.size());
  for (std::size_t i = 0; i < grams.size(); ++i) grams[i] = met_[slot_of_[i]];
  return spread(grams, tokens_);
}

void GramSet::forget() { std::fill(met_.begin(), met_.end(), 0); }

}  // namespace nutgraf
