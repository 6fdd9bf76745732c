#include "summarizer/hash_table.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace nutgraf::summarizer {
namespace {

TEST(HashTable, HoldsWhatWasPutIn) {
  HashTable<int> table;
  EXPECT_EQ(table.find(1), nullptr);
  for (std::uint64_t key = 1; key <= 1000; ++key) {
    const auto [value, fresh] = table.try_emplace(key, static_cast<int>(key));
    EXPECT_TRUE(fresh);
    EXPECT_EQ(*value, static_cast<int>(key));
  }
  const HashTable<int> copy = table;
  EXPECT_FALSE(table.try_emplace(7, 0).second);
  EXPECT_EQ(copy.size(), 1000U);
  for (std::uint64_t key = 1; key <= 1000; ++key) {
    const int* const value = copy.find(key);
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(*value, static_cast<int>(key));
  }
  EXPECT_EQ(copy.find(1001), nullptr);
}

/// Whoever writes a text can have its words' hashes agree in any bits that he likes.
TEST(HashTable, KeysThatAgreeInManyBitsTakeLinearTime) {
  constexpr std::uint64_t kKeys = 500'000;
  for (const int shift : {0, 20, 40}) {
    HashTable<int> table;
    for (std::uint64_t i = 1; i <= kKeys; ++i) table.try_emplace(i << shift, 1);
    EXPECT_EQ(table.size(), kKeys);
  }
}

}  // namespace
}  // namespace nutgraf::summarizer
