#include "summarizer/selection.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "summarizer/block.h"

namespace nutgraf::summarizer {
namespace {

/// How much of the budget is used.
class Tally {
 public:
  explicit Tally(const Budget& budget) : budget_(budget) {}

  /// Words beyond a budget of words, if so many more are added.
  int over(int words) const {
    return budget_.words > 0 ? std::max(0, words_ + words - budget_.words) : 0;
  }
  bool full() const { return !fits(1, 0); }
  /// Whether `sentences` more fit, which have `words` words without the last of them.
  bool fits(std::size_t sentences, int words) const {
    if (used_ + sentences > static_cast<std::size_t>(kMaxPicks)) return false;
    if (budget_.words > 0) return words_ + words < budget_.words;
    return used_ + sentences <= static_cast<std::size_t>(std::max(budget_.sentences, 0));
  }
  void add(const Candidate& c) {
    ++used_;
    words_ += c.length;
  }

 private:
  const Budget budget_;
  std::size_t used_ = 0;
  int words_ = 0;
};

std::vector<std::size_t> by_score(std::span<const Candidate> candidates, bool bad_last) {
  std::vector<std::size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    const Candidate& x = candidates[a];
    const Candidate& y = candidates[b];
    if (bad_last && x.bad != y.bad) return y.bad;
    return x.score > y.score;
  });
  return order;
}

/// Sorted distinct forms of a sentence's words.
std::vector<std::uint64_t> forms_of(std::span<const Word> words) {
  std::vector<std::uint64_t> forms;
  forms.reserve(words.size());
  for (const Word& word : words) forms.push_back(word.form);
  std::ranges::sort(forms);
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  return forms;
}

/// Whether two sets of words have a Jaccard similarity of at least kRepeats.
bool are_alike(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  std::size_t shared = 0;
  for (std::size_t x = 0, y = 0; x < a.size() && y < b.size();) {
    const bool both = a[x] == b[y];
    shared += both;
    const bool less = a[x] < b[y];
    x += both || less;
    y += both || !less;
  }
  const auto together = static_cast<double>(a.size() + b.size() - shared);
  return shared > 0 && static_cast<double>(shared) >= kRepeats * together;
}

/// A bit for each word of a sentence, by its hash: how many bits differ is at most how many words
/// do.
std::uint64_t marks_of(std::span<const Word> words) {
  std::uint64_t out = 0;
  for (const Word& word : words) out |= std::uint64_t{1} << (word.form % 64);
  return out;
}

/// Finds the sentences that say what one says, in nearly the same words.
class Repeats {
 public:
  explicit Repeats(std::span<const std::span<const Word>> sentences) : sentences_(sentences) {
    marks_.reserve(sentences.size());
    for (const auto& words : sentences) marks_.push_back(marks_of(words));
  }

  /// Visits the `j` that repeat `i`.
  template <typename May, typename Visit>
  void for_each_of(std::size_t i, May may, Visit visit) const {
    const std::vector<std::uint64_t> forms = forms_of(sentences_[i]);
    for (std::size_t j = 0; j < sentences_.size(); ++j) {
      if (!may(j) || differ(i, j)) continue;
      if (are_alike(forms, forms_of(sentences_[j]))) visit(j);
    }
  }

 private:
  /// Whether their marks alone say that the two are not alike; hardly any pair gets past this.
  /// With a Jaccard similarity of J, |A| + |B| words in all are (1 + J) · |A ∪ B|, and those that
  /// only one of the two has are (1 - J) · |A ∪ B|.
  bool differ(std::size_t i, std::size_t j) const {
    constexpr double kMost = (1 - kRepeats) / (1 + kRepeats);
    const auto words = static_cast<double>(sentences_[i].size() + sentences_[j].size());
    return count_bits(marks_[i] ^ marks_[j]) > kMost * words + 1e-9;
  }

  const std::span<const std::span<const Word>> sentences_;
  std::vector<std::uint64_t> marks_;
};

/// The state of a greedy choice: what is picked, and how much each sentence repeats of it.
class Greedy {
 public:
  Greedy(std::span<const Candidate> candidates, const Vectors& vectors, const Budget& budget,
         double novelty)
      : candidates_(candidates),
        vectors_(vectors),
        novelty_(novelty),
        tally_(budget),
        redundancy_(candidates.size()),
        picked_(candidates.size()) {}

