#include "daemon/dedup/comparison.h"

#include <algorithm>

namespace nutgraf {
namespace {

constexpr std::size_t kLede = 60;
/// A longer uncovered run is new text, not a replaced name.
constexpr std::size_t kLongestReplacement = 6;
constexpr std::size_t kShortTemplate = 80;

std::size_t count(const Flags& flags, std::size_t limit) {
  std::uint32_t set = 0;  // As wide as counts are, or a byte each would be widened to 64 bits.
  for (std::size_t i = 0; i < limit; ++i) set += static_cast<std::uint32_t>(flags[i]);
  return set;
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

struct Coverage {
  std::size_t shared = 0;
  double cover = 0;
  double lede = 0;
  std::size_t replaced = 0;
  double replaced_share = 0;
};

/// Names and figures in short uncovered runs between covered words, that the other side has
/// nowhere: what differs between two fillings of a template.
void count_replaced(std::span<const Token> body, const Flags& covered, const Vocabulary& other,
                    Coverage& result) {
  std::size_t kept = 0;
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
std::size_t comparable(const Flags& covered, bool other_cut) {
  if (!other_cut) return covered.size();
  std::size_t end = covered.size();
  while (end > 0 && !covered[end - 1]) --end;
  return 4 * end >= 3 * covered.size() ? end : covered.size();
}

Coverage cover(const Side& side, const Flags& covered, const Side& against,
               const Vocabulary& other) {
  Coverage result;
  const std::size_t words = comparable(covered, against.cut);
  result.shared = count(covered, words);
  result.cover = share(result.shared, words);
  const std::size_t opening = std::min(words, kLede);
  result.lede = share(count(covered, opening), opening);
  count_replaced(side.body, covered, other, result);
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

Comparison Comparer::with(const Side& other) {
  const Vocabulary other_words(other);
  grams_.forget();
  const Coverage right = cover(other, grams_.meet(other.body), text_, words_);
  const Coverage left = cover(text_, grams_.met(), other, other_words);
  const bool left_larger = left.cover >= right.cover;
  Comparison result;
  result.cover = std::max(left.cover, right.cover);
  result.words = left_larger ? text_.body.size() : other.body.size();
  result.other_words = left_larger ? other.body.size() : text_.body.size();
  result.shared = std::max(left.shared, right.shared);
  result.lede = std::max(left.lede, right.lede);
  const Coverage& worse = left.replaced_share >= right.replaced_share ? left : right;
  result.replaced = worse.replaced;
  result.replaced_share = worse.replaced_share;
  compare_numbers(text_, other, result);
  result.title = std::min(title_share(text_.title, other_words), title_share(other.title, words_));
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
  const bool teaser = c.words < options.teaser && c.other_words >= options.teaser_of * c.words;
  if (c.cover >= (teaser ? options.teaser_cover : options.min_cover)) return true;
  return !teaser && c.words < options.short_text && c.cover >= options.short_cover &&
         c.cover + c.lede >= options.short_cover_lede && c.title >= options.short_title;
}

bool same_story(const Comparison& c, const DedupOptions& options) {
  const std::size_t few = c.words < kShortTemplate ? 1 : 3;
  if (c.replaced_share >= options.max_hard && c.replaced > few) return false;
  if (c.numbers_missing > 2 && c.numbers < options.min_numbers) return false;
  return same_words(c, options);
}

double closeness(const Comparison& c) { return c.cover * (0.5 + c.numbers / 4 + c.title / 4); }

}  // namespace nutgraf
