#include "summarizer/vectors.h"

#include <algorithm>
#include <cmath>

namespace nutgraf::summarizer {

// Not inline: gcc 12 with -fsanitize=thread takes the empty vector's null for an argument of
// memmove.
Terms::Terms(std::size_t words) {
  terms_.reserve(words);
  numbers_.reserve(std::min(words, kUsualTerms));
}

Terms::Terms(const Analysis& analysis)
    : terms_(analysis.words.size() + 1), stems_(analysis.terms.size()) {
  begin_.reserve(analysis.sentences.size() + 1);
  std::uint32_t kept = 0;
  for (std::size_t i = 0; i < analysis.sentences.size(); ++i) {
    // Whether a word is a stop word is nothing that a processor foresees: no branch on it.
    for (const Word& word : analysis.words_of(i)) {
      terms_[kept] = word.term;
      kept += word.stem != 0;
    }
    begin_.push_back(kept);
  }
  terms_.resize(kept);
  std::ranges::transform(analysis.terms, stems_.begin(), &Term::stem);
}

namespace {

/// Nearly sorted they are already: terms are numbered as they come.
void sort(std::vector<std::uint32_t>& terms) {
  constexpr std::size_t kFew = 64;
  if (terms.size() > kFew) {
    std::ranges::sort(terms);
    return;
  }
  for (std::size_t k = 1; k < terms.size(); ++k) {
    const std::uint32_t term = terms[k];
    std::size_t i = k;
    for (; i > 0 && terms[i - 1] > term; --i) terms[i] = terms[i - 1];
    terms[i] = term;
  }
}

}  // namespace

Vectors make_vectors(const Terms& terms, std::span<const double> weights) {
  Vectors out;
  out.terms = terms.size();
  out.begin.reserve(terms.sentences() + 1);
  out.entries.resize(terms.words());
  std::size_t size = 0;
  std::vector<std::uint32_t> own;  // Terms of the sentence at hand, ascending.
  for (std::size_t i = 0; i < terms.sentences(); ++i) {
    own.assign(terms.of(i).begin(), terms.of(i).end());
    sort(own);
    // Whether a term comes again, or weighs nothing, is nothing that a processor foresees: no
    // branch on it.
    const std::span entries = std::span(out.entries).subspan(size, own.size());
    std::size_t kept = 0;
    double squares = 0;
    double times = 0;
    for (std::size_t k = 0; k < own.size(); ++k) {
      const std::uint32_t term = own[k];
      const bool last = k + 1 == own.size() || own[k + 1] != term;
      times += 1;
      const double weight = last ? times * weights[term] : 0;
      times = last ? 0 : times;
      entries[kept] = {term, weight};
      kept += weight > 0;
      squares += weight * weight;
    }
    const double norm = std::sqrt(squares);
    for (auto& e : entries.first(kept)) e.weight /= norm;
    size += kept;
    out.begin.push_back(static_cast<std::uint32_t>(size));
  }
  out.entries.resize(size);
  return out;
}

std::vector<double> background_weights(const Analysis& analysis, bool root) {
  std::vector<double> out(analysis.terms.size());
  std::ranges::transform(analysis.terms, out.begin(),
                         [&](const Term& t) { return root ? std::sqrt(t.idf) : t.idf; });
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
