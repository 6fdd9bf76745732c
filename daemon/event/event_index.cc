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
  WeightedStory story = weigh(candidate.vector);
  assignment.stored = serialize(story);
  EventNumber event = 0;
  if (const auto twin = by_id_.find(candidate.twin_event); twin != by_id_.end()) {
    event = twin->second;
    assignment.similarity = 1;
  } else if (const auto best = nearest(story, candidate.published)) {
    event = best->event;
    assignment.similarity = best->similarity;
  } else {
    assignment.opens = true;
    event = open(event_id(candidate.story_id));
  }
  assignment.event_id = events_.at(event).id;
  insert(event, candidate.decided, candidate.published, std::move(story));
  return assignment;
}

bool EventIndex::restore(std::string_view event_id, Time decided, Time published,
                         std::string_view stored) {
  std::optional<WeightedStory> story = parse_weighted_story(stored);
  if (!story) return false;
  const auto known = by_id_.find(std::string(event_id));
  const EventNumber event = known != by_id_.end() ? known->second : open(event_id);
  insert(event, decided, published, std::move(*story));
  return true;
}

/// (1 + ln tf) ln((N + 1) / (df + 1/2)), of unit length. The background counts as stories seen
/// before the first: a young window knows nothing of which words are common.
WeightedStory EventIndex::weigh(const StoryVector& vector) const {
  const auto seen_stories = static_cast<double>(members_.size());
  const double background = kBackground / (1 + seen_stories / kBackgroundHalved);
  const double stories = seen_stories + background;
  const auto part = [&](const std::vector<TermCount>& counts) {
    std::vector<double> weights;
    double squares = 0;
    for (const TermCount& count : counts) {
      const auto found = frequencies_.find(count.term);
      const double seen = found == frequencies_.end() ? 0 : found->second;
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

bool EventIndex::open_to(const OpenEvent& event, const WeightedStory& story, Time published) const {
  const bool one_language =
      event.language.empty() || story.language.empty() || event.language == story.language;
  return one_language && event.newest >= published - options_.close_after;
}

/// Events whose members lead with the terms that the story leads with, the best kScored.
std::vector<EventIndex::EventNumber> EventIndex::candidates(const WeightedStory& story,
                                                            Time published) const {
  std::unordered_map<EventNumber, std::uint32_t> scores;
  std::vector<MemberNumber> holders;
  std::vector<EventNumber> events;
  for (const Leading& leading : leading_terms(story.body)) {
    holders.clear();
    leading_.find(leading.term, holders);
    events.clear();
    for (const MemberNumber holder : holders) events.push_back(member(holder).event);
    std::sort(events.begin(), events.end());
    events.erase(std::unique(events.begin(), events.end()), events.end());
    for (const EventNumber event : events) scores[event] += leading.weight;
  }
  struct Ranked {
    std::uint32_t score;
    MemberNumber last;
    EventNumber event;
  };
  std::vector<Ranked> ranked;
  for (const auto& [number, score] : scores) {
    const OpenEvent& event = events_.at(number);
    if (open_to(event, story, published)) ranked.push_back({score, event.members.back(), number});
  }
  const auto end = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(kScored, ranked.size()));
  // Equal scores: the event that grew last. Its number would not do, a restart counts anew.
  std::partial_sort(ranked.begin(), end, ranked.end(), [](const Ranked& a, const Ranked& b) {
    return a.score != b.score ? a.score > b.score : a.last > b.last;
  });
  std::vector<EventNumber> best;
  for (auto it = ranked.begin(); it != end; ++it) best.push_back(it->event);
  return best;
}

std::optional<EventIndex::Best> EventIndex::nearest(const WeightedStory& story,
                                                    Time published) const {
  std::optional<Best> best;
  for (const EventNumber number : candidates(story, published)) {
    const OpenEvent& event = events_.at(number);
    const double similarity =
        likeness(story, event.centroid) * time_factor(published, event.newest, options_.half_life);
    if (similarity < options_.join) continue;
    if (!best || similarity > best->similarity) best = Best{number, similarity};
  }
  return best;
}

EventIndex::EventNumber EventIndex::open(std::string_view id) {
  const EventNumber number = next_event_++;
  events_[number].id = id;
  by_id_[std::string(id)] = number;
  return number;
}

void EventIndex::insert(EventNumber event_number, Time decided, Time published,
                        WeightedStory weights) {
  const MemberNumber number = first_ + static_cast<MemberNumber>(members_.size());
  OpenEvent& event = events_.at(event_number);
  event.newest = event.members.empty() ? published : std::max(event.newest, published);
  if (event.language.empty()) event.language = weights.language;
  event.members.push_back(number);
  event.centroid.add(weights);
  for (const WeightedTerms* part : {&weights.body, &weights.names}) {
    for (const std::uint32_t term : part->terms) ++frequencies_[term];
  }
  for (const Leading& leading : leading_terms(weights.body)) leading_.add(leading.term, number);
  members_.push_back({event_number, decided, published, std::move(weights)});
  while (members_.size() > options_.max_stories) forget_oldest();
}

void EventIndex::expire(Time before) {
  while (!members_.empty() && members_.front().decided < before) forget_oldest();
}

void EventIndex::forget_oldest() {
  const Member& oldest = members_.front();
  for (const WeightedTerms* part : {&oldest.weights.body, &oldest.weights.names}) {
    for (const std::uint32_t term : part->terms) {
      const auto found = frequencies_.find(term);
      if (found != frequencies_.end() && --found->second == 0) frequencies_.erase(found);
    }
  }
  for (const Leading& leading : leading_terms(oldest.weights.body)) {
    leading_.remove(leading.term, first_);
  }
  if (const auto found = events_.find(oldest.event); found != events_.end()) {
    OpenEvent& event = found->second;
    event.centroid.remove(oldest.weights);
    std::erase(event.members, first_);
    refresh(event);
    if (event.members.empty()) {
      by_id_.erase(event.id);
      events_.erase(found);
    }
  }
  members_.pop_front();
  ++first_;
}

/// What an event knows of its members, from those that are left: as a restart would find it.
void EventIndex::refresh(OpenEvent& event) const {
  event.newest = Time::min();
  event.language.clear();
  for (const MemberNumber number : event.members) {
    event.newest = std::max(event.newest, member(number).published);
    if (event.language.empty()) event.language = member(number).weights.language;
  }
}

std::size_t EventIndex::memory_bytes() const {
  constexpr std::size_t kNode = 64;  // A hash map's node with its share of the buckets.
  std::size_t bytes = leading_.memory_bytes() + frequencies_.size() * kNode / 2;
  for (const Member& member : members_) {
    bytes += sizeof member;
    for (const WeightedTerms* part :
         {&member.weights.body, &member.weights.names, &member.weights.title}) {
      bytes += part->terms.capacity() * 4 + part->weights.capacity() * 2;
    }
  }
  for (const auto& [number, event] : events_) {
    bytes += sizeof event + 2 * kNode + 2 * event.id.capacity() + event.members.capacity() * 4 +
             event.centroid.body.memory_bytes() + event.centroid.names.memory_bytes() +
             event.centroid.title.memory_bytes();
  }
  return bytes;
}

}  // namespace nutgraf
