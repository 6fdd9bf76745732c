#include "daemon/dedup/deduplicator.h"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <cstdio>
#include <numeric>
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

bool opens(const Verdict& verdict) { return verdict.kind == Verdict::Kind::kNew; }

/// All but its text.
RememberedText remembered(const Candidate& candidate) {
  return {PackedText(), key_hash(candidate.url_key), candidate.time,
          half(key_hash(candidate.host))};
}

/// The newest number under `key` that `fits`.
template <typename Fits>
std::optional<std::uint32_t> newest(const PostingIndex& index, std::uint32_t key, Fits fits) {
  std::optional<std::uint32_t> best;
  for (const std::uint32_t number : index.find(key)) {
    if ((!best || number > *best) && fits(number)) best = number;
  }
  return best;
}

Side whole(const TextWords& text) {
  return {text.body, text.title, text.body.size() >= kFingerprintWords};
}

/// A text as it is compared: whole, and without the words that are flagged as furniture.
class Views {
 public:
  /// No flags: there is none. Refers to the text.
  Views(const TextWords& text, const Flags& furniture)
      : text_(text), has_furniture_(!furniture.empty()) {
    if (!has_furniture_) return;
    for (std::size_t i = 0; i < text.body.size(); ++i) {
      if (!furniture[i]) bare_.push_back(text.body[i]);
    }
  }
  bool has_furniture() const { return has_furniture_; }
  Side whole() const { return nutgraf::whole(text_); }
  Side bare() const {
    Side side = whole();
    if (has_furniture_) side.body = bare_;
    return side;
  }

 private:
  const TextWords& text_;
  const bool has_furniture_;
  std::vector<Token> bare_;
};

/// A candidate, held against one earlier text after the other.
class Held {
 public:
  Held(const TextWords& text, const Flags& furniture) : text_(text, furniture) {}

  /// Without furniture, if enough is left; but names and figures are always those of the whole.
  Comparison with(const Views& earlier, const DedupOptions& options) {
    const bool furnished = text_.has_furniture() || earlier.has_furniture();
    const bool masked = furnished && text_.bare().body.size() >= kMinUnmasked &&
                        earlier.bare().body.size() >= kMinUnmasked;
    if (!masked) return whole().with(earlier.whole());
    const Comparison comparison = bare().with(earlier.bare());
    if (!same_words(comparison, options)) return comparison;
    return with_facts_of(comparison, whole().with(earlier.whole()));
  }

 private:
  Comparer& whole() {
    if (!whole_) whole_.emplace(text_.whole());
    return *whole_;
  }
  Comparer& bare() {
    if (!text_.has_furniture()) return whole();
    if (!bare_) bare_.emplace(text_.bare());
    return *bare_;
  }

  const Views text_;
  std::optional<Comparer> whole_;
  std::optional<Comparer> bare_;
};

/// Which numbers were added twice and more; of the others one in a hundred or so, too.
class RepeatFilter {
 public:
  void add(std::uint32_t number) {
    const std::size_t at = place(number);
    if (once_[at]) twice_[at] = true;
    once_[at] = true;
  }
  bool repeated(std::uint32_t number) const { return twice_[place(number)]; }

 private:
  static std::size_t place(std::uint32_t number) { return number * 0x9E3779B1u >> 18; }

  std::bitset<1 << 14> once_;
  std::bitset<1 << 14> twice_;
};

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
  settle();
  expire(candidate.time - options_.window);
  prefetch(candidate);
  Verdict verdict;
  verdict.group = candidate.id;
  verdict.reason = "new";
  std::string_view reason;
  if (const auto same = same_item(candidate, &reason)) {
    return linked(candidate, *same, 1, std::string(reason));
  }
  if (const auto twin = by_text(candidate.print.text_hash)) {
    // A consent page says the same under every title; a story's second headline still shares words
    // with the story.
    const RememberedText& earlier = record(*twin);
    const bool one_host = half(key_hash(candidate.host)) == earlier.host;
    if (!one_host ||
        title_share(candidate.print.title, whole(earlier.text.words())) >= options_.min_title) {
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
    const auto known = by_id(candidate.known_as);
    if (known && plausible(candidate, record(*known))) {
      *reason = "guid";
      return known;
    }
  }
  if (!candidate.url_key.empty()) {
    const auto known = by_url(key_hash(candidate.url_key));
    if (known && plausible(candidate, record(*known))) {
      *reason = "url";
      return known;
    }
  }
  return std::nullopt;
}

