#include "daemon/poll/schedule.h"

#include <algorithm>

#include "daemon/poll/backoff.h"

namespace nutgraf {

void Schedule::put(const std::string& feed_id, Monotonic due) {
  Feed& feed = *places_.try_emplace(feed_id, kNowhere).first;
  if (feed.second == kNowhere) {
    feed.second = heap_.size();
    heap_.emplace_back();
  }
  settle(feed.second, {due, &feed});
}

void Schedule::remove(const std::string& feed_id) {
  const auto found = places_.find(feed_id);
  if (found == places_.end()) return;
  if (found->second != kNowhere) take_out(found->second);
  places_.erase(found);
}

bool Schedule::contains(const std::string& feed_id) const {
  const auto found = places_.find(feed_id);
  return found != places_.end() && found->second != kNowhere;
}

std::optional<Monotonic> Schedule::next() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().due;
}

std::vector<std::string> Schedule::take_due(Monotonic now, std::size_t limit) {
  std::vector<std::string> taken;
  while (taken.size() < limit && !heap_.empty() && heap_.front().due <= now) {
    taken.push_back(heap_.front().feed->first);
    take_out(0);
  }
  return taken;
}

/// Moves the hole at `at` to where `entry` belongs, and fills it.
void Schedule::settle(std::size_t at, Entry entry) {
  const auto fill = [&](const Entry& with) {
    heap_[at] = with;
    with.feed->second = at;
  };
  for (; at > 0 && entry.before(heap_[(at - 1) / 4]); at = (at - 1) / 4) fill(heap_[(at - 1) / 4]);
  for (std::size_t first = 4 * at + 1; first < heap_.size(); first = 4 * at + 1) {
    std::size_t least = first;
    for (std::size_t child = first + 1; child < std::min(first + 4, heap_.size()); ++child) {
      if (heap_[child].before(heap_[least])) least = child;
    }
    if (!heap_[least].before(entry)) break;
    fill(heap_[least]);
    at = least;
  }
  fill(entry);
}

void Schedule::take_out(std::size_t at) {
  heap_[at].feed->second = kNowhere;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (at < heap_.size()) settle(at, last);
}

Monotonic monotonic_of(Time time, const ClockReading& now) {
  return now.monotonic + (time - now.utc);
}

Monotonic first_due(const FeedSource& source, const FeedState* state, const PollOptions& options,
                    const ClockReading& now) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  const auto at_phase = [&](std::chrono::seconds spread) {
    const double ms = static_cast<double>(duration_cast<milliseconds>(spread).count());
    return now.monotonic + milliseconds(static_cast<std::int64_t>(ms * phase_of(source.url)));
  };
  if (state == nullptr || !state->last_poll) return at_phase(options.start_spread);
  const auto longest =
      state->health == FeedHealth::kGone ? options.gone_retry : options.max_interval;
  // A poll in the future: the clock was set back since. What stays true is how long to wait.
  const Time::duration ahead = std::max<Time::duration>(*state->last_poll - now.utc, {});
  Time due = std::min<Time>(state->next_poll - ahead, now.utc + longest);
  if (due <= now.utc) {
    const auto spread =
        std::min(options.catch_up_spread, source.interval.value_or(options.interval));
    due = now.utc + duration_cast<Time::duration>(at_phase(spread) - now.monotonic);
  }
  return monotonic_of(after_skips(due, state->skip_hours, state->skip_days), now);
}

}  // namespace nutgraf
