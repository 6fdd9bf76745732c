#include "daemon/event/event_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "daemon/base/hash.h"

namespace nutgraf {
namespace {

/// Terms of a story by which events are found, the weightiest.
constexpr std::size_t kLeadingTerms = 25;
/// Events that are scored.
constexpr std::size_t kScored = 16;

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

/// Share of EventOptions::merge that two events have to be alike without the report that joins
/// them.
constexpr double kAlikeWithout = 0.7;

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
  static const Logs kLogs;
  return kLogs;
}

struct Leading {
  std::uint32_t term;
  std::uint32_t weight;
};

/// In no particular order; of equal weights the smaller terms.
std::vector<Leading> leading_terms(const WeightedTerms& body) {
  // As one number, weight first: to compare two is then one step without a branch.
  std::vector<std::uint64_t> ranks(body.terms.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    ranks[i] = std::uint64_t{body.weights[i]} << 32 | ~body.terms[i];
  }
  if (ranks.size() > kLeadingTerms) {
    std::nth_element(ranks.begin(), ranks.begin() + kLeadingTerms, ranks.end(), std::greater<>());
    ranks.resize(kLeadingTerms);
  }
  std::vector<Leading> terms;
  terms.reserve(ranks.size());
  for (const std::uint64_t rank : ranks) {
    terms.push_back({~static_cast<std::uint32_t>(rank), static_cast<std::uint32_t>(rank >> 32)});
  }
  return terms;
}

std::uint32_t language_hash(std::string_view language) {
  return language.empty() ? 0 : half_hash(language) | 1;
}

double time_factor(Time a, Time b, std::chrono::hours half_life) {
  const double apart = std::abs(std::chrono::duration<double>(a - b).count());
  return std::exp2(-apart / std::chrono::duration<double>(half_life).count());
}

}  // namespace

std::string event_id(std::string_view story_id) {
  return hash_id("event:" + std::string(story_id));
}

Assignment EventIndex::assign(const EventCandidate& candidate) {
  expire(candidate.decided - options_.window);
  Assignment assignment;
  if (candidate.vector.empty()) return assignment;
  const WeightedStory story = weigh(candidate.vector);
  assignment.stored = serialize(story);
  EventNumber event = 0;
  std::vector<Best> near;
  if (const auto twin = by_id(candidate.twin_event)) {
    event = *twin;
    assignment.similarity = 1;
  } else {
    near = ranked(story, candidate.published);
    if (!near.empty()) assignment.similarity = near.front().similarity;
    assignment.opens = near.empty() || near.front().similarity < options_.join;
    if (assignment.opens && !near.empty()) assignment.nearest = events_[near.front().event].id;
    event = assignment.opens ? open(event_id(candidate.story_id)) : near.front().event;
  }
  if (assignment.opens) near.clear();
  drop_unlike(near);
  insert(event, candidate.decided, candidate.published, story, assignment.stored);
  for (const Best& other : near) event = unite(event, other.event, assignment.absorbed);
  assignment.event_id = events_[event].id;
  return assignment;
}

std::optional<IndexedReport> indexed_report(std::string stored) {
  std::optional<WeightedStory> story = parse_weighted_story(stored);
  if (!story) return std::nullopt;
  IndexedReport report;
  for (const Leading& leading : leading_terms(story->body)) report.leading.push_back(leading.term);
  report.story = *std::move(story);
  report.stored = std::move(stored);
  return report;
}

bool EventIndex::restore(std::string_view event_id, Time decided, Time published,
                         std::string_view stored) {
  std::optional<IndexedReport> report = indexed_report(std::string(stored));
  if (!report) return false;
  restore(event_id, decided, published, *std::move(report));
  return true;
}

void EventIndex::restore(std::string_view event_id, Time decided, Time published,
                         IndexedReport report) {
  if (!restoring_) restoring_ = std::make_unique<Restoring>();
  const auto known = by_id(event_id);
  const EventNumber event = known ? *known : open(event_id);
  for (const WeightedTerms* part : {&report.story.body, &report.story.names}) {
    for (const std::uint32_t term : part->terms) {
      restoring_->terms.put({term},
                            [this](const Restoring::Term& put) { frequencies_.add(put.key); });
    }
  }
  const MemberNumber number = next_number();
  for (const std::uint32_t term : report.leading) {
    restoring_->leading.put({term, number}, [this](const Restoring::Posting& put) {
      leading_.add(put.key, put.number);
    });
  }
  remember(event, decided, published, report.story, std::move(report.stored));
  // Not one by one: what was put off has to be there before it can be taken out.
  if (stories() > options_.max_stories + kRestoredBeyond) settle();
}

