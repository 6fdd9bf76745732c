#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "summarizer/rank.h"
#include "summarizer/words.h"

namespace nutgraf::summarizer::test {

/// Terms of sentences given as lists of tokens.
inline Terms terms_of_tokens(const std::vector<std::vector<std::string>>& sentences) {
  Terms terms;
  for (const auto& tokens : sentences) {
    for (const std::string& token : tokens) terms.add(hash_word(token));
    terms.end_sentence();
  }
  return terms;
}

/// n x n, row-major: how much i votes for j.
using Matrix = std::vector<double>;

/// The stationary scores by Gaussian elimination: (I - d·M)·s = (1-d)·t, where column i of M holds
/// the shares of i's votes, or the teleport if i gives none. Slow and exact.
inline std::vector<double> solve(const Matrix& votes, std::size_t n, double d,
                                 const std::vector<double>& teleport) {
  Matrix a(n * n);
  std::vector<double> s(n);
  for (std::size_t i = 0; i < n; ++i) {
    double out = 0;
    for (std::size_t j = 0; j < n; ++j) out += votes[i * n + j];
    for (std::size_t j = 0; j < n; ++j) {
      const double share = out > 0 ? votes[i * n + j] / out : teleport[j];
      a[j * n + i] = (i == j ? 1 : 0) - d * share;
    }
    s[i] = (1 - d) * teleport[i];
  }
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t r = k + 1; r < n; ++r) {
      if (std::abs(a[r * n + k]) > std::abs(a[pivot * n + k])) pivot = r;
    }
    for (std::size_t c = 0; c < n; ++c) std::swap(a[k * n + c], a[pivot * n + c]);
    std::swap(s[k], s[pivot]);
    for (std::size_t r = 0; r < n; ++r) {
      if (r == k) continue;
      const double factor = a[r * n + k] / a[k * n + k];
      for (std::size_t c = k; c < n; ++c) a[r * n + c] -= factor * a[k * n + c];
      s[r] -= factor * s[k];
    }
  }
  for (std::size_t k = 0; k < n; ++k) s[k] /= a[k * n + k];
  return s;
}

}  // namespace nutgraf::summarizer::test
