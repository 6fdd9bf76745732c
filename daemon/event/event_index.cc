#include "daemon/event/event_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include "daemon/base/hash.h"
#include "daemon/base/prefetch.h"

namespace nutgraf {
namespace {

/// Events that are compared with a story.
constexpr std::size_t kCompared = 10;

/// Different words of title and text below which a story is a teaser.
constexpr std::size_t kTeaserTerms = 60;
/// A teaser has few words to share, so that it is less like any event, its own too: what it shares
/// counts for more. [docs/decisions/event-teasers.md]
constexpr double kTeaserCounts = 1.25;

bool is_teaser(const PackedStory& story) { return story.body.size() < kTeaserTerms; }

/// Share of EventOptions::merge that two events have to be alike without the report that joins
/// them.
constexpr double kAlikeWithout = 0.7;

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
  assignment.stored = serialize(vocabulary_.weigh(candidate.vector));
  const PackedStory story = known_story(assignment.stored);
  const Arrival arrival{candidate.decided, candidate.published, story, StoryProbe(story),
                        LeadingTerms(story.body)};
  std::vector<Best> near = nearest(candidate, arrival);
  if (!near.empty()) assignment.similarity = near.front().similarity;
  assignment.opens = near.empty() || near.front().similarity < options_.join;
  if (assignment.opens) {
    if (!near.empty()) assignment.nearest = events_[near.front().event].id;
    near = {{open(event_id(candidate.story_id)), 0, {}}};
  }
  EventNumber event = near.front().event;
  const Products products = near.front().products;
  drop_unlike(near);
  insert(event, arrival, products, assignment.stored);
  for (const Best& other : near) event = unite(event, other.event, assignment.absorbed);
  assignment.event_id = events_[event].id;
  return assignment;
}

bool IndexedReports::add(std::string_view event_id, Time decided, Time published,
                         std::string_view stored) {
  const std::optional<PackedStory> story = read_story(stored);
  if (!story) return false;
  const auto position = static_cast<std::uint32_t>(reports.size());
  reports.push_back({event_id, decided, published, stored});
  Vocabulary::each_term(*story, [this](std::uint32_t term) { terms.push_back({term}); });
  const LeadingTerms leaders(story->body);
  for (const std::uint32_t term : leaders.terms()) leading.push_back({term, position});
  return true;
}

void EventIndex::restore(IndexedReports known) {
  if (!deferred_) deferred_ = std::make_unique<DeferredAdds<PostingIndex>>(leading_);
  for (PostingIndex::Addition& posting : known.leading) posting.number += members_.end_number();
  deferred_->put(std::move(known.leading));
  vocabulary_.put_off(std::move(known.terms), known.reports.size());
  for (const IndexedReports::Report& each : known.reports) {
    const auto open_already = by_id(each.event_id);
    const EventNumber event = open_already ? *open_already : open(each.event_id);
    const Language language = language_hash(known_story(each.stored).language);
    remember(event, {each.decided, each.published, each.stored}, language);
  }
  // Not one by one: what was put off has to be there before it can be taken out.
  if (stories() > options_.max_stories + kRestoredBeyond) settle();
}

void EventIndex::settle() {
  if (!deferred_) return;
  vocabulary_.settle();
  deferred_.reset();
  while (stories() > options_.max_stories) forget_oldest();
}

bool EventIndex::open_to(const Brief& event, Language language, Time published) const {
  const bool one_language = event.language == 0 || language == 0 || event.language == language;
  return one_language && event.newest >= published - options_.close_after;
}

/// Events that are open to the story and whose members lead with terms that it leads with: the
/// kCompared most promising.
std::vector<EventIndex::Prospect> EventIndex::prospects(const Arrival& arrival) {
  const Language language = language_hash(arrival.story.language);
  std::vector<Prospect> found;
  for (const EventNumber event : sharing(arrival)) {
    const Brief& brief = briefs_[event];
    if (!open_to(brief, language, arrival.published)) continue;
    const double factor = time_factor(arrival.published, brief.newest, options_.half_life);
    found.push_back({event, factor, brief.score * factor});
  }
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(kCompared, found.size()));
  // Equally promising: the event that grew last. Its number would not do, a restart counts anew.
  std::partial_sort(found.begin(), end, found.end(), [&](const Prospect& a, const Prospect& b) {
    return a.promise != b.promise ? a.promise > b.promise
                                  : briefs_[a.event].last > briefs_[b.event].last;
  });
  found.erase(end, found.end());
  return found;
}

