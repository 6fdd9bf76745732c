#include "daemon/dedup/deduplicator.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "daemon/base/hash.h"
#include "daemon/dedup/comparison.h"
#include "daemon/dedup/update.h"

namespace nutgraf {
namespace {

/// Candidates that are compared word by word.
constexpr std::size_t kVerified = 8;
/// Sampled shingles that a candidate has to share.
constexpr std::size_t kMinSampled = 2;
/// Groups that hold a sentence's skeleton, from which on it is furniture.
constexpr std::size_t kFurnitureGroups = 3;
/// Words that must be left for the furniture to be taken out.
constexpr std::size_t kMinUnmasked = 25;
/// Earlier texts of a group that an update is held against: the first and the newest.
constexpr std::size_t kKnownTexts = 8;
/// A shorter text is a teaser: it cannot contradict the story that its URL or GUID names.
constexpr std::size_t kTeaser = 40;

std::uint64_t key_hash(std::string_view key) { return key.empty() ? 0 : hash64(key); }

std::string near(double similarity) {
  char text[16];
  std::snprintf(text, sizeof text, "near %.2f", similarity);
  return text;
}

template <typename Map, typename Key>
auto lookup(const Map& map, const Key& key) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

template <typename Map, typename Key, typename Number>
void erase_if_points_to(Map& map, const Key& key, Number number) {
  const auto found = map.find(key);
  if (found != map.end() && found->second == number) map.erase(found);
}

bool was_cut(const Fingerprint& print) { return print.body.size() >= kFingerprintWords; }

Side whole(const Fingerprint& print) { return {print.body, print.title, was_cut(print)}; }

Side without(const Fingerprint& print, const std::vector<bool>& mask) {
  Side side{{}, print.title, was_cut(print)};
  for (std::size_t i = 0; i < print.body.size(); ++i) {
    if (!mask[i]) side.body.push_back(print.body[i]);
  }
  return side;
}

std::vector<std::uint32_t> skeleton_keys(const Fingerprint& print) {
  std::vector<std::uint32_t> keys;
  for (const Sentence& sentence : skeletons(print.body)) {
    if (sentence.skeleton != 0) keys.push_back(sentence.skeleton);
  }
  return keys;
}

}  // namespace

std::string_view to_string(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::kNew:
      return "new";
    case Verdict::Kind::kDuplicate:
      return "duplicate";
    case Verdict::Kind::kUpdate:
      return "update";
  }
  return "new";
}

Verdict Deduplicator::decide(const Candidate& candidate) {
  expire(candidate.time - options_.window);
  Verdict verdict;
  verdict.group = candidate.id;
  verdict.reason = "new";
  std::string_view reason;
  if (const auto same = same_item(candidate, &reason)) {
    return linked(candidate, *same, 1, std::string(reason));
  }
  if (const auto twin = lookup(by_text_, candidate.print.text_hash);
      twin && candidate.print.text_hash != 0) {
    // A consent page says the same under every title; a story's second headline still shares words
    // with the story.
    const Record& earlier = record(*twin);
    const bool one_host = key_hash(candidate.host) == earlier.host;
    if (!one_host ||
        title_share(candidate.print.title, whole(earlier.print)) >= options_.min_title) {
      return linked(candidate, *twin, 1, "text");
    }
    verdict.blocked = true;
    verdict.reason = "blocked";
    return verdict;
  }
  if (const auto match = nearest(candidate)) {
    return linked(candidate, match->number, match->similarity, near(match->similarity));
  }
  return verdict;
}

/// The story that this very item was before, by GUID or URL, if nothing speaks against it.
std::optional<Deduplicator::Number> Deduplicator::same_item(const Candidate& candidate,
                                                            std::string_view* reason) const {
  if (!candidate.known_as.empty()) {
    const auto known = lookup(by_id_, candidate.known_as);
    if (known && plausible(candidate, record(*known))) {
      *reason = "guid";
      return known;
    }
  }
  if (!candidate.url_key.empty()) {
    const auto known = lookup(by_url_, key_hash(candidate.url_key));
    if (known && plausible(candidate, record(*known))) {
      *reason = "url";
      return known;
    }
  }
  return std::nullopt;
}

