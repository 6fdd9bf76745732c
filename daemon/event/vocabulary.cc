#include "daemon/event/vocabulary.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nutgraf {
namespace {

/// Stories that the background counts for at first, and stories after which it counts for half as
/// many: what is common in this operator's feeds soon says more than what is common in general.
constexpr double kBackground = 2000;
constexpr double kBackgroundHalved = 500;

/// What is rare in general need not be rare in these feeds: a local paper names its town in every
/// story. So a young index takes no word for rarer than in one of `known` stories, where known = 30
/// + 2 n + n²/50 after n of its own. From some hundred stories on this bounds nothing.
/// [docs/decisions/event-merges.md]
constexpr double kKnownAtFirst = 30;
constexpr double kKnowsSoon = 50;

/// Of every value that a TermCount's bytes can have.
struct Logs {
  std::array<double, 256> count{};       ///< 1 + ln tf
  std::array<double, 256> background{};  ///< e^-idf: share of the background that has the word.

  Logs() {
    for (std::size_t i = 0; i < 256; ++i) {
      count[i] = 1 + std::log(static_cast<double>(i));
      background[i] = std::exp(-static_cast<double>(i) / 16.0);
    }
  }
};

const Logs& logs() {
  static const Logs tables;
  return tables;
}

/// The weights as they are, made a vector of unit length.
WeightedTerms unit(const std::vector<TermCount>& counts, const std::vector<double>& weights) {
  double squares = 0;
  for (const double weight : weights) squares += weight * weight;
  const double length = squares > 0 ? std::sqrt(squares) : 1;
  WeightedTerms terms;
  terms.terms.resize(counts.size());
  terms.weights.resize(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    terms.terms[i] = counts[i].term;
    terms.weights[i] =
        static_cast<std::uint16_t>(std::lround(weights[i] / length * PackedTerms::kOne));
  }
  return terms;
}

}  // namespace

void Vocabulary::add(const PackedStory& story) {
  each_term(story, [this](std::uint32_t term) { frequencies_.add(term); });
  ++stories_;
}

void Vocabulary::remove(const PackedStory& story) {
  each_term(story, [this](std::uint32_t term) { frequencies_.prefetch(term); });
  each_term(story, [this](std::uint32_t term) { frequencies_.remove(term); });
  --stories_;
}

void Vocabulary::put_off(std::vector<CountTable::Addition> terms, std::size_t stories) {
  if (!deferred_) deferred_ = std::make_unique<DeferredAdds<CountTable>>(frequencies_);
  deferred_->put(std::move(terms));
  stories_ += stories;
}

void Vocabulary::settle() { deferred_.reset(); }

WeightedStory Vocabulary::weigh(const StoryVector& vector) const {
  const auto seen_stories = static_cast<double>(stories_);
  const double background = kBackground / (1 + seen_stories / kBackgroundHalved);
  const double stories = seen_stories + background;
  const double known = kKnownAtFirst + 2 * seen_stories + seen_stories * seen_stories / kKnowsSoon;
  for (const auto* counts : {&vector.body, &vector.names}) {
    for (const TermCount& count : *counts) frequencies_.prefetch(count.term);
  }
  const Logs& table = logs();
  const auto idf = [&](const TermCount& count) {
    const double seen = frequencies_.of(count.term);
    const double df = seen + background * table.background[count.rarity];
    // A word is not known to be rarer than in one of the stories that could have held it.
    const double rarity = std::min((stories + 1) / (df + 0.5), (known + 1) / (seen + 0.5));
    return std::max(0.0, std::log(rarity));
  };
  std::vector<double> of_body(vector.body.size());
  std::transform(vector.body.begin(), vector.body.end(), of_body.begin(), idf);
  std::vector<double> weights;
  weights.reserve(vector.body.size());
  const auto part = [&](const std::vector<TermCount>& counts) {
    weights.clear();
    auto known_one = vector.body.begin();  // The head's are the body's: one look-up is enough.
    for (const TermCount& count : counts) {
      while (known_one != vector.body.end() && known_one->term < count.term) ++known_one;
      const bool in_body = known_one != vector.body.end() && known_one->term == count.term;
      weights.push_back(table.count[count.count] *
                        (in_body
                             ? of_body[static_cast<std::size_t>(known_one - vector.body.begin())]
                             : idf(count)));
    }
    return unit(counts, weights);
  };
  return {vector.language, part(vector.body), part(vector.names), part(vector.head)};
}

}  // namespace nutgraf
