#include "daemon/base/split_table.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nutgraf {
namespace {

/// A slot that counts how often a search looks at one.
struct CountingSlot {
  static inline std::size_t looks = 0;

  std::uint32_t key = 0;
  std::uint32_t value = 0;
  bool taken() const {
    ++looks;
    return value != 0;
  }
};

double looks_a_key(const std::vector<std::uint32_t>& keys) {
  SplitTable<CountingSlot> table;
  for (const std::uint32_t key : keys) table.slot(key).value = 1;
  CountingSlot::looks = 0;
  for (const std::uint32_t key : keys) EXPECT_NE(table.find(key), nullptr);
  return static_cast<double>(CountingSlot::looks) / static_cast<double>(keys.size());
}

/// Keys that `share` puts into one place, as whoever knows the hash can seek them: 32 bits of the
/// hash of a word are as many as he likes to try.
template <typename Share>
std::vector<std::uint32_t> sought(std::size_t count, Share share) {
  std::vector<std::uint32_t> keys;
  for (std::uint32_t key = 1; keys.size() < count; ++key) {
    if (share(key)) keys.push_back(key);
  }
  return keys;
}

/// What slot_hash() was while it was the same in every process.
std::uint64_t unseeded(std::uint32_t key) {
  std::uint64_t mixed = (key + 1ull) * 0x9E3779B97F4A7C15ull;
  mixed ^= mixed >> 32;
  return mixed * 0xD6E8FEB86659FD93ull;
}

// Of 1,000 keys in one of the tables and within 1/64 of it a search looked at 500.
TEST(SplitTable, NobodyCanChooseWhereKeysLie) {
  const std::vector<std::uint32_t> keys = sought(1000, [](std::uint32_t key) {
    return unseeded(key) >> 54 == 0 && (unseeded(key) >> 46 & 0x3F) == 0;
  });
  EXPECT_LT(looks_a_key(keys), 12);
}

TEST(SplitTable, KeysThatAgreeInManyBitsAreSpread) {
  for (const int shift : {0, 8, 12}) {
    std::vector<std::uint32_t> keys;
    for (std::uint32_t i = 1; i <= 50'000; ++i) keys.push_back(i << shift);
    EXPECT_LT(looks_a_key(keys), 12) << shift;
  }
}

}  // namespace
}  // namespace nutgraf
