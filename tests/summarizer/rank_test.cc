#include "summarizer/rank.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>
#include <random>

#include "tests/summarizer/oracle.h"

namespace nutgraf::summarizer {
namespace {

using test::Matrix;
using test::solve;

constexpr RankOptions kExact{.damping = 0.85, .tolerance = 1e-14, .max_iterations = 1000};

std::vector<double> even(std::size_t n) {
  return std::vector<double>(n, 1.0 / static_cast<double>(n));
}

void expect_near(const std::vector<double>& got, const std::vector<double>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-11) << i;
}

/// Sentences of random words; some have none, some only words of their own.
Vectors random_vectors(std::mt19937& random, std::size_t n) {
  Terms terms;
  for (std::size_t i = 0; i < n; ++i) {
    const auto kind = random() % 8;
    for (std::size_t k = 0; kind != 0 && k < 1 + random() % 12; ++k) {
      terms.add(kind == 1 ? 1000 + 20 * i + k : 1 + random() % (2 * n));
    }
    terms.end_sentence();
  }
  std::vector<double> weights(terms.size());
  for (double& w : weights) w = static_cast<double>(random() % 100) / 25;  // Some are 0.
  return make_vectors(terms, weights);
}

Matrix directed_votes(const Vectors& v, double forward) {
  const std::size_t n = v.size();
  Matrix votes(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (i != j) votes[i * n + j] = cosine(v, i, j) * (j < i ? 1 : forward);
    }
  }
  return votes;
}

TEST(Vectors, HaveEachTermOnceAndAscending) {
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    Terms terms;
    std::vector<std::map<std::uint32_t, double>> expected;
    for (std::size_t i = 0; i < 1 + random() % 20; ++i) {
      for (std::size_t k = 0; k < random() % 12; ++k) terms.add(1 + random() % 15);
      terms.end_sentence();
      expected.emplace_back();
      for (const std::uint32_t t : terms.of(i)) expected.back()[t] += t % 3;  // Some weigh nothing.
    }
    std::vector<double> weights(terms.size());
    for (std::size_t t = 0; t < weights.size(); ++t) weights[t] = static_cast<double>(t % 3);
    const Vectors v = make_vectors(terms, weights);
    ASSERT_EQ(v.size(), expected.size());
    for (std::size_t i = 0; i < v.size(); ++i) {
      std::erase_if(expected[i], [](const auto& e) { return e.second == 0; });
      double squares = 0;
      for (const auto& [term, weight] : expected[i]) squares += weight * weight;
      ASSERT_EQ(v.of(i).size(), expected[i].size());
      auto e = v.of(i).begin();
      for (const auto& [term, weight] : expected[i]) {
        EXPECT_EQ(e->term, term);
        EXPECT_NEAR((e++)->weight, weight / std::sqrt(squares), 1e-12);
      }
    }
  }
}

TEST(RankDirected, MatchesADenseSolveOnRandomTexts) {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    const std::size_t n = 1 + random() % 40;
    const double forward = std::vector<double>{0, 0.2, 0.4, 1}[random() % 4];
    const Vectors v = random_vectors(random, n);
    expect_near(rank_directed(v, forward, kExact),
                solve(directed_votes(v, forward), n, 0.85, even(n)));
  }
}

TEST(RankDirected, MatchesADenseSolveOnLongTexts) {
  std::mt19937 random(8);
  for (const std::size_t n : {63U, 64U, 65U, 100U, 200U}) {
    const Vectors v = random_vectors(random, n);
    expect_near(rank_directed(v, 0.4, kExact), solve(directed_votes(v, 0.4), n, 0.85, even(n)));
  }
}

TEST(RankDirected, MatchesADenseSolveWithATeleport) {
  std::mt19937 random(6);
  for (int round = 0; round < 40; ++round) {
    const std::size_t n = 1 + random() % 30;
    const Vectors v = random_vectors(random, n);
    std::vector<double> teleport(n);
    for (double& t : teleport) t = static_cast<double>(random() % 4);  // Some are 0.
    teleport[random() % n] += 1;
    const double sum = std::accumulate(teleport.begin(), teleport.end(), 0.0);
    for (double& t : teleport) t /= sum;
    expect_near(rank_directed(v, 0.4, kExact, teleport),
                solve(directed_votes(v, 0.4), n, 0.85, teleport));
  }
}

TEST(RankDirected, SumsToOneAndConvergesWithinItsTolerance) {
  std::mt19937 random(9);
  const Vectors v = random_vectors(random, 60);
  const auto exact = rank_directed(v, 0.4, kExact);
  const auto rough = rank_directed(v, 0.4, {});
  EXPECT_NEAR(std::accumulate(rough.begin(), rough.end(), 0.0), 1, 1e-12);
  double off = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) off += std::abs(exact[i] - rough[i]);
  // What is left after the last step of 1e-6 is at most d/(1-d) of it.
  EXPECT_LT(off, 1e-6 * 0.85 / 0.15);
}

TEST(RankDirected, StopsAtItsCap) {
  std::mt19937 random(9);
  const Vectors v = random_vectors(random, 30);
  const auto none = rank_directed(v, 0.4, {.damping = 0.85, .tolerance = 0, .max_iterations = 0});
  EXPECT_EQ(none, even(30));
}

TEST(RankDirected, OfNothingIsNothing) { EXPECT_TRUE(rank_directed({}, 0.4, {}).empty()); }

TEST(RankDirected, EarlierSentencesGainFromLaterOnes) {
  const Terms terms = test::terms_of_tokens({{"mill"}, {"mill"}, {"mill"}});
  const auto rank = rank_directed(make_vectors(terms, std::vector<double>{1}), 0.2, kExact);
  EXPECT_GT(rank[0], rank[1]);
  EXPECT_GT(rank[1], rank[2]);
}