  double value(std::size_t i) const {
    return (1 - novelty_) * candidates_[i].score - novelty_ * redundancy_[i];
  }

  void pick(std::size_t i) {
    picked_[i] = true;
    picks_.push_back(i);
    tally_.add(candidates_[i]);
    if (tally_.full()) return;
    const std::vector<double> likeness = cosines(vectors_, i);
    for (std::size_t j = 0; j < likeness.size(); ++j) redundancy_[j] += likeness[j];
  }

  bool picked(std::size_t i) const { return picked_[i]; }
  const Tally& tally() const { return tally_; }
  const Picks& picks() const { return picks_; }

 private:
  const std::span<const Candidate> candidates_;
  const Vectors& vectors_;
  const double novelty_;
  Tally tally_;
  std::vector<double> redundancy_;
  std::vector<char> picked_;
  Picks picks_;
};

/// One more than the largest number of a person.
std::size_t people_of(std::span<const Candidate> candidates) {
  std::size_t people = 0;
  for (const Candidate& c : candidates) {
    if (c.known != Introductions::kNobody) people = std::max<std::size_t>(people, c.known + 1);
    for (const std::uint32_t who : c.introduces) people = std::max<std::size_t>(people, who + 1);
  }
  return people;
}

/// A sentence with those before it that it leans on; from the last to the first.
struct Bundle {
  std::size_t members[3] = {};
  std::size_t size = 0;

  std::span<const std::size_t> all() const { return {members, size}; }
};

class BundleGreedy {
 public:
  BundleGreedy(std::span<const std::span<const Word>> words, std::span<const Candidate> candidates,
               const Vectors& vectors, const Budget& budget, const Taste& taste)
      : candidates_(candidates),
        vectors_(vectors),
        taste_(taste),
        greedy_(candidates, vectors, budget, taste.novelty),
        introduced_(people_of(candidates)),
        out_(candidates.size()),
        likeness_before_(candidates.size()),
        repeats_(words) {
    for (std::size_t i = 1; i < candidates.size(); ++i) {
      if (candidates[i].leaning) likeness_before_[i] = cosine(vectors, i, i - 1);
    }
  }

  Picks run() {
    while (!greedy_.tally().full()) {
      const Bundle best = best_bundle();
      if (best.size == 0) break;
      for (const std::size_t i : best.all()) pick(i);
    }
    fill();
    return greedy_.picks();
  }

 private:
  /// Empty if it cannot stand.
  Bundle bundle_of(std::size_t i) const {
    Bundle b;
    while (true) {
      if (candidates_[i].bad || out_[i] || b.size == 3) return {};
      b.members[b.size++] = i;
      if (!candidates_[i].leaning || i == 0 || greedy_.picked(i - 1)) return b;
      --i;
    }
  }

  bool fits(const Bundle& b) const {
    int words = 0;
    for (const std::size_t i : b.all()) words += candidates_[i].length;
    return greedy_.tally().fits(b.size, words - candidates_[b.members[0]].length);
  }

  double value_of(const Bundle& b) const {
    double sum = 0;
    for (const std::size_t i : b.all()) sum += greedy_.value(i);
    if (b.size > 1) sum -= taste_.novelty * likeness_before_[b.members[0]];
    double value = sum / static_cast<double>(b.size);
    if (has_stranger(b)) value -= kStranger;
    if (taste_.several_texts && lacks_opening(b)) value -= kNoOpening;
    if (taste_.one_text) value -= 0.5 * (1 - taste_.novelty) * pushed_out(b);
    return value;
  }

  /// Whether a member speaks of somebody as known whom neither it nor a picked one introduces.
  bool has_stranger(const Bundle& b) const {
    return std::ranges::any_of(b.all(), [&](std::size_t i) {
      const std::uint32_t who = candidates_[i].known;
      return who != Introductions::kNobody && introduced_[who] == 0 &&
             std::ranges::none_of(b.all(), [&](std::size_t j) {
               const auto& here = candidates_[j].introduces;
               return std::ranges::find(here, who) != here.end();
             });
    });
  }

  /// Whether the summary would begin with it, and it does not tell what happened.
  bool lacks_opening(const Bundle& b) const {
    return greedy_.picks().empty() && !candidates_[b.all().back()].opening;
  }

