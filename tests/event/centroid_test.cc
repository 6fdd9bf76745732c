#include "daemon/event/centroid.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace nutgraf {
namespace {

WeightedTerms terms_of(const std::map<std::uint32_t, std::uint16_t>& weights) {
  WeightedTerms terms;
  for (const auto& [term, weight] : weights) {
    terms.terms.push_back(term);
    terms.weights.push_back(weight);
  }
  return terms;
}

/// Stored stories whose terms are of so many, some without weight.
std::vector<std::string> some_stories(std::size_t count, unsigned kinds = 400) {
  std::mt19937 random(3);
  const auto part = [&](unsigned most) {
    std::map<std::uint32_t, std::uint16_t> weights;
    for (unsigned i = random() % (most + 1); i > 0; --i) {
      weights[random() % kinds * 0x01000193u] = static_cast<std::uint16_t>(random() % 3000);
    }
    weights[7] = 0;
    return terms_of(weights);
  };
  std::vector<std::string> stories;
  for (std::size_t i = 0; i < count; ++i) {
    stories.push_back(serialize({"en", part(200), part(30), part(8)}));
  }
  return stories;
}

std::int64_t slow_dot(const PackedTerms& a, const PackedTerms& b) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      if (a.term(i) == b.term(j)) sum += std::int64_t{a.weight(i)} * b.weight(j);
    }
  }
  return sum;
}

void expect_equal(const Products& got, const Products& expected) {
  EXPECT_EQ(got.body, expected.body);
  EXPECT_EQ(got.names, expected.names);
  EXPECT_EQ(got.head, expected.head);
}

TEST(PackedStory, IsReadAsItWasStored) {
  const std::string stored = serialize({"en", {{1, 5, 0xFFFFFFFF}, {100, 200, 65535}}, {}, {}});
  const std::optional<PackedStory> story = read_story(stored);
  ASSERT_TRUE(story);
  EXPECT_EQ(story->language, "en");
  ASSERT_EQ(story->body.size(), 3u);
  EXPECT_EQ(story->body.term(2), 0xFFFFFFFF);
  EXPECT_EQ(story->body.weight(0), 100);
  EXPECT_EQ(story->body.weight(2), 65535);
  EXPECT_EQ(story->names.size(), 0u);
  EXPECT_FALSE(read_story(serialize({"en", {{5, 1}, {100, 200}}, {}, {}}))) << "not sorted";
}

TEST(StoryProbe, MultipliesAsTermByTermDoes) {
  const std::vector<std::string> stories = some_stories(30);
  for (const std::string& one : stories) {
    const PackedStory a = known_story(one);
    const StoryProbe probe(a);
    for (const std::string& other : stories) {
      const PackedStory b = known_story(other);
      expect_equal(probe.dot(b), {slow_dot(a.body, b.body), slow_dot(a.names, b.names),
                                  slow_dot(a.head, b.head)});
    }
    expect_equal(probe.dot(a), squares(a));
  }
}

void expect_sum(const std::vector<std::string>& stories) {
  const PackedStory asks = known_story(stories.back());
  const StoryProbe probe(asks);
  Centroid centroid;
  Centroid other;
  Products sum;
  Products squares_of_sum;
  for (std::size_t i = 0; i < stories.size(); ++i) {
    const PackedStory story = known_story(stories[i]);
    squares_of_sum.add(centroid.dot(StoryProbe(story)), 2);
    squares_of_sum.add(squares(story), 1);
    centroid.add(story);
    sum.add(probe.dot(story), 1);
    expect_equal(centroid.dot(probe), sum);
    expect_equal(centroid.dot(centroid), squares_of_sum);
  }
  other.add(asks);
  expect_equal(centroid.dot(other), sum);
  expect_equal(other.dot(centroid), sum);
  for (std::size_t i = 0; i < stories.size(); ++i) {
    sum.add(probe.dot(known_story(stories[i])), -1);
    centroid.remove(known_story(stories[i]));
    expect_equal(centroid.dot(probe), sum);
  }
  expect_equal(sum, {});
  expect_equal(centroid.dot(centroid), {});
}

TEST(Centroid, IsTheSumOfWhatIsInIt) { expect_sum(some_stories(40)); }

TEST(Centroid, IsTheSameOfManyTerms) { expect_sum(some_stories(60, 1'000'000)); }

TEST(Likeness, OfUnitVectorsIsTheirCosine) {
  constexpr std::int64_t kOne = std::int64_t{1} << 28;
  const Extent one{1, {kOne, kOne, kOne}};
  EXPECT_DOUBLE_EQ(likeness({kOne, kOne, kOne}, one), 1);
  EXPECT_DOUBLE_EQ(likeness({kOne / 2, kOne / 2, 0}, one), 0.5);
  // Two members that have nothing in common: to be like one of them is half of it on average.
  EXPECT_DOUBLE_EQ(likeness({kOne, kOne, kOne}, Extent{2, {2 * kOne, 2 * kOne, 2 * kOne}}), 0.5);
  EXPECT_EQ(likeness({kOne, kOne, kOne}, Extent{}), 0);
}

}  // namespace
}  // namespace nutgraf
