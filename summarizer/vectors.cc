#include "summarizer/vectors.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nutgraf::summarizer {

// Not inline: gcc 12 with -fsanitize=thread takes the empty vector's null for an argument of
// memmove.
Terms::Terms(std::size_t words) {
  terms_.reserve(words);
  numbers_.reserve(std::min(words, kUsualTerms));
}

namespace {

/// Nearly sorted they are already: terms are numbered as they come.
void sort(std::span<std::uint32_t> terms) {
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

/// Makes the vectors of one sentence after the other.
class VectorMaker {
 public:
  /// `words`: about how many the sentences have.
  VectorMaker(std::size_t sentences, std::size_t words, std::span<const double> weights)
      : weights_(weights) {
    out_.terms = weights.size();
    out_.begin.reserve(sentences + 1);
    out_.entries.reserve(words);
  }

  /// The next sentence, by its terms, which are sorted.
  void add(std::span<std::uint32_t> own) {
    sort(own);
    const std::size_t begin = out_.begin.back();
    out_.entries.resize(begin + own.size());
    const std::span entries = std::span(out_.entries).subspan(begin);
    // Whether a term comes again, or weighs nothing, is nothing that a processor foresees: no
    // branch on it.
    std::size_t kept = 0;
    double squares = 0;
    double times = 0;
    for (std::size_t k = 0; k < own.size(); ++k) {
      const std::uint32_t term = own[k];
      const bool last = k + 1 == own.size() || own[k + 1] != term;
      times += 1;
      const double weight = last ? times * weights_[term] : 0;
      times = last ? 0 : times;
      entries[kept] = {term, weight};
      kept += weight > 0;
      squares += weight * weight;
    }
    const double norm = std::sqrt(squares);
    for (auto& e : entries.first(kept)) e.weight /= norm;
    out_.entries.resize(begin + kept);
    out_.begin.push_back(static_cast<std::uint32_t>(begin + kept));
  }

  Vectors take() { return std::move(out_); }

 private:
  const std::span<const double> weights_;
  Vectors out_;
};

}  // namespace

Vectors make_vectors(const Terms& terms, std::span<const double> weights) {
  VectorMaker maker(terms.sentences(), terms.words(), weights);
  std::vector<std::uint32_t> own;
  for (std::size_t i = 0; i < terms.sentences(); ++i) {
    own.assign(terms.of(i).begin(), terms.of(i).end());
    maker.add(own);
  }
  return maker.take();
}

Vectors make_vectors(const Analysis& analysis, std::span<const double> weights) {
  VectorMaker maker(analysis.sentences.size(), analysis.words.size(), weights);
  std::vector<std::uint32_t> own;
  for (std::size_t i = 0; i < analysis.sentences.size(); ++i) {
    const std::span words = analysis.words_of(i);
    if (own.size() <= words.size()) own.resize(words.size() + 1);
    // Whether a word is a stop word is nothing that a processor foresees, either.
    std::size_t kept = 0;
    for (const Word& word : words) {
      own[kept] = word.term;
      kept += word.stem != 0;
    }
    maker.add(std::span(own).first(kept));
  }
  return maker.take();
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
    double sum = 0;
    for (const auto& e : vectors.of(j)) sum += e.weight * dense[e.term];
    out[j] = sum;
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
