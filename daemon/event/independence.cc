#include "daemon/event/independence.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "daemon/base/hash.h"
#include "daemon/base/words.h"

namespace nutgraf {
namespace {

/// Share of a text's words that the other covers, from which on two stories of one agency are one.
constexpr double kCopied = 0.3;
/// The same without a credit: a letter or a speech that both print covers half of them at most.
constexpr double kSame = 0.6;
/// Words of a text that can be a copy without a credit: less may be a quotation.
constexpr std::size_t kFewestWords = 60;
constexpr std::size_t kWords = 800;

/// The word triples of a text.
struct Triples {
  std::vector<std::uint64_t> in_order;  ///< Their hashes.
  std::vector<std::uint64_t> sorted;    ///< … each once.
  std::size_t words = 0;
};

Triples triples(std::string_view text) {
  const Words words = split_words(text, kWords);
  Triples out;
  out.words = words.size();
  for (std::size_t i = 0; i + 3 <= words.size(); ++i) {
    out.in_order.push_back(
        hash64(std::string_view(words.folded)
                   .substr(words.words[i].folded_begin,
                           words.words[i + 2].folded_end - words.words[i].folded_begin)));
  }
  out.sorted = out.in_order;
  std::sort(out.sorted.begin(), out.sorted.end());
  out.sorted.erase(std::unique(out.sorted.begin(), out.sorted.end()), out.sorted.end());
  return out;
}

/// Share of the words that stand in a triple which `other` has.
double covered(const Triples& text, const Triples& other) {
  if (text.in_order.empty()) return 0;
  std::size_t words = 0;
  std::size_t next = 0;  // First word that is not counted yet.
  for (std::size_t i = 0; i < text.in_order.size(); ++i) {
    if (!std::binary_search(other.sorted.begin(), other.sorted.end(), text.in_order[i])) continue;
    words += i + 3 - std::max(i, next);
    next = i + 3;
  }
  return static_cast<double>(words) / static_cast<double>(text.words);
}

/// Whether triples in common can cover that share of a text: each covers three words at most.
bool may_cover(const Triples& a, const Triples& b, double share) {
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < a.sorted.size() && j < b.sorted.size();) {
    common += a.sorted[i] == b.sorted[j] ? 1 : 0;
    const bool left = a.sorted[i] <= b.sorted[j];
    const bool right = b.sorted[j] <= a.sorted[i];
    i += left ? 1 : 0;
    j += right ? 1 : 0;
  }
  const auto words = static_cast<double>(std::min(a.words, b.words));
  return 3 * static_cast<double>(common) >= share * words;
}

bool copied(const Triples& a, const Triples& b, double share) {
  return may_cover(a, b, share) && std::max(covered(a, b), covered(b, a)) >= share;
}

bool is_known_copy(const Story& a, const Story& b) {
  return !a.origin_copy_of.empty() &&
         (a.origin_copy_of == b.id || a.origin_copy_of == b.origin_copy_of);
}

/// One publisher's, a copy of it, or one agency's as both say.
bool is_credited(const Story& a, const Story& b, const Triples& left, const Triples& right) {
  if (publisher_of(a) == publisher_of(b) || is_known_copy(a, b) || is_known_copy(b, a)) return true;
  return !a.origin_agency.empty() && a.origin_agency == b.origin_agency &&
         copied(left, right, kCopied);
}

bool is_same_text(const Triples& left, const Triples& right) {
  return std::min(left.words, right.words) >= kFewestWords && copied(left, right, kSame);
}

void join(std::size_t a, std::size_t b, std::vector<std::size_t>& groups) {
  const auto [to, from] = std::minmax(groups[a], groups[b]);
  std::replace(groups.begin(), groups.end(), std::size_t{from}, std::size_t{to});
}

/// 0, 1, … in order of appearance.
void number(std::vector<std::size_t>& groups) {
  std::map<std::size_t, std::size_t> numbers;
  for (std::size_t& g : groups) g = numbers.emplace(g, numbers.size()).first->second;
}

}  // namespace

std::string_view publisher_of(const Story& story) {
  if (!story.source.publisher.empty()) return story.source.publisher;
  return story.source.host.empty() ? story.source.feed_id : story.source.host;
}

Sources sources_of(const std::vector<Story>& stories) {
  std::vector<std::size_t> alone(stories.size());
  std::iota(alone.begin(), alone.end(), std::size_t{0});
  Sources sources{alone, alone, 0};
  std::vector<Triples> texts(stories.size());
  for (std::size_t i = 0; i < stories.size() && stories.size() > 1; ++i) {
    texts[i] = triples(stories[i].text);
  }
  for (std::size_t i = 0; i < stories.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (is_credited(stories[i], stories[j], texts[i], texts[j])) {
        join(i, j, sources.credited);
        join(i, j, sources.independent);
      } else if (sources.independent[i] != sources.independent[j] &&
                 is_same_text(texts[i], texts[j])) {
        join(i, j, sources.independent);
      }
    }
  }
  number(sources.credited);
  number(sources.independent);
  for (const std::size_t s : sources.independent) sources.count = std::max(sources.count, s + 1);
  return sources;
}

}  // namespace nutgraf
