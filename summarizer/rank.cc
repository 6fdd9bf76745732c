#include "summarizer/rank.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace nutgraf::summarizer {
namespace {

// Compiled twice: once for registers of four numbers, where the processor has them. The sums are
// the same, as nothing is contracted or put in another order. Which one to call is decided before a
// sanitizer is ready for it.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define NUTGRAF_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define NUTGRAF_WIDE
#endif

/// `vectors` without the terms that stand in one sentence only, which carry no vote; the others are
/// numbered anew, in order.
Vectors shared_terms(const Vectors& vectors) {
  std::vector<std::uint32_t> number(vectors.terms);  // First how many sentences have the term.
  for (const auto& e : vectors.entries) ++number[e.term];
  Vectors out;
  constexpr std::uint32_t kAlone = UINT32_MAX;
  for (std::uint32_t& n : number) {
    n = n > 1 ? static_cast<std::uint32_t>(out.terms++) : kAlone;
  }
  out.entries.reserve(vectors.entries.size());
  out.begin.reserve(vectors.begin.size());
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    for (const auto& e : vectors.of(i)) {
      if (number[e.term] != kAlone) out.entries.push_back({number[e.term], e.weight});
    }
    out.begin.push_back(static_cast<std::uint32_t>(out.entries.size()));
  }
  return out;
}

/// Adds to sums[j] what the sentences before j (or after it, if `backwards`) give it:
/// factor · Σ_i amount_i · S_ij.
void sweep(const Vectors& v, bool backwards, double factor, std::span<const double> amount,
           std::vector<double>& per_term, std::vector<double>& sums) {
  std::ranges::fill(per_term, 0.0);
  const std::size_t n = v.size();
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t j = backwards ? n - 1 - k : k;
    double sum = 0;
    for (const auto& e : v.of(j)) {
      double& running = per_term[e.term];
      sum += e.weight * running;
      running += e.weight * amount[j];
    }
    sums[j] += factor * sum;
  }
}

constexpr std::size_t kTogether = 4;  // Voters that a step takes.

/// The votes of a short text, written out: each round costs half of what two sweeps do, as long as
/// the matrix stays in the fastest cache.
class VoteMatrix {
 public:
  static constexpr std::size_t kMost = 64;

  /// At most kMost vectors.
  VoteMatrix(const Vectors& v, double forward);

  /// The sum of the votes that each gives.
  std::vector<double> given() const;

  /// sums[j] = Σ_i amount_i · W(i→j)
  void operator()(const std::vector<double>& amount, std::vector<double>& sums) const;

 private:
  const std::size_t n_;
  const std::size_t stride_;   // n, up to a multiple of kTogether.
  std::vector<double> votes_;  // stride x stride; a row for each voter.
};

VoteMatrix::VoteMatrix(const Vectors& v, double forward)
    : n_(v.size()),
      stride_((n_ + kTogether - 1) / kTogether * kTogether),
      votes_(stride_ * stride_) {
  struct Seen {
    std::uint32_t sentence;
    std::uint32_t before;  // The entry with the same term before it, or kNone.
  };
  constexpr std::uint32_t kNone = UINT32_MAX;
  std::vector<Seen> seen(v.entries.size());
  std::vector<std::uint32_t> last(v.terms, kNone);
  for (std::uint32_t j = 0; j < n_; ++j) {
    for (std::uint32_t at = v.begin[j]; at < v.begin[j + 1]; ++at) {
      const auto& e = v.entries[at];
      seen[at] = {j, std::exchange(last[e.term], at)};
      for (std::uint32_t k = seen[at].before; k != kNone; k = seen[k].before) {
        const double likeness = v.entries[k].weight * e.weight;
        votes_[j * stride_ + seen[k].sentence] += likeness;
        votes_[seen[k].sentence * stride_ + j] += forward * likeness;
      }
    }
  }
}

std::vector<double> VoteMatrix::given() const {
  std::vector<double> out(stride_);
  // Each sum has its order; several at a time, as they do not wait for one another.
  for (std::size_t i = 0; i < stride_; i += kTogether) {
    const double* const row = votes_.data() + i * stride_;
    for (std::size_t j = 0; j < n_; ++j) {
      for (std::size_t k = 0; k < kTogether; ++k) out[i + k] += row[k * stride_ + j];
    }
  }
  out.resize(n_);
  return out;
}

/// sums[j] += Σ_i amount_i · votes_ij, kTogether of either at a time; `votes` has `stride` rows of
/// so many, a multiple of kTogether.
NUTGRAF_WIDE void add_votes(std::size_t stride, const double* votes, const double* amount,
                            double* __restrict sums) {
  for (std::size_t i = 0; i < stride; i += kTogether) {
    const double* const from = amount + i;
    const double* row = votes + i * stride;
    for (std::size_t j = 0; j < stride; j += kTogether, row += kTogether) {
      for (std::size_t k = 0; k < kTogether; ++k) {
        sums[j + k] += (row[k] * from[0] + row[stride + k] * from[1]) +
                       (row[2 * stride + k] * from[2] + row[3 * stride + k] * from[3]);
      }
    }
  }
}

void VoteMatrix::operator()(const std::vector<double>& amount, std::vector<double>& sums) const {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): as much as is read is written.
  std::array<double, kMost> all, given;
  std::fill_n(all.begin(), stride_, 0.0);
  std::fill_n(std::ranges::copy(amount, given.begin()).out, stride_ - n_, 0.0);
  add_votes(stride_, votes_.data(), given.data(), all.data());
  std::copy_n(all.begin(), n_, sums.begin());
}

