#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/fetch/http_client.h"
#include "daemon/model/feed.h"
#include "daemon/poll/backoff.h"
#include "daemon/poll/options.h"

namespace nutgraf {

/// What one poll came to, as far as the feed's state cares.
struct PollOutcome {
  enum class Kind {
    kNotModified,
    kItems,        ///< A document was read; it may hold no new item.
    kGone,         ///< 410.
    kRateLimited,  ///< 429, or 503 with Retry-After.
    kFailed,
    kNetworkDown,  ///< NetworkWatch says that this is not the feed's fault.
  };
  Kind kind = Kind::kFailed;
  int status = 0;                                   ///< HTTP; 0 if there was no response.
  FailureClass failure = FailureClass::kTemporary;  ///< With kFailed and kRateLimited.
  std::string error;                                ///< One line, with all kinds of failure.
  std::string etag;           ///< As received, with kItems (and kNotModified, if sent anew).
  std::string last_modified;  ///< Likewise.
  std::string permanent_url;  ///< HttpResponse::permanent_url; empty: nothing known.
  std::optional<std::chrono::seconds> retry_after;
  std::optional<std::chrono::seconds> max_age;

  // With kItems, from the document.
  std::string title;
  std::optional<std::chrono::minutes> ttl;
  std::optional<std::chrono::seconds> update_interval;
  std::uint32_t skip_hours = 0;  ///< As in FeedState, and so are the next three.
  std::uint32_t skip_days = 0;
  std::uint64_t cut_off = 0;
  int identity = 0;
  std::size_t items = 0;      ///< In the document.
  std::size_t new_items = 0;  ///< Of these never seen before.
};

/// The conditional GET of this poll: URL in force, validators byte-exact, credentials not included
/// (the caller has them). Every `unconditional_every`, at the feed's own phase, validators are
/// left out once; for the first time when the feed has been known for so long.
HttpRequest poll_request(const FeedSource& source, const FeedState& state,
                         const PollOptions& options, Time now);

/// The outcome of a response that is no document: everything but Kind::kItems, whose facts the
/// caller takes from the parsed feed. nullopt: a 2xx whose body is to be parsed. `conditional`: the
/// request carried validators.
std::optional<PollOutcome> outcome_without_document(bool conditional, const HttpResponse& response);

/// The outcome of a document that was read. `new_items`: how many of its items were unknown.
PollOutcome outcome_of_document(const HttpResponse& response, const ParsedFeed& feed,
                                std::size_t new_items);

/// The feed's state after a poll, to be committed with the items it vouches for. Pure: the same
/// arguments give the same state. `now` is when the response was in.
///
/// Validators change on success only, and not with a document that broke off: it does not vouch for
/// what it lacks. If the same one comes again, that is how the feed is, and they are taken. A
/// failure raises `failures` by its weight and backs off linearly; a success clears it. A permanent
/// redirect replaces the URL after moved_after_polls equal answers over moved_after, and never from
/// https to http. A 410 makes the feed gone: it is asked again after gone_retry. kNetworkDown
/// charges nothing. What the poll shows of the feed's ways is learned, and its health told anew
/// [feed_health.h].
FeedState after_poll(FeedState state, const PollOutcome& outcome, const FeedSource& source,
                     const PollOptions& options, Time now);

/// Tells a network that is down from feeds that are broken: if of the last polls of at least
/// kMinHosts different hosts within kWindow nearly all ended in a DNS or connect fault, or so many
/// in a row within kRow, no feed is to be charged: a short list of feeds has few polls in a minute.
///
/// Fetcher thread only. Memory: at most kMaxPolls entries.
class NetworkWatch {
 public:
  static constexpr std::size_t kMinHosts = 4;
  static constexpr std::size_t kMaxPolls = 64;
  static constexpr double kMostFailed = 0.8;
  static constexpr std::chrono::seconds kWindow{60};
  static constexpr std::chrono::seconds kRow{3600};

  void record(std::string_view host, NetworkFault fault, Monotonic now);
  bool down(Monotonic now) const;

  /// Whether the fault may be the network's, and not the server's.
  static bool unreached(NetworkFault fault) {
    return fault == NetworkFault::kResolve || fault == NetworkFault::kConnect;
  }

 private:
  struct Poll {
    std::string host;
    bool failed;
    Monotonic at;
  };
  std::vector<Poll> polls_;              // The newest kMaxPolls, one a host, oldest first.
  std::vector<std::string> unanswered_;  // Hosts since the last answer of any; kMinHosts at most.
  Monotonic unanswered_at_{};            // The last of them.
};

}  // namespace nutgraf