void EventIndex::settle() {
  if (!restoring_) return;
  restoring_->terms.flush([this](const Restoring::Term& put) { frequencies_.add(put.key); });
  restoring_->leading.flush(
      [this](const Restoring::Posting& put) { leading_.add(put.key, put.number); });
  restoring_.reset();
  while (stories() > options_.max_stories) forget_oldest();
}

/// (1 + ln tf) ln((N + 1) / (df + 1/2)), of unit length. The background counts as stories seen
/// before the first: a young window knows nothing of which words are common.
WeightedStory EventIndex::weigh(const StoryVector& vector) const {
  const auto seen_stories = static_cast<double>(stories());
  const double background = kBackground / (1 + seen_stories / kBackgroundHalved);
  const double stories = seen_stories + background;
  const double known = kKnownAtFirst + 2 * seen_stories + seen_stories * seen_stories / kKnowsSoon;
  for (const auto* counts : {&vector.body, &vector.names, &vector.title}) {
    for (const TermCount& count : *counts) frequencies_.prefetch(count.term);
  }
  const Logs& table = logs();
  const auto part = [&](const std::vector<TermCount>& counts) {
    std::vector<double> weights;
    double squares = 0;
    for (const TermCount& count : counts) {
      const double seen = frequencies_.of(count.term);
      const double df = seen + background * table.background[count.rarity];
      // A word is not known to be rarer than in one of the stories that could have held it.
      const double idf = std::max(0.0, std::min(std::log((stories + 1) / (df + 0.5)),
                                                std::log((known + 1) / (seen + 0.5))));
      weights.push_back(table.count[count.count] * idf);
      squares += weights.back() * weights.back();
    }
    WeightedTerms terms;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const double unit = squares > 0 ? weights[i] / std::sqrt(squares) : 0;
      const auto weight = static_cast<std::uint16_t>(std::lround(unit * WeightedTerms::kOne));
      terms.terms.push_back(counts[i].term);
      terms.weights.push_back(weight);
    }
    return terms;
  };
  return {vector.language, part(vector.body), part(vector.names), part(vector.title)};
}

bool EventIndex::open_to(const Brief& event, Language language, Time published) const {
  const bool one_language = event.language == 0 || language == 0 || event.language == language;
  return one_language && event.newest >= published - options_.close_after;
}

/// Events whose members lead with the terms that the story leads with, the best kScored.
std::vector<EventIndex::EventNumber> EventIndex::candidates(const WeightedStory& story,
                                                            Time published) {
  const std::uint64_t before = mark_;
  const Language language = language_hash(story.language);
  const std::vector<Leading> leading = leading_terms(story.body);
  std::vector<std::uint32_t> terms;
  for (const Leading& each : leading) terms.push_back(each.term);
  std::vector<EventNumber> holders;
  std::vector<EventNumber> found;
  leading_.find_each(terms, [&](std::size_t at, std::span<const MemberNumber> numbers) {
    ++mark_;
    holders.clear();
    for (const MemberNumber number : numbers) {
      holders.push_back(event_of(number));
      __builtin_prefetch(&briefs_[holders.back()]);
    }
    for (const EventNumber event : holders) {
      Brief& brief = briefs_[event];
      if (brief.mark == mark_) continue;
      if (brief.mark <= before) {
        brief.score = 0;
        found.push_back(event);
      }
      brief.mark = mark_;
      brief.score += leading[at].weight;
    }
  });
  std::erase_if(found,
                [&](EventNumber event) { return !open_to(briefs_[event], language, published); });
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(kScored, found.size()));
  // Equal scores: the event that grew last. Its number would not do, a restart counts anew.
  std::partial_sort(found.begin(), end, found.end(), [&](EventNumber a, EventNumber b) {
    const Brief& left = briefs_[a];
    const Brief& right = briefs_[b];
    return left.score != right.score ? left.score > right.score : left.last > right.last;
  });
  found.erase(end, found.end());
  return found;
}

double EventIndex::similarity(const WeightedStory& story, const OpenEvent& event) const {
  if (event.centroid) return likeness(story, *event.centroid);
  return likeness(story, member(event.members.front()).weights);
}

