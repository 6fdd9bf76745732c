#include "daemon/poll/poller.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "daemon/base/hash.h"
#include "daemon/poll/feed_health.h"

namespace nutgraf {

using std::chrono::seconds;

namespace {

using Kind = PollOutcome::Kind;

/// How fast seen_share follows: a third of the way each poll, so that three polls decide.
constexpr double kShareGain = 1.0 / 3;
/// Jitter on top of every delay: enough to drift apart what an outage has lined up.
constexpr double kJitter = 0.02;
/// Retry of a poll that the network's absence spoiled, before min_interval's floor.
constexpr seconds kNetworkRetry{60};

bool succeeded(Kind kind) { return kind == Kind::kNotModified || kind == Kind::kItems; }

/// Which stretch of `unconditional_every` a moment lies in, at the feed's own phase.
std::int64_t stretch_of(Time time, std::string_view url, seconds length) {
  const auto offset =
      static_cast<std::int64_t>(phase_of(url) * static_cast<double>(length.count()));
  const auto now = std::chrono::floor<seconds>(time).time_since_epoch().count();
  return (now + offset) / std::max<std::int64_t>(1, length.count());
}

void forget_move(FeedState& state) {
  state.moved_to.clear();
  state.moved_seen = 0;
  state.moved_since.reset();
}

bool downgrades(std::string_view from, std::string_view to) {
  return from.starts_with("https://") && !to.starts_with("https://");
}

/// Counts equal answers; another target, or none, starts anew.
void follow_move(FeedState& state, const PollOutcome& outcome, const PollOptions& options,
                 Time now) {
  const std::string& target = outcome.permanent_url;
  if (target.empty() || target == state.url || downgrades(state.url, target)) {
    forget_move(state);
    return;
  }
  if (state.moved_to != target) {
    state.moved_to = target;
    state.moved_seen = 0;
    state.moved_since = now;
  }
  ++state.moved_seen;
  if (state.moved_seen < options.moved_after_polls) return;
  if (now - *state.moved_since < options.moved_after) return;
  state.url = target;
  forget_move(state);
}

void remember_document(FeedState& state, const PollOutcome& outcome, Time now) {
  if (outcome.cut_off == 0 || outcome.cut_off == state.cut_off) {
    state.etag = outcome.etag;
    state.last_modified = outcome.last_modified;
  }
  state.cut_off = outcome.cut_off;
  state.identity = std::max(state.identity, outcome.identity);
  state.skip_hours = outcome.skip_hours;
  state.skip_days = outcome.skip_days;
  if (!outcome.title.empty()) state.title = outcome.title;
  if (outcome.new_items > 0) {
    state.last_new_item = now;
    state.items += static_cast<std::int64_t>(outcome.new_items);
  }
  if (outcome.items > 0) {
    const double seen = 1 - static_cast<double>(std::min(outcome.new_items, outcome.items)) /
                                static_cast<double>(outcome.items);
    state.seen_share += kShareGain * (seen - state.seen_share);
  }
  state.server_asks = outcome.max_age.value_or(seconds(0));
  if (outcome.ttl) state.server_asks = std::max<seconds>(state.server_asks, *outcome.ttl);
  if (outcome.update_interval) {
    state.server_asks = std::max(state.server_asks, *outcome.update_interval);
  }
}

void remember_not_modified(FeedState& state, const PollOutcome& outcome) {
  ++state.not_modified;
  // A 304 may carry fresh validators [RFC 9110, section 15.4.5]; they vouch for the same items.
  if (!outcome.etag.empty()) state.etag = outcome.etag;
  if (!outcome.last_modified.empty()) state.last_modified = outcome.last_modified;
  state.seen_share += kShareGain * (1 - state.seen_share);
}

std::int32_t as_wish(std::optional<seconds> length) {
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(length.value_or(seconds(0)).count(), 0, INT32_MAX));
}

/// For people: what decides is server_asks and the answer at hand.
void remember_wishes(FeedState& state, const PollOutcome& outcome) {
  if (outcome.kind == Kind::kNetworkDown) return;
  state.wishes.max_age = as_wish(outcome.max_age);
  state.wishes.retry_after = as_wish(outcome.retry_after);
  if (outcome.kind != Kind::kItems) return;
  state.wishes.ttl = as_wish(outcome.ttl);
  state.wishes.update_every = as_wish(outcome.update_interval);
}

PollFacts facts_of(const FeedState& before, const PollOutcome& outcome) {
  PollFacts facts;
  facts.previous = before.last_success;
  facts.last_arrival = before.last_new_item;
  if (outcome.kind == Kind::kItems) facts.items = outcome.items;
  facts.new_items = outcome.new_items;
  return facts;
}

void note_success(FeedState& state, const PollOutcome& outcome, const PollOptions& options,
                  Time now) {
  state.habits = after_good_poll(state.habits, facts_of(state, outcome), now);
  state.last_success = now;
  state.last_error.clear();
  state.failures = 0;
  if (outcome.kind == Kind::kItems) {
    remember_document(state, outcome, now);
  } else {
    remember_not_modified(state, outcome);
  }
  follow_move(state, outcome, options, now);
}

void note_failure(FeedState& state, const PollOutcome& outcome) {
  state.last_error = outcome.error;
  if (outcome.kind == Kind::kNetworkDown) return;
  state.failures += weight_of(outcome.failure);
  state.habits.good_polls = 0;
}

Delay delay_of(const FeedState& state, const PollOutcome& outcome, const FeedSource& source,
               const PollOptions& options) {
  if (outcome.kind == Kind::kNetworkDown) {
    return {std::max(kNetworkRetry, options.min_interval), "network-down"};
  }
  if (state.health == FeedHealth::kGone) return {options.gone_retry, "gone"};
  const seconds asked = std::max(state.server_asks, outcome.max_age.value_or(seconds(0)));
  return next_delay(options, {.own_interval = source.interval,
                              .failures = state.failures,
                              .seen_share = state.seen_share,
                              .server_asks = asked,
                              .retry_after = outcome.retry_after});
}

/// Sets next_poll and next_reason. Jitter only ever adds: what a server asked for is a floor.
void plan_next(FeedState& state, const PollOutcome& outcome, const FeedSource& source,
               const PollOptions& options, Time now) {
  const Delay delay = delay_of(state, outcome, source, options);
  const auto wait = std::chrono::duration_cast<Time::duration>(delay.wait);
  // The second poll takes up the feed's phase: what started together at the first start of the
  // daemon is spread over the interval from then on.
  const double share =
      state.polls == 1 && succeeded(outcome.kind)
          ? phase_of(source.url)
          : kJitter * phase_of(source.url, static_cast<std::uint64_t>(state.polls));
  const Time::duration extra(static_cast<std::int64_t>(share * static_cast<double>(wait.count())));
  const Time plain = now + wait + extra;
  state.next_poll = after_skips(plain, state.skip_hours, state.skip_days);
  state.next_reason = state.next_poll != plain ? "skip-hours" : std::string(delay.reason);
}

PollOutcome failed(const HttpResponse& response, Kind kind, FailureClass failure,
                   std::string error) {
  PollOutcome outcome;
  outcome.kind = kind;
  outcome.status = response.status;
  outcome.failure = failure;
  outcome.error = std::move(error);
  outcome.retry_after = response.retry_after;
  return outcome;
}

PollOutcome succeeded_outcome(const HttpResponse& response, Kind kind) {
  PollOutcome outcome;
  outcome.kind = kind;
  outcome.status = response.status;
  outcome.etag = response.etag;
  outcome.last_modified = response.last_modified;
  outcome.permanent_url = response.permanent_url;
  outcome.max_age = response.max_age;
  return outcome;
}

}  // namespace

