#include "daemon/fetcher/fetcher.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "daemon/base/visitor.h"

namespace nutgraf {
namespace {

constexpr std::chrono::milliseconds kLongestWait{1000};
constexpr std::chrono::seconds kFiguresEvery{10};
/// A larger step of the system's clock is none that NTP slews, and is seen to.
constexpr std::chrono::seconds kClockStep{30};
/// Then pending items wait no longer than this: short beside any delay of theirs that was meant.
constexpr std::chrono::minutes kWaitAfterStep{5};

/// Index of Metrics::fetches.
std::size_t fetch_outcome(const HttpResponse& response) {
  constexpr std::size_t kNone = Metrics::kFetchOutcomes - 1;
  const int hundreds = response.status / 100;
  if (response.error || hundreds < 2 || hundreds > 5) return kNone;
  return static_cast<std::size_t>(hundreds - 2);
}

}  // namespace

Fetcher::Fetcher(Seams seams, FetchOptions options, const std::vector<FeedSource>& feeds)
    : seams_(seams),
      options_(std::move(options)),
      sites_(seams_.store, seams_.clock, options_),
      in_flight_(seams_.http, seams_.jobs, sites_.manners(), seams_.clock, options_),
      releases_(seams_.store, seams_.clock),
      shared_{seams_.store, seams_.clock, seams_.outcomes, seams_.metrics, seams_.book,
              options_,     sites_,       in_flight_,      releases_},
      feeds_(shared_),
      pages_(shared_),
      rechecks_(shared_, pages_),
      events_(shared_) {
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
  pages_.begin();
  if (lived_before) sites_.manners().follow_on(seams_.clock.monotonic());
  for (const FeedBook::Brief& feed : seams_.book.briefs()) {
    feeds_.plan_first(*seams_.book.source(feed.id));
  }
  return sites_.restore();
}

void Fetcher::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      const BusyScope busy(seams_.pulse);
      watch_clock();
      take_configuration();
      take_mail();
      take_requests();
      releases_.repeat();
      refresh_figures();
      feeds_.start_due();
      pages_.start_parked();
      pages_.claim();
      pages_.give_back_over_share();
      rechecks_.start_parked();
      rechecks_.claim();
      events_.start_due();
    }
    for (HttpResponse& response : seams_.http.wait(time_to_wait())) {
      const BusyScope busy(seams_.pulse);
      finish(std::move(response));
    }
    feeds_.hand_over_quiet_if_due();
    show_figures();
  }
  wind_down();
}

void Fetcher::wind_down() {
  seams_.http.abandon();
  feeds_.hand_over_quiet();
  releases_.give_back(pages_.parked_items(), std::chrono::seconds(0));
  releases_.give_back(in_flight_.items_in_transfers(), std::chrono::seconds(0));
  releases_.repeat(/*now_too=*/true);
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
  sites_.manners().configure(options_.poll);
  const FeedBook::Changes changes = seams_.book.configure(next->second);
  for (const std::string& id : changes.gone) feeds_.forget(id);
  for (const std::string& id : changes.fresh) feeds_.plan_first(*seams_.book.source(id));
  next_taken_.notify_all();
}

void Fetcher::take_mail() {
  Mail mail = seams_.mailbox.take();
  for (const std::uint64_t id : mail.finished) {
    const std::optional<InFlight::Needs> job = in_flight_.end_job(id);
    if (!job) continue;
    if (!job->event_id.empty()) events_.end(job->event_id);
    if (!job->feed_id.empty()) feeds_.end(job->feed_id);
  }
  for (const FeedTime& time : mail.feeds) feeds_.schedule(time);
  for (DirtyEvent& event : mail.events) events_.put(std::move(event));
  if (mail.items_wait) pages_.look_again();
}

