#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/base/result.h"
#include "daemon/model/event.h"
#include "daemon/model/feed.h"
#include "daemon/model/item.h"
#include "daemon/model/recheck.h"
#include "daemon/model/story.h"

namespace nutgraf {

/// Rows in hand at so many deaths of the process are suspects: one of them may be what kills it.
/// They are worked on alone, so that the next death tells, and no bystander is blamed.
inline constexpr int kSuspectFrom = 2;

/// Longer than any transfer and the work after it.
inline constexpr std::chrono::minutes kRecheckLease{10};
/// Pages that are taken and never heard of again may be what kills the process.
inline constexpr int kRecheckTries = 3;

/// What to hand out. Items that need no page (page_host empty) come first: of each feed its share
/// (turn_of_feed(), oldest first), from feed to feed, and what is left to the oldest of all. Then
/// pages, newest first within a host, at most `per_host` of one host and none of `busy_hosts`.
struct ClaimRequest {
  Time now{};
  std::size_t limit = 32;
  std::size_t per_host = 1;
  std::vector<std::string> busy_hosts;
  /// Pages of items that are not told and were first seen by then are handed out after those
  /// without a page, whatever their hosts do, oldest first.
  std::optional<Time> overdue;
  /// Instead of all that: one suspect (of no busy host), if one is due. Otherwise suspects are left
  /// out.
  bool suspect = false;

  /// Items without a page that a feed has before the next one has its turn: two thousand new items
  /// of one feed hold up nobody else's.
  std::size_t turn_of_feed() const { return (limit + 7) / 8; }
};

/// What the fetcher is to remember over a restart about a site, so that the site does not feel it.
struct SiteNote {
  std::string name;  ///< Of the site, and what is noted of it: the fetcher's words.
  std::string text;
  Time until{};  ///< Then it is forgotten.

  friend bool operator==(const SiteNote&, const SiteNote&) = default;
};

/// How much waits to be worked on.
struct Backlog {
  std::int64_t pending = 0;  ///< Rows that may be claimed now or later.
  std::int64_t quarantined = 0;
  std::int64_t suspects = 0;     ///< Of `pending`, with kSuspectFrom crashes or more and due now.
  std::optional<Time> next_due;  ///< Earliest not_before of an unclaimed row, if one waits.
};

/// The store as the fetcher sees it: what to poll and what waits. One of the three roles of the
/// store.
///
/// Fetcher thread only. A claim, a release, a note is one short write transaction; everything else
/// reads.
class WorkStore {
 public:
  virtual ~WorkStore() = default;

  /// State of every feed ever polled, one by one in the order of their ids. `noted`: polls were
  /// noted since it was committed [Ledger::note_poll].
  virtual Result<void> each_feed_state(
      const std::function<void(const FeedState&, bool noted)>& visit) = 0;

  /// Takes items to work on: raises `attempts`, commits, and returns them. A claimed row is not
  /// handed out again until it is released, or retried by the ledger, or the process restarts:
  /// SqliteStore::open() clears all claims, and charges each a crash instead of the attempt.
  virtual Result<std::vector<PendingItem>> claim(const ClaimRequest& request) = 0;

  /// Gives claims back without charging the attempt (shutdown, a network that is down).
  virtual Result<void> release(std::span<const std::int64_t> ids, Time not_before) = 0;

  /// Takes pages to be looked at again: due at `now`, their event open, of none of these hosts and
  /// at most one of each host, what is due longest first. A page that is taken is due again
  /// kRecheckLease later, unless the ledger has said something else by then: so a restart is no
  /// burst. One that was taken kRecheckTries times and of which nothing was heard is not looked at
  /// any more; nor is one whose event is no longer open when its time comes.
  virtual Result<std::vector<Recheck>> claim_rechecks(
      Time now, std::size_t limit, const std::vector<std::string>& busy_hosts) = 0;

  /// No item was seen later than `now`, and none waits longer than `latest`: for a clock that was
  /// set back.
  virtual Result<void> clamp_times(Time now, Time latest) = 0;

  /// Replaces the note of that name, and drops those whose time is over.
  virtual Result<void> put_note(const SiteNote& note, Time now) = 0;
  /// At most `limit`, those that hold longest first, one by one.
  virtual Result<void> each_note(Time now, std::size_t limit,
                                 const std::function<void(const SiteNote&)>& visit) = 0;

  virtual Result<Backlog> backlog(Time now) = 0;

  /// Up to `limit` member stories of an event with their texts: the opening one, then the newest.
  virtual Result<std::vector<Story>> event_stories(std::string_view event_id,
                                                   std::size_t limit) = 0;

  /// The event as it was last published; nullopt if it never was.
  virtual Result<std::optional<Event>> published_event(std::string_view event_id) = 0;
};

}  // namespace nutgraf
