#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/fetch/http_client.h"
#include "daemon/poll/options.h"

namespace nutgraf {

/// How much a failure says about the feed itself.
enum class FailureClass {
  kTemporary,  ///< Passing: a timeout, a reset, a refused connection.
  kSoft,       ///< May well heal: 404, 408, 425, 429, 5xx, TLS, DNS.
  kHard,       ///< Will not heal alone: 401, 403, other 4xx, no feed in the body.
};

/// 1, 0.5 and 0.25: what FeedState::failures grows by.
double weight_of(FailureClass failure);

/// The class of an unsuccessful answer; without any status the fault decides.
FailureClass failure_class(int status, NetworkFault fault);

/// A stable number in [0, 1) from a text and a round: phases and jitter that are the same after a
/// restart and differ from feed to feed. Round 0 is the feed's phase.
double phase_of(std::string_view text, std::uint64_t round = 0);

/// What the time of the next poll depends on.
struct DelayFacts {
  std::optional<std::chrono::seconds> own_interval;  ///< FeedSource::interval.
  double failures = 0;                               ///< After this poll; 0: it succeeded.
  double seen_share = 0.5;                           ///< Of the moving average.
  std::chrono::seconds server_asks{0};               ///< The larger of ttl, max-age, sy:update*.
  std::optional<std::chrono::seconds> retry_after;
};

struct Delay {
  std::chrono::seconds wait{0};
  std::string_view reason;  ///< "interval", "adaptive", "server", "retry-after", "backoff",
                            ///< "min-interval" or "max-interval": what decided.

  friend bool operator==(const Delay&, const Delay&) = default;
};

/// How long to leave the feed alone, without jitter. The maximum of the interval (adapted, or
/// interval × failures after failures), what the server asks and its Retry-After; clamped to
/// [min_interval, max_interval].
Delay next_delay(const PollOptions& options, const DelayFacts& facts);

/// The interval a feed earns by the share of its items that were known already: unchanged between
/// 1/3 and 2/3, up to twice as long at 1, half as long at 0.
std::chrono::seconds adapted(std::chrono::seconds interval, double seen_share);

/// The hours (`size` 24) or days (7) of a list as bits. Nonsense values are ignored, and so is a
/// list that names them all: 0.
std::uint32_t skip_bits(const std::vector<int>& numbers, int size);

/// `time`, moved out of the hours (0–23, GMT) and days (0 = Sunday) that a feed asks to skip:
/// FeedState::skip_hours and skip_days.
Time after_skips(Time time, std::uint32_t skip_hours, std::uint32_t skip_days);

}  // namespace nutgraf