/// Events of which a member leads with a term that the story leads with. Their Brief::score is then
/// the sum of what those terms weigh in the story.
std::vector<EventIndex::EventNumber> EventIndex::sharing(const Arrival& arrival) {
  struct Holder {
    MemberNumber member = 0;
    std::uint32_t term = 0;  ///< Position among the leading ones.
    EventNumber event = 0;
  };
  // One step for all before the next: hundreds of misses are then waited for together.
  std::vector<Holder> holders;
  leading_.find_each(arrival.leading.terms(),
                     [&](std::size_t at, std::span<const MemberNumber> numbers) {
                       for (const MemberNumber number : numbers) {
                         __builtin_prefetch(&event_of_[number]);
                         holders.push_back({number, static_cast<std::uint32_t>(at)});
                       }
                     });
  for (Holder& holder : holders) {
    holder.event = event_of_[holder.member];
    __builtin_prefetch(&briefs_[holder.event]);
  }
  const std::uint64_t before = std::exchange(mark_, mark_ + LeadingTerms::kMost);
  std::vector<EventNumber> found;
  for (const Holder& holder : holders) {
    Brief& brief = briefs_[holder.event];
    const std::uint64_t mark = before + 1 + holder.term;
    if (brief.mark == mark) continue;
    if (brief.mark <= before) {
      brief.score = 0;
      found.push_back(holder.event);
    }
    brief.mark = mark;
    brief.score += arrival.leading.weight(holder.term);
  }
  return found;
}

/// Fetches what ranked() reads of them into the cache, step by step for all of them at once: one
/// after the other every step would be a miss.
void EventIndex::fetch(const std::vector<Prospect>& prospects) const {
  const auto each_event = [&](auto visit) {
    for (const Prospect& prospect : prospects) visit(events_[prospect.event]);
  };
  const auto each_member = [&](auto visit) {
    each_event([&](const OpenEvent& event) {
      if (event.centroid) return;
      for (std::size_t i = 0; i < std::min(kFew, event.members.size()); ++i) {
        visit(event.members[i]);
      }
    });
  };
  each_event([](const OpenEvent& event) { prefetch_bytes(&event, sizeof event); });
  each_event([](const OpenEvent& event) {
    if (event.centroid) prefetch_bytes(event.centroid.get(), sizeof *event.centroid);
  });
  each_member([&](MemberNumber number) { __builtin_prefetch(&members_[number]); });
  each_event([](const OpenEvent& event) {
    if (event.centroid) event.centroid->prefetch();
  });
  each_member([&](MemberNumber number) {
    const std::string_view stored = members_[number].stored;
    prefetch_bytes(stored.data(), stored.size());
  });
}

/// The events that the story may join, the nearest first: for an edition its twin's and no other.
std::vector<EventIndex::Best> EventIndex::nearest(const EventCandidate& candidate,
                                                  const Arrival& arrival) {
  const auto twin = by_id(candidate.twin_event);
  if (!twin) return ranked(arrival);
  OpenEvent& event = events_[*twin];
  count_in(event);
  return {{*twin, 1, dots(arrival.probe, event)}};
}

