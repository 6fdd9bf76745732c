#include "daemon/pipeline/fetcher.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "daemon/base/url.h"
#include "daemon/pipeline/asking.h"

namespace nutgraf {
namespace {

constexpr std::chrono::milliseconds kLongestWait{1000};
constexpr std::chrono::seconds kFiguresEvery{10};
/// So long a process has to live before it takes up what may kill it.
constexpr std::chrono::seconds kBeforeSuspects{10};
/// An event that is due later was stored by a clock that ran ahead.
constexpr std::chrono::hours kLongestDebounce{24};

}  // namespace

Fetcher::Fetcher(Seams seams, FetchOptions options, std::vector<FeedSource> feeds)
    : seams_(seams), options_(std::move(options)), manners_(options_.poll), robots_("nutgraf") {
  seams_.book.configure(feeds);
}

void Fetcher::configure(FetchOptions options, std::vector<FeedSource> feeds) {
  {
    const std::lock_guard lock(next_mutex_);
    next_.emplace(std::move(options), std::move(feeds));
  }
  seams_.http.wake();
}

std::vector<FeedSource> Fetcher::feeds() const {
  const std::lock_guard lock(next_mutex_);
  return next_ ? next_->second : seams_.book.sources();
}

void Fetcher::await_configuration(std::chrono::milliseconds patience) const {
  std::unique_lock lock(next_mutex_);
  next_taken_.wait_for(lock, patience, [this] { return !next_; });
}

Result<void> Fetcher::restore() {
  bool lived_before = false;
  const Result<void> states = seams_.store.each_feed_state([&](const FeedState& state, bool noted) {
    lived_before |= state.last_poll.has_value();
    seams_.book.put(state, noted ? FeedBook::Kept::kNoted : FeedBook::Kept::kCommitted);
  });
  if (!states) return tl::unexpected(states.error());
  next_suspect_ = seams_.clock.monotonic() + kBeforeSuspects;
  if (lived_before) manners_.follow_on(seams_.clock.monotonic());
  for (const FeedBook::Brief& feed : seams_.book.briefs()) plan_first(*seams_.book.source(feed.id));
  return restore_sites();
}

void Fetcher::plan_first(const FeedSource& source) {
  const FeedState state = seams_.book.state(source);
  // In flight: the commit of what comes of it brings its next time.
  if (state.paused || feeds_at_work_.contains(source.id)) return;
  const ClockReading now{seams_.clock.monotonic(), seams_.clock.utc()};
  schedule_.put(source.id,
                first_due(source, state.last_poll ? &state : nullptr, options_.poll, now));
}

void Fetcher::forget_time_of(const std::string& feed_id) {
  schedule_.remove(feed_id);
  unreached_.erase(feed_id);
  asked_for_.erase(feed_id);
  stop_waiting(feed_id);
}

void Fetcher::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      const BusyScope busy(seams_.pulse);
      watch_clock();
      take_configuration();
      take_mail();
      take_requests();
      repeat_releases();
      refresh_figures();
      start_due_feeds();
      start_parked_pages();
      claim_items();
      give_back_over_share();
      start_parked_rechecks();
      claim_rechecks();
      start_due_events();
    }
    for (HttpResponse& response : seams_.http.wait(time_to_wait())) {
      const BusyScope busy(seams_.pulse);
      finish(std::move(response));
    }
    if (quiet_.polls.size() >= kCompany || seams_.clock.monotonic() >= quiet_until_) {
      hand_over_quiet_polls();
    }
    const Monotonic now = seams_.clock.monotonic();
    const auto late = std::max(now - schedule_.next().value_or(now), Monotonic::duration(0));
    seams_.metrics.oldest_due_ms.set(
        std::chrono::duration_cast<std::chrono::milliseconds>(late).count());
    seams_.metrics.in_flight.set(static_cast<std::int64_t>(transfers_.size()));
    seams_.metrics.fetched_queue.set(static_cast<std::int64_t>(outstanding_.size()));
    seams_.metrics.pages_waiting.set(static_cast<std::int64_t>(parked_pages_.size()));
    seams_.metrics.bytes_in_flight.set(static_cast<std::int64_t>(outstanding_bytes_));
  }
  wind_down();
}

