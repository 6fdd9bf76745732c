// The fetcher on pending items: which to claim, and their pages.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "daemon/base/url.h"
#include "daemon/pipeline/fetcher.h"
#include "daemon/pipeline/pipeline.h"

namespace nutgraf {
namespace {

/// While items wait for hosts that are busy, the store is asked again this often.
constexpr std::chrono::milliseconds kClaimAgain{1000};
constexpr std::chrono::seconds kNetworkPause{30};
/// For so long after its teaser was published a page is still worth an update.
constexpr std::chrono::hours kPageStillWorth{48};
constexpr std::chrono::milliseconds kReleaseAgain{1000};
/// A suspect needs the house for itself, so all else is let run out: not too often.
constexpr std::chrono::seconds kSuspectEvery{30};
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

void Fetcher::claim_items() {
  const Monotonic now = seams_.clock.monotonic();
  if (!items_wait_ && now < next_claim_) return;
  if (!has_room_for_page() || parked_pages_.size() >= kClaim) return;
  const bool suspect = suspect_has_its_turn(now);
  if (suspect && !nothing_claimed()) return;
  const std::size_t limit = std::min(kClaim, kSlots - std::min(kSlots, outstanding_.size()));
  Result<std::vector<PendingItem>> items = claim(suspect, limit, now);
  next_claim_ = now + kClaimAgain;
  if (!items) {
    spdlog::error("claim error=\"{}\"", items.error().message);
    items_wait_ = false;
    return;
  }
  if (suspect && items->empty()) next_suspect_ = now + kSuspectEvery;
  items_wait_ = suspect || items->size() >= limit;
  for (PendingItem& pending : *items) take_item(std::move(pending));
}

Result<std::vector<PendingItem>> Fetcher::claim(bool suspect, std::size_t limit, Monotonic now) {
  ClaimRequest request;
  request.now = seams_.clock.utc();
  request.suspect = suspect;
  request.limit = limit;
  request.per_host = static_cast<std::size_t>(std::max(1, options_.poll.per_host_concurrency));
  request.busy_hosts = manners_.busy_hosts(now);
  request.overdue = request.now - options_.publish_teaser_after;
  for (const PendingItem& parked : parked_pages_) request.busy_hosts.push_back(parked.page_host);
  return seams_.store.claim(request);
}

/// Suspects are worked off one after the other, each with nothing else in hand that a death of the
/// process could be blamed on; then, if more fall due, now and then. Not at once after the start:
/// others get on between the deaths of one that kills, and one that was only there when the process
/// was killed, again and again, is not blamed for it.
bool Fetcher::suspect_has_its_turn(Monotonic now) const {
  return suspects_ > 0 && now >= next_suspect_;
}

bool Fetcher::nothing_claimed() const {
  const auto holds_item = [](const auto& entry) {
    return !std::holds_alternative<FeedTransfer>(entry.second.what);
  };
  return parked_pages_.empty() && releases_.empty() &&
         std::none_of(transfers_.begin(), transfers_.end(), holds_item) &&
         std::none_of(outstanding_.begin(), outstanding_.end(),
                      [](const auto& entry) { return entry.second.item; });
}

void Fetcher::take_item(PendingItem pending) {
  if (!seams_.book.configured(pending.feed_id)) {
    // Its feed was removed from the configuration: it waits for the feed to come back.
    give_back({pending.id}, std::chrono::hours(1));
    return;
  }
  if (pending.crashes >= options_.story_crashes || pending.attempts > options_.story_attempts) {
    const Error error{ErrorCode::kMalformed,
                      "given up after " + std::to_string(pending.attempts - 1) + " attempts and " +
                          std::to_string(pending.crashes) + " crashes"};
    hand_over(GiveUpJob{std::move(pending), error}, {.item = true});
  } else if (pending.page_host.empty()) {
    tell_without_page(std::move(pending), "", Page::kNever);
  } else if (pending.crashes >= options_.page_crashes ||
             pending.attempts > options_.page_attempts || not_worth_waiting_for(pending)) {
    tell_without_page(std::move(pending), "page given up", Page::kNever);
  } else if (pending.attempts > 1 && out_of_patience(pending)) {
    tell_without_page(std::move(pending), "page not had in time", Page::kLater);
  } else {
    start_page(std::move(pending));
  }
}

bool Fetcher::out_of_patience(const PendingItem& pending) const {
  return !pending.told && seams_.clock.utc() - pending.first_seen >= options_.publish_teaser_after;
}

bool Fetcher::not_worth_waiting_for(const PendingItem& pending) const {
  return pending.told &&
         seams_.clock.utc() - pending.first_seen >= kPageStillWorth + options_.publish_teaser_after;
}

/// Null: the transfer is for no page.
const std::string* Fetcher::feed_of_page(const Transfer& transfer) {
  if (const auto* page = std::get_if<PageTransfer>(&transfer.what)) return &page->pending.feed_id;
  if (const auto* look = std::get_if<RecheckTransfer>(&transfer.what)) {
    return &look->look.item.feed_id;
  }
  const auto* robots = std::get_if<RobotsTransfer>(&transfer.what);
  return robots != nullptr ? &robots->feed_id : nullptr;
}

/// Transfers for pages of a feed, robots.txt included; of all feeds with nullptr.
std::size_t Fetcher::pages_of(const std::string* feed_id) const {
  const auto counts = [&](const auto& entry) {
    const std::string* const of = feed_of_page(entry.second);
    return of != nullptr && (feed_id == nullptr || *of == *feed_id);
  };
  return static_cast<std::size_t>(std::count_if(transfers_.begin(), transfers_.end(), counts));
}

bool Fetcher::has_room_for_page() const {
  const double most = std::max(1.0, kPagesShare * static_cast<double>(options_.transfers));
  return has_room() && static_cast<double>(pages_of(nullptr)) < most;
}

bool Fetcher::has_its_share(const std::string& feed_id) const {
  const double most = std::max(2.0, kPagesOfFeedShare * static_cast<double>(options_.transfers));
  return static_cast<double>(pages_of(&feed_id)) >= most;
}

void Fetcher::start_parked_pages() {
  for (std::size_t n = parked_pages_.size(); n > 0 && has_room_for_page(); --n) {
    PendingItem pending = std::move(parked_pages_.front());
    parked_pages_.pop_front();
    start_page(std::move(pending));
  }
}

void Fetcher::start_page(PendingItem pending) {
  const std::optional<FeedSource> source = seams_.book.source(pending.feed_id);
  if (!source) {  // Removed while the page was parked.
    give_back({pending.id}, std::chrono::hours(1));
    return;
  }
  if (has_its_share(pending.feed_id)) {
    over_share_.push_back(pending.id);
    return;
  }
  const Monotonic now = seams_.clock.monotonic();
  const std::optional<Monotonic> may = manners_.may_ask(pending.page_host, Ask::kPage, now);
  if (!may || *may > now) {
    if (out_of_patience(pending)) {
      tell_without_page(std::move(pending), "its host is not to be asked yet", Page::kLater);
    } else {
      parked_pages_.push_back(std::move(pending));
    }
    return;
  }
  if (options_.robots) {
    switch (robots_.ask(pending.item.link, now)) {
      case RobotsAnswer::kAllowed:
        break;
      case RobotsAnswer::kUnknown: {
        const std::string origin = parse_url(pending.item.link)->origin();
        RobotsTransfer& robots = start_robots(origin, pending.feed_id, pending.page_host);
        robots.waiting.push_back(std::move(pending));
        return;
      }
      case RobotsAnswer::kDisallowed:
        seams_.metrics.robots_refused.add();
        tell_without_page(std::move(pending), "robots.txt disallows the page", Page::kNever);
        return;
      case RobotsAnswer::kUnreachable:
        fail_page(std::move(pending), "robots.txt cannot be read", true);
        return;
    }
  }
  HttpRequest request = page_request(pending.item.link, *source);
  const std::string host = pending.page_host;
  const std::chrono::seconds apart =
      options_.robots ? robots_.crawl_delay(request.url, now) : std::chrono::seconds(0);
  send(std::move(request), {host, PageTransfer{std::move(pending)}});
  manners_.hold_pages(host, now + apart);
}

HttpRequest Fetcher::page_request(const std::string& url, const FeedSource& source) const {
  HttpRequest request;
  request.url = url;
  request.accept = "text/html, application/xhtml+xml, */*;q=0.5";
  request.allow_private = source.allow_private;
  return dressed(std::move(request), source);
}

void Fetcher::finish_page(PageTransfer transfer, HttpResponse response) {
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
    hand_over(*std::move(job), {.bytes = bytes, .item = true});
    return;
  }
  seams_.metrics.pages_failed.add();
  if (response.error && network_.down(seams_.clock.monotonic())) {
    give_back({pending.id}, kNetworkPause);
    return;
  }
  const std::string why =
      response.error ? response.error->message : "HTTP " + std::to_string(response.status);
  const bool again = response.error ? response.error->code == ErrorCode::kTransient
                                    : worth_a_retry(response.status);
  fail_page(std::move(pending), why, again);
}

void Fetcher::fail_page(PendingItem pending, const std::string& why, bool again) {
  if (!again || pending.attempts >= options_.page_attempts) {
    tell_without_page(std::move(pending), why, Page::kNever);
  } else if (out_of_patience(pending)) {
    tell_without_page(std::move(pending), why, Page::kLater);
  } else {
    hand_over(GiveUpJob{std::move(pending), {ErrorCode::kTransient, "page: " + why}},
              {.item = true});
  }
}

void Fetcher::tell_without_page(PendingItem pending, std::string why, Page page) {
  const std::size_t bytes = size_of(pending);
  std::optional<StoryJob> job = job_of(std::move(pending));
  if (!job) return;
  job->page_error = std::move(why);
  job->page_later = page == Page::kLater;
  hand_over(*std::move(job), {.bytes = bytes, .item = true});
}

std::optional<StoryJob> Fetcher::job_of(PendingItem pending) {
  std::optional<FeedBook::Known> feed = seams_.book.known(pending.feed_id);
  if (!feed) {
    give_back({pending.id}, std::chrono::hours(1));
    return std::nullopt;
  }
  StoryJob job;
  job.source = std::move(feed->source);
  job.feed_url = std::move(feed->state.url);
  job.furniture = seams_.book.furniture(pending.feed_id);
  job.pending = std::move(pending);
  return job;
}

/// One write for all of a round, be they a thousand.
void Fetcher::give_back_over_share() { give_back(std::exchange(over_share_, {}), kShareAgain); }

void Fetcher::give_back(std::vector<std::int64_t> ids, std::chrono::seconds wait) {
  if (ids.empty()) return;
  releases_.push_back({std::move(ids), seams_.clock.utc() + wait});
  repeat_releases();
}

/// What the store refuses is kept and tried again: a claim that nobody gives back is an item that
/// waits for the next start.
void Fetcher::repeat_releases() {
  const Monotonic now = seams_.clock.monotonic();
  if (releases_.empty() || now < next_release_) return;
  std::erase_if(releases_, [&](const Release& release) {
    const Result<void> released = seams_.store.release(release.ids, release.not_before);
    if (released) return true;
    spdlog::error("release error=\"{}\"", released.error().message);
    next_release_ = now + kReleaseAgain;
    return false;
  });
}

}  // namespace nutgraf