Graph random_graph(std::mt19937& random, std::size_t n, Matrix& votes) {
  votes.assign(n * n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      if (random() % 3 == 0)
        votes[i * n + j] = votes[j * n + i] = static_cast<double>(1 + random() % 9);
    }
  }
  Graph graph;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::uint32_t j = 0; j < n; ++j) {
      if (votes[i * n + j] > 0) graph.edges.push_back({j, votes[i * n + j]});
    }
    graph.begin.push_back(static_cast<std::uint32_t>(graph.edges.size()));
  }
  return graph;
}

TEST(RankGraph, MatchesADenseSolveWithAnyTeleport) {
  std::mt19937 random(3);
  for (int round = 0; round < 40; ++round) {
    const std::size_t n = 2 + random() % 20;
    Matrix votes;
    const Graph graph = random_graph(random, n, votes);
    std::vector<double> teleport(n);
    for (double& t : teleport) t = static_cast<double>(1 + random() % 5);
    const double sum = std::accumulate(teleport.begin(), teleport.end(), 0.0);
    for (double& t : teleport) t /= sum;
    expect_near(rank_graph(graph, kExact, teleport), solve(votes, n, 0.85, teleport));
    expect_near(rank_graph(graph, kExact), solve(votes, n, 0.85, even(n)));
  }
}

TEST(TextRank, WeighsOverlapByLengths) {
  // One shared word of 3 and 4: 1 / (ln 3 + ln 4). A sentence of one word has ln 1 = 0.
  const Terms terms = test::terms_of_tokens(
      {{"the", "mill", "burned"}, {"a", "mill", "stood", "here"}, {"rain"}, {"rain"}, {}});
  const Graph graph = overlap_graph(terms);
  ASSERT_EQ(graph.of(0).size(), 1U);
  EXPECT_EQ(graph.of(0)[0].to, 1U);
  EXPECT_DOUBLE_EQ(graph.of(0)[0].weight, 1 / (std::log(3) + std::log(4)));
  EXPECT_TRUE(graph.of(2).empty());  // Both lengths are 1: no weight, not infinity.
  EXPECT_TRUE(graph.of(4).empty());
}

TEST(TextRank, CountsRepeatsInTheLengthOnly) {
  const Terms terms = test::terms_of_tokens({{"mill", "mill", "mill"}, {"mill", "mill"}});
  const Graph graph = overlap_graph(terms);
  EXPECT_DOUBLE_EQ(graph.of(0)[0].weight, 1 / (std::log(3) + std::log(2)));
}

TEST(TextRank, ThePapersFormIsTheNormalisedTimesNWhenAllVote) {
  const Terms terms = test::terms_of_tokens(
      {{"mill", "fire", "town"}, {"mill", "rain", "old"}, {"fire", "old", "men"}});
  const Graph graph = overlap_graph(terms);
  const auto normal = rank_graph(graph, kExact);
  const auto paper = rank_graph_paper(graph, kExact);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(paper[i], 3 * normal[i], 1e-10);
}

TEST(TextRank, AnIsolatedSentenceHasOnlyItsTeleportInThePapersForm) {
  const Terms terms = test::terms_of_tokens({{"mill", "fire"}, {"mill", "town"}, {"rain", "snow"}});
  const auto paper = rank_graph_paper(overlap_graph(terms), kExact);
  EXPECT_NEAR(paper[2], 0.15, 1e-12);
  EXPECT_NEAR(paper[0], 1, 1e-12);
}

TEST(CrossGraph, HasEdgesBetweenDocumentsOnly) {
  const Terms terms = test::terms_of_tokens({{"mill", "fire"}, {"mill", "town"}, {"mill", "rain"}});
  const Vectors v = make_vectors(terms, std::vector<double>(terms.size(), 1.0));
  const std::vector<int> document{0, 0, 1};
  const Graph graph = cross_graph(v, document);
  ASSERT_EQ(graph.of(0).size(), 1U);
  EXPECT_EQ(graph.of(0)[0].to, 2U);
  EXPECT_NEAR(graph.of(0)[0].weight, 0.25, 1e-12);  // cosine 1/2, squared
  EXPECT_EQ(graph.of(2).size(), 2U);
}

TEST(Vectors, AreNormalisedAndSorted) {
  const Terms terms = test::terms_of_tokens({{"b", "a", "b"}, {"c"}});
  const Vectors v = make_vectors(terms, std::vector<double>{3, 8, 0});
  ASSERT_EQ(v.of(0).size(), 2U);
  EXPECT_DOUBLE_EQ(v.of(0)[0].weight, 0.6);  // 2·3 of (6, 8)
  EXPECT_DOUBLE_EQ(v.of(0)[1].weight, 0.8);
  EXPECT_TRUE(v.of(1).empty());  // Weight 0.
  EXPECT_DOUBLE_EQ(cosine(v, 0, 0), 1);
  EXPECT_DOUBLE_EQ(cosine(v, 0, 1), 0);
}

TEST(Vectors, OwnWeightsCountSentences) {
  const Terms terms = test::terms_of_tokens({{"a", "a", "b"}, {"a"}, {"c"}});
  const auto weights = own_weights(terms);
  EXPECT_DOUBLE_EQ(weights[0], std::log(4 / 2.5));
  EXPECT_DOUBLE_EQ(weights[1], std::log(4 / 1.5));
}

}  // namespace
}  // namespace nutgraf::summarizer