/// The events that come near, the nearest first. Some that are too far to join are left out.
std::vector<EventIndex::Best> EventIndex::ranked(const WeightedStory& story, Time published) {
  // Weights are rounded, so that a likeness can be a little more than its bound.
  constexpr double kRounding = 1.01;
  std::vector<Best> near;
  for (const EventNumber number : candidates(story, published)) {
    const OpenEvent& event = events_[number];
    const double factor = time_factor(published, briefs_[number].newest, options_.half_life);
    const double most = kRounding * factor * (event.centroid ? closeness(*event.centroid) : 1);
    if (most >= options_.join) near.push_back({number, similarity(story, event) * factor});
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const Best& a, const Best& b) { return a.similarity > b.similarity; });
  return near;
}

/// Leaves those that a story reports too, and that are like its own event, the first, without it: a
/// digest of the day is like many events, which are not one for that.
void EventIndex::drop_unlike(std::vector<Best>& near) const {
  if (near.empty()) return;
  const EventNumber own = near.front().event;
  near.erase(near.begin());
  std::erase_if(near, [&](const Best& other) {
    return other.similarity < options_.join ||
           link(own, other.event) < kAlikeWithout * options_.merge;
  });
}

/// Merges two events, if they are one: what is left of them.
EventIndex::EventNumber EventIndex::unite(EventNumber own, EventNumber other,
                                          std::vector<std::string>& absorbed) {
  if (link(own, other) < options_.merge) return own;
  const auto weight = [&](EventNumber event) {
    const OpenEvent& open = events_[event];
    return std::pair(open.members.size(), -std::int64_t{open.members.front()});
  };
  if (weight(other) > weight(own)) std::swap(own, other);
  absorbed.push_back(events_[other].id);
  merge(other, own);
  return own;
}

/// Similarity of their members on average, pair by pair; 0 if one has been forgotten.
double EventIndex::link(EventNumber a, EventNumber b) const {
  if (events_[a].members.empty() || events_[b].members.empty()) return 0;
  Centroid of_a;
  Centroid of_b;
  return likeness(centroid_of(events_[a], of_a), centroid_of(events_[b], of_b)) *
         time_factor(briefs_[a].newest, briefs_[b].newest, options_.half_life);
}

void EventIndex::merge(EventNumber from, EventNumber into) {
  OpenEvent& survivor = events_[into];
  std::vector<MemberNumber> moved = std::move(events_[from].members);
  for (const MemberNumber each : moved) {
    event_of_[each - first_] = into;
    add_to_centroid(survivor, weights_of(each));
    survivor.members.push_back(each);
  }
  std::sort(survivor.members.begin(), survivor.members.end());
  briefs_[into].last = survivor.members.back();
  refresh(into);
  close(from);
}

EventIndex::EventNumber EventIndex::open(std::string_view id) {
  if (free_.empty()) {
    free_.push_back(static_cast<EventNumber>(events_.size()));
    events_.emplace_back();
    briefs_.emplace_back();
  }
  const EventNumber number = free_.back();
  free_.pop_back();
  events_[number].id = id;
  ids_.add(half_hash(id), number + 1);
  return number;
}

std::optional<EventIndex::EventNumber> EventIndex::by_id(std::string_view id) const {
  if (id.empty()) return std::nullopt;
  for (const std::uint32_t number : ids_.find(half_hash(id))) {
    if (events_[number - 1].id == id) return number - 1;
  }
  return std::nullopt;
}

WeightedStory EventIndex::weights_of(MemberNumber number) const {
  return parse_weighted_story(member(number).weights).value_or(WeightedStory{});
}

/// Of a single member it is made in `made`.
const Centroid& EventIndex::centroid_of(const OpenEvent& event, Centroid& made) const {
  if (event.centroid) return *event.centroid;
  made.add(weights_of(event.members.front()));
  return made;
}

void EventIndex::add_to_centroid(OpenEvent& event, const WeightedStory& story) const {
  if (!event.centroid && !event.members.empty()) {
    event.centroid = std::make_unique<Centroid>();
    event.centroid->add(weights_of(event.members.front()));
  }
  if (event.centroid) event.centroid->add(story);
}

void EventIndex::remove_from_centroid(OpenEvent& event, const WeightedStory& story) const {
  if (!event.centroid) return;
  event.centroid->remove(story);
  if (event.centroid->size <= 1) event.centroid.reset();
}

