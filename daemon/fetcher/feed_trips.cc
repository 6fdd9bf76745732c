#include "daemon/fetcher/feed_trips.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "daemon/base/url.h"
#include "daemon/fetcher/asking.h"

namespace nutgraf {

void FeedTrips::plan_first(const FeedSource& source) {
  const FeedState state = seams_.book.state(source);
  // In flight: the commit of what comes of it brings its next time.
  if (state.paused || at_work_.contains(source.id)) return;
  const ClockReading now{seams_.clock.monotonic(), seams_.clock.utc()};
  schedule_.put(source.id,
                first_due(source, state.last_poll ? &state : nullptr, seams_.options.poll, now));
}

void FeedTrips::schedule(const FeedTime& time) {
  if (time.paused || !seams_.book.configured(time.feed_id)) return forget(time.feed_id);
  if (at_work_.contains(time.feed_id)) return;
  const ClockReading now{seams_.clock.monotonic(), seams_.clock.utc()};
  schedule_.put(time.feed_id, monotonic_of(time.next_poll, now));
}

void FeedTrips::forget(const std::string& feed_id) {
  schedule_.remove(feed_id);
  unreached_.erase(feed_id);
  asked_for_.erase(feed_id);
  stop_waiting(feed_id);
}

void FeedTrips::hurry(const std::string& feed_id) {
  if (!schedule_.contains(feed_id)) return;
  schedule_.put(feed_id, seams_.clock.monotonic());
  next_start_ = {};  // Somebody waits.
  asked_for_.insert(feed_id);
}

void FeedTrips::start_due() {
  const Monotonic now = seams_.clock.monotonic();
  if (now < next_start_) return;
  while (seams_.in_flight.has_room()) {
    const std::vector<std::string> due = schedule_.take_due(now, 1);
    if (due.empty()) return;
    next_start_ = now + kStartTogether;
    start(due.front());
  }
  next_start_ = now;  // Whom there was no room for begins as soon as there is.
}

void FeedTrips::start(const std::string& feed_id) {
  const std::optional<FeedBook::Known> feed = seams_.book.known(feed_id);
  if (!feed || skips_this_hour(feed->state)) return;
  const FeedSource& source = feed->source;
  HttpRequest request =
      dressed(poll_request(source, feed->state, seams_.options.poll, seams_.clock.utc()), source,
              seams_.options);
  const std::string host = host_of(request.url);
  const Monotonic now = seams_.clock.monotonic();
  HostManners& manners = seams_.sites.manners();
  const std::optional<Monotonic> may = manners.may_ask(host, Ask::kFeed, now);
  if (!may || *may > now) {
    if (waiting_.emplace(feed_id, host).second) manners.wait(host);
    schedule_.put(feed_id, may.value_or(now + std::chrono::milliseconds(100)));
    return;
  }
  stop_waiting(feed_id);
  const bool conditional = !request.etag.empty() || !request.last_modified.empty();
  FeedTransfer transfer{feed_id, source.url, conditional};
  at_work_.insert(feed_id);
  asked_for_.erase(feed_id);
  seams_.in_flight.send(std::move(request), {host, std::move(transfer)});
}

/// Its host kept it waiting, or the clock was set: the hour has come that the feed asks to skip.
bool FeedTrips::skips_this_hour(const FeedState& state) {
  if ((state.skip_hours == 0 && state.skip_days == 0) || asked_for_.contains(state.feed_id)) {
    return false;
  }
  const ClockReading now{seams_.clock.monotonic(), seams_.clock.utc()};
  const Time later = after_skips(now.utc, state.skip_hours, state.skip_days);
  if (later == now.utc) return false;
  stop_waiting(state.feed_id);
  schedule_.put(state.feed_id, monotonic_of(later, now));
  return true;
}

void FeedTrips::stop_waiting(const std::string& feed_id) {
  const auto found = waiting_.find(feed_id);
  if (found == waiting_.end()) return;
  seams_.sites.manners().stop_waiting(found->second, seams_.clock.monotonic());
  waiting_.erase(found);
}

void FeedTrips::finish(FeedTransfer transfer, HttpResponse response) {
  const bool reached = !NetworkWatch::unreached(response.fault);
  if (!reached && seams_.book.configured(transfer.feed_id)) {
    unreached_.insert(transfer.feed_id);
  } else {
    unreached_.erase(transfer.feed_id);
  }
  if (std::optional<PollOutcome> outcome =
          outcome_without_document(transfer.conditional, response)) {
    finish_quietly(std::move(transfer), *std::move(outcome), response);
    return;
  }
  std::optional<FeedSource> source = seams_.book.source(transfer.feed_id);
  if (!source || source->url != transfer.configured_url) {
    // Removed while it was being polled, or it is another document that is wanted now.
    at_work_.erase(transfer.feed_id);
    if (source) plan_first(*source);
    return;
  }
  FeedJob job;
  job.state = seams_.book.state(*source);
  job.source = *std::move(source);
  job.response = std::move(response);
  // The text once raw and once parsed.
  const std::size_t bytes = 2 * job.response.body.size();
  seams_.in_flight.hand_over(std::move(job),
                             {.bytes = bytes, .feed_id = std::move(transfer.feed_id)});
}

void FeedTrips::finish_quietly(FeedTransfer transfer, PollOutcome outcome,
                               const HttpResponse& response) {
  if (response.error && seams_.sites.network_down()) {
    outcome.kind = PollOutcome::Kind::kNetworkDown;
  }
  if (quiet_.polls.empty()) quiet_until_ = seams_.clock.monotonic() + kCompanyWait;
  quiet_.polls.push_back({.job_id = seams_.in_flight.reserve({.feed_id = transfer.feed_id}),
                          .feed_id = std::move(transfer.feed_id),
                          .configured_url = std::move(transfer.configured_url),
                          .outcome = std::move(outcome),
                          .took = response.took});
}

void FeedTrips::hand_over_quiet_if_due() {
  if (quiet_.polls.size() >= kCompany || seams_.clock.monotonic() >= quiet_until_) {
    hand_over_quiet();
  }
}

void FeedTrips::hand_over_quiet() {
  if (quiet_.polls.empty()) return;
  seams_.outcomes.push({0, std::exchange(quiet_, {})});
}

void FeedTrips::bring_back_unreached() {
  const Monotonic now = seams_.clock.monotonic();
  spdlog::info("network=back feeds={}", unreached_.size());
  for (const std::string& feed_id : std::exchange(unreached_, {})) {
    const std::optional<FeedSource> source = seams_.book.source(feed_id);
    if (!source || !schedule_.contains(feed_id)) continue;
    const std::chrono::duration<double> wait =
        seams_.options.poll.catch_up_spread * phase_of(source->url);
    schedule_.put(feed_id, now + std::chrono::duration_cast<Monotonic::duration>(wait));
  }
}

std::optional<Monotonic> FeedTrips::next_start() const {
  const std::optional<Monotonic> due = schedule_.next();
  if (!due) return std::nullopt;
  return std::max(*due, next_start_);
}

std::optional<Monotonic> FeedTrips::next_hand_over() const {
  if (quiet_.polls.empty()) return std::nullopt;
  return quiet_until_;
}

Monotonic::duration FeedTrips::late(Monotonic now) const {
  return std::max(now - schedule_.next().value_or(now), Monotonic::duration(0));
}

}  // namespace nutgraf
