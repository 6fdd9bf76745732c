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

/// How many bits are set. std::popcount is a call where the processor may lack the instruction.
constexpr int count_bits(std::uint64_t mask) {
  mask -= mask >> 1 & 0x5555555555555555;
  mask = (mask & 0x3333333333333333) + (mask >> 2 & 0x3333333333333333);
  mask = (mask + (mask >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return static_cast<int>(mask * 0x0101010101010101 >> 56);
}

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

  /// Writes all kSize characters.
  void copy_to(char* bytes, char32_t* code_points) const;

  std::uint64_t upper() const { return within('A', 'Z'); }
  std::uint64_t lower() const { return within('a', 'z'); }
  std::uint64_t digit() const { return within('0', '9'); }
  /// What is_space calls so.
  std::uint64_t space() const;

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

  static __m128i equal(__m128i lane, char c) { return _mm_cmpeq_epi8(lane, _mm_set1_epi8(c)); }
  static __m128i within(__m128i lane, char first, char last) {
    // Bytes beyond ASCII are negative here, and below every `first`.
    return _mm_and_si128(_mm_cmpgt_epi8(lane, _mm_set1_epi8(static_cast<char>(first - 1))),
                         _mm_cmplt_epi8(lane, _mm_set1_epi8(static_cast<char>(last + 1))));
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
  return mask([c](__m128i lane) { return equal(lane, c); });
}
inline std::uint64_t Block::within(char first, char last) const {
  return mask([=](__m128i lane) { return within(lane, first, last); });
}
inline std::uint64_t Block::space() const {
  return mask([](__m128i lane) {
    return _mm_or_si128(equal(lane, ' '),
                        _mm_or_si128(within(lane, '\t', '\r'), within(lane, '\x1c', '\x1f')));
  });
}
inline void Block::copy_to(char* bytes, char32_t* code_points) const {
  const __m128i zero = _mm_setzero_si128();
  for (std::size_t k = 0; k < 4; ++k) {
    const __m128i low = _mm_unpacklo_epi8(lanes_[k], zero);
    const __m128i high = _mm_unpackhi_epi8(lanes_[k], zero);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(bytes) + k, lanes_[k]);
    auto* const out = reinterpret_cast<__m128i*>(code_points + 16 * k);
    _mm_storeu_si128(out, _mm_unpacklo_epi16(low, zero));
    _mm_storeu_si128(out + 1, _mm_unpackhi_epi16(low, zero));
    _mm_storeu_si128(out + 2, _mm_unpacklo_epi16(high, zero));
    _mm_storeu_si128(out + 3, _mm_unpackhi_epi16(high, zero));
  }
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
inline std::uint64_t Block::space() const {
  return equal(' ') | within('\t', '\r') | within('\x1c', '\x1f');
}
inline void Block::copy_to(char* bytes, char32_t* code_points) const {
  for (std::size_t k = 0; k < kSize; ++k) {
    bytes[k] = static_cast<char>(bytes_[k]);
    code_points[k] = static_cast<unsigned char>(bytes_[k]);
  }
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
      : bits_((characters + Block::kSize - 1) / Block::kSize + 2) {}
  void set(std::size_t block, std::uint64_t mask) { bits_[block] = mask; }

  /// Those of the 64 characters from `i` on, the first one the lowest bit; 0 beyond the last block.
  /// `i` is in the text, or its size.
  std::uint64_t at(std::size_t i) const {
    const std::size_t block = i / Block::kSize;
    const std::size_t shift = i % Block::kSize;
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

  std::vector<std::uint64_t> bits_;  // By block, and two of 0 after the last.
};

}  // namespace nutgraf::summarizer
