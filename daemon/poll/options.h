#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nutgraf {

/// What of a feed never seen before is published: nothing, its newest items, or all.
struct FirstPoll {
  enum class Kind { kNone, kNewest, kAll };
  Kind kind = Kind::kNewest;
  std::size_t newest = 10;  ///< With kNewest.

  friend bool operator==(const FirstPoll&, const FirstPoll&) = default;
};

/// Manners for one host and its subdomains, where the defaults do not fit.
struct HostRule {
  std::string match;  ///< "example.org" also means "www.example.org", never "badexample.org".
  std::optional<std::chrono::milliseconds> spacing;
  std::optional<int> concurrency;

  friend bool operator==(const HostRule&, const HostRule&) = default;
};

/// When a feed is told to be unwell; [health] in the configuration.
struct HealthOptions {
  std::chrono::seconds silent_after{3 * 24 * 3600};  ///< Never earlier without a new item.
  int silent_gaps = 10;   ///< Nor before so many of the feed's mean gaps between new items.
  int thin_percent = 25;  ///< Of the feed's median length: shorter texts have collapsed. 0: none.

  friend bool operator==(const HealthOptions&, const HealthOptions&) = default;
};

/// The operator's wishes about polling; [poll] and [[host]] in the configuration.
struct PollOptions {
  std::chrono::seconds interval{15 * 60};     ///< For feeds that have none of their own.
  std::chrono::seconds min_interval{5 * 60};  ///< Nothing is polled more often.
  /// Nothing but a feed that is gone waits longer, whatever a server asks for: one absurd
  /// Retry-After must not silence a feed for a year.
  std::chrono::seconds max_interval{24 * 3600};
  /// Whether the share of known items may stretch the default interval to twice its length, or
  /// shrink it to half. A feed's own interval is left alone.
  bool adaptive = true;

  int per_host_concurrency = 2;
  std::chrono::milliseconds per_host_spacing{5'000};  ///< Between the starts of two requests.
  std::vector<HostRule> hosts;                        ///< The longest match rules.

  FirstPoll first_poll;
  std::optional<std::chrono::seconds> max_age;  ///< Older items are recorded, not published.

  /// Feeds never polled start within this time, not in one instant.
  std::chrono::seconds start_spread{5};
  /// Feeds that fell due while the daemon was down are caught up within this time (or within
  /// their interval, if that is shorter).
  std::chrono::seconds catch_up_spread{60};
  /// A poll without validators now and then: some servers answer 304 for ever.
  std::chrono::seconds unconditional_every{3 * 24 * 3600};
  /// A permanent redirect is believed after so many equal answers over so long a time: a captive
  /// portal or a broken deployment must not rewrite our URLs.
  int moved_after_polls = 5;
  std::chrono::seconds moved_after{3 * 24 * 3600};
  std::chrono::seconds gone_retry{30 * 24 * 3600};  ///< A 410 may be a mistake: ask monthly.

  HealthOptions health;

  friend bool operator==(const PollOptions&, const PollOptions&) = default;
};

}  // namespace nutgraf
