#include "daemon/event/independence.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "daemon/base/hash.h"
#include "daemon/base/words.h"

namespace nutgraf {
namespace {

/// Share of a text in the other's word triples, from which on two agency stories are one.
constexpr double kCopied = 0.3;
constexpr std::size_t kWords = 800;

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

bool copied(std::string_view a, std::string_view b) {
  const std::vector<std::uint64_t> left = triples(a);
  const std::vector<std::uint64_t> right = triples(b);
  const auto& small = left.size() < right.size() ? left : right;
  const auto& large = left.size() < right.size() ? right : left;
  if (small.empty()) return false;
  const std::unordered_set<std::uint64_t> held(large.begin(), large.end());
  const auto shared = std::count_if(small.begin(), small.end(),
                                    [&](std::uint64_t triple) { return held.contains(triple); });
  return static_cast<double>(shared) >= kCopied * static_cast<double>(small.size());
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