void Fetcher::wind_down() {
  seams_.http.abandon();
  std::vector<std::int64_t> claimed;
  for (const PendingItem& pending : parked_pages_) claimed.push_back(pending.id);
  for (const auto& [id, transfer] : transfers_) {
    if (const auto* page = std::get_if<PageTransfer>(&transfer.what)) {
      claimed.push_back(page->pending.id);
    } else if (const auto* robots = std::get_if<RobotsTransfer>(&transfer.what)) {
      for (const PendingItem& pending : robots->waiting) claimed.push_back(pending.id);
    }
  }
  hand_over_quiet_polls();
  give_back(std::move(claimed), std::chrono::seconds(0));
  next_release_ = {};
  repeat_releases();
  seams_.jobs.close();
}

void Fetcher::take_configuration() {
  // Under the lock to the end: whoever asks for the feeds sees the old list or the new.
  const std::lock_guard lock(next_mutex_);
  if (!next_) return;
  const auto next = std::exchange(next_, std::nullopt);
  const std::size_t transfers = options_.transfers;  // The queue of jobs was made for so many.
  options_ = next->first;
  options_.transfers = transfers;
  manners_.configure(options_.poll);
  const FeedBook::Changes changes = seams_.book.configure(next->second);
  for (const std::string& id : changes.gone) forget_time_of(id);
  for (const std::string& id : changes.fresh) plan_first(*seams_.book.source(id));
  next_taken_.notify_all();
}

void Fetcher::take_mail() {
  Mail mail = seams_.mailbox.take();
  for (const std::uint64_t id : mail.finished) {
    const auto found = outstanding_.find(id);
    if (found == outstanding_.end()) continue;
    outstanding_bytes_ -= found->second.bytes;
    if (!found->second.event_id.empty()) events_at_work_.erase(found->second.event_id);
    if (!found->second.feed_id.empty()) feeds_at_work_.erase(found->second.feed_id);
    outstanding_.erase(found);
  }
  for (const FeedTime& time : mail.feeds) schedule(time);
  for (DirtyEvent& event : mail.events) {
    event.due = std::min<Time>(event.due, seams_.clock.utc() + kLongestDebounce);
    dirty_events_.insert_or_assign(event.event_id, std::move(event));
  }
  items_wait_ |= mail.items_wait;
}

void Fetcher::schedule(const FeedTime& time) {
  if (time.paused || !seams_.book.configured(time.feed_id)) {
    forget_time_of(time.feed_id);
    return;
  }
  if (feeds_at_work_.contains(time.feed_id)) return;
  const ClockReading now{seams_.clock.monotonic(), seams_.clock.utc()};
  schedule_.put(time.feed_id, monotonic_of(time.next_poll, now));
}

void Fetcher::take_requests() {
  for (FeedRequest& request : seams_.mailbox.take_requests()) {
    requests_.push_back(std::move(request));
  }
  // As many as there are slots: an operator may pause ten thousand feeds at once.
  for (; !requests_.empty() && outstanding_.size() < kSlots; requests_.pop_front()) {
    const FeedRequest& request = requests_.front();
    const std::optional<FeedSource> source = seams_.book.source(request.feed_id);
    if (!source) continue;
    if (request.kind == FeedRequest::Kind::kPollNow) {
      // In flight already: it has no time, and its answer comes anyway.
      if (!schedule_.contains(source->id)) continue;
      schedule_.put(source->id, seams_.clock.monotonic());
      next_start_ = {};  // Somebody waits.
      asked_for_.insert(source->id);
    } else {
      hand_over(StateJob{seams_.book.state(*source), request.kind}, {});
    }
  }
}

// ---- feeds

void Fetcher::start_due_feeds() {
  const Monotonic now = seams_.clock.monotonic();
  if (now < next_start_) return;
  while (has_room()) {
    const std::vector<std::string> due = schedule_.take_due(now, 1);
    if (due.empty()) return;
    next_start_ = now + kStartTogether;
    start_feed(due.front());
  }
  next_start_ = now;  // Whom there was no room for begins as soon as there is.
}

void Fetcher::start_feed(const std::string& feed_id) {
  const std::optional<FeedBook::Known> feed = seams_.book.known(feed_id);
  if (!feed || skips_this_hour(feed->state)) return;
  const FeedSource& source = feed->source;
  HttpRequest request =
      dressed(poll_request(source, feed->state, options_.poll, seams_.clock.utc()), source);
  const std::string host = host_of(request.url);
  const Monotonic now = seams_.clock.monotonic();
  const std::optional<Monotonic> may = manners_.may_ask(host, Ask::kFeed, now);
  if (!may || *may > now) {
    if (waiting_feeds_.emplace(feed_id, host).second) manners_.wait(host);
    schedule_.put(feed_id, may.value_or(now + std::chrono::milliseconds(100)));
    return;
  }
  stop_waiting(feed_id);
  const bool conditional = !request.etag.empty() || !request.last_modified.empty();
  FeedTransfer transfer{feed_id, source.url, conditional};
  feeds_at_work_.insert(feed_id);
  asked_for_.erase(feed_id);
  send(std::move(request), {host, std::move(transfer)});
}

