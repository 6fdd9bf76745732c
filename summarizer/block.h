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
/// bit. That costs less than looking at a few of them one by one.
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
  /// Control characters, and what is beyond ASCII.
  std::uint64_t not_printed() const;

  std::uint64_t upper() const { return within('A', 'Z'); }
  std::uint64_t lower() const { return within('a', 'z'); }
  std::uint64_t digit() const { return within('0', '9'); }
  /// What is_space calls so.
  std::uint64_t space() const { return equal(' ') | within('\t', '\r') | within('\x1c', '\x1f'); }

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
inline std::uint64_t Block::not_printed() const {
  return mask([](__m128i lane) { return _mm_cmplt_epi8(lane, _mm_set1_epi8(' ')); });
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
inline std::uint64_t Block::not_printed() const {
  return mask([](signed char b) { return b < ' '; });
}
inline std::uint64_t Block::beyond_ascii() const {
  return mask([](signed char b) { return b < 0; });
}
#endif

/// A bit for each character of a text.
class BitRow {
 public:
  /// For a text of so many characters; all 0.
  explicit BitRow(std::size_t characters)
      : bits_((characters + Block::kSize - 1) / Block::kSize + 1) {}
  void set(std::size_t block, std::uint64_t mask) { bits_[block] = mask; }

  /// Those of the 64 characters from `i` on, the first one the lowest bit; 0 beyond the last block.
  /// `i` is in the text, or its size.
  std::uint64_t at(std::size_t i) const {
    const std::size_t block = i / Block::kSize;
    const std::size_t shift = i % Block::kSize;
    if (block + 1 == bits_.size()) return 0;
    return bits_[block] >> shift | bits_[block + 1] << 1 << (Block::kSize - 1 - shift);
  }
  /// The first character in [i, end) whose bit is set, or is not; `end` if there is none.
  std::size_t next_set(std::size_t i, std::size_t end) const { return next(i, end, 0); }
  std::size_t next_clear(std::size_t i, std::size_t end) const {
    return next(i, end, ~std::uint64_t{0});
  }

 private:
  std::size_t next(std::size_t i, std::size_t end, std::uint64_t flip) const {
    for (; i < end; i += Block::kSize) {
      const std::uint64_t left = at(i) ^ flip;
      if (left != 0) return std::min(end, i + static_cast<std::size_t>(std::countr_zero(left)));
    }
    return end;
  }

  std::vector<std::uint64_t> bits_{0};  // By block, and a 0 after the last.
};

}  // namespace nutgraf::summarizer
