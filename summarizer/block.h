#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace nutgraf::summarizer {

/// Up to 64 characters, asked all at once: every answer is a mask, the first character its lowest
/// bit. The passes over a text spend less on 64 characters than on looking at one.
///
/// Characters are bytes; what is missing of 64 counts as NUL.
class Block {
 public:
  static constexpr std::size_t kSize = 64;

  /// text[begin, begin + kSize), or as much as there is. begin <= text.size().
  // NOLINTBEGIN(cppcoreguidelines-pro-type-member-init): all is written before it is read.
  Block(std::string_view text, std::size_t begin) {
    const std::size_t size = std::min(kSize, text.size() - begin);
    std::array<char, kSize> padded;
    const char* from = text.data() + begin;
    if (size < kSize) {
      padded.fill('\0');
      std::memcpy(padded.data(), from, size);
      from = padded.data();
    }
    load(from);
  }
  // NOLINTEND(cppcoreguidelines-pro-type-member-init)

  std::uint64_t equal(char c) const;
  /// Bytes in [first, last], both below 0x80.
  std::uint64_t within(char first, char last) const;
  std::uint64_t beyond_ascii() const;

  std::uint64_t upper() const { return within('A', 'Z'); }
  std::uint64_t lower() const { return within('a', 'z'); }
  std::uint64_t digit() const { return within('0', '9'); }
  /// What is_space calls so.
  std::uint64_t space() const { return equal(' ') | within('\t', '\r') | within('\x1c', '\x1f'); }
  std::uint64_t any_of(std::string_view characters) const {
    std::uint64_t out = 0;
    for (const char c : characters) out |= equal(c);
    return out;
  }

 private:
#ifdef __SSE2__
  void load(const char* from) {
    for (std::size_t k = 0; k < 4; ++k) {
      lanes_[k] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 16 * k));
    }
  }

  template <typename Test>
  std::uint64_t mask(Test test) const {
    std::uint64_t out = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const auto bits = static_cast<std::uint32_t>(_mm_movemask_epi8(test(lanes_[k])));
      out |= std::uint64_t{bits} << (16 * k);
    }
    return out;
  }

  __m128i lanes_[4];
#else
  void load(const char* from) { std::memcpy(bytes_.data(), from, kSize); }

  template <typename Test>
  std::uint64_t mask(Test test) const {
    std::uint64_t out = 0;
    for (std::size_t k = 0; k < kSize; ++k) out |= std::uint64_t{test(bytes_[k])} << k;
    return out;
  }

  std::array<signed char, kSize> bytes_;
#endif
};

#ifdef __SSE2__
inline std::uint64_t Block::equal(char c) const {
  return mask([c](__m128i lane) { return _mm_cmpeq_epi8(lane, _mm_set1_epi8(c)); });
}
inline std::uint64_t Block::within(char first, char last) const {
  // Bytes beyond ASCII are negative here, and below every `first`.
  return mask([=](__m128i lane) {
    return _mm_and_si128(_mm_cmpgt_epi8(lane, _mm_set1_epi8(static_cast<char>(first - 1))),
                         _mm_cmplt_epi8(lane, _mm_set1_epi8(static_cast<char>(last + 1))));
  });
}
inline std::uint64_t Block::beyond_ascii() const {
  return mask([](__m128i lane) { return lane; });
}
#else
inline std::uint64_t Block::equal(char c) const {
  return mask([c](signed char b) { return b == static_cast<signed char>(c); });
}
inline std::uint64_t Block::within(char first, char last) const {
  return mask([=](signed char b) { return b >= first && b <= last; });
}
inline std::uint64_t Block::beyond_ascii() const {
  return mask([](signed char b) { return b < 0; });
}
#endif

/// Which characters follow one of a class, from block to block of a text.
class Followers {
 public:
  /// `at_start`: whether the text's first character counts as following one.
  explicit Followers(bool at_start = false) : carry_(at_start ? 1 : 0) {}

  /// Of the next block, in which `mask` are of the class.
  std::uint64_t of(std::uint64_t mask) {
    const std::uint64_t out = mask << 1 | carry_;
    carry_ = mask >> (Block::kSize - 1);
    return out;
  }

 private:
  std::uint64_t carry_;  // Lowest bit: whether the last character was.
};

/// What a test of its blocks says of every character of a text.
class BitRow {
 public:
  template <typename Test>
  void assign(std::string_view text, Test test) {
    size_ = text.size();
    bits_.clear();
    for (std::size_t i = 0; i < size_; i += Block::kSize) bits_.push_back(test(Block(text, i)));
  }

  /// The first character from `i` on of which it says so, or does not; the size if there is none.
  std::size_t next_set(std::size_t i) const { return next(i, 0); }
  std::size_t next_clear(std::size_t i) const { return next(i, ~std::uint64_t{0}); }

 private:
  std::size_t next(std::size_t i, std::uint64_t flip) const {
    if (i >= size_) return size_;
    std::size_t block = i / Block::kSize;
    std::uint64_t left = (bits_[block] ^ flip) >> (i % Block::kSize) << (i % Block::kSize);
    while (left == 0) {
      if (++block == bits_.size()) return size_;
      left = bits_[block] ^ flip;
    }
    return std::min(size_, block * Block::kSize + static_cast<std::size_t>(std::countr_zero(left)));
  }

  std::vector<std::uint64_t> bits_;
  std::size_t size_ = 0;
};

}  // namespace nutgraf::summarizer