/// Its host kept it waiting, or the clock was set: the hour has come that the feed asks to skip.
bool Fetcher::skips_this_hour(const FeedState& state) {
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

void Fetcher::stop_waiting(const std::string& feed_id) {
  const auto found = waiting_feeds_.find(feed_id);
  if (found == waiting_feeds_.end()) return;
  manners_.stop_waiting(found->second, seams_.clock.monotonic());
  waiting_feeds_.erase(found);
}

void Fetcher::finish_feed(FeedTransfer transfer, HttpResponse response) {
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
    feeds_at_work_.erase(transfer.feed_id);
    if (source) plan_first(*source);
    return;
  }
  FeedJob job;
  job.state = seams_.book.state(*source);
  job.source = *std::move(source);
  job.response = std::move(response);
  // The text once raw and once parsed.
  const std::size_t bytes = 2 * job.response.body.size();
  hand_over(std::move(job), {.bytes = bytes, .feed_id = std::move(transfer.feed_id)});
}

void Fetcher::finish_quietly(FeedTransfer transfer, PollOutcome outcome,
                             const HttpResponse& response) {
  const Monotonic now = seams_.clock.monotonic();
  if (response.error && network_.down(now)) outcome.kind = PollOutcome::Kind::kNetworkDown;
  if (quiet_.polls.empty()) quiet_until_ = now + kCompanyWait;
  quiet_.polls.push_back({.job_id = reserve({.feed_id = transfer.feed_id}),
                          .feed_id = std::move(transfer.feed_id),
                          .configured_url = std::move(transfer.configured_url),
                          .outcome = std::move(outcome),
                          .took = response.took});
}

void Fetcher::hand_over_quiet_polls() {
  if (quiet_.polls.empty()) return;
  seams_.outcomes.push({0, std::exchange(quiet_, {})});
}

void Fetcher::refresh_figures() {
  const Monotonic now = seams_.clock.monotonic();
  if (now < next_figures_) return;
  next_figures_ = now + kFiguresEvery;
  const FeedBook::Census census = seams_.book.census();
  Metrics& metrics = seams_.metrics;
  metrics.feeds_ok.set(census.in(FeedHealth::kOk));
  metrics.feeds_silent.set(census.in(FeedHealth::kSilent));
  metrics.feeds_thin.set(census.in(FeedHealth::kThin));
  metrics.feeds_blocked.set(census.in(FeedHealth::kBlocked));
  metrics.feeds_moved.set(census.in(FeedHealth::kMoved));
  metrics.feeds_gone.set(census.in(FeedHealth::kGone));
  metrics.feeds_failing.set(census.in(FeedHealth::kFailing));
  const Result<Backlog> backlog = seams_.store.backlog(seams_.clock.utc());
  if (!backlog) {
    spdlog::error("backlog error=\"{}\"", backlog.error().message);
    return;
  }
  seams_.metrics.pending.set(backlog->pending);
  suspects_ = backlog->suspects;
}

// ---- events

void Fetcher::start_due_events() {
  const Time now = seams_.clock.utc();
  for (auto it = dirty_events_.begin(); it != dirty_events_.end() && has_room();) {
    const DirtyEvent& dirty = it->second;
    if (dirty.due > now || events_at_work_.contains(dirty.event_id)) {
      ++it;
      continue;
    }
    Result<std::vector<Story>> members = seams_.store.event_stories(dirty.event_id, kEventMembers);
    Result<std::optional<Event>> previous = seams_.store.published_event(dirty.event_id);
    if (!members || !previous) {
      spdlog::error("event id={} error=\"{}\"", dirty.event_id,
                    members ? previous.error().message : members.error().message);
      it->second.due = now + std::chrono::seconds(5);
      ++it;
      continue;
    }
    EventJob job{dirty.event_id, dirty.dirty_revision, *std::move(members), dirty.size,
                 *std::move(previous)};
    std::size_t bytes = 0;
    for (const Story& story : job.members) bytes += story.text.size();
    events_at_work_.insert(dirty.event_id);
    hand_over(std::move(job), {.bytes = bytes, .event_id = dirty.event_id});
    it = dirty_events_.erase(it);
  }
}

