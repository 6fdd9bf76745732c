#include "daemon/event/independence.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "daemon/base/hash.h"
#include "daemon/base/words.h"

namespace nutgraf {
namespace {

/// Share of a text's words that the other covers, from which on two agency stories are one.
constexpr double kCopied = 0.3;
constexpr std::size_t kWords = 800;

/// Hashes of a text's word triples, in its order.
std::vector<std::uint64_t> triples(std::string_view text) {
  const Words words = split_words(text, kWords);
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i + 3 <= words.size(); ++i) {
    out.push_back(hash64(std::string_view(words.folded)
                             .substr(words.words[i].folded_begin,
                                     words.words[i + 2].folded_end - words.words[i].folded_begin)));
  }
  return out;
}

/// Share of the words that stand in a triple which `other` has.
double covered(const std::vector<std::uint64_t>& text, const std::vector<std::uint64_t>& other) {
  if (text.empty()) return 0;
  const std::unordered_set<std::uint64_t> held(other.begin(), other.end());
  std::size_t words = 0;
  std::size_t next = 0;  // First word that is not counted yet.
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!held.contains(text[i])) continue;
    words += i + 3 - std::max(i, next);
    next = i + 3;
  }
  return static_cast<double>(words) / static_cast<double>(text.size() + 2);
}

bool copied(std::string_view a, std::string_view b) {
  const std::vector<std::uint64_t> left = triples(a);
  const std::vector<std::uint64_t> right = triples(b);
  return std::max(covered(left, right), covered(right, left)) >= kCopied;
}

bool one_source(const Story& a, const Story& b) {
  if (publisher_of(a) == publisher_of(b)) return true;
  if (!a.origin_copy_of.empty() &&
      (a.origin_copy_of == b.id || a.origin_copy_of == b.origin_copy_of)) {
    return true;
  }
  if (b.origin_copy_of == a.id) return true;
  return !a.origin_agency.empty() && a.origin_agency == b.origin_agency && copied(a.text, b.text);
}

}  // namespace

std::string_view publisher_of(const Story& story) {
  if (!story.source.publisher.empty()) return story.source.publisher;
  return story.source.host.empty() ? story.source.feed_id : story.source.host;
}

std::vector<std::size_t> independent_sources(const std::vector<Story>& stories) {
  std::vector<std::size_t> source(stories.size());
  for (std::size_t i = 0; i < stories.size(); ++i) source[i] = i;
  for (std::size_t i = 0; i < stories.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (source[i] == source[j] || !one_source(stories[i], stories[j])) continue;
      const std::size_t from = std::max(source[i], source[j]);
      const std::size_t to = std::min(source[i], source[j]);
      std::replace(source.begin(), source.end(), from, to);
    }
  }
  std::map<std::size_t, std::size_t> numbers;
  for (std::size_t& s : source) s = numbers.emplace(s, numbers.size()).first->second;
  return source;
}

int independent_publishers(const std::vector<Story>& stories) {
  const std::vector<std::size_t> sources = independent_sources(stories);
  return sources.empty() ? 0
                         : static_cast<int>(*std::max_element(sources.begin(), sources.end())) + 1;
}

}  // namespace nutgraf