/// Power iteration. `out`: sum of the votes a node gives; a node that gives none is dangling.
/// `votes(amount, sums)` sets the sums to what each node gets.
template <typename Votes>
std::vector<double> iterate(std::span<const double> out, const Votes& votes,
                            std::span<const double> teleport, const RankOptions& options) {
  const std::size_t n = out.size();
  std::vector<double> score(n, n == 0 ? 0 : 1.0 / static_cast<double>(n));
  std::vector<double> share(n);  // Of its score that a node gives for a vote of 1.
  std::vector<std::size_t> silent;
  for (std::size_t i = 0; i < n; ++i) {
    if (out[i] > 0) share[i] = 1 / out[i];
    if (out[i] <= 0) silent.push_back(i);
  }
  std::vector<double> amount(n);
  std::vector<double> sums(n);
  for (int round = 0; round < options.max_iterations; ++round) {
    for (std::size_t i = 0; i < n; ++i) amount[i] = score[i] * share[i];
    votes(amount, sums);
    double dangling = 0;
    for (const std::size_t i : silent) dangling += score[i];
    const double anew = 1 - options.damping + options.damping * dangling;
    double change = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double next = anew * teleport[i] + options.damping * sums[i];
      change += std::abs(next - score[i]);
      score[i] = next;
    }
    if (change < options.tolerance) break;
  }
  return score;
}

std::vector<double> uniform(std::size_t n) {
  return std::vector<double>(n, n == 0 ? 0 : 1.0 / static_cast<double>(n));
}

std::vector<double> degrees(const Graph& graph) {
  std::vector<double> out(graph.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const auto& e : graph.of(i)) out[i] += e.weight;
  }
  return out;
}

}  // namespace

std::vector<double> rank_directed(const Vectors& vectors, double forward,
                                  const RankOptions& options, std::span<const double> teleport) {
  const std::vector<double> flat = uniform(teleport.empty() ? vectors.size() : 0);
  if (teleport.empty()) teleport = flat;
  if (vectors.size() <= VoteMatrix::kMost) {
    const VoteMatrix votes(vectors, forward);
    return iterate(votes.given(), votes, teleport, options);
  }
  const Vectors v = shared_terms(vectors);
  std::vector<double> per_term(v.terms);
  const std::vector<double> ones(v.size(), 1.0);
  std::vector<double> out(v.size());
  sweep(v, false, 1, ones, per_term, out);
  sweep(v, true, forward, ones, per_term, out);
  const auto votes = [&](const std::vector<double>& amount, std::vector<double>& sums) {
    std::ranges::fill(sums, 0.0);
    sweep(v, true, 1, amount, per_term, sums);
    sweep(v, false, forward, amount, per_term, sums);
  };
  return iterate(out, votes, teleport, options);
}

std::vector<double> rank_graph(const Graph& graph, const RankOptions& options,
                               std::span<const double> teleport) {
  const std::vector<double> flat = uniform(graph.size());
  const auto votes = [&](const std::vector<double>& amount, std::vector<double>& sums) {
    for (std::size_t i = 0; i < graph.size(); ++i) {
      sums[i] = 0;
      for (const auto& e : graph.of(i)) sums[i] += e.weight * amount[e.to];
    }
  };
  return iterate(degrees(graph), votes, teleport.empty() ? flat : teleport, options);
}

std::vector<double> rank_graph_paper(const Graph& graph, const RankOptions& options) {
  const std::vector<double> out = degrees(graph);
  std::vector<double> score(graph.size(), 1.0);
  for (int round = 0; round < options.max_iterations; ++round) {
    std::vector<double> next(graph.size(), 1 - options.damping);
    double change = 0;
    for (std::size_t i = 0; i < next.size(); ++i) {
      for (const auto& e : graph.of(i)) {
        next[i] += options.damping * e.weight / out[e.to] * score[e.to];
      }
      change = std::max(change, std::abs(next[i] - score[i]));
    }
    score = std::move(next);
    if (change < options.tolerance) break;
  }
  return score;
}

Graph overlap_graph(const Terms& words) {
  const std::size_t n = words.sentences();
  std::vector<std::vector<std::uint32_t>> sets(n);
  std::vector<std::vector<std::uint32_t>> having(words.size());  // Sentences of each word.
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto own = words.of(i);
    sets[i].assign(own.begin(), own.end());
    std::ranges::sort(sets[i]);
    sets[i].erase(std::unique(sets[i].begin(), sets[i].end()), sets[i].end());
    for (const std::uint32_t w : sets[i]) having[w].push_back(i);
  }
  Graph graph;
  std::vector<std::uint32_t> shared(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::ranges::fill(shared, 0U);
    for (const std::uint32_t w : sets[i]) {
      for (const std::uint32_t j : having[w]) ++shared[j];
    }
    for (std::uint32_t j = 0; j < n; ++j) {
      if (j == i || shared[j] == 0) continue;
      const double lengths = std::log(static_cast<double>(words.of(i).size())) +
                             std::log(static_cast<double>(words.of(j).size()));
      if (lengths > 0) graph.edges.push_back({j, shared[j] / lengths});
    }
    graph.begin.push_back(static_cast<std::uint32_t>(graph.edges.size()));
  }
  return graph;
}

Graph cross_graph(const Vectors& vectors, std::span<const int> document) {
  Graph graph;
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    const std::vector<double> likeness = cosines(vectors, i);
    for (std::uint32_t j = 0; j < likeness.size(); ++j) {
      if (document[i] == document[j] || likeness[j] <= 0) continue;
      graph.edges.push_back({j, likeness[j] * likeness[j]});
    }
    graph.begin.push_back(static_cast<std::uint32_t>(graph.edges.size()));
  }
  return graph;
}

}  // namespace nutgraf::summarizer
