#include "daemon/poll/schedule.h"

#include <algorithm>

#include "daemon/poll/backoff.h"

namespace nutgraf {

void Schedule::put(const std::string& feed_id, Monotonic due) {
  remove(feed_id);
  const auto entry = due_.emplace(feed_id, due).first;
  order_.emplace(due, &entry->first);
}

void Schedule::remove(const std::string& feed_id) {
  const auto found = due_.find(feed_id);
  if (found == due_.end()) return;
  order_.erase({found->second, &found->first});
  due_.erase(found);
}

std::optional<Monotonic> Schedule::next() const {
  if (order_.empty()) return std::nullopt;
  return order_.begin()->first;
}

std::vector<std::string> Schedule::take_due(Monotonic now, std::size_t limit) {
  std::vector<std::string> taken;
  while (taken.size() < limit && !order_.empty() && order_.begin()->first <= now) {
    auto node = due_.extract(*order_.begin()->second);
    order_.erase(order_.begin());
    taken.push_back(std::move(node.key()));
  }
  return taken;
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