  /// Scores of the picked sentences, by the share that is beyond the budget once `b` stands before
  /// them.
  double pushed_out(const Bundle& b) const {
    int words = 0;
    for (const std::size_t i : b.all()) words += candidates_[i].length;
    int over = greedy_.tally().over(words);
    if (over == 0) return 0;
    double lost = 0;
    const auto take = [&](std::size_t i) {
      const int cut = std::min(over, candidates_[i].length);
      over -= cut;
      return static_cast<double>(cut) / std::max(1, candidates_[i].length);
    };
    // What is printed last is beyond the edge first. A bundle's members are in falling order.
    std::size_t member = 0;
    for (auto i = in_order_.rbegin(); i != in_order_.rend() && over > 0; ++i) {
      while (member < b.size && b.members[member] > *i) take(b.members[member++]);
      lost += candidates_[*i].score * take(*i);
    }
    return lost;
  }

  Bundle best_bundle() const {
    Bundle best;
    double best_value = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (greedy_.picked(i)) continue;
      const Bundle b = bundle_of(i);
      if (b.size == 0 || !fits(b)) continue;
      const double value = value_of(b);
      if (value > best_value) {
        best = b;
        best_value = value;
      }
    }
    return best;
  }

  void pick(std::size_t i) {
    greedy_.pick(i);
    if (greedy_.tally().full()) return;
    in_order_.insert(std::ranges::upper_bound(in_order_, i), i);
    for (const std::uint32_t who : candidates_[i].introduces) introduced_[who] = 1;
    const auto may = [&](std::size_t j) {
      return out_[j] == 0 && !greedy_.picked(j) && !candidates_[j].bad;
    };
    repeats_.for_each_of(i, may, [&](std::size_t j) { out_[j] = 1; });
    if (!taste_.several_texts) return;
    const std::vector<double> likeness = cosines(vectors_, i);
    for (std::size_t j = 0; j < likeness.size(); ++j) {
      if (likeness[j] >= kAlike && may(j)) out_[j] = 1;
    }
  }

  void fill() {
    // A shorter summary of an event serves better than one with a stray line in it.
    const bool enough = taste_.several_texts && !greedy_.picks().empty();
    if (enough || greedy_.tally().full()) return;
    for (const std::size_t i : by_score(candidates_, true)) {
      if (greedy_.tally().full()) return;
      if (!greedy_.picked(i) && !out_[i]) greedy_.pick(i);
    }
  }

  const std::span<const Candidate> candidates_;
  const Vectors& vectors_;
  const Taste taste_;
  Greedy greedy_;
  Picks in_order_;                       // The picked ones, as they stand in the text.
  std::vector<char> introduced_;         // By person: whether a picked one introduces them.
  std::vector<char> out_;                // Repeats something picked.
  std::vector<double> likeness_before_;  // Cosine of a leaning one to the sentence before.
  const Repeats repeats_;
};

}  // namespace

Picks pick_one(std::span<const Candidate> candidates) {
  const auto stands = [](const Candidate& c) { return !c.bad && !c.leaning; };
  const auto first = std::ranges::find_if(candidates, stands);
  if (first == candidates.end()) {
    const auto order = by_score(candidates, true);
    return order.empty() ? Picks{} : Picks{order.front()};
  }
  auto best = first;
  for (auto c = first; c != candidates.end(); ++c) {
    if (stands(*c) && c->score > best->score) best = c;
  }
  const double better = candidates.size() >= kLongText ? kBetterInLong : kClearlyBetter;
  const auto& chosen = best->score > better * first->score ? best : first;
  return {static_cast<std::size_t>(chosen - candidates.begin())};
}

Picks pick_best(std::span<const Candidate> candidates, const Budget& budget) {
  Tally tally(budget);
  Picks picks;
  for (const std::size_t i : by_score(candidates, false)) {
    if (tally.full()) break;
    picks.push_back(i);
    tally.add(candidates[i]);
  }
  return picks;
}

Picks pick_bundles(std::span<const std::span<const Word>> words,
                   std::span<const Candidate> candidates, const Vectors& vectors,
                   const Budget& budget, const Taste& taste) {
  return BundleGreedy(words, candidates, vectors, budget, taste).run();
}

}  // namespace nutgraf::summarizer
