// The fetcher on pages that are looked at again: when nothing new is to be had.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "daemon/base/url.h"
#include "daemon/pipeline/fetcher.h"
#include "daemon/pipeline/pipeline.h"

namespace nutgraf {
namespace {

constexpr std::chrono::seconds kLookForDue{1};
/// In hand at once, over all hosts: they can wait, and what is new cannot.
constexpr std::size_t kRechecks = 4;
/// A host that may not be asked for longer is left until later.
constexpr std::chrono::seconds kHostPatience{30};

}  // namespace

/// Transfers of pages that are looked at again.
std::size_t Fetcher::rechecks_at_work() const {
  return static_cast<std::size_t>(std::ranges::count_if(transfers_, [](const auto& entry) {
    return std::holds_alternative<RecheckTransfer>(entry.second.what);
  }));
}

void Fetcher::claim_rechecks() {
  const Monotonic now = seams_.clock.monotonic();
  if (!options_.recheck || now < next_recheck_) return;
  next_recheck_ = now + kLookForDue;
  if (items_wait_ || !has_room_for_page() || suspect_has_its_turn(now)) return;
  const std::size_t in_hand = parked_rechecks_.size() + rechecks_at_work();
  if (in_hand >= kRechecks) return;
  std::vector<std::string> busy = manners_.busy_hosts(now);
  for (const PendingItem& parked : parked_pages_) busy.push_back(parked.page_host);
  for (const Recheck& parked : parked_rechecks_) busy.push_back(parked.item.page_host);
  Result<std::vector<Recheck>> due =
      seams_.store.claim_rechecks(seams_.clock.utc(), kRechecks - in_hand, busy);
  if (!due) {
    spdlog::error("recheck error=\"{}\"", due.error().message);
    return;
  }
  for (Recheck& look : *due) start_recheck(std::move(look));
}

void Fetcher::start_parked_rechecks() {
  for (std::size_t n = parked_rechecks_.size(); n > 0 && has_room_for_page(); --n) {
    Recheck look = std::move(parked_rechecks_.front());
    parked_rechecks_.pop_front();
    start_recheck(std::move(look));
  }
}

void Fetcher::start_recheck(Recheck look) {
  using Kind = LookedAgain::Kind;
  const std::optional<FeedSource> source = seams_.book.source(look.item.feed_id);
  if (!source) return settle(std::move(look), Kind::kFailed);  // Removed meanwhile.
  const Monotonic now = seams_.clock.monotonic();
  const std::string host = look.item.page_host;
  const bool page_waits = std::ranges::any_of(
      parked_pages_, [&](const PendingItem& parked) { return parked.page_host == host; });
  const std::optional<Monotonic> may = manners_.may_ask(host, Ask::kPage, now);
  if (may && *may > now + kHostPatience) return settle(std::move(look), Kind::kLater);
  if (page_waits || !may || *may > now) {
    parked_rechecks_.push_back(std::move(look));
    return;
  }
  const std::string& url = look.item.item.link;
  if (options_.robots) {
    switch (robots_.ask(url, now)) {
      case RobotsAnswer::kAllowed:
        break;
      case RobotsAnswer::kUnknown:
        start_robots(parse_url(url)->origin(), look.item.feed_id, host);
        parked_rechecks_.push_back(std::move(look));
        return;
      case RobotsAnswer::kDisallowed:
        seams_.metrics.robots_refused.add();
        return settle(std::move(look), Kind::kFailed);
      case RobotsAnswer::kUnreachable:
        return settle(std::move(look), Kind::kFailed);
    }
  }
  HttpRequest request = page_request(url, *source);
  request.etag = look.etag;
  request.last_modified = look.last_modified;
  const std::chrono::seconds apart =
      options_.robots ? robots_.crawl_delay(url, now) : std::chrono::seconds(0);
  send(std::move(request), {host, RecheckTransfer{std::move(look)}});
  manners_.hold_pages(host, now + apart);
}

void Fetcher::finish_recheck(RecheckTransfer transfer, HttpResponse response) {
  using Kind = LookedAgain::Kind;
  Recheck& look = transfer.look;
  seams_.metrics.pages_rechecked.add();
  seams_.metrics.page_bytes.add(static_cast<std::int64_t>(response.body.size()));
  items_wait_ = true;  // Its host may be asked again.
  if (response.error) {
    const bool down = network_.down(seams_.clock.monotonic());
    return settle(std::move(look), down ? Kind::kLater : Kind::kFailed);
  }
  if (response.status == 304) return settle(std::move(look), Kind::kUnchanged);
  if (response.status == 404) return settle(std::move(look), Kind::kMissing);
  if (response.status == 410) return settle(std::move(look), Kind::kGone);
  const bool removed = !seams_.book.configured(look.item.feed_id);
  if (response.status != 200 || removed) return settle(std::move(look), Kind::kFailed);
  cut_page(response);
  const std::size_t bytes = response.body.size();
  std::optional<StoryJob> job = job_of(look.item);
  job->page = std::move(response);
  job->recheck = std::move(look);
  hand_over(*std::move(job), {.bytes = bytes, .item = true});
}

/// There is nothing for a worker to do.
void Fetcher::settle(Recheck look, LookedAgain::Kind kind) {
  const std::uint64_t id = reserve({});
  seams_.outcomes.push({id, LookedAgain{std::move(look), kind}});
}

}  // namespace nutgraf
