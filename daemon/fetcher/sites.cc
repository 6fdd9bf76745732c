#include "daemon/fetcher/sites.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "daemon/base/url.h"
#include "daemon/poll/schedule.h"

namespace nutgraf {
namespace {

constexpr std::chrono::hours kLongestRetryAfter{24};
/// No pending item waits longer of its own, but for one whose clock was wrong.
constexpr std::chrono::hours kLongestItemWait{2};

// Names of notes, before host or origin.
constexpr std::string_view kQuietNote = "quiet ";
constexpr std::string_view kRobotsNote = "robots ";
/// Notes that are read at the start; a larger robots.txt is not noted, but asked for again.
constexpr std::size_t kMostNotes = RobotsCache::kMaxSites;
constexpr std::size_t kMostNoted = 16u << 10;

}  // namespace

bool Sites::learn(const std::string& host, const HttpResponse& response) {
  const Monotonic now = clock_.monotonic();
  const std::string last_host = host_of(response.url);
  if (!last_host.empty() && last_host != host) manners_.note_hop(last_host, now);
  const bool was_down = network_.down(now);
  network_.record(host, response.fault, now);
  note_silence(host, response);
  return was_down && !NetworkWatch::unreached(response.fault);
}

void Sites::put_robots(const std::string& origin, const HttpResponse& response) {
  robots_.store(origin, response, clock_.monotonic());
  if (!response.error && response.status < 500 && response.body.size() <= kMostNoted) {
    note(std::string(kRobotsNote) + origin, std::to_string(response.status) + '\n' + response.body,
         RobotsCache::kKeep);
  }
}

void Sites::note_silence(const std::string& host, const HttpResponse& response) {
  if ((response.status != 429 && response.status != 503) || !response.retry_after) return;
  const auto pause = std::min<std::chrono::seconds>(*response.retry_after, kLongestRetryAfter);
  // After a redirect it is the other host that asks for it, and the first that leads there.
  for (const std::string& each : std::set<std::string>{host, host_of(response.url)}) {
    if (each.empty()) continue;
    manners_.pause(each, clock_.monotonic() + pause);
    note(std::string(kQuietNote) + each, "", pause);
  }
}

void Sites::note(std::string name, std::string text, std::chrono::seconds length) {
  const Time now = clock_.utc();
  const Result<void> noted = store_.put_note({std::move(name), std::move(text), now + length}, now);
  if (!noted) spdlog::error("note error=\"{}\"", noted.error().message);
}

Result<void> Sites::restore() {
  const ClockReading now{clock_.monotonic(), clock_.utc()};
  Result<void> clamped = store_.clamp_times(now.utc, now.utc + kLongestItemWait);
  if (!clamped) return clamped;
  return store_.each_note(now.utc, kMostNotes, [&](const SiteNote& note) {
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

}  // namespace nutgraf