/// Whether a text can be what its GUID or URL says it is. Publishers give old GUIDs to new stories
/// and put new stories at old URLs: then neither title nor text agree.
bool Deduplicator::plausible(const Candidate& candidate, const RememberedText& earlier) const {
  const Side now = whole(candidate.print);
  const TextWords words = earlier.text.words();
  const Side before = whole(words);
  if (title_share(now.title, before) >= 0.5 && title_share(before.title, now) >= 0.5) return true;
  const bool thin = now.body.size() < kTeaser || before.body.size() < kTeaser;
  const bool same_url = earlier.url != 0 && key_hash(candidate.url_key) == earlier.url;
  if (thin) return same_url && title_share(now.title, before) >= options_.min_title;
  return Comparer(now).with(before).cover >= 0.3;
}

std::size_t Deduplicator::distinct_groups(std::span<const Number> numbers) const {
  if (numbers.size() < 2) return numbers.size();
  // Open addressing; a posting list fills half of it at most, and no group is 0.
  static_assert(std::has_single_bit(kMaxPostings));
  std::array<Number, 2 * kMaxPostings> seen{};
  std::size_t distinct = 0;
  for (const Number number : numbers) {
    const Number group = group_of(number);
    std::size_t at = group % seen.size();
    while (seen[at] != 0 && seen[at] != group) at = (at + 1) % seen.size();
    distinct += seen[at] == 0 ? 1 : 0;
    seen[at] = group;
  }
  return distinct;
}

/// The texts that share the rarest shingles with the candidate, the best kVerified.
std::vector<Deduplicator::Number> Deduplicator::candidates(const Candidate& candidate) const {
  struct Hit {
    Number number;
    std::uint32_t shingle;  ///< Position in the sample.
  };
  struct Sum {
    Number number;
    double weight;
  };
  const std::vector<std::uint32_t>& sample = candidate.print.shingles;
  std::vector<std::span<const Number>> holders(sample.size());
  std::vector<Hit> hits;
  RepeatFilter repeats;
  shingles_.find_each(sample, [&](std::size_t shingle, std::span<const Number> numbers) {
    holders[shingle] = numbers;
    for (const Number number : numbers) {
      hits.push_back({number, static_cast<std::uint32_t>(shingle)});
      repeats.add(number);
    }
  });
  std::erase_if(hits, [&](const Hit& hit) { return !repeats.repeated(hit.number); });
  std::sort(hits.begin(), hits.end(),
            [](const Hit& a, const Hit& b) { return a.number < b.number; });
  std::vector<double> weights(sample.size());  // Of a shingle, once it is asked for.
  std::vector<double> shared;
  std::vector<Sum> sums;
  for (std::size_t begin = 0; begin < hits.size();) {
    std::size_t end = begin + 1;
    while (end < hits.size() && hits[end].number == hits[begin].number) ++end;
    if (end - begin >= kMinSampled) {
      shared.clear();
      for (std::size_t i = begin; i < end; ++i) {
        double& weight = weights[hits[i].shingle];
        if (weight == 0) {
          weight = 1.0 / static_cast<double>(distinct_groups(holders[hits[i].shingle]));
        }
        shared.push_back(weight);
      }
      // In one order, so that equal shares make equal sums.
      std::sort(shared.begin(), shared.end());
      sums.push_back({hits[begin].number, std::accumulate(shared.begin(), shared.end(), 0.0)});
    }
    begin = end;
  }
  const auto best = sums.begin() + static_cast<std::ptrdiff_t>(std::min(kVerified, sums.size()));
  std::partial_sort(sums.begin(), best, sums.end(), [](const Sum& a, const Sum& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.number > b.number;
  });
  std::vector<Number> numbers;
  for (auto it = sums.begin(); it != best; ++it) numbers.push_back(it->number);
  return numbers;
}

/// The words of `sentences` that several groups, `own` not counted, share but for names and
/// figures. No flags: none of them.
Flags Deduplicator::furniture(std::span<const Sentence> sentences, Number own) const {
  Flags flags;
  const std::size_t enough = kFurnitureGroups - (own != 0 ? 1 : 0);
  for (const Sentence& sentence : sentences) skeletons_.prefetch(sentence.skeleton);
  for (const Sentence& sentence : sentences) {
    if (sentence.skeleton == 0) continue;
    const std::span<const Number> holders = skeletons_.find(sentence.skeleton);
    if (holders.size() < enough) continue;
    // What the story said before it can change, however many others say the like.
    if (own != 0 && std::any_of(holders.begin(), holders.end(),
                                [&](Number holder) { return group_of(holder) == own; })) {
      continue;
    }
    if (distinct_groups(holders) < enough) continue;
    if (flags.empty()) flags.resize(sentences.back().end);
    std::fill(flags.begin() + sentence.begin, flags.begin() + sentence.end, 1);
  }
  return flags;
}

