#include "daemon/fetcher/event_trips.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace nutgraf {
namespace {

/// An event that is due later was stored by a clock that ran ahead.
constexpr std::chrono::hours kLongestDebounce{24};
/// An event that could not be read is tried again after this.
constexpr std::chrono::seconds kReadAgain{5};

}  // namespace

void EventTrips::put(DirtyEvent event) {
  event.due = std::min<Time>(event.due, seams_.clock.utc() + kLongestDebounce);
  dirty_.insert_or_assign(event.event_id, std::move(event));
}

void EventTrips::start_due() {
  const Time now = seams_.clock.utc();
  for (auto it = dirty_.begin(); it != dirty_.end() && seams_.in_flight.has_room();) {
    DirtyEvent& dirty = it->second;
    if (dirty.due > now || at_work_.contains(dirty.event_id)) {
      ++it;
      continue;
    }
    Result<std::vector<Story>> members = seams_.store.event_stories(dirty.event_id, kMembers);
    Result<std::optional<Event>> previous = seams_.store.published_event(dirty.event_id);
    if (!members || !previous) {
      spdlog::error("event id={} error=\"{}\"", dirty.event_id,
                    members ? previous.error().message : members.error().message);
      dirty.due = now + kReadAgain;
      ++it;
      continue;
    }
    EventJob job{dirty.event_id, dirty.dirty_revision, *std::move(members), dirty.size,
                 *std::move(previous)};
    std::size_t bytes = 0;
    for (const Story& story : job.members) bytes += story.text.size();
    at_work_.insert(dirty.event_id);
    seams_.in_flight.hand_over(std::move(job), {.bytes = bytes, .event_id = dirty.event_id});
    it = dirty_.erase(it);
  }
}

std::optional<Time> EventTrips::next() const {
  std::optional<Time> first;
  for (const auto& [id, event] : dirty_) {
    if (!at_work_.contains(id) && (!first || event.due < *first)) first = event.due;
  }
  return first;
}

void EventTrips::shift(Time::duration step) {
  for (auto& [id, event] : dirty_) event.due += step;
}

}  // namespace nutgraf