void EventIndex::insert(EventNumber number, Time decided, Time published,
                        const WeightedStory& story, std::string stored) {
  const MemberNumber added = next_number();
  for (const WeightedTerms* part : {&story.body, &story.names}) {
    for (const std::uint32_t term : part->terms) frequencies_.add(term);
  }
  for (const Leading& leading : leading_terms(story.body)) leading_.add(leading.term, added);
  remember(number, decided, published, story, std::move(stored));
  while (stories() > options_.max_stories) forget_oldest();
}

/// All of insert() but what later stories are weighed and found by.
void EventIndex::remember(EventNumber number, Time decided, Time published,
                          const WeightedStory& story, std::string stored) {
  const MemberNumber added = next_number();
  OpenEvent& event = events_[number];
  Brief& brief = briefs_[number];
  add_to_centroid(event, story);
  brief.newest = event.members.empty() ? published : std::max(brief.newest, published);
  if (event.members.empty() || brief.language == 0) {
    brief.language = language_hash(story.language);
  }
  brief.last = added;
  event.members.push_back(added);
  members_.push_back({decided, published, std::move(stored)});
  event_of_.push_back(number);
}

void EventIndex::expire(Time before) {
  settle();
  while (!members_.empty() && members_.front().decided < before) forget_oldest();
}

bool EventIndex::remove(std::string_view event_id, Time published, std::string_view stored) {
  settle();
  const std::optional<EventNumber> number = by_id(event_id);
  if (!number) return false;
  const std::vector<MemberNumber>& members = events_[*number].members;
  const auto found = std::find_if(members.begin(), members.end(), [&](MemberNumber each) {
    return member(each).published == published && member(each).weights == stored;
  });
  if (found == members.end()) return false;
  const MemberNumber gone = *found;
  take_out(gone);
  members_[gone - first_].weights = {};
  ++removed_;
  return true;
}

void EventIndex::forget_oldest() {
  if (members_.front().weights.empty()) {
    --removed_;
  } else {
    take_out(first_);
  }
  members_.pop_front();
  event_of_.pop_front();
  ++first_;
}

/// Of everything but the row itself.
void EventIndex::take_out(MemberNumber gone) {
  const WeightedStory story = weights_of(gone);
  for (const WeightedTerms* part : {&story.body, &story.names}) {
    for (const std::uint32_t term : part->terms) frequencies_.prefetch(term);
    for (const std::uint32_t term : part->terms) frequencies_.remove(term);
  }
  for (const Leading& leading : leading_terms(story.body)) leading_.remove(leading.term, gone);
  const EventNumber number = event_of(gone);
  OpenEvent& event = events_[number];
  remove_from_centroid(event, story);
  std::erase(event.members, gone);
  if (event.members.empty()) {
    close(number);
  } else {
    refresh(number);
  }
}

void EventIndex::close(EventNumber number) {
  ids_.remove(half_hash(events_[number].id), number + 1);
  events_[number] = {};
  briefs_[number] = {};
  free_.push_back(number);
}

/// What an event knows of its members, from those that are left: as a restart would find it.
void EventIndex::refresh(EventNumber number) {
  Brief& brief = briefs_[number];
  brief.newest = Time::min();
  brief.language = 0;
  brief.last = events_[number].members.back();
  for (const MemberNumber each : events_[number].members) {
    brief.newest = std::max(brief.newest, member(each).published);
    if (brief.language == 0) {
      brief.language = language_hash(stored_language(member(each).weights));
    }
  }
}

std::size_t EventIndex::memory_bytes() const {
  constexpr std::size_t kBlock = 16;  // An allocation's own bytes, with its rounding.
  std::size_t bytes = leading_.memory_bytes() + ids_.memory_bytes() + frequencies_.memory_bytes() +
                      events_.size() * (sizeof(Brief) + sizeof(OpenEvent)) +
                      free_.capacity() * sizeof(EventNumber);
  for (const Member& member : members_) {
    bytes += sizeof member + sizeof(EventNumber) + member.weights.capacity() + kBlock;
  }
  for (const OpenEvent& event : events_) {
    bytes += event.id.capacity() + event.members.capacity() * sizeof(MemberNumber) + 2 * kBlock;
    if (event.centroid) bytes += event.centroid->memory_bytes() + kBlock;
  }
  return bytes;
}

}  // namespace nutgraf