std::optional<Deduplicator::Match> Deduplicator::nearest(const Candidate& candidate) const {
  const std::vector<Number> numbers = candidates(candidate);
  if (numbers.empty()) return std::nullopt;
  for (const Number number : numbers) record(number).text.prefetch();
  const Vocabulary words(whole(candidate.print));
  std::optional<Held> now;  // Most candidates fail before it is needed.
  std::optional<Match> best;
  for (const Number number : numbers) {
    const PackedText& text = record(number).text;
    // Most candidates fail here, before the dear part: without furniture it would be no more.
    if (title_share(text.title(), words) < options_.min_title) continue;
    const TextWords before = text.words();
    if (title_share(candidate.print.title, whole(before)) < options_.min_title) continue;
    if (!now) now.emplace(candidate.print, furniture(candidate.print.sentences, 0));
    const Comparison comparison =
        now->with(Views(before, furniture(skeletons(before.body), 0)), options_);
    if (!same_story(comparison, options_)) continue;
    const double rank = closeness(comparison);
    if (!best || rank > best->rank) best = Match{number, comparison.cover, rank};
  }
  return best;
}

Verdict Deduplicator::linked(const Candidate& candidate, Number to, double similarity,
                             std::string reason) const {
  const Number group = group_of(to);
  std::vector<Number> texts = members(group);
  if (texts.size() > kKnownTexts) texts.erase(texts.begin() + 1, texts.end() - kKnownTexts + 1);
  for (const Number text : texts) record(text).text.prefetch();
  std::vector<TextWords> known;
  known.reserve(texts.size());
  for (const Number text : texts) known.push_back(record(text).text.words());
  const bool update =
      is_update(candidate.print, furniture(candidate.print.sentences, group), known);
  return {.kind = update ? Verdict::Kind::kUpdate : Verdict::Kind::kDuplicate,
          .of = std::string(record(to).text.id()),
          .group = std::string(group_id(group)),
          .similarity = similarity,
          .reason = std::move(reason),
          .blocked = false};
}

std::optional<Deduplicator::Number> Deduplicator::by_id(std::string_view id) const {
  return newest(ids_, half_hash(id), [&](Number n) { return record(n).text.id() == id; });
}

std::optional<Deduplicator::Number> Deduplicator::by_url(std::uint64_t url) const {
  if (url == 0) return std::nullopt;
  return newest(urls_, half(url), [&](Number n) { return record(n).url == url; });
}

std::optional<Deduplicator::Number> Deduplicator::by_text(std::uint64_t text_hash) const {
  if (text_hash == 0) return std::nullopt;
  return newest(texts_, half(text_hash),
                [&](Number n) { return record(n).text.text_hash() == text_hash; });
}

std::optional<Deduplicator::Number> Deduplicator::group_by_id(std::string_view id) const {
  return newest(group_ids_, half_hash(id), [&](Number group) { return group_id(group) == id; });
}

std::string_view Deduplicator::group_id(Number group) const {
  const auto company = companies_.find(group);
  return company != companies_.end() ? company->second.id : record(group).text.id();
}

std::vector<Deduplicator::Number> Deduplicator::members(Number group) const {
  const auto company = companies_.find(group);
  return company != companies_.end() ? company->second.members : std::vector<Number>{group};
}

/// The group of the text `number`, which is the newest and has no group yet: `group` if there is
/// one and it `opens` none.
Deduplicator::Number Deduplicator::join_group(Number number, std::string_view id,
                                              std::string_view group, bool opens) {
  if (!opens) {
    if (const auto known = group_by_id(group)) {
      Company& company = companies_[*known];
      if (company.members.empty()) company = {std::string(record(*known).text.id()), {*known}};
      company.members.push_back(number);
      return *known;
    }
  }
  if (group != id) companies_[number] = {std::string(group), {number}};
  group_ids_.add(half_hash(group), number);
  return number;
}

void Deduplicator::leave_group(Number number) {
  const Number group = group_of(number);
  const auto company = companies_.find(group);
  if (company != companies_.end()) {
    std::erase(company->second.members, number);
    if (!company->second.members.empty()) return;
  }
  group_ids_.remove(half_hash(group_id(group)), group);
  if (company != companies_.end()) companies_.erase(company);
}

/// What decide() and add() will look up.
void Deduplicator::prefetch(const Candidate& candidate) const {
  if (!candidate.url_key.empty()) urls_.prefetch(half_hash(candidate.url_key));
  texts_.prefetch(half(candidate.print.text_hash));
  ids_.prefetch(half_hash(candidate.id));
  group_ids_.prefetch(half_hash(candidate.id));
  for (const std::uint32_t key : candidate.print.shingles) shingles_.prefetch(key);
}

