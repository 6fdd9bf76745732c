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

namespace {

struct Count {
  std::uint32_t term;
  std::uint32_t times;
};

/// The distinct terms of each sentence, ascending.
class Counts {
 public:
  /// By way of the sentences of each term, ascending: nothing is sorted.
  explicit Counts(const Terms& terms) : counts_(terms.words()), begin_(1), end_(terms.sentences()) {
    std::vector<std::uint32_t> next(terms.size() + 1);  // Where in `having` a term's next one goes.
    for (std::size_t i = 0; i < terms.sentences(); ++i) {
      for (const std::uint32_t t : terms.of(i)) ++next[t + 1];
      end_[i] = begin_.back();
      begin_.push_back(begin_.back() + static_cast<std::uint32_t>(terms.of(i).size()));
    }
    for (std::size_t t = 1; t < next.size(); ++t) next[t] += next[t - 1];
    std::vector<std::uint32_t> having(terms.words());
    for (std::uint32_t i = 0; i < terms.sentences(); ++i) {
      for (const std::uint32_t t : terms.of(i)) having[next[t]++] = i;
    }
    std::uint32_t first = 0;
    for (std::uint32_t t = 0; t < terms.size(); ++t) {
      for (; first < next[t]; ++first) add(having[first], t);
    }
  }

  std::span<const Count> of(std::size_t sentence) const {
    return std::span(counts_).subspan(begin_[sentence], end_[sentence] - begin_[sentence]);
  }

 private:
  void add(std::uint32_t sentence, std::uint32_t term) {
    std::uint32_t& end = end_[sentence];
    if (end > begin_[sentence] && counts_[end - 1].term == term) {
      ++counts_[end - 1].times;
    } else {
      counts_[end++] = {term, 1};
    }
  }

  std::vector<Count> counts_;
  std::vector<std::uint32_t> begin_;  // Of each sentence in `counts_`, and of what follows.
  std::vector<std::uint32_t> end_;
};

}  // namespace

Vectors make_vectors(const Terms& terms, std::span<const double> weights) {
  Vectors out;
  out.terms = terms.size();
  out.begin.reserve(terms.sentences() + 1);
  out.entries.reserve(terms.words());
  const Counts counts(terms);
  for (std::size_t i = 0; i < terms.sentences(); ++i) {
    const std::size_t first = out.entries.size();
    double squares = 0;
    for (const Count& count : counts.of(i)) {
      const double weight = static_cast<double>(count.times) * weights[count.term];
      if (weight > 0) out.entries.push_back({count.term, weight});
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
