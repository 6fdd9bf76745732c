// The fetcher on what holds for longer than a request: robots.txt, hosts that want to be left
// alone, a network that is down, a clock that is set.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "daemon/base/url.h"
#include "daemon/pipeline/fetcher.h"

namespace nutgraf {
namespace {

constexpr std::chrono::seconds kNetworkPause{30};
constexpr std::chrono::hours kLongestRetryAfter{24};
/// No pending item waits longer of its own, but for one whose clock was wrong.
constexpr std::chrono::hours kLongestItemWait{2};
/// A larger step of the system's clock is none that NTP slews, and is seen to.
constexpr std::chrono::seconds kClockStep{30};
/// Then pending items wait no longer than this: short beside any delay of theirs that was meant.
constexpr std::chrono::minutes kWaitAfterStep{5};

// Names of notes, before host or origin.
constexpr std::string_view kQuietNote = "quiet ";
constexpr std::string_view kRobotsNote = "robots ";
/// Notes that are read at the start; a larger robots.txt is not noted, but asked for again.
constexpr std::size_t kMostNotes = RobotsCache::kMaxSites;
constexpr std::size_t kMostNoted = 16u << 10;

}  // namespace

/// The transfer that asks for a site's robots.txt, begun if there is none.
Fetcher::RobotsTransfer& Fetcher::start_robots(const std::string& origin,
                                               const std::string& feed_id,
                                               const std::string& host) {
  for (auto& [id, transfer] : transfers_) {
    auto* const robots = std::get_if<RobotsTransfer>(&transfer.what);
    if (robots != nullptr && robots->origin == origin) return *robots;
  }
  HttpRequest request;
  request.url = origin + "/robots.txt";
  request.accept = "text/plain, */*;q=0.1";
  const FeedSource source = seams_.book.source(feed_id).value_or(FeedSource{});
  request.allow_private = source.allow_private;
  request = dressed(std::move(request), source);
  request.max_body = kMaxRobotsBytes;
  const std::uint64_t id = next_id_;
  send(std::move(request), {host, RobotsTransfer{origin, feed_id, {}}});
  return std::get<RobotsTransfer>(transfers_.at(id).what);
}

void Fetcher::finish_robots(RobotsTransfer transfer, const HttpResponse& response) {
  if (response.error && network_.down(seams_.clock.monotonic())) {
    std::vector<std::int64_t> ids;
    for (const PendingItem& pending : transfer.waiting) ids.push_back(pending.id);
    give_back(std::move(ids), kNetworkPause);
    return;
  }
  robots_.store(transfer.origin, response, seams_.clock.monotonic());
  if (!response.error && response.status < 500 && response.body.size() <= kMostNoted) {
    note(std::string(kRobotsNote) + transfer.origin,
         std::to_string(response.status) + '\n' + response.body, RobotsCache::kKeep);
  }
  for (PendingItem& pending : transfer.waiting) parked_pages_.push_back(std::move(pending));
}

void Fetcher::note_silence(const std::string& host, const HttpResponse& response) {
  if ((response.status != 429 && response.status != 503) || !response.retry_after) return;
  const auto pause = std::min<std::chrono::seconds>(*response.retry_after, kLongestRetryAfter);
  // After a redirect it is the other host that asks for it, and the first that leads there.
  for (const std::string& each : std::set<std::string>{host, host_of(response.url)}) {
    if (each.empty()) continue;
    manners_.pause(each, seams_.clock.monotonic() + pause);
    note(std::string(kQuietNote) + each, "", pause);
  }
}

void Fetcher::note(std::string name, std::string text, std::chrono::seconds length) {
  const Time now = seams_.clock.utc();
  const Result<void> noted =
      seams_.store.put_note({std::move(name), std::move(text), now + length}, now);
  if (!noted) spdlog::error("note error=\"{}\"", noted.error().message);
}

Result<void> Fetcher::restore_sites() {
  const ClockReading now{seams_.clock.monotonic(), seams_.clock.utc()};
  const Result<void> clamped = seams_.store.clamp_times(now.utc, now.utc + kLongestItemWait);
  if (!clamped) return clamped;
  return seams_.store.each_note(now.utc, kMostNotes, [&](const SiteNote& note) {
    const Monotonic until =
        monotonic_of(std::min<Time>(note.until, now.utc + kLongestRetryAfter), now);
    const std::string_view name = note.name;
    if (name.starts_with(kQuietNote)) {
      manners_.pause(name.substr(kQuietNote.size()), until);
    } else if (name.starts_with(kRobotsNote)) {
      const std::size_t line = std::min(note.text.find('\n'), note.text.size());
      int status = 0;
      std::from_chars(note.text.data(), note.text.data() + line, status);
      robots_.restore(note.name.substr(kRobotsNote.size()), status,
                      std::string_view(note.text).substr(std::min(line + 1, note.text.size())),
                      until);
    }
  });
}

void Fetcher::record_network(const std::string& host, const HttpResponse& response) {
  const Monotonic now = seams_.clock.monotonic();
  const bool was_down = network_.down(now);
  network_.record(host, response.fault, now);
  if (was_down && !NetworkWatch::unreached(response.fault)) bring_back_unreached();
}

/// The network is back. Who could not be reached was not asked either, so its turn is now; spread
/// like the feeds that a restart finds overdue.
void Fetcher::bring_back_unreached() {
  const Monotonic now = seams_.clock.monotonic();
  spdlog::info("network=back feeds={}", unreached_.size());
  for (const std::string& feed_id : std::exchange(unreached_, {})) {
    const std::optional<FeedSource> source = seams_.book.source(feed_id);
    if (!source || !schedule_.contains(feed_id)) continue;
    const std::chrono::duration<double> wait =
        options_.poll.catch_up_spread * phase_of(source->url);
    schedule_.put(feed_id, now + std::chrono::duration_cast<Monotonic::duration>(wait));
  }
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
  for (auto& [id, event] : dirty_events_) event.due += step;
  for (Release& release : releases_) release.not_before += step;
  const Time now = seams_.clock.utc();
  const Result<void> clamped = step < Time::duration(0)
                                   ? seams_.store.clamp_times(now, now + kWaitAfterStep)
                                   : Result<void>();
  if (!clamped) spdlog::error("clock error=\"{}\"", clamped.error().message);
}

}  // namespace nutgraf
