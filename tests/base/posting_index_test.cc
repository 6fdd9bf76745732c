#include "daemon/base/posting_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace nutgraf {
namespace {

std::vector<std::uint32_t> found(const PostingIndex& index, std::uint32_t key) {
  std::vector<std::uint32_t> numbers;
  index.find(key, numbers);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// The newest `most` numbers of each key, in sets.
TEST(PostingIndex, MatchesSetsUnderAddsAndRemovals) {
  constexpr std::size_t kMost = 5;
  std::mt19937 random(11);
  PostingIndex index(kMost);
  std::map<std::uint32_t, std::set<std::uint32_t>> oracle;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> added;
  std::uint32_t number = 1;
  for (int step = 0; step < 40'000; ++step) {
    if (random() % 3 != 0 || added.empty()) {
      number += random() % 2;
      const std::uint32_t key = random() % 3000;
      index.add(key, number);
      std::set<std::uint32_t>& numbers = oracle[key];
      numbers.insert(number);
      if (numbers.size() > kMost) numbers.erase(numbers.begin());
      added.emplace_back(key, number);
    } else {
      const auto [key, gone] = added[random() % added.size()];
      index.remove(key, gone);
      oracle[key].erase(gone);
    }
    if (step % 97 == 0) {
      const std::uint32_t key = random() % 3000;
      const std::vector<std::uint32_t> expected(oracle[key].begin(), oracle[key].end());
      ASSERT_EQ(found(index, key), expected);
    }
  }
  std::size_t size = 0;
  for (const auto& [key, numbers] : oracle) {
    ASSERT_EQ(found(index, key), std::vector<std::uint32_t>(numbers.begin(), numbers.end()));
    size += numbers.size();
  }
  EXPECT_EQ(index.size(), size);
}

TEST(PostingIndex, FindsNothingInAnEmptyOne) {
  PostingIndex index(3);
  index.remove(1, 1);
  EXPECT_TRUE(found(index, 1).empty());
}

}  // namespace
}  // namespace nutgraf