/// Whether a text can be what its GUID or URL says it is. Publishers give old GUIDs to new stories
/// and put new stories at old URLs: then neither title nor text agree.
bool Deduplicator::plausible(const Candidate& candidate, const Record& earlier) const {
  const Side now = whole(candidate.print);
  const Side before = whole(earlier.print);
  if (title_share(now.title, before) >= 0.5 && title_share(before.title, now) >= 0.5) return true;
  const bool thin = now.body.size() < kTeaser || before.body.size() < kTeaser;
  const bool same_url = earlier.url != 0 && key_hash(candidate.url_key) == earlier.url;
  if (thin) return same_url && title_share(now.title, before) >= options_.min_title;
  return compare(now, before).cover >= 0.3;
}

std::size_t Deduplicator::distinct_groups(const std::vector<Number>& numbers) const {
  std::vector<Number> groups;
  groups.reserve(numbers.size());
  for (const Number number : numbers) groups.push_back(record(number).group);
  std::sort(groups.begin(), groups.end());
  return static_cast<std::size_t>(std::unique(groups.begin(), groups.end()) - groups.begin());
}

/// The texts that share the rarest shingles with the candidate, the best kVerified.
std::vector<Deduplicator::Number> Deduplicator::candidates(const Candidate& candidate) const {
  struct Hit {
    Number number;
    double weight;
  };
  std::vector<Hit> hits;
  std::vector<Number> holders;
  for (const std::uint32_t shingle : shingle_sample(candidate.print.body)) {
    holders.clear();
    shingles_.find(shingle, holders);
    if (holders.empty()) continue;
    const double weight = 1.0 / static_cast<double>(distinct_groups(holders));
    for (const Number number : holders) hits.push_back({number, weight});
  }
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return a.number != b.number ? a.number < b.number : a.weight < b.weight;
  });
  std::vector<Hit> sums;
  for (std::size_t begin = 0; begin < hits.size();) {
    std::size_t end = begin;
    double weight = 0;
    for (; end < hits.size() && hits[end].number == hits[begin].number; ++end) {
      weight += hits[end].weight;
    }
    if (end - begin >= kMinSampled) sums.push_back({hits[begin].number, weight});
    begin = end;
  }
  const auto best = sums.begin() + static_cast<std::ptrdiff_t>(std::min(kVerified, sums.size()));
  std::partial_sort(sums.begin(), best, sums.end(), [](const Hit& a, const Hit& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.number > b.number;
  });
  std::vector<Number> numbers;
  for (auto it = sums.begin(); it != best; ++it) numbers.push_back(it->number);
  return numbers;
}

/// Words in sentences that several groups, `own` not counted, share but for names and figures.
std::vector<bool> Deduplicator::furniture(const Fingerprint& print, Number own) const {
  std::vector<bool> mask(print.body.size());
  std::vector<Number> holders;
  for (const Sentence& sentence : skeletons(print.body)) {
    if (sentence.skeleton == 0) continue;
    holders.clear();
    skeletons_.find(sentence.skeleton, holders);
    if (own != 0) {
      // What the story said before it can change, however many others say the like.
      if (std::any_of(holders.begin(), holders.end(),
                      [&](Number holder) { return record(holder).group == own; })) {
        continue;
      }
    }
    if (distinct_groups(holders) < kFurnitureGroups - (own != 0 ? 1 : 0)) continue;
    std::fill(mask.begin() + sentence.begin, mask.begin() + sentence.end, true);
  }
  return mask;
}

std::optional<Deduplicator::Match> Deduplicator::nearest(const Candidate& candidate) const {
  const std::vector<Number> numbers = candidates(candidate);
  if (numbers.empty()) return std::nullopt;
  const Side now = without(candidate.print, furniture(candidate.print, 0));
  std::optional<Match> best;
  for (const Number number : numbers) {
    const Fingerprint& print = record(number).print;
    const Side before = without(print, furniture(print, 0));
    const bool masked = now.body.size() >= kMinUnmasked && before.body.size() >= kMinUnmasked;
    Comparison comparison = compare(whole(candidate.print), whole(print));
    if (masked) comparison = with_facts_of(compare(now, before), comparison);
    if (!same_story(comparison, options_)) continue;
    const double rank = closeness(comparison);
    if (!best || rank > best->rank) best = Match{number, comparison.cover, rank};
  }
  return best;
}