/// The events that come near, the nearest first. Some that are too far to join are left out.
std::vector<EventIndex::Best> EventIndex::ranked(const Arrival& arrival) {
  // Weights are rounded, so that a likeness can be a little more than its bound.
  constexpr double kRounding = 1.01;
  const std::vector<Prospect> found = prospects(arrival);
  fetch(found);
  std::vector<Best> near;
  for (const Prospect& prospect : found) {
    OpenEvent& event = events_[prospect.event];
    count_in(event);
    const double factor = prospect.factor * (is_teaser(arrival.story) ? kTeaserCounts : 1);
    if (kRounding * factor * closeness(event.extent) < options_.join) continue;
    const Products products = dots(arrival.probe, event);
    const double similarity = std::min(1.0, likeness(products, event.extent) * factor);
    near.push_back({prospect.event, similarity, products});
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
  const OpenEvent& one = events_[a];
  const OpenEvent& other = events_[b];
  if (one.members.empty() || other.members.empty()) return 0;
  return likeness(dots(one, other), one.extent, other.extent) *
         time_factor(briefs_[a].newest, briefs_[b].newest, options_.half_life);
}

void EventIndex::merge(EventNumber from, EventNumber into) {
  OpenEvent& survivor = events_[into];
  const std::vector<MemberNumber> moved = std::move(events_[from].members);
  survivor.members.insert(survivor.members.end(), moved.begin(), moved.end());
  count_in(survivor);
  std::sort(survivor.members.begin(), survivor.members.end());
  for (const MemberNumber each : moved) event_of_[each] = into;
  refresh(into);
  close(from);
}

EventIndex::EventNumber EventIndex::open(std::string_view id) {
  if (free_.empty()) {
    free_.push_back(events_.end_number());
    events_.push_back({});
    briefs_.push_back({});
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

/// Of a story with the members that are counted in.
Products EventIndex::dots(const StoryProbe& story, const OpenEvent& event) const {
  if (event.centroid) return event.centroid->dot(story);
  Products sum;
  for (std::size_t i = 0; i < event.extent.members; ++i) {
    sum.add(story.dot(story_of(event.members[i])), 1);
  }
  return sum;
}

/// Of all members of one that are counted in with all of the other.
Products EventIndex::dots(const OpenEvent& one, const OpenEvent& other) const {
  if (one.centroid && other.centroid) return one.centroid->dot(*other.centroid);
  if (one.centroid) return dots(other, one);
  Products sum;
  for (std::size_t i = 0; i < one.extent.members; ++i) {
    sum.add(dots(StoryProbe(story_of(one.members[i])), other), 1);
  }
  return sum;
}

/// The next member, which is this story, with its products with those before it: |Σ + x|² = |Σ|² +
/// 2 x·Σ + |x|².
void EventIndex::count_in(OpenEvent& event, const PackedStory& story,
                          const Products& products) const {
  Extent& extent = event.extent;
  extent.squares.add(products, 2);
  extent.squares.add(squares(story), 1);
  ++extent.members;
  if (event.centroid) {
    event.centroid->add(story);
  } else if (extent.members > kFew) {
    event.centroid = std::make_unique<Centroid>();
    for (std::size_t i = 0; i < extent.members; ++i) {
      event.centroid->add(story_of(event.members[i]));
    }
  }
}

/// All members that are not yet.
void EventIndex::count_in(OpenEvent& event) const {
  while (event.extent.members < event.members.size()) {
    const PackedStory story = story_of(event.members[event.extent.members]);
    count_in(event, story, dots(StoryProbe(story), event));
  }
}

/// The reverse, while the story is still a member: |Σ - x|² = |Σ|² - 2 x·Σ + |x|².
void EventIndex::count_out(OpenEvent& event, const PackedStory& story) const {
  Extent& extent = event.extent;
  extent.squares.add(dots(StoryProbe(story), event), -2);
  extent.squares.add(squares(story), 1);
  if (event.centroid) event.centroid->remove(story);
  if (--extent.members <= kFew) event.centroid.reset();
}

/// `products` are the story's with the members of the event, which are all counted in.
void EventIndex::insert(EventNumber number, const Arrival& arrival, const Products& products,
                        std::string_view stored) {
  vocabulary_.add(arrival.story);
  for (const std::uint32_t term : arrival.leading.terms()) {
    leading_.add(term, members_.end_number());
  }
  remember(number, {arrival.decided, arrival.published, stored},
           language_hash(arrival.story.language));
  count_in(events_[number], arrival.story, products);
  while (stories() > options_.max_stories) forget_oldest();
}

/// All of insert() but what later stories are weighed and found by.
void EventIndex::remember(EventNumber number, Member member, Language language) {
  OpenEvent& event = events_[number];
  Brief& brief = briefs_[number];
  brief.newest =
      event.members.empty() ? member.published : std::max(brief.newest, member.published);
  if (event.members.empty() || brief.language == 0) brief.language = language;
  brief.last = members_.end_number();
  event.members.push_back(brief.last);
  member.stored = stored_.push_back(member.stored);
  members_.push_back(member);
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
    return members_[each].published == published && members_[each].stored == stored;
  });
  if (found == members.end()) return false;
  const MemberNumber gone = *found;
  take_out(gone);
  members_[gone].stored = {};
  ++removed_;
  return true;
}

void EventIndex::forget_oldest() {
  if (members_.front().stored.empty()) {
    --removed_;
  } else {
    take_out(members_.begin_number());
  }
  members_.pop_front();
  stored_.pop_front();
  event_of_.pop_front();
}

/// Of everything but the row itself.
void EventIndex::take_out(MemberNumber gone) {
  const PackedStory story = story_of(gone);
  vocabulary_.remove(story);
  const LeadingTerms leading(story.body);
  for (const std::uint32_t term : leading.terms()) leading_.remove(term, gone);
  const EventNumber number = event_of_[gone];
  OpenEvent& event = events_[number];
  const auto place = std::find(event.members.begin(), event.members.end(), gone);
  const bool counted =
      static_cast<std::size_t>(place - event.members.begin()) < event.extent.members;
  if (counted) count_out(event, story);
  event.members.erase(place);
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
    brief.newest = std::max(brief.newest, members_[each].published);
    if (brief.language == 0) brief.language = language_hash(story_of(each).language);
  }
}

std::size_t EventIndex::memory_bytes() const {
  constexpr std::size_t kBlock = 16;  // An allocation's own bytes, with its rounding.
  std::size_t bytes = leading_.memory_bytes() + ids_.memory_bytes() + vocabulary_.memory_bytes() +
                      members_.memory_bytes() + event_of_.memory_bytes() + events_.memory_bytes() +
                      briefs_.memory_bytes() + stored_.memory_bytes() +
                      free_.capacity() * sizeof(EventNumber);
  for (EventNumber n = 0; n != events_.end_number(); ++n) {
    const OpenEvent& event = events_[n];
    bytes += event.id.capacity() + event.members.capacity() * sizeof(MemberNumber) + 2 * kBlock;
    if (event.centroid) bytes += event.centroid->memory_bytes() + kBlock;
  }
  return bytes;
}

}  // namespace nutgraf
