#include "summarizer/vectors.h"

#include <algorithm>
#include <cmath>

#include "summarizer/background.h"

namespace nutgraf::summarizer {

// Not inline: gcc 12 with -fsanitize=thread takes the empty vector's null for an argument of
// memmove.
Terms::Terms(std::size_t words) {
  terms_.reserve(words);
  numbers_.reserve(std::min(words, kUsualTerms));
}

Terms terms_of(const Analysis& analysis) {
  Terms terms(analysis.words.size());
  for (std::size_t i = 0; i < analysis.sentences.size(); ++i) {
    for (const Word& word : analysis.words_of(i)) {
      if (word.stem != 0) terms.add(word.stem);
    }
    terms.end_sentence();
  }
  return terms;
}

Vectors make_vectors(const Terms& terms, std::span<const double> weights) {
  Vectors out;
  out.terms = terms.size();
  out.begin.reserve(terms.sentences() + 1);
  out.entries.reserve(terms.words());
  std::vector<std::uint32_t> sorted;
  for (std::size_t i = 0; i < terms.sentences(); ++i) {
    const auto own = terms.of(i);
    sorted.assign(own.begin(), own.end());
    std::ranges::sort(sorted);
    const std::size_t first = out.entries.size();
    double squares = 0;
    for (std::size_t k = 0; k < sorted.size();) {
      std::size_t end = k;
      while (end < sorted.size() && sorted[end] == sorted[k]) ++end;
      const double weight = static_cast<double>(end - k) * weights[sorted[k]];
      if (weight > 0) out.entries.push_back({sorted[k], weight});
      squares += weight * weight;
      k = end;
    }
    const double norm = std::sqrt(squares);
    for (std::size_t k = first; k < out.entries.size(); ++k) out.entries[k].weight /= norm;
    out.begin.push_back(static_cast<std::uint32_t>(out.entries.size()));
  }
  return out;
}

std::vector<double> background_weights(const Terms& terms, std::string_view language, bool root) {
  const Background& background = Background::of(language);
  std::vector<double> out(terms.size());
  for (std::uint32_t t = 0; t < out.size(); ++t) {
    const double idf = background.idf(terms.stem(t));
    out[t] = root ? std::sqrt(idf) : idf;
  }
  return out;
}

std::vector<double> own_weights(const Terms& terms) {
  std::vector<double> df(terms.size());
  std::vector<std::size_t> seen(terms.size());  // 1 + the last sentence that had it.
  for (std::size_t i = 0; i < terms.sentences(); ++i) {
    for (const std::uint32_t t : terms.of(i)) {
      if (seen[t] != i + 1) ++df[t];
      seen[t] = i + 1;
    }
  }
  const auto n = static_cast<double>(terms.sentences());
  for (double& x : df) x = std::max(0.0, std::log((n + 1) / (x + 0.5)));
  return df;
}

std::vector<double> cosines(const Vectors& vectors, std::size_t i) {
  std::vector<double> dense(vectors.terms);
  for (const auto& e : vectors.of(i)) dense[e.term] = e.weight;
  std::vector<double> out(vectors.size());
  for (std::size_t j = 0; j < out.size(); ++j) {
    for (const auto& e : vectors.of(j)) out[j] += e.weight * dense[e.term];
  }
  return out;
}

double cosine(const Vectors& vectors, std::size_t i, std::size_t j) {
  const auto a = vectors.of(i);
  const auto b = vectors.of(j);
  double sum = 0;
  for (std::size_t x = 0, y = 0; x < a.size() && y < b.size();) {
    if (a[x].term == b[y].term)
      sum += a[x++].weight * b[y++].weight;
    else if (a[x].term < b[y].term)
      ++x;
    else
      ++y;
  }
  return sum;
}

}  // namespace nutgraf::summarizer