void Deduplicator::add(const Candidate& candidate, const Verdict& verdict) {
  settle();
  const Fingerprint& print = candidate.print;
  for (const Sentence& sentence : print.sentences) skeletons_.prefetch(sentence.skeleton);
  std::string packed;
  PackedText::pack(candidate.id, print, packed);
  const Number number =
      remember(remembered(candidate), PackedText(packed.data()), verdict.group, opens(verdict));
  for (const std::uint32_t key : print.shingles) shingles_.add(key, number);
  for (const Sentence& sentence : print.sentences) {
    if (sentence.skeleton != 0) skeletons_.add(sentence.skeleton, number);
  }
  while (records_.size() > options_.max_stories) forget_oldest();
}

/// All of add() but what finds near-duplicates.
Deduplicator::Number Deduplicator::remember(RememberedText known, PackedText text,
                                            std::string_view group, bool opens) {
  const Number number = first_ + static_cast<Number>(records_.size());
  groups_.push_back(join_group(number, text.id(), group, opens));
  known.text = PackedText(packed_.push_back(text.bytes()).data());
  records_.push_back(known);
  ids_.add(half_hash(text.id()), number);
  if (known.url != 0) urls_.add(half(known.url), number);
  if (const std::uint64_t hash = text.text_hash(); hash != 0) texts_.add(half(hash), number);
  return number;
}

void IndexedTexts::add(const Candidate& candidate, std::string_view group) {
  const auto position = static_cast<std::uint32_t>(texts.size());
  texts.push_back(remembered(candidate));
  PackedText::pack(candidate.id, candidate.print, packed);
  groups.push_back(group);
  for (const std::uint32_t key : candidate.print.shingles) shingles.push_back({key, position});
  for (const Sentence& sentence : candidate.print.sentences) {
    if (sentence.skeleton != 0) skeletons.push_back({sentence.skeleton, position});
  }
}

void Deduplicator::restore(IndexedTexts known) {
  if (!restoring_) restoring_ = std::make_unique<Restoring>(*this);
  const Number first = first_ + static_cast<Number>(records_.size());
  for (auto* postings : {&known.shingles, &known.skeletons}) {
    for (PostingIndex::Addition& posting : *postings) posting.number += first;
  }
  restoring_->shingles.put(std::move(known.shingles));
  restoring_->skeletons.put(std::move(known.skeletons));
  const char* next = known.packed.data();
  for (std::size_t i = 0; i < known.texts.size(); ++i) {
    const PackedText text(next);
    next += text.bytes().size();
    remember(known.texts[i], text, known.groups[i], false);  // The first of a group opens it.
  }
  // Not one by one: what was put off has to be there before it can be taken out.
  if (records_.size() > options_.max_stories + kRestoredBeyond) settle();
}

void Deduplicator::settle() {
  if (!restoring_) return;
  restoring_.reset();
  while (records_.size() > options_.max_stories) forget_oldest();
}

void Deduplicator::expire(Time before) {
  while (!records_.empty() && records_.front().time < before) forget_oldest();
}

void Deduplicator::forget_oldest() {
  const RememberedText& oldest = records_.front();
  const Number number = first_;
  const std::vector<Token> body = oldest.text.body();
  const std::vector<std::uint32_t> shingles = shingle_sample(body);
  const std::vector<Sentence> sentences = skeletons(body);
  for (const std::uint32_t key : shingles) shingles_.prefetch(key);
  for (const Sentence& sentence : sentences) skeletons_.prefetch(sentence.skeleton);
  for (const std::uint32_t key : shingles) shingles_.remove(key, number);
  for (const Sentence& sentence : sentences) {
    if (sentence.skeleton != 0) skeletons_.remove(sentence.skeleton, number);
  }
  leave_group(number);
  ids_.remove(half_hash(oldest.text.id()), number);
  urls_.remove(half(oldest.url), number);
  texts_.remove(half(oldest.text.text_hash()), number);
  records_.pop_front();
  packed_.pop_front();
  groups_.pop_front();
  ++first_;
}

std::size_t Deduplicator::memory_bytes() const {
  constexpr std::size_t kNode = 64;  // A hash map's node with its share of the buckets.
  std::size_t bytes =
      records_.size() * (sizeof(RememberedText) + sizeof(Number)) + packed_.memory_bytes();
  for (const PostingIndex* index : {&ids_, &urls_, &texts_, &group_ids_, &shingles_, &skeletons_}) {
    bytes += index->memory_bytes();
  }
  for (const auto& [number, company] : companies_) {
    bytes += kNode + sizeof company + company.id.capacity() +
             company.members.capacity() * sizeof(Number);
  }
  return bytes;
}

}  // namespace nutgraf