HttpRequest poll_request(const FeedSource& source, const FeedState& state,
                         const PollOptions& options, Time now) {
  HttpRequest request;
  request.url = state.url.empty() ? source.url : state.url;
  request.allow_private = source.allow_private;
  request.accept =
      "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, "
      "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1";
  // Not soon after the first poll, which was one without validators, too.
  const bool refresh = state.last_poll &&
                       now - state.first_poll.value_or(now) >= options.unconditional_every &&
                       stretch_of(*state.last_poll, source.url, options.unconditional_every) !=
                           stretch_of(now, source.url, options.unconditional_every);
  if (!refresh) {
    request.etag = state.etag;
    request.last_modified = state.last_modified;
  }
  return request;
}

std::optional<PollOutcome> outcome_without_document(bool conditional,
                                                    const HttpResponse& response) {
  const int status = response.status;
  if (response.error) {
    const bool ours = response.fault == NetworkFault::kNone;
    return failed(response, Kind::kFailed,
                  ours ? FailureClass::kHard : failure_class(0, response.fault),
                  response.error->message);
  }
  if (status == 304) {
    if (conditional) return succeeded_outcome(response, Kind::kNotModified);
    return failed(response, Kind::kFailed, FailureClass::kHard, "304 without having been asked");
  }
  // A part that was not asked for is no document: its validators would vouch for the rest, too.
  if (status >= 200 && status < 300 && status != 206) return std::nullopt;
  const std::string error = "HTTP " + std::to_string(status);
  const FailureClass failure = failure_class(status, NetworkFault::kNone);
  if (status == 410) return failed(response, Kind::kGone, failure, error);
  if (status == 429 || (status == 503 && response.retry_after)) {
    return failed(response, Kind::kRateLimited, failure, error);
  }
  return failed(response, Kind::kFailed, failure, error);
}

