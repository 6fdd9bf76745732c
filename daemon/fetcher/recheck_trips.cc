#include "daemon/fetcher/recheck_trips.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "daemon/fetcher/asking.h"
#include "daemon/pipeline/pipeline.h"

namespace nutgraf {
namespace {

constexpr std::chrono::seconds kLookForDue{1};
/// In hand at once, over all hosts: they can wait, and what is new cannot.
constexpr std::size_t kAtOnce = 4;
/// A host that may not be asked for longer is left until later.
constexpr std::chrono::seconds kHostPatience{30};

}  // namespace

void RecheckTrips::claim() {
  const Monotonic now = seams_.clock.monotonic();
  if (!seams_.options.recheck || now < next_claim_) return;
  next_claim_ = now + kLookForDue;
  if (pages_.comes_first(now) || !seams_.in_flight.has_room_for_page()) return;
  const std::size_t in_hand = parked_.size() + seams_.in_flight.rechecks();
  if (in_hand >= kAtOnce) return;
  std::vector<std::string> busy = seams_.sites.manners().busy_hosts(now);
  for (std::string& host : pages_.hosts_waited_for()) busy.push_back(std::move(host));
  for (const Recheck& parked : parked_) busy.push_back(parked.item.page_host);
  Result<std::vector<Recheck>> due =
      seams_.store.claim_rechecks(seams_.clock.utc(), kAtOnce - in_hand, busy);
  if (!due) {
    spdlog::error("recheck error=\"{}\"", due.error().message);
    return;
  }
  for (Recheck& look : *due) start(std::move(look));
}

void RecheckTrips::start_parked() {
  for (std::size_t n = parked_.size(); n > 0 && seams_.in_flight.has_room_for_page(); --n) {
    Recheck look = std::move(parked_.front());
    parked_.pop_front();
    start(std::move(look));
  }
}

void RecheckTrips::start(Recheck look) {
  using Kind = LookedAgain::Kind;
  const std::optional<FeedSource> source = seams_.book.source(look.item.feed_id);
  if (!source) return settle(std::move(look), Kind::kFailed);  // Removed meanwhile.
  const Monotonic now = seams_.clock.monotonic();
  const std::string host = look.item.page_host;
  const std::optional<Monotonic> may = seams_.sites.manners().may_ask(host, Ask::kPage, now);
  if (may && *may > now + kHostPatience) return settle(std::move(look), Kind::kLater);
  if (pages_.waits_for(host) || !may || *may > now) {
    parked_.push_back(std::move(look));
    return;
  }
  const std::string& url = look.item.item.link;
  if (seams_.options.robots) {
    switch (seams_.sites.robots().ask(url, now)) {
      case RobotsAnswer::kAllowed:
        break;
      case RobotsAnswer::kUnknown:
        pages_.start_robots(url, look.item.feed_id, host);
        parked_.push_back(std::move(look));
        return;
      case RobotsAnswer::kDisallowed:
        seams_.metrics.robots_refused.add();
        return settle(std::move(look), Kind::kFailed);
      case RobotsAnswer::kUnreachable:
        return settle(std::move(look), Kind::kFailed);
    }
  }
  HttpRequest request = page_request(url, *source, seams_.options);
  request.etag = look.etag;
  request.last_modified = look.last_modified;
  pages_.ask({host, RecheckTransfer{std::move(look)}}, std::move(request));
}

void RecheckTrips::finish(RecheckTransfer transfer, HttpResponse response) {
  using Kind = LookedAgain::Kind;
  Recheck& look = transfer.look;
  seams_.metrics.pages_rechecked.add();
  seams_.metrics.page_bytes.add(static_cast<std::int64_t>(response.body.size()));
  pages_.look_again();  // Its host may be asked again.
  if (response.error) {
    const bool down = seams_.sites.network_down();
    return settle(std::move(look), down ? Kind::kLater : Kind::kFailed);
  }
  if (response.status == 304) return settle(std::move(look), Kind::kUnchanged);
  if (response.status == 404) return settle(std::move(look), Kind::kMissing);
  if (response.status == 410) return settle(std::move(look), Kind::kGone);
  std::optional<StoryJob> job = story_job(look.item, seams_.book);
  if (response.status != 200 || !job) return settle(std::move(look), Kind::kFailed);
  cut_page(response);
  const std::size_t bytes = response.body.size();
  job->page = std::move(response);
  job->recheck = std::move(look);
  seams_.in_flight.hand_over(*std::move(job), {.bytes = bytes, .item = true});
}

/// There is nothing for a worker to do.
void RecheckTrips::settle(Recheck look, LookedAgain::Kind kind) {
  const std::uint64_t id = seams_.in_flight.reserve({});
  seams_.outcomes.push({id, LookedAgain{std::move(look), kind}});
}

std::optional<Monotonic> RecheckTrips::next(Monotonic now) const {
  std::optional<Monotonic> first;
  for (const Recheck& parked : parked_) {
    const auto may = seams_.sites.manners().may_ask(parked.item.page_host, Ask::kPage, now);
    if (may && *may > now && (!first || *may < *first)) first = may;
  }
  return first;
}

}  // namespace nutgraf
