#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "summarizer/vectors.h"

namespace nutgraf::summarizer {

struct RankOptions {
  double damping = 0.85;     ///< In [0, 1): each iteration shrinks the error at least by this.
  double tolerance = 1e-6;   ///< L1 change of an iteration at which it stops.
  int max_iterations = 100;  ///< Stops there in any case.
};

/// PageRank of sentences that vote for one another by cosine, a later one for an earlier one with
/// full weight, an earlier one for a later one with weight `forward`:
///
///   s_j = (1-d)/n + d · (Σ_i s_i W(i→j) / Σ_k W(i→k) + dangling/n),
///   W(i→j) = S_ij if j < i, forward · S_ij if j > i
///
/// from 1/n. With a teleport t, which sums to 1, t_j stands for 1/n in it: the ranking is
/// personalised. The scores sum to 1. The graph is never built: S = V·Vᵀ but for its diagonal, so a
/// sweep over the sentences with one running sum a term gives all votes of one direction exactly.
/// Linear in the entries; about 23 iterations to 1e-6. [Brin and Page 1998; Mihalcea and Tarau
/// 2004]
std::vector<double> rank_directed(const Vectors& vectors, double forward,
                                  const RankOptions& options,
                                  std::span<const double> teleport = {});

/// A weighted graph of sentences, symmetric, both directions listed; no loops.
struct Graph {
  struct Edge {
    std::uint32_t to;
    double weight;  ///< > 0
  };
  std::vector<std::uint32_t> begin{0};  ///< Of each node in `edges`, and the end.
  std::vector<Edge> edges;

  std::size_t size() const { return begin.size() - 1; }
  std::span<const Edge> of(std::size_t i) const {
    return std::span(edges).subspan(begin[i], begin[i + 1] - begin[i]);
  }
};

/// s = (1-d)·t + d·(votes + dangling·t); the teleport `t` sums to 1; empty: 1/n each.
std::vector<double> rank_graph(const Graph& graph, const RankOptions& options,
                               std::span<const double> teleport = {});

/// The form of the TextRank paper: WS_i = (1-d) + d·Σ_j w_ji/out_j·WS_j from 1, without a dangling
/// term; stops at the largest change. [Mihalcea and Tarau 2004, section 2.2]
std::vector<double> rank_graph_paper(const Graph& graph, const RankOptions& options);

/// Overlap of the sets of words over the logarithms of the lengths; quadratic in the sentences.
/// Words are all words, unstemmed. [Mihalcea and Tarau 2004, section 3.1]
Graph overlap_graph(const Terms& words);

/// Cosine, squared, between sentences of different documents. Quadratic.
Graph cross_graph(const Vectors& vectors, std::span<const int> document);

/// The cross-document ranking: rank_graph over cross_graph, where half of the teleport goes by
/// weighted degree over all cosines. Quadratic.
std::vector<double> rank_cluster(const Vectors& vectors, std::span<const int> document,
                                 const RankOptions& options);
/// Votes between documents reach far enough in few steps.
inline constexpr double kClusterDamping = 0.5;

}  // namespace nutgraf::summarizer
