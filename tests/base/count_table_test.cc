#include "daemon/base/count_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace nutgraf {
namespace {

TEST(CountTable, MatchesAMapUnderAddsAndRemovals) {
  std::mt19937 random(5);
  CountTable table;
  std::map<std::uint32_t, std::uint32_t> oracle;
  for (int step = 0; step < 60'000; ++step) {
    const std::uint32_t key = random() % 5000;
    if (random() % 5 < 3) {
      table.add(key);
      ++oracle[key];
    } else {
      table.remove(key);
      const auto held = oracle.find(key);
      if (held != oracle.end() && --held->second == 0) oracle.erase(held);
    }
  }
  EXPECT_EQ(table.size(), oracle.size());
  for (std::uint32_t key = 0; key < 5000; ++key) {
    const auto held = oracle.find(key);
    ASSERT_EQ(table.of(key), held == oracle.end() ? 0 : held->second) << key;
  }
}

TEST(CountTable, KeepsNothingOfWhatWasTakenBack) {
  CountTable table;
  table.remove(7);
  for (std::uint32_t key = 0; key < 3000; ++key) table.add(key);
  for (std::uint32_t key = 0; key < 3000; ++key) table.remove(key);
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.of(7), 0u);
}

}  // namespace
}  // namespace nutgraf