Verdict Deduplicator::linked(const Candidate& candidate, Number to, double similarity,
                             std::string reason) const {
  const Record& earlier = record(to);
  const Group& group = groups_.at(earlier.group);
  std::vector<const Fingerprint*> known;
  const std::vector<Number>& members = group.members;
  const std::size_t newest = members.size() < kKnownTexts ? 0 : members.size() - kKnownTexts + 1;
  if (newest > 0) known.push_back(&record(members.front()).print);
  for (std::size_t i = newest; i < members.size(); ++i) known.push_back(&record(members[i]).print);
  const bool update = is_update(candidate.print, furniture(candidate.print, earlier.group), known);
  return {.kind = update ? Verdict::Kind::kUpdate : Verdict::Kind::kDuplicate,
          .of = earlier.id,
          .group = group.id,
          .similarity = similarity,
          .reason = std::move(reason),
          .blocked = false};
}

void Deduplicator::add(const Candidate& candidate, const Verdict& verdict) {
  const Number number = first_ + static_cast<Number>(records_.size());
  Number group = number;
  if (verdict.kind != Verdict::Kind::kNew) {
    if (const auto open = lookup(group_by_id_, verdict.group)) group = *open;
  }
  Group& members = groups_[group];
  if (members.members.empty()) {
    members.id = verdict.group;
    group_by_id_[verdict.group] = group;
  }
  members.members.push_back(number);
  records_.push_back({candidate.id, group, candidate.time, key_hash(candidate.url_key),
                      key_hash(candidate.host), candidate.print});
  by_id_[candidate.id] = number;
  if (records_.back().url != 0) by_url_[records_.back().url] = number;
  if (candidate.print.text_hash != 0) by_text_[candidate.print.text_hash] = number;
  for (const std::uint32_t key : shingle_sample(candidate.print.body)) shingles_.add(key, number);
  for (const std::uint32_t key : skeleton_keys(candidate.print)) skeletons_.add(key, number);
  while (records_.size() > options_.max_stories) forget_oldest();
}

void Deduplicator::expire(Time before) {
  while (!records_.empty() && records_.front().time < before) forget_oldest();
}

void Deduplicator::forget_oldest() {
  const Record& oldest = records_.front();
  const Number number = first_;
  for (const std::uint32_t key : shingle_sample(oldest.print.body)) shingles_.remove(key, number);
  for (const std::uint32_t key : skeleton_keys(oldest.print)) skeletons_.remove(key, number);
  erase_if_points_to(by_id_, oldest.id, number);
  erase_if_points_to(by_url_, oldest.url, number);
  erase_if_points_to(by_text_, oldest.print.text_hash, number);
  if (const auto group = groups_.find(oldest.group); group != groups_.end()) {
    std::erase(group->second.members, number);
    if (group->second.members.empty()) {
      erase_if_points_to(group_by_id_, group->second.id, group->first);
      groups_.erase(group);
    }
  }
  records_.pop_front();
  ++first_;
}

std::size_t Deduplicator::memory_bytes() const {
  constexpr std::size_t kNode = 64;  // A hash map's node with its share of the buckets.
  std::size_t bytes = shingles_.memory_bytes() + skeletons_.memory_bytes();
  for (const Record& record : records_) {
    bytes += sizeof record + record.id.capacity() + 4 * kNode +
             (record.print.body.capacity() + record.print.title.capacity()) * sizeof(Token);
  }
  for (const auto& [number, group] : groups_) {
    bytes += 2 * kNode + 2 * group.id.capacity() + group.members.capacity() * sizeof(Number);
  }
  return bytes;
}

}  // namespace nutgraf
