#include "daemon/event/leading_terms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace nutgraf {
namespace {

using Weighted = std::vector<std::pair<std::uint32_t, std::uint16_t>>;  // Term, weight.

Weighted leading(const WeightedTerms& body) {
  const std::string stored = serialize({"en", body, {}, {}});
  const LeadingTerms terms(known_story(stored).body);
  Weighted found;
  for (std::size_t i = 0; i < terms.terms().size(); ++i) {
    found.emplace_back(terms.terms()[i], static_cast<std::uint16_t>(terms.weight(i)));
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// All of them in order.
Weighted expected(const WeightedTerms& body) {
  Weighted all;
  for (std::size_t i = 0; i < body.terms.size(); ++i) {
    all.emplace_back(body.terms[i], body.weights[i]);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  all.resize(std::min(all.size(), LeadingTerms::kMost));
  std::sort(all.begin(), all.end());
  return all;
}

TEST(LeadingTerms, AreTheWeightiestAndOfEqualOnesTheSmaller) {
  std::mt19937 random(7);
  // The last are beyond any unit vector's, as damaged rows may have them.
  for (const unsigned heaviest : {1u, 3u, 70u, 900u, 4000u, 8200u, 16384u, 65535u}) {
    for (const unsigned size : {0u, 1u, 24u, 25u, 26u, 60u, 280u, 1000u}) {
      std::map<std::uint32_t, std::uint16_t> weights;
      while (weights.size() < size) {
        weights[static_cast<std::uint32_t>(random())] =
            static_cast<std::uint16_t>(random() % (heaviest + 1));
      }
      WeightedTerms body;
      for (const auto& [term, weight] : weights) {
        body.terms.push_back(term);
        body.weights.push_back(weight);
      }
      ASSERT_EQ(leading(body), expected(body)) << heaviest << " " << size;
    }
  }
}

}  // namespace
}  // namespace nutgraf
