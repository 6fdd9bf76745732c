#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "summarizer/hash_table.h"
#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {

/// The words of sentences as numbered terms, stop words left out, repeats kept.
class Terms {
 public:
  /// `words`: about how many will come.
  explicit Terms(std::size_t words = 0);

  void add(std::uint64_t stem) {  ///< To the sentence at hand. stem != 0.
    const auto next = static_cast<std::uint32_t>(stems_.size());
    const auto [known, fresh] = numbers_.try_emplace(stem, next);
    if (fresh) stems_.push_back(stem);
    terms_.push_back(*known);
  }
  void end_sentence() { begin_.push_back(static_cast<std::uint32_t>(terms_.size())); }

  std::size_t sentences() const { return begin_.size() - 1; }
  std::size_t words() const { return terms_.size(); }
  std::size_t size() const { return stems_.size(); }  ///< Distinct terms.
  std::uint64_t stem(std::uint32_t term) const { return stems_[term]; }
  std::span<const std::uint32_t> of(std::size_t sentence) const {
    return std::span(terms_).subspan(begin_[sentence], begin_[sentence + 1] - begin_[sentence]);
  }

 private:
  /// Distinct ones of a long story.
  static constexpr std::size_t kUsualTerms = 512;

  std::vector<std::uint32_t> begin_{0};
  std::vector<std::uint32_t> terms_;
  std::vector<std::uint64_t> stems_;  // By term.
  HashTable<std::uint32_t> numbers_;
};

/// Sentences as sparse vectors of length 1 (0 if they have no term of weight).
struct Vectors {
  struct Entry {
    std::uint32_t term;
    double weight;
  };
  std::vector<std::uint32_t> begin{0};  ///< Of each sentence in `entries`, and the end.
  std::vector<Entry> entries;           ///< Terms ascending within a sentence.
  std::size_t terms = 0;

  std::size_t size() const { return begin.size() - 1; }
  std::span<const Entry> of(std::size_t i) const {
    return std::span(entries).subspan(begin[i], begin[i + 1] - begin[i]);
  }
};

/// v_i(w) = tf_i(w) · weight(w), L2-normalised. `weights`: one a term, >= 0.
Vectors make_vectors(const Terms& terms, std::span<const double> weights);
/// The same of the terms of an analysis, as it numbers them.
Vectors make_vectors(const Analysis& analysis, std::span<const double> weights);

/// Weights of the terms of a text: background idf, or its square root (which ranks single stories
/// better).
std::vector<double> background_weights(const Analysis& analysis, bool root);
/// ln((n + 1) / (df + 1/2)), not below 0, over the n sentences themselves.
std::vector<double> own_weights(const Terms& terms);

/// Cosine of sentence `i` and every other, itself included. O(entries).
std::vector<double> cosines(const Vectors& vectors, std::size_t i);
double cosine(const Vectors& vectors, std::size_t i, std::size_t j);

}  // namespace nutgraf::summarizer
