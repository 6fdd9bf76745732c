#include "daemon/fetcher/page_trips.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "daemon/base/url.h"
#include "daemon/fetcher/asking.h"
#include "daemon/pipeline/pipeline.h"

namespace nutgraf {
namespace {

/// While items wait for hosts that are busy, the store is asked again this often.
constexpr std::chrono::milliseconds kClaimAgain{1000};
constexpr std::chrono::seconds kNetworkPause{30};
/// For so long after its teaser was published a page is still worth an update.
constexpr std::chrono::hours kPageStillWorth{48};
/// So long a process has to live before it takes up what may kill it.
constexpr std::chrono::seconds kBeforeSuspects{10};
/// A suspect needs the house for itself, so all else is let run out: not too often.
constexpr std::chrono::seconds kSuspectEvery{30};
/// How long an item waits whose feed was removed: it may come back.
constexpr std::chrono::hours kRemovedAgain{1};
/// How long an item waits whose feed has all the pages in flight that it may have.
constexpr std::chrono::seconds kShareAgain{2};

std::size_t size_of(const PendingItem& pending) {
  return pending.item.text.size() + pending.item.summary.size() + 1024;
}

/// Statuses after which the same page may well come later.
bool worth_a_retry(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

}  // namespace

void PageTrips::begin() { next_suspect_ = seams_.clock.monotonic() + kBeforeSuspects; }

void PageTrips::claim() {
  const Monotonic now = seams_.clock.monotonic();
  if (!items_wait_ && now < next_claim_) return;
  if (!seams_.in_flight.has_room_for_page() || parked_.size() >= kClaim) return;
  const bool suspect = suspect_has_its_turn(now);
  if (suspect && !nothing_claimed()) return;
  const std::size_t limit = std::min(kClaim, seams_.in_flight.free_slots());
  Result<std::vector<PendingItem>> items = claim(suspect, limit, now);
  next_claim_ = now + kClaimAgain;
  if (!items) {
    spdlog::error("claim error=\"{}\"", items.error().message);
    items_wait_ = false;
    return;
  }
  if (suspect && items->empty()) next_suspect_ = now + kSuspectEvery;
  items_wait_ = suspect || items->size() >= limit;
  for (PendingItem& pending : *items) take(std::move(pending));
}

Result<std::vector<PendingItem>> PageTrips::claim(bool suspect, std::size_t limit, Monotonic now) {
  ClaimRequest request;
  request.now = seams_.clock.utc();
  request.suspect = suspect;
  request.limit = limit;
  request.per_host =
      static_cast<std::size_t>(std::max(1, seams_.options.poll.per_host_concurrency));
  request.busy_hosts = seams_.sites.manners().busy_hosts(now);
  request.overdue = request.now - seams_.options.publish_teaser_after;
  for (const PendingItem& parked : parked_) request.busy_hosts.push_back(parked.page_host);
  return seams_.store.claim(request);
}

/// Suspects are worked off one after the other, each with nothing else in hand that a death of the
/// process could be blamed on; then, if more fall due, now and then. Not at once after the start:
/// others get on between the deaths of one that kills, and one that was only there when the process
/// was killed, again and again, is not blamed for it.
bool PageTrips::suspect_has_its_turn(Monotonic now) const {
  return suspects_ > 0 && now >= next_suspect_;
}

bool PageTrips::nothing_claimed() const {
  return parked_.empty() && seams_.releases.empty() && !seams_.in_flight.holds_item();
}

void PageTrips::take(PendingItem pending) {
  if (!seams_.book.configured(pending.feed_id)) {
    // Its feed was removed from the configuration: it waits for the feed to come back.
    seams_.releases.give_back({pending.id}, kRemovedAgain);
    return;
  }
  if (pending.crashes >= seams_.options.story_crashes ||
      pending.attempts > seams_.options.story_attempts) {
    const Error error{ErrorCode::kMalformed,
                      "given up after " + std::to_string(pending.attempts - 1) + " attempts and " +
                          std::to_string(pending.crashes) + " crashes"};
    seams_.in_flight.hand_over(GiveUpJob{std::move(pending), error}, {.item = true});
  } else if (pending.page_host.empty()) {
    tell_without_page(std::move(pending), "", Page::kNever);
  } else if (pending.crashes >= seams_.options.page_crashes ||
             pending.attempts > seams_.options.page_attempts || not_worth_waiting_for(pending)) {
    tell_without_page(std::move(pending), "page given up", Page::kNever);
  } else if (pending.attempts > 1 && out_of_patience(pending)) {
    tell_without_page(std::move(pending), "page not had in time", Page::kLater);
  } else {
    start(std::move(pending));
  }
}

bool PageTrips::out_of_patience(const PendingItem& pending) const {
  return !pending.told &&
         seams_.clock.utc() - pending.first_seen >= seams_.options.publish_teaser_after;
}

bool PageTrips::not_worth_waiting_for(const PendingItem& pending) const {
  return pending.told && seams_.clock.utc() - pending.first_seen >=
                             kPageStillWorth + seams_.options.publish_teaser_after;
}

void PageTrips::start_parked() {
  for (std::size_t n = parked_.size(); n > 0 && seams_.in_flight.has_room_for_page(); --n) {
    PendingItem pending = std::move(parked_.front());
    parked_.pop_front();
    start(std::move(pending));
  }
}

void PageTrips::start(PendingItem pending) {
  const std::optional<FeedSource> source = seams_.book.source(pending.feed_id);
  if (!source) {  // Removed while the page was parked.
    seams_.releases.give_back({pending.id}, kRemovedAgain);
    return;
  }
  if (seams_.in_flight.has_its_share(pending.feed_id)) {
    over_share_.push_back(pending.id);
    return;
  }
  const Monotonic now = seams_.clock.monotonic();
  const std::optional<Monotonic> may =
      seams_.sites.manners().may_ask(pending.page_host, Ask::kPage, now);
  if (!may || *may > now) {
    if (out_of_patience(pending)) {
      tell_without_page(std::move(pending), "its host is not to be asked yet", Page::kLater);
    } else {
      parked_.push_back(std::move(pending));
    }
    return;
  }
  if (seams_.options.robots && !robots_permit(pending)) return;
  HttpRequest request = page_request(pending.item.link, *source, seams_.options);
  std::string host = pending.page_host;
  ask({std::move(host), PageTransfer{std::move(pending)}}, std::move(request));
}

void PageTrips::ask(Transfer transfer, HttpRequest request) {
  const Monotonic now = seams_.clock.monotonic();
  const std::string host = transfer.host;
  const std::chrono::seconds apart = seams_.options.robots
                                         ? seams_.sites.robots().crawl_delay(request.url, now)
                                         : std::chrono::seconds(0);
  seams_.in_flight.send(std::move(request), std::move(transfer));
  seams_.sites.manners().hold_pages(host, now + apart);
}

/// False: the item was taken care of otherwise.
bool PageTrips::robots_permit(PendingItem& pending) {
  switch (seams_.sites.robots().ask(pending.item.link, seams_.clock.monotonic())) {
    case RobotsAnswer::kAllowed:
      return true;
    case RobotsAnswer::kUnknown: {
      RobotsTransfer& robots = start_robots(pending.item.link, pending.feed_id, pending.page_host);
      robots.waiting.push_back(std::move(pending));
      return false;
    }
    case RobotsAnswer::kDisallowed:
      seams_.metrics.robots_refused.add();
      tell_without_page(std::move(pending), "robots.txt disallows the page", Page::kNever);
      return false;
    case RobotsAnswer::kUnreachable:
      fail(std::move(pending), "robots.txt cannot be read", true);
      return false;
  }
  return false;
}

RobotsTransfer& PageTrips::start_robots(const std::string& page_url, const std::string& feed_id,
                                        const std::string& host) {
  const std::string origin = parse_url(page_url)->origin();
  if (RobotsTransfer* const under_way = seams_.in_flight.robots_of(origin)) return *under_way;
  HttpRequest request;
  request.url = origin + "/robots.txt";
  request.accept = "text/plain, */*;q=0.1";
  const FeedSource source = seams_.book.source(feed_id).value_or(FeedSource{});
  request.allow_private = source.allow_private;
  request = dressed(std::move(request), source, seams_.options);
  request.max_body = kMaxRobotsBytes;
  seams_.in_flight.send(std::move(request), {host, RobotsTransfer{origin, feed_id, {}}});
  return *seams_.in_flight.robots_of(origin);
}

void PageTrips::finish(RobotsTransfer transfer, const HttpResponse& response) {
  if (response.error && seams_.sites.network_down()) {
    std::vector<std::int64_t> ids;
    ids.reserve(transfer.waiting.size());
    for (const PendingItem& pending : transfer.waiting) ids.push_back(pending.id);
    seams_.releases.give_back(std::move(ids), kNetworkPause);
    return;
  }
  seams_.sites.put_robots(transfer.origin, response);
  for (PendingItem& pending : transfer.waiting) parked_.push_back(std::move(pending));
}

void PageTrips::finish(PageTransfer transfer, HttpResponse response) {
  PendingItem& pending = transfer.pending;
  seams_.metrics.pages_fetched.add();
  seams_.metrics.page_bytes.add(static_cast<std::int64_t>(response.body.size()));
  items_wait_ = true;  // Its host may be asked again.
  if (!response.error && response.status == 200) {
    cut_page(response);
    const std::size_t bytes = response.body.size() + size_of(pending);
    std::optional<StoryJob> job = job_of(std::move(pending));
    if (!job) return;
    job->page = std::move(response);
    seams_.in_flight.hand_over(*std::move(job), {.bytes = bytes, .item = true});
    return;
  }
  seams_.metrics.pages_failed.add();
  if (response.error && seams_.sites.network_down()) {
    seams_.releases.give_back({pending.id}, kNetworkPause);
    return;
  }
  const std::string why =
      response.error ? response.error->message : "HTTP " + std::to_string(response.status);
  const bool again = response.error ? response.error->code == ErrorCode::kTransient
                                    : worth_a_retry(response.status);
  fail(std::move(pending), why, again);
}

void PageTrips::fail(PendingItem pending, const std::string& why, bool again) {
  if (!again || pending.attempts >= seams_.options.page_attempts) {
    tell_without_page(std::move(pending), why, Page::kNever);
  } else if (out_of_patience(pending)) {
    tell_without_page(std::move(pending), why, Page::kLater);
  } else {
    seams_.in_flight.hand_over(
        GiveUpJob{std::move(pending), {ErrorCode::kTransient, "page: " + why}}, {.item = true});
  }
}

void PageTrips::tell_without_page(PendingItem pending, std::string why, Page page) {
  const std::size_t bytes = size_of(pending);
  std::optional<StoryJob> job = job_of(std::move(pending));
  if (!job) return;
  job->page_error = std::move(why);
  job->page_later = page == Page::kLater;
  seams_.in_flight.hand_over(*std::move(job), {.bytes = bytes, .item = true});
}

/// nullopt: its feed is gone from the configuration, and the item is given back.
std::optional<StoryJob> PageTrips::job_of(PendingItem pending) {
  const std::int64_t id = pending.id;
  std::optional<StoryJob> job = story_job(std::move(pending), seams_.book);
  if (!job) seams_.releases.give_back({id}, kRemovedAgain);
  return job;
}

std::optional<StoryJob> story_job(PendingItem pending, const FeedBook& book) {
  std::optional<FeedBook::Known> feed = book.known(pending.feed_id);
  if (!feed) return std::nullopt;
  StoryJob job;
  job.source = std::move(feed->source);
  job.feed_url = std::move(feed->state.url);
  job.furniture = book.furniture(pending.feed_id);
  job.pending = std::move(pending);
  return job;
}

void PageTrips::give_back_over_share() {
  seams_.releases.give_back(std::exchange(over_share_, {}), kShareAgain);
}

bool PageTrips::waits_for(const std::string& host) const {
  return std::ranges::any_of(parked_,
                             [&](const PendingItem& parked) { return parked.page_host == host; });
}

std::vector<std::string> PageTrips::hosts_waited_for() const {
  std::vector<std::string> hosts;
  hosts.reserve(parked_.size());
  for (const PendingItem& parked : parked_) hosts.push_back(parked.page_host);
  return hosts;
}

std::vector<std::int64_t> PageTrips::parked_items() const {
  std::vector<std::int64_t> items;
  items.reserve(parked_.size());
  for (const PendingItem& pending : parked_) items.push_back(pending.id);
  return items;
}

std::optional<Monotonic> PageTrips::next(Monotonic now) const {
  const bool held_up = suspect_has_its_turn(now) && !nothing_claimed();
  if (items_wait_ && parked_.size() < kClaim && !held_up) return now;
  std::optional<Monotonic> first;
  for (const PendingItem& parked : parked_) {
    const auto may = seams_.sites.manners().may_ask(parked.page_host, Ask::kPage, now);
    if (may && (!first || *may < *first)) first = may;
  }
  return first;
}

}  // namespace nutgraf