PollOutcome outcome_of_document(const HttpResponse& response, const ParsedFeed& feed,
                                std::size_t new_items) {
  PollOutcome outcome = succeeded_outcome(response, Kind::kItems);
  outcome.title = feed.title;
  outcome.ttl = feed.ttl;
  outcome.update_interval = feed.update_interval;
  outcome.skip_hours = skip_bits(feed.skip_hours, 24);
  outcome.skip_days = skip_bits(feed.skip_days, 7);
  if (feed.cut_off) outcome.cut_off = std::max<std::uint64_t>(1, hash64(response.body));
  outcome.items = feed.items.size();
  outcome.new_items = new_items;
  return outcome;
}

FeedState after_poll(FeedState state, const PollOutcome& outcome, const FeedSource& source,
                     const PollOptions& options, Time now) {
  state.feed_id = source.id;
  if (state.url.empty()) state.url = source.url;
  if (!state.first_poll) state.first_poll = now;
  state.last_poll = now;
  state.last_status = outcome.status;
  ++state.polls;
  if (succeeded(outcome.kind)) {
    note_success(state, outcome, options, now);
  } else {
    note_failure(state, outcome);
  }
  remember_wishes(state, outcome);
  state = judged(std::move(state), options.health, now);
  plan_next(state, outcome, source, options, now);
  return state;
}

void NetworkWatch::record(std::string_view host, NetworkFault fault, Monotonic now) {
  std::erase_if(polls_,
                [&](const Poll& poll) { return poll.host == host || now - poll.at > kWindow; });
  if (polls_.size() >= kMaxPolls) polls_.erase(polls_.begin());
  polls_.push_back({std::string(host), unreached(fault), now});
  if (!unreached(fault) || now - unanswered_at_ > kRow) unanswered_.clear();
  if (!unreached(fault)) return;
  unanswered_at_ = now;
  if (unanswered_.size() < kMinHosts &&
      std::find(unanswered_.begin(), unanswered_.end(), host) == unanswered_.end()) {
    unanswered_.emplace_back(host);
  }
}

bool NetworkWatch::down(Monotonic now) const {
  if (unanswered_.size() >= kMinHosts && now - unanswered_at_ <= kRow) return true;
  std::size_t recent = 0;
  std::size_t bad = 0;
  for (const Poll& poll : polls_) {
    if (now - poll.at > kWindow) continue;
    ++recent;
    if (poll.failed) ++bad;
  }
  return recent >= kMinHosts &&
         static_cast<double>(bad) >= kMostFailed * static_cast<double>(recent);
}

}  // namespace nutgraf
