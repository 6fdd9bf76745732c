#include "daemon/desk/poll_desk.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "daemon/dedup/identity.h"
#include "daemon/desk/drafts.h"
#include "daemon/service/logging.h"

namespace nutgraf {
namespace {

/// Rows of one commit when the desk stops, and writes what was only noted: nobody waits.
constexpr std::size_t kSettled = 2000;

FeedState changed(FeedState state, FeedRequest::Kind kind, Time now) {
  switch (kind) {
    case FeedRequest::Kind::kPause:
    case FeedRequest::Kind::kResume:
      state.paused = kind == FeedRequest::Kind::kPause;
      break;
    case FeedRequest::Kind::kReset:
      state.etag.clear();
      state.last_modified.clear();
      state.failures = 0;
      state.last_error.clear();
      state.next_poll = now;
      break;
    case FeedRequest::Kind::kPollNow:  // Changes nothing that is remembered.
      break;
  }
  return state;
}

/// While the poll was on its way: a pause, and what stories have taught.
void take_what_happened_meanwhile(FeedState& state, const FeedState& known) {
  state.paused = known.paused;
  if (known.configured_url != state.configured_url) return;
  state.habits = known.habits;
  state.health = known.health;
  state.health_since = known.health_since;
  state.health_reason = known.health_reason;
}

/// Whether another document is wanted by now than the answer is about: the feed has another URL, or
/// an operator had its validators forgotten.
bool says_nothing(const QuietPoll& poll, const FeedBook::Known& feed) {
  if (feed.source.url != poll.configured_url) return true;
  return poll.outcome.kind == PollOutcome::Kind::kNotModified && feed.state.etag.empty() &&
         feed.state.last_modified.empty();
}

ItemArrival arrival_of(const PolledFeed& polled, const PolledItem& item, Time now) {
  ItemArrival arrival;
  arrival.content_hash = item.content_hash;
  arrival.pending.feed_id = polled.source.id;
  arrival.pending.item_key = item.key;
  arrival.pending.item = item.item;
  arrival.pending.first_seen = now;
  arrival.pending.backfill = !polled.state.last_success;
  arrival.pending.page_host = item.page_host;
  if (!item.item.link.empty()) arrival.url_key = url_key(item.item.link);
  return arrival;
}

/// Why an item that is new or has changed is recorded and not published; nullopt: it is published.
/// `known`: as it was when it was last seen; null: it never was.
std::optional<std::string> refusal_of(const PolledItem& item, const KnownItem* known, Time oldest) {
  if (item.refusal) return item.refusal;
  const std::optional<Time> date = item.item.published ? item.item.published : item.item.updated;
  if (date && *date < oldest) return "older than poll.max_age";
  // It changed, but was refused when it was new: it stays out.
  const bool was_refused =
      known != nullptr && !known->pending && !known->quarantined && known->story_id.empty();
  if (was_refused) return "was not published when it was new";
  return std::nullopt;
}

}  // namespace

void PollDesk::decide(PolledFeed polled) {
  PollCommit commit;
  std::size_t new_items = 0;
  if (polled.outcome.kind == PollOutcome::Kind::kItems) {
    commit.arrivals = arrivals(polled, &commit.still_there, &new_items);
    polled.outcome.new_items = new_items;
    if (!polled.state.last_success) apply_first_poll(&commit.arrivals);
  }
  if (const auto known = seams_.book.remembered(polled.source.id)) {
    take_what_happened_meanwhile(polled.state, *known);
  }
  conclude(std::move(polled), std::move(commit), new_items);
}

void PollDesk::decide(QuietPolls quiet) {
  for (QuietPoll& poll : quiet.polls) {
    const std::uint64_t id = poll.job_id;
    (decide(std::move(poll)) ? noted_ : seams_.docket.mail).finished.push_back(id);
  }
  if (!noted_.finished.empty()) seams_.mailbox.put(std::exchange(noted_, {}));
}

/// True if there is nothing to commit.
bool PollDesk::decide(QuietPoll poll) {
  std::optional<FeedBook::Known> feed = seams_.book.known(poll.feed_id);
  if (!feed || says_nothing(poll, *feed)) {
    // Of one that was removed the fetcher takes no notice, unless it has come back by then.
    noted_.feeds.push_back({.feed_id = poll.feed_id,
                            .next_poll = seams_.clock.utc(),
                            .paused = feed && feed->state.paused});
    return true;
  }
  PolledFeed polled;
  polled.state = std::move(feed->state);
  polled.source = std::move(feed->source);
  polled.outcome = std::move(poll.outcome);
  polled.took = poll.took;
  return conclude(std::move(polled), {}, 0);
}

/// What every poll ends in: the feed's state after it, remembered and to be committed; or, where
/// that will do, noted: true.
bool PollDesk::conclude(PolledFeed polled, PollCommit commit, std::size_t new_items) {
  Docket& docket = seams_.docket;
  for (const ItemArrival& arrival : commit.arrivals) docket.mail.items_wait |= arrival.enqueue;
  const FeedHealth before = polled.state.health;
  const DeskOptions limits = seams_.settings.get();
  const bool may_note = polled.outcome.kind == PollOutcome::Kind::kNotModified;
  FeedState known = may_note ? polled.state : FeedState{};
  commit.state = after_poll(std::move(polled.state), polled.outcome, polled.source, limits.poll,
                            seams_.clock.utc());
  log(polled, commit.state, new_items);
  count(polled);
  if (may_note && seams_.ledger.note_poll(known, commit.state)) {
    seams_.book.put(commit.state, FeedBook::Kept::kNoted);
    noted_.feeds.push_back(time_of(commit.state));
    return true;
  }
  const bool quiet =
      polled.outcome.kind != PollOutcome::Kind::kItems && commit.state.health == before;
  if (quiet && docket.quiet++ == 0) {
    docket.quiet_until = seams_.clock.monotonic() + limits.quiet_wait;
  }
  docket.mail.feeds.push_back(time_of(commit.state));
  put(std::move(commit), before);
  return false;
}

/// Into the batch, with a message if the health is another than `before`.
void PollDesk::put(PollCommit commit, FeedHealth before) {
  const FeedState& after = commit.state;
  if (after.health != before) {
    commit.message = feed_draft(after);
    spdlog::warn("health feed={} was={} is={} why={}", after.feed_id, to_string(before),
                 to_string(after.health), log_value(after.health_reason));
  }
  seams_.book.put(after);
  seams_.docket.feed_rows[after.feed_id] = seams_.docket.batch.polls.size();
  seams_.docket.batch.polls.push_back(std::move(commit));
}

std::optional<FeedState> PollDesk::feed_state(const std::string& feed_id) {
  if (auto known = seams_.book.remembered(feed_id)) return known;
  const auto row = seams_.patience.insist<std::optional<FeedState>>(
      "feed", [&] { return seams_.ledger.feed_state(feed_id); });
  return row ? *row : std::nullopt;
}

void PollDesk::learn(const std::string& feed_id, const StoryFacts& facts) {
  std::optional<FeedState> state = feed_state(feed_id);
  if (!state) return;
  const HealthOptions limits = seams_.settings.get().poll.health;
  const FeedHealth before = state->health;
  state->habits = after_story(state->habits, facts, limits);
  *state = judged(std::move(*state), limits, seams_.clock.utc());
  const auto row = seams_.docket.feed_rows.find(feed_id);
  if (state->health == before && row != seams_.docket.feed_rows.end()) {
    seams_.docket.batch.polls[row->second].state = *state;
    seams_.book.put(*state);
    return;
  }
  if (state->health != before) seams_.docket.mail.feeds.push_back(time_of(*state));
  PollCommit commit;
  commit.state = *std::move(state);
  put(std::move(commit), before);
}

std::vector<ItemArrival> PollDesk::arrivals(const PolledFeed& polled,
                                            std::vector<std::string>* still_there,
                                            std::size_t* new_items) {
  std::vector<std::string> keys;
  for (const PolledItem& item : polled.items) {
    keys.push_back(item.key);
    if (!item.former_key.empty()) keys.push_back(item.former_key);
  }
  const auto rows = seams_.patience.insist<std::vector<KnownItem>>(
      "known items", [&] { return seams_.ledger.known_items(polled.source.id, keys); });
  if (!rows) return {};
  std::unordered_map<std::string_view, const KnownItem*> known;
  for (const KnownItem& row : *rows) known.emplace(row.item_key, &row);
  const auto known_as = [&](const std::string& key) {
    const auto found = known.find(key);
    return found == known.end() ? nullptr : found->second;
  };

  const Time now = seams_.clock.utc();
  const std::optional<std::chrono::seconds> max_age = seams_.settings.get().poll.max_age;
  const Time oldest = max_age ? now - *max_age : Time::min();
  std::unordered_set<std::string> in_document;
  std::vector<ItemArrival> found;
  for (const PolledItem& item : polled.items) {
    if (!in_document.insert(item.key).second) continue;
    const KnownItem* const row = known_as(item.key);
    if (row != nullptr && row->content_hash == item.content_hash) {
      still_there->push_back(item.key);
      continue;
    }
    ItemArrival arrival = arrival_of(polled, item, now);
    const KnownItem* const former = known_as(item.former_key);
    if (row == nullptr && former != nullptr && former->content_hash == item.content_hash) {
      // The feed's items are told apart in another way since this poll: not new, only renamed.
      arrival.enqueue = false;
      arrival.reason = "known before the feed's guids proved unreliable";
      found.push_back(std::move(arrival));
      continue;
    }
    if (std::optional<std::string> refusal = refusal_of(item, row, oldest)) {
      arrival.enqueue = false;
      arrival.reason = *std::move(refusal);
    }
    (row == nullptr ? seams_.metrics.items_new : seams_.metrics.items_changed).add();
    if (!arrival.enqueue) seams_.metrics.items_recorded.add();
    *new_items += row == nullptr ? 1 : 0;
    found.push_back(std::move(arrival));
  }
  return found;
}

void PollDesk::apply_first_poll(std::vector<ItemArrival>* arrivals) const {
  const FirstPoll policy = seams_.settings.get().poll.first_poll;
  if (policy.kind == FirstPoll::Kind::kAll) return;
  std::vector<ItemArrival*> by_age;
  for (ItemArrival& arrival : *arrivals) {
    if (arrival.enqueue) by_age.push_back(&arrival);
  }
  const auto date = [](const ItemArrival* a) {
    return a->pending.item.published.value_or(a->pending.item.updated.value_or(Time::min()));
  };
  // Undated feeds keep their order, newest first by custom.
  std::stable_sort(by_age.begin(), by_age.end(),
                   [&](const auto* a, const auto* b) { return date(a) > date(b); });
  const std::size_t keep = policy.kind == FirstPoll::Kind::kNone ? 0 : policy.newest;
  for (std::size_t i = keep; i < by_age.size(); ++i) {
    by_age[i]->enqueue = false;
    by_age[i]->reason = "in the feed before its first poll (poll.first_poll)";
  }
}

void PollDesk::count(const PolledFeed& polled) {
  Metrics& metrics = seams_.metrics;
  metrics.feed_bytes.add(static_cast<std::int64_t>(polled.bytes));
  const auto good = polled.outcome.kind == PollOutcome::Kind::kItems ||
                    polled.outcome.kind == PollOutcome::Kind::kNotModified;
  if (good) {
    metrics.polls_failed_in_row.set(0);
    metrics.last_good_poll_unix.set(
        std::chrono::floor<std::chrono::seconds>(seams_.clock.utc()).time_since_epoch().count());
  } else {
    metrics.polls_failed_in_row.add();
  }
  switch (polled.outcome.kind) {
    case PollOutcome::Kind::kItems:
      return metrics.polls_changed.add();
    case PollOutcome::Kind::kNotModified:
      return metrics.polls_not_modified.add();
    case PollOutcome::Kind::kRateLimited:
      return metrics.polls_rate_limited.add();
    case PollOutcome::Kind::kGone:
    case PollOutcome::Kind::kFailed:
    case PollOutcome::Kind::kNetworkDown:
      return metrics.polls_failed.add();
  }
}

void PollDesk::log(const PolledFeed& polled, const FeedState& after, std::size_t new_items) const {
  const auto next =
      std::chrono::duration_cast<std::chrono::seconds>(after.next_poll - seams_.clock.utc());
  if (after.last_error.empty()) {
    // At scale nearly all polls are such, and a line of each would cost as much as the poll.
    const auto level = polled.outcome.kind == PollOutcome::Kind::kNotModified ? spdlog::level::debug
                                                                              : spdlog::level::info;
    spdlog::log(level, "poll feed={} status={} items={} new={} bytes={} ms={} next={}s reason={}",
                after.feed_id, after.last_status, polled.items.size(), new_items, polled.bytes,
                polled.took.count(), next.count(), after.next_reason);
  } else {
    spdlog::warn("poll feed={} status={} error={} failures={:.2f} ms={} next={}s reason={}",
                 after.feed_id, after.last_status, log_value(after.last_error), after.failures,
                 polled.took.count(), next.count(), after.next_reason);
  }
  if (!polled.repairs.empty()) {
    spdlog::debug("repaired feed={} what={} and {} more", after.feed_id,
                  log_value(polled.repairs.front()), polled.repairs.size() - 1);
  }
}

void PollDesk::decide(const StateJob& change) {
  const auto known = seams_.book.remembered(change.state.feed_id);
  // A poll may have been decided since the fetcher looked.
  const bool newer = known && known->configured_url == change.state.configured_url;
  FeedState state = changed(newer ? *known : change.state, change.kind, seams_.clock.utc());
  PollCommit commit;
  commit.state = std::move(state);
  seams_.docket.mail.feeds.push_back(time_of(commit.state));
  const FeedHealth health = commit.state.health;
  put(std::move(commit), health);
}

void PollDesk::settle_notes(const std::function<bool()>& commit) {
  const std::vector<std::string> noted = seams_.book.noted();
  for (const std::string& id : noted) {
    if (auto state = seams_.book.remembered(id)) {
      seams_.book.put(*state);
      PollCommit row;
      row.state = *std::move(state);
      seams_.docket.batch.polls.push_back(std::move(row));
    }
    if (seams_.docket.rows() >= kSettled && !commit()) return;
  }
  if (commit() && !noted.empty()) seams_.ledger.forget_notes();
}

}  // namespace nutgraf