// ---- transfers

HttpRequest Fetcher::dressed(HttpRequest request, const FeedSource& source) const {
  request.user_agent = options_.user_agent;
  request.max_body = options_.max_body;
  request.timeout = options_.timeout;
  request.connect_timeout = options_.connect_timeout;
  request.max_redirects = options_.max_redirects;
  request.proxy = options_.proxy;
  request.host_limit = options_.most_of_host;
  const auto found = options_.of_feeds.find(source.id);
  if (found != options_.of_feeds.end()) apply(found->second, source.url, request);
  return request;
}

void Fetcher::send(HttpRequest request, Transfer transfer) {
  request.id = next_id_++;
  manners_.begin(transfer.host, seams_.clock.monotonic());
  transfers_.emplace(request.id, std::move(transfer));
  seams_.http.start(std::move(request));
}

namespace {

/// Index of Metrics::fetches.
std::size_t fetch_outcome(const HttpResponse& response) {
  constexpr std::size_t kNone = Metrics::kFetchOutcomes - 1;
  const int hundreds = response.status / 100;
  if (response.error || hundreds < 2 || hundreds > 5) return kNone;
  return static_cast<std::size_t>(hundreds - 2);
}

}  // namespace

void Fetcher::finish(HttpResponse response) {
  const auto found = transfers_.find(response.id);
  if (found == transfers_.end()) return;
  Transfer transfer = std::move(found->second);
  transfers_.erase(found);
  const Monotonic now = seams_.clock.monotonic();
  manners_.end(transfer.host, now);
  const std::string last_host = host_of(response.url);
  if (!last_host.empty() && last_host != transfer.host) manners_.note_hop(last_host, now);
  record_network(transfer.host, response);
  seams_.metrics.fetches[fetch_outcome(response)].add();
  note_silence(transfer.host, response);
  if (auto* feed = std::get_if<FeedTransfer>(&transfer.what)) {
    finish_feed(std::move(*feed), std::move(response));
  } else if (auto* page = std::get_if<PageTransfer>(&transfer.what)) {
    finish_page(std::move(*page), std::move(response));
  } else if (auto* recheck = std::get_if<RecheckTransfer>(&transfer.what)) {
    finish_recheck(std::move(*recheck), std::move(response));
  } else if (auto* robots = std::get_if<RobotsTransfer>(&transfer.what)) {
    finish_robots(std::move(*robots), response);
  }
}

void Fetcher::hand_over(decltype(Job::work) work, Outstanding needs) {
  seams_.jobs.push(Job{reserve(std::move(needs)), std::move(work)});
}

/// The id of a job that has its room from now on.
std::uint64_t Fetcher::reserve(Outstanding needs) {
  outstanding_bytes_ += needs.bytes;
  outstanding_.emplace(next_id_, std::move(needs));
  return next_id_++;
}

std::chrono::milliseconds Fetcher::time_to_wait() const {
  const Monotonic now = seams_.clock.monotonic();
  Monotonic until = now + kLongestWait;
  if (!quiet_.polls.empty()) until = std::min(until, quiet_until_);
  if (has_room()) {
    if (const std::optional<Monotonic> due = schedule_.next()) {
      until = std::min(until, std::max(*due, next_start_));
    }
    const Time utc = seams_.clock.utc();
    for (const auto& [id, event] : dirty_events_) {
      if (!events_at_work_.contains(id)) until = std::min(until, now + (event.due - utc));
    }
  }
  if (has_room_for_page()) {
    const bool held_up = suspect_has_its_turn(now) && !nothing_claimed();
    if (items_wait_ && parked_pages_.size() < kClaim && !held_up) until = now;
    for (const PendingItem& parked : parked_pages_) {
      const auto may = manners_.may_ask(parked.page_host, Ask::kPage, now);
      if (may) until = std::min(until, *may);
    }
    for (const Recheck& parked : parked_rechecks_) {
      const auto may = manners_.may_ask(parked.item.page_host, Ask::kPage, now);
      if (may && *may > now) until = std::min(until, *may);
    }
  }
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(until - now);
  return std::clamp(wait, std::chrono::milliseconds(0), kLongestWait);
}

bool Fetcher::has_room() const {
  return transfers_.size() < options_.transfers && outstanding_.size() < kSlots &&
         outstanding_bytes_ + transfers_.size() * kTypicalBody < options_.memory;
}

}  // namespace nutgraf
