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
  std::vector<std::uint64_t> stems;
  for (std::size_t i = 0; i < analysis.sentences.size(); ++i) {
    const auto words = analysis.words_of(i);
    if (stems.size() < words.size()) stems.resize(words.size());
    // Whether a word is a stop word is nothing that a processor foresees: no branch on it.
    std::size_t kept = 0;
    for (const Word& word : words) {
      stems[kept] = word.stem;
      kept += word.stem != 0;
    }
    for (const std::uint64_t stem : std::span(stems).first(kept)) terms.add(stem);
    terms.end_sentence();
  }
  return terms;
}

Vectors make_vectors(const Terms& terms, std::span<const double> weights) {
  Vectors out;
  out.terms = terms.size();
  out.begin.reserve(terms.sentences() + 1);
  out.entries.reserve(terms.words());
  std::vector<std::uint32_t> own;  // Terms of the sentence at hand, ascending.
  for (std::size_t i = 0; i < terms.sentences(); ++i) {
    const std::size_t first = out.entries.size();
    own.assign(terms.of(i).begin(), terms.of(i).end());
    std::ranges::sort(own);  // Nearly so already: terms are numbered as they come.
    double squares = 0;
    for (std::size_t k = 0; k < own.size();) {
      const std::size_t begin = k;
      while (k < own.size() && own[k] == own[begin]) ++k;
      const double weight = static_cast<double>(k - begin) * weights[own[begin]];
      if (weight > 0) out.entries.push_back({own[begin], weight});
      squares += weight * weight;
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
  for (std::uint32_t t = 0; t < out.size(); ++t) background.prefetch(terms.stem(t));
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