void Fetcher::take_requests() {
  for (FeedRequest& request : seams_.mailbox.take_requests()) {
    requests_.push_back(std::move(request));
  }
  // As many as there are slots: an operator may pause ten thousand feeds at once.
  for (; !requests_.empty() && in_flight_.free_slots() > 0; requests_.pop_front()) {
    const FeedRequest& request = requests_.front();
    const std::optional<FeedSource> source = seams_.book.source(request.feed_id);
    if (!source) continue;
    if (request.kind == FeedRequest::Kind::kPollNow) {
      feeds_.hurry(source->id);
    } else {
      // Past the workers: of a pause and a resume the last one counts.
      const std::uint64_t id = in_flight_.reserve({});
      seams_.outcomes.push({id, StateJob{seams_.book.state(*source), request.kind}});
    }
  }
}

void Fetcher::finish(HttpResponse response) {
  std::optional<Transfer> transfer = in_flight_.end_transfer(response.id);
  if (!transfer) return;
  if (sites_.learn(transfer->host, response)) feeds_.bring_back_unreached();
  seams_.metrics.fetches[fetch_outcome(response)].add();
  std::visit(
      Visitor{
          [&](FeedTransfer&& feed) { feeds_.finish(std::move(feed), std::move(response)); },
          [&](PageTransfer&& page) { pages_.finish(std::move(page), std::move(response)); },
          [&](RecheckTransfer&& look) { rechecks_.finish(std::move(look), std::move(response)); },
          [&](RobotsTransfer&& robots) { pages_.finish(std::move(robots), response); },
      },
      std::move(transfer->what));
}

/// Feeds and hosts go by the monotonic clock and do not notice; what is stored goes by the other.
void Fetcher::watch_clock() {
  const Time::duration ahead =
      seams_.clock.utc().time_since_epoch() -
      std::chrono::duration_cast<Time::duration>(seams_.clock.monotonic().time_since_epoch());
  const Time::duration step = ahead - clock_ahead_.value_or(ahead);
  clock_ahead_ = ahead;
  if (std::chrono::abs(step) < kClockStep) return;
  spdlog::warn("clock step={}s", std::chrono::duration_cast<std::chrono::seconds>(step).count());
  events_.shift(step);
  releases_.shift(step);
  const Time now = seams_.clock.utc();
  const Result<void> clamped = step < Time::duration(0)
                                   ? seams_.store.clamp_times(now, now + kWaitAfterStep)
                                   : Result<void>();
  if (!clamped) spdlog::error("clock error=\"{}\"", clamped.error().message);
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
  metrics.pending.set(backlog->pending);
  pages_.put_suspects(backlog->suspects);
}

void Fetcher::show_figures() const {
  Metrics& metrics = seams_.metrics;
  metrics.oldest_due_ms.set(
      std::chrono::duration_cast<std::chrono::milliseconds>(feeds_.late(seams_.clock.monotonic()))
          .count());
  metrics.in_flight.set(static_cast<std::int64_t>(in_flight_.transfers()));
  metrics.fetched_queue.set(static_cast<std::int64_t>(in_flight_.jobs()));
  metrics.pages_waiting.set(static_cast<std::int64_t>(pages_.parked()));
  metrics.bytes_in_flight.set(static_cast<std::int64_t>(in_flight_.bytes()));
}

std::chrono::milliseconds Fetcher::time_to_wait() const {
  const Monotonic now = seams_.clock.monotonic();
  Monotonic until = now + kLongestWait;
  const auto no_later = [&](std::optional<Monotonic> time) {
    if (time) until = std::min(until, *time);
  };
  no_later(feeds_.next_hand_over());
  if (in_flight_.has_room()) {
    no_later(feeds_.next_start());
    const Time utc = seams_.clock.utc();
    if (const std::optional<Time> due = events_.next()) no_later(now + (*due - utc));
  }
  if (in_flight_.has_room_for_page()) {
    no_later(pages_.next(now));
    no_later(rechecks_.next(now));
  }
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(until - now);
  return std::clamp(wait, std::chrono::milliseconds(0), kLongestWait);
}

}  // namespace nutgraf
