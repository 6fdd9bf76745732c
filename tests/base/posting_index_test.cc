#include "daemon/base/posting_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <span>

#include "daemon/base/deferred_adds.h"

namespace nutgraf {
namespace {

std::vector<std::uint32_t> found(const PostingIndex& index, std::uint32_t key) {
  const std::span<const std::uint32_t> held = index.find(key);
  std::vector<std::uint32_t> numbers(held.begin(), held.end());
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// Against sets of the newest `most` numbers of each key.
void match_sets(std::size_t most, std::uint32_t keys, std::uint32_t adds_of_four) {
  std::mt19937 random(11);
  PostingIndex index(most);
  std::map<std::uint32_t, std::set<std::uint32_t>> oracle;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> added;
  std::uint32_t number = 1;
  for (int step = 0; step < 40'000; ++step) {
    if (random() % 4 < adds_of_four || added.empty()) {
      number += random() % 2;
      const std::uint32_t key = random() % keys;
      index.add(key, number);
      std::set<std::uint32_t>& numbers = oracle[key];
      numbers.insert(number);
      if (numbers.size() > most) numbers.erase(numbers.begin());
      added.emplace_back(key, number);
    } else {
      const auto [key, gone] = added[random() % added.size()];
      index.remove(key, gone);
      oracle[key].erase(gone);
    }
    if (step % 97 == 0) {
      const std::uint32_t key = random() % keys;
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

TEST(PostingIndex, MatchesSetsUnderAddsAndRemovals) {
  match_sets(5, 3000, 3);
  match_sets(2, 500, 2);
  match_sets(64, 200, 3);
  match_sets(128, 60, 2);
}

TEST(PostingIndex, FindsManyAtOnceAsOneByOne) {
  PostingIndex index(8);
  for (std::uint32_t number = 1; number < 2000; ++number) index.add(number * number % 301, number);
  std::vector<std::uint32_t> keys;
  for (std::uint32_t key = 0; key < 320; ++key) keys.push_back(key);
  std::map<std::size_t, std::vector<std::uint32_t>> visited;
  index.find_each(keys, [&](std::size_t at, std::span<const std::uint32_t> numbers) {
    visited[at].assign(numbers.begin(), numbers.end());
  });
  for (const std::uint32_t key : keys) {
    std::vector<std::uint32_t> numbers = visited[key];
    std::sort(numbers.begin(), numbers.end());
    EXPECT_EQ(numbers, found(index, key)) << key;
  }
}

TEST(PostingIndex, TakesNoMoreMemoryForListsThatComeAndGo) {
  PostingIndex index(64);
  std::size_t early = 0;
  for (std::uint32_t number = 1; number < 60'000; ++number) {
    for (std::uint32_t key = number; key > 0; key /= 4) index.add(key % 997, number);
    if (number <= 300) continue;
    for (std::uint32_t key = number - 300; key > 0; key /= 4) index.remove(key % 997, number - 300);
    if (number == 10'000) early = index.memory_bytes();
  }
  EXPECT_LE(index.memory_bytes(), early + early / 10);
}

TEST(DeferredAdds, MakeTheIndexThatAddsAtOnceMake) {
  std::mt19937 random(5);
  PostingIndex at_once(16);
  PostingIndex later(16);
  {
    DeferredAdds<PostingIndex> deferred(later);
    std::vector<PostingIndex::Addition> batch;
    for (std::uint32_t number = 1; number < 60'000; ++number) {
      // A key of thirty often enough for several rounds of its table, the others rarely.
      const std::uint32_t key = random() % (number % 2 == 0 ? 30 : 100'000);
      at_once.add(key, number);
      batch.push_back({key, number});
      if (number % 7000 == 0) deferred.put(std::exchange(batch, {}));
    }
    deferred.put(std::move(batch));
  }
  EXPECT_EQ(later.size(), at_once.size());
  for (std::uint32_t key = 0; key < 100'000; ++key)
    ASSERT_EQ(found(later, key), found(at_once, key));
}

TEST(PostingIndex, FindsNothingInAnEmptyOne) {
  PostingIndex index(3);
  index.remove(1, 1);
  EXPECT_TRUE(found(index, 1).empty());
}

}  // namespace
}  // namespace nutgraf
