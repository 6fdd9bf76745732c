#include "daemon/dedup/comparison.h"

#include <algorithm>

#include "daemon/dedup/gram_set.h"

namespace nutgraf {
namespace {

constexpr std::size_t kLede = 60;
/// A longer uncovered run is new text, not a replaced name.
constexpr std::size_t kLongestReplacement = 6;
constexpr std::size_t kShortTemplate = 80;

std::size_t count(const std::vector<bool>& flags, std::size_t limit) {
  return static_cast<std::size_t>(
      std::count(flags.begin(), flags.begin() + static_cast<std::ptrdiff_t>(limit), true));
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

struct Coverage {
  std::vector<bool> covered;
  std::size_t shared = 0;
  double cover = 0;
  double lede = 0;
  std::size_t replaced = 0;
  double replaced_share = 0;
};

/// Names and figures in short uncovered runs between covered words, that the other side has
/// nowhere: what differs between two fillings of a template.
void count_replaced(const std::vector<Token>& body, const Vocabulary& other, Coverage& result) {
  std::size_t kept = 0;
  const std::vector<bool>& covered = result.covered;
  for (std::size_t begin = 0; begin < body.size();) {
    std::size_t end = begin;
    while (end < body.size() && covered[end] == covered[begin]) ++end;
    const bool inside = begin > 0 && end < body.size() && end - begin <= kLongestReplacement;
    for (std::size_t i = begin; i < end; ++i) {
      if (!body[i].hard()) continue;
      if (covered[begin]) {
        ++kept;
      } else if (inside && !other.has(body[i])) {
        ++result.replaced;
      }
    }
    begin = end;
  }
  result.replaced_share = share(result.replaced, result.replaced + kept);
}

/// Words that can have a counterpart: where the other text was cut, the end of a shifted copy has
/// none. A long end without one is new text all the same.
std::size_t comparable(const std::vector<bool>& covered, bool other_cut) {
  if (!other_cut) return covered.size();
  std::size_t end = covered.size();
  while (end > 0 && !covered[end - 1]) --end;
  return 4 * end >= 3 * covered.size() ? end : covered.size();
}

Coverage cover(const Side& side, const Side& against, const GramSet& other_grams,
               const Vocabulary& other) {
  Coverage result;
  result.covered = other_grams.covered(side.body);
  const std::size_t words = comparable(result.covered, against.cut);
  result.shared = count(result.covered, words);
  result.cover = share(result.shared, words);
  const std::size_t opening = std::min(words, kLede);
  result.lede = share(count(result.covered, opening), opening);
  count_replaced(side.body, other, result);
  return result;
}

std::vector<std::uint16_t> numbers_of(const Side& side) {
  std::vector<std::uint16_t> numbers;
  for (const Token& token : side.body) {
    if (token.has(Token::kNumber)) numbers.push_back(token.hash);
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

void compare_numbers(const Side& a, const Side& b, Comparison& result) {
  const std::vector<std::uint16_t> left = numbers_of(a);
  const std::vector<std::uint16_t> right = numbers_of(b);
  std::vector<std::uint16_t> both;
  std::set_intersection(left.begin(), left.end(), right.begin(), right.end(),
                        std::back_inserter(both));
  const std::size_t smaller = std::min(left.size(), right.size());
  result.numbers = smaller == 0 ? 1 : share(both.size(), smaller);
  result.numbers_missing = smaller - both.size();
}

GramSet grams_of(const Side& side) {
  GramSet grams(side.body.size());
  grams.add(side.body);
  return grams;
}

}  // namespace

Vocabulary::Vocabulary(const Side& side) : words_(std::make_unique<std::bitset<65536>>()) {
  for (const Token& token : side.body) words_->set(token.hash);
  for (const Token& token : side.title) words_->set(token.hash);
}

double title_share(std::span<const Token> title, const Vocabulary& other) {
  std::size_t content = 0;
  std::size_t found = 0;
  for (const Token& token : title) {
    if (!token.has(Token::kContent)) continue;
    ++content;
    found += other.has(token) ? 1 : 0;
  }
  return content == 0 ? 1 : share(found, content);
}

double title_share(std::span<const Token> title, const Side& other) {
  return title_share(title, Vocabulary(other));
}

Comparison compare(const Side& a, const Side& b) {
  const Vocabulary a_words(a);
  const Vocabulary b_words(b);
  const Coverage left = cover(a, b, grams_of(b), b_words);
  const Coverage right = cover(b, a, grams_of(a), a_words);
  const bool left_larger = left.cover >= right.cover;
  Comparison result;
  result.cover = std::max(left.cover, right.cover);
  result.words = left_larger ? a.body.size() : b.body.size();
  result.shared = std::max(left.shared, right.shared);
  result.lede = std::max(left.lede, right.lede);
  const Coverage& worse = left.replaced_share >= right.replaced_share ? left : right;
  result.replaced = worse.replaced;
  result.replaced_share = worse.replaced_share;
  compare_numbers(a, b, result);
  result.title = std::min(title_share(a.title, b_words), title_share(b.title, a_words));
  return result;
}

Comparison with_facts_of(Comparison bare, const Comparison& whole) {
  bare.replaced = whole.replaced;
  bare.replaced_share = whole.replaced_share;
  bare.numbers = whole.numbers;
  bare.numbers_missing = whole.numbers_missing;
  return bare;
}

bool same_words(const Comparison& c, const DedupOptions& options) {
  if (c.shared < options.min_shared || c.title < options.min_title || c.lede < options.min_lede) {
    return false;
  }
  if (c.cover >= options.min_cover) return true;
  return c.words < options.short_text && c.cover >= options.short_cover &&
         c.cover + c.lede >= options.short_cover_lede;
}

bool same_story(const Comparison& c, const DedupOptions& options) {
  const std::size_t few = c.words < kShortTemplate ? 1 : 3;
  if (c.replaced_share >= options.max_hard && c.replaced > few) return false;
  if (c.numbers_missing > 2 && c.numbers < options.min_numbers) return false;
  return same_words(c, options);
}

double closeness(const Comparison& c) { return c.cover * (0.5 + c.numbers / 4 + c.title / 4); }

}  // namespace nutgraf
