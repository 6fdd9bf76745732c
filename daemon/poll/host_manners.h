#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/poll/options.h"

namespace nutgraf {

/// What a request is for. Feeds go first: while a feed waits for its host, no page of that host
/// is begun.
enum class Ask { kFeed, kPage };

/// How hosts want to be treated, feeds and pages together: at most so many requests at once, their
/// starts at least so far apart, and silence after a Retry-After.
///
/// Fetcher thread only. Each call O(1) amortized; idle hosts are forgotten, so memory follows the
/// hosts in use, and never exceeds kMaxHosts entries. Hosts are compared as given (host_of() gives
/// them lower-case).
class HostManners {
 public:
  /// Of these nearly all are idle ones that still sit out a pause; the ones whose pauses end first
  /// are forgotten when there are more.
  static constexpr std::size_t kMaxHosts = 200'000;

  explicit HostManners(const PollOptions& options);

  /// Another process asked hosts until `now`, which ones and when exactly is not known: none is
  /// asked sooner than its spacing after that.
  void follow_on(Monotonic now);

  /// New manners for the next requests (reload); what is in flight and pauses stay.
  void configure(const PollOptions& options);

  /// When the host may next be asked: `now` or earlier means at once. nullopt: not before a
  /// request to it ends (or, for a page, not before its waiting feeds have begun).
  std::optional<Monotonic> may_ask(std::string_view host, Ask ask, Monotonic now) const;

  /// A request starts. REQUIRES: may_ask() said so, or the caller knows why not.
  void begin(std::string_view host, Monotonic now);
  void end(std::string_view host, Monotonic now);

  /// A redirect of another host's request led here: what follows keeps its distance to that, too.
  void note_hop(std::string_view host, Monotonic now);

  /// No page of the host is begun before `until`; feeds may be. Never shortens. REQUIRES: a request
  /// to the host is in flight.
  void hold_pages(std::string_view host, Monotonic until);

  /// A due feed could not begin yet: pages stand back until it did, or
  /// gave up: one stop_waiting() for each wait().
  void wait(std::string_view host);
  void stop_waiting(std::string_view host, Monotonic now);

  /// The server asked for silence (429 or 503 with Retry-After). Never shortens a pause.
  void pause(std::string_view host, Monotonic until);

  /// Hosts with max concurrency in use or a time to wait at `now`: claims skip them.
  std::vector<std::string> busy_hosts(Monotonic now) const;

  std::size_t known_hosts() const { return hosts_.size(); }

 private:
  struct Host {
    int active = 0;
    int feeds_waiting = 0;
    Monotonic next_start{};  // Spacing.
    Monotonic next_page{};   // What robots.txt asks for on top of it.
    Monotonic paused_until{};

    bool idle(Monotonic now) const {
      return active == 0 && feeds_waiting == 0 && next_start <= now && next_page <= now &&
             paused_until <= now;
    }
  };
  struct Limits {
    std::chrono::milliseconds spacing;
    int concurrency;
  };

  Limits limits_of(std::string_view host) const;
  Host& host_entry(std::string_view host, Monotonic now);
  Host* find(std::string_view host);
  const Host* find(std::string_view host) const;
  void forget_idle(Monotonic now);

  PollOptions options_;
  Monotonic before_{};                        // Until then others have asked;
  Monotonic before_ends_ = Monotonic::min();  // from then on it does not matter.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view host) const {
      return std::hash<std::string_view>{}(host);
    }
  };

  std::unordered_map<std::string, Host, Hash, std::equal_to<>> hosts_;
  std::size_t sweep_at_ = 1024;  // Size at which idle hosts are looked for; doubles the survivors.
};

}  // namespace nutgraf
