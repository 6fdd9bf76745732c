#include "daemon/event/event_index.h"

#include <algorithm>
#include <cmath>

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

struct Leading {
  std::uint32_t term;
  std::uint16_t weight;
};

std::vector<Leading> leading_terms(const WeightedTerms& body) {
  std::vector<Leading> terms(body.terms.size());
  for (std::size_t i = 0; i < terms.size(); ++i) terms[i] = {body.terms[i], body.weights[i]};
  const auto end =
      terms.begin() + static_cast<std::ptrdiff_t>(std::min(kLeadingTerms, terms.size()));
  std::partial_sort(terms.begin(), end, terms.end(), [](const Leading& a, const Leading& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
  });
  terms.erase(end, terms.end());
  return terms;
}

std::uint32_t half_hash(std::string_view id) {
  return static_cast<std::uint32_t>(hash64(id) >> 32);
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
  if (const auto twin = by_id(candidate.twin_event)) {
    event = *twin;
    assignment.similarity = 1;
  } else if (const auto best = nearest(story, candidate.published)) {
    event = best->event;
    assignment.similarity = best->similarity;
  } else {
    assignment.opens = true;
    event = open(event_id(candidate.story_id));
  }
  assignment.event_id = events_[event].id;
  insert(event, candidate.decided, candidate.published, story, assignment.stored);
  return assignment;
}

bool EventIndex::restore(std::string_view event_id, Time decided, Time published,
                         std::string_view stored) {
  const std::optional<WeightedStory> story = parse_weighted_story(stored);
  if (!story) return false;
  const auto known = by_id(event_id);
  const EventNumber event = known ? *known : open(event_id);
  insert(event, decided, published, *story, std::string(stored));
  return true;
}

/// (1 + ln tf) ln((N + 1) / (df + 1/2)), of unit length. The background counts as stories seen
/// before the first: a young window knows nothing of which words are common.
WeightedStory EventIndex::weigh(const StoryVector& vector) const {
  const auto seen_stories = static_cast<double>(stories());
  const double background = kBackground / (1 + seen_stories / kBackgroundHalved);
  const double stories = seen_stories + background;
  for (const auto* counts : {&vector.body, &vector.names, &vector.title}) {
    for (const TermCount& count : *counts) frequencies_.prefetch(count.term);
  }
  const auto part = [&](const std::vector<TermCount>& counts) {
    std::vector<double> weights;
    double squares = 0;
    for (const TermCount& count : counts) {
      const double seen = frequencies_.of(count.term);
      const double df = seen + background * std::exp(-count.rarity / 16.0);
      const double idf = std::max(0.0, std::log((stories + 1) / (df + 0.5)));
      weights.push_back((1 + std::log(count.count)) * idf);
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
  std::vector<MemberNumber> holders;
  std::vector<EventNumber> found;
  for (const Leading& leading : leading_terms(story.body)) {
    ++mark_;
    holders.clear();
    leading_.find(leading.term, holders);
    for (const MemberNumber holder : holders) {
      const EventNumber event = event_of(holder);
      Brief& brief = briefs_[event];
      if (brief.mark == mark_) continue;
      if (brief.mark <= before) {
        brief.score = 0;
        found.push_back(event);
      }
      brief.mark = mark_;
      brief.score += leading.weight;
    }
  }
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
  return likeness(story, weights_of(event.members.front()));
}

std::optional<EventIndex::Best> EventIndex::nearest(const WeightedStory& story, Time published) {
  std::optional<Best> best;
  for (const EventNumber number : candidates(story, published)) {
    const double alike = similarity(story, events_[number]) *
                         time_factor(published, briefs_[number].newest, options_.half_life);
    if (alike < options_.join) continue;
    if (!best || alike > best->similarity) best = Best{number, alike};
  }
  return best;
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
  std::vector<std::uint32_t> numbers;
  ids_.find(half_hash(id), numbers);
  for (const std::uint32_t number : numbers) {
    if (events_[number - 1].id == id) return number - 1;
  }
  return std::nullopt;
}

WeightedStory EventIndex::weights_of(MemberNumber number) const {
  return parse_weighted_story(member(number).weights).value_or(WeightedStory{});
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
  const MemberNumber added = first_ + static_cast<MemberNumber>(members_.size());
  OpenEvent& event = events_[number];
  Brief& brief = briefs_[number];
  add_to_centroid(event, story);
  brief.newest = event.members.empty() ? published : std::max(brief.newest, published);
  if (event.members.empty() || brief.language == 0) {
    brief.language = language_hash(story.language);
  }
  brief.last = added;
  event.members.push_back(added);
  for (const WeightedTerms* part : {&story.body, &story.names}) {
    for (const std::uint32_t term : part->terms) frequencies_.add(term);
  }
  for (const Leading& leading : leading_terms(story.body)) leading_.add(leading.term, added);
  members_.push_back({decided, published, std::move(stored)});
  event_of_.push_back(number);
  while (stories() > options_.max_stories) forget_oldest();
}

void EventIndex::expire(Time before) {
  while (!members_.empty() && members_.front().decided < before) forget_oldest();
}

bool EventIndex::remove(std::string_view event_id, Time published, std::string_view stored) {
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
    ids_.remove(half_hash(event.id), number + 1);
    event = {};
    briefs_[number] = {};
    free_.push_back(number);
  } else {
    refresh(number);
  }
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
